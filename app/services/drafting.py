"""Drafting: an agreement is started (for a person, or as a copy), and discarded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.answer_checks import check_answer
from app.domain.answers import Answers, SignerAnswer
from app.domain.audit import AuditEvent
from app.domain.clause import Answer, Role
from app.domain.contract_template import ContractTemplate, Library
from app.domain.errors import InvalidInput, NotAllowed
from app.domain.person import Person
from app.domain.workflow import Action, AgreementStatus
from app.services.assessment import Assessment, assess_agreement, assess_text, find_template
from app.services.settings import Business, business_of
from app.toolkit import Toolkit, UnitOfWork

DEFAULT_PREFIX = "CS"
PARTIES = "parties"
ASSISTANTS_OWN = "assistant_"  # begins the names of what is asked of the Assistant in the family PARTIES
ASSISTANT_FACTS = ("assistant_country", "assistant_kind")


def start_draft(kit: Toolkit, actor: Actor, template_id: str, answers: Answers) -> Agreement:
    """A new agreement in DRAFT with a number of its own. Raises NotFound for an unknown template."""
    with kit.unit_of_work() as unit:
        return _add(kit, unit, actor, template_id, answers)


def start_for_person(kit: Toolkit, actor: Actor, template_id: str, person_id: str) -> Agreement:
    """A draft with what is known already: both parties, their countries, who signs.

    Raises NotFound for an unknown template or person, NotAllowed for who may not draft.
    """
    library = kit.library.library()
    template = find_template(library, template_id)
    with kit.unit_of_work() as unit:
        person = _require_active(unit.people.get(person_id))
        answers = prefill(library, template, person, business_of(unit), _signing_owner(unit, actor))
        return _add(kit, unit, actor, template_id, answers)


def duplicate(kit: Toolkit, actor: Actor, agreement_id: str, person_id: str = "") -> Agreement:
    """A new draft with the answers of another agreement. Approvals and reasons stay behind.

    person_id: with this person in place of the other party; nothing that was said of the former one
    remains but the rest of the deal. Raises NotFound, InvalidInput for an archived person.
    """
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        model = unit.agreements.get(agreement_id)
        answers = model.answers
        if person_id:
            template = find_template(library, model.contract_template)
            person = _require_active(unit.people.get(person_id))
            fresh = prefill(library, template, person, business_of(unit), _signing_owner(unit, actor))
            answers = _with_other_party(template, answers, fresh)
        return _add(kit, unit, actor, model.contract_template, answers)


def discard(kit: Toolkit, actor: Actor, agreement_id: str) -> Agreement:
    """End a draft that nobody needs. It stays stored and listed."""
    with kit.unit_of_work() as unit:
        changed, event = unit.agreements.get(agreement_id).take(Action.END, actor, kit.clock.now())
        return unit.agreements.save(changed, event)


def assess(kit: Toolkit, agreement_id: str) -> Assessment:
    """How a stored agreement stands now."""
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        return assess_agreement(unit, library, unit.agreements.get(agreement_id), kit.clock.now())


def prefill(
    library: Library, template: ContractTemplate, person: Person, business: Business, owner: Actor
) -> Answers:
    """The answers that follow from the person, the business and the owner; what does not fit is left open."""
    facts = {
        "client_country": business.country,
        "governing_law": business.country,
        "assistant_country": person.country,
        "assistant_kind": person.kind,
    }
    parties = {
        "client_name": business.name,
        "client_address": business.address,
        "assistant_name": person.party_name,
        "assistant_address": person.address,
    }
    signers = {}
    for role in template.signer_roles:
        if role.side is Role.ASSISTANT:
            signers[role.id] = SignerAnswer(person.name, person.email, person.capacity)
        else:
            signers[role.id] = SignerAnswer(owner.name, owner.email, "")
    return Answers(
        facts=_fitting(library, template, "deal", facts),
        families={PARTIES: _fitting(library, template, PARTIES, parties)},
        signers=signers,
    )


def _require_active(person: Person) -> Person:
    if person.archived:
        raise InvalidInput(
            "person-archived", f"{person.name} is archived.", "Take the person out of the archive first."
        )
    return person


def _with_other_party(template: ContractTemplate, answers: Answers, fresh: Answers) -> Answers:
    """The answers with everything that names the Assistant's side taken from `fresh`."""
    mine = {role.id for role in template.signer_roles if role.side is Role.ASSISTANT}
    parties = {
        name: value
        for name, value in answers.families.get(PARTIES, {}).items()
        if not name.startswith(ASSISTANTS_OWN)
    }
    fresh_parties = fresh.families.get(PARTIES, {})
    facts = {name: value for name, value in answers.facts.items() if name not in ASSISTANT_FACTS}
    return replace(
        answers,
        facts=facts | {name: value for name, value in fresh.facts.items() if name in ASSISTANT_FACTS},
        families={
            **answers.families,
            PARTIES: parties
            | {name: value for name, value in fresh_parties.items() if name.startswith(ASSISTANTS_OWN)},
        },
        signers={**answers.signers, **{role: who for role, who in fresh.signers.items() if role in mine}},
    )


def _fitting(
    library: Library, template: ContractTemplate, family: str, values: Mapping[str, str]
) -> dict[str, Answer]:
    """Those values that the questions of the template accept."""
    if family == "deal":
        parameters = template.facts
    else:
        parameters = {
            name: parameter
            for clause in library.positions_of(family)
            for name, parameter in clause.parameters.items()
        }
    fitting: dict[str, Answer] = {}
    for name, value in values.items():
        if name not in parameters or not value:
            continue
        try:
            fitting[name] = check_answer(parameters[name], value, library)
        except InvalidInput:
            continue  # the question stays open and says itself what it accepts
    return fitting


def _signing_owner(unit: UnitOfWork, actor: Actor) -> Actor:
    """Who signs for the business: the owner who drafts, or the first owner if staff drafts."""
    if actor.part is Part.OWNER:
        return actor
    owners = (one for one in unit.accounts.list() if one.part is Part.OWNER and one.active)
    first = next(owners, None)
    return first.as_actor() if first else actor


def _add(kit: Toolkit, unit: UnitOfWork, actor: Actor, template_id: str, answers: Answers) -> Agreement:
    if actor.part not in (Part.OWNER, Part.STAFF):
        raise NotAllowed("not-the-office", "Only the owner and the staff draft agreements.", "Ask the owner.")
    now = kit.clock.now()
    library = kit.library.library()
    template = find_template(library, template_id)
    number = unit.agreements.next_number(unit.settings.get("number_prefix", DEFAULT_PREFIX), now.year)
    made = assess_text(library, template_id, answers, number=number)
    agreement = Agreement(
        id=uuid.uuid4().hex,
        number=number,
        title=template.title,
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
            details={"contract_template": template.id, "version": template.version},
        ),
    )
    return agreement
