"""The sample agreement that a new installation begins with: a draft to look at, marked SAMPLE."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.workflow import AgreementStatus
from app.services.assembling import read_answers_file
from app.services.assessment import assess_text, find_template
from app.services.settings import Business, business_of
from app.toolkit import Toolkit

SAMPLE = "SAMPLE"
TEMPLATE = "va-nda"


def make_sample(kit: Toolkit, actor: Actor, answers_file: Path) -> Agreement:
    """Draft an agreement with an invented assistant, in the owner's own name. Raises InvalidInput.

    Title and number say SAMPLE, and the number is printed on every page of its paper.
    """
    now = kit.clock.now()
    library = kit.library.library()
    template = find_template(library, TEMPLATE)
    with kit.unit_of_work() as unit:
        answers = _for_business(read_answers_file(answers_file), business_of(unit), actor)
        number = unit.agreements.next_number(SAMPLE, now.year)
        made = assess_text(library, TEMPLATE, answers, number=number)
        agreement = Agreement(
            id=uuid.uuid4().hex,
            number=number,
            title=f"{SAMPLE}: {template.title}",
            contract_template=template.id,
            contract_template_version=template.version,
            answers=answers,
            status=AgreementStatus.DRAFT,
            created_at=now,
            updated_at=now,
            text_digest=made.digest,
            clause_versions=made.clause_versions,
        )
        unit.agreements.add(
            agreement,
            AuditEvent(
                name="agreement.drafted",
                actor=actor,
                agreement_id=agreement.id,
                digest=agreement.text_digest,
                details={"contract_template": template.id, "version": template.version, "sample": True},
            ),
        )
    return agreement


def is_sample(agreement: Agreement) -> bool:
    """Whether it was made to be looked at: its title says so on every page of the workspace."""
    return agreement.title.startswith(f"{SAMPLE}: ")


def _for_business(answers: Answers, business: Business, owner: Actor) -> Answers:
    """The sample's answers with the business and its owner in place of the invented ones."""
    parties = dict(answers.families.get("parties", {}))
    parties |= {"client_name": business.name, "client_address": business.address, "client_registered": False}
    parties.pop("client_registration", None)
    signers = dict(answers.signers)
    if "client" in signers:
        signers["client"] = replace(signers["client"], name=owner.name, email=owner.email)
    return replace(
        answers,
        families={**answers.families, "parties": parties},
        facts={**answers.facts, "client_country": business.country, "governing_law": business.country},
        signers=signers,
    )
