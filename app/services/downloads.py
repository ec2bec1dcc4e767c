"""Downloads: each file of an agreement under a name of its own, with the event that it was fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.agreement_data import agreement_json
from app.domain.agreement_text import AgreementText
from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope
from app.domain.errors import WrongState
from app.domain.workflow import Action, AgreementStatus
from app.rendering.pdf import render_pdf
from app.rendering.stationery import Stationery
from app.rendering.word import render_docx
from app.services.assessment import assess_agreement
from app.services.record import build_record
from app.services.signer_view import read_frozen_text
from app.services.stationery import stationery_of
from app.toolkit import Toolkit

BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Kind(StrEnum):
    """What can be fetched; the value stands in addresses and in the event."""

    DRAFT = "draft"  # the paper of a draft, marked DRAFT on every page
    WORD = "word"
    JSON = "json"
    CURRENT = "current"  # the envelope's newest file, signatures so far included
    SIGNED = "signed"
    CERTIFICATE = "certificate"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Download:
    name: str  # ASCII letters, digits, "-" and "."
    media_type: str
    data: bytes


def fetch(kit: Toolkit, actor: Actor, agreement_id: str, kind: Kind) -> Download:
    """The file, and the event of its download. Raises WrongState while there is no such file."""
    found = _build(kit, agreement_id, kind)
    for tries_left in (2, 1, 0):
        try:
            _record(kit, actor, agreement_id, kind, found)
            break
        except WrongState as error:
            if error.code != "stale-revision" or not tries_left:
                raise
    return found


def file_name(number: str, ending: str) -> str:
    """A name that every system takes: "LB-2026-014-signed.pdf"."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", f"{number}-{ending}")


def _record(kit: Toolkit, actor: Actor, agreement_id: str, kind: Kind, found: Download) -> None:
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        same, event = agreement.take(
            Action.DOWNLOAD,
            actor,
            agreement.updated_at,
            digest=sha256_hex(found.data),
            details={"kind": str(kind)},
        )
        unit.agreements.save(same, event)


def _build(kit: Toolkit, agreement_id: str, kind: Kind) -> Download:
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        envelope = unit.envelopes.get(agreement.current_envelope) if agreement.current_envelope else None
        assessment = assess_agreement(unit, library, agreement, kit.clock.now())
        stationery = stationery_of(unit, agreement.answers)
    number = agreement.number
    match kind:
        case Kind.DRAFT:
            now = kit.clock.now()
            paper = render_pdf(assessment.text, created_at=now, draft=True, stationery=stationery)
            return Download(file_name(number, "draft.pdf"), PDF, paper)
        case Kind.WORD:
            word = _word(kit, agreement, envelope, assessment.text, stationery)
            return Download(file_name(number, "agreement.docx"), WORD, word)
        case Kind.JSON:
            data = _json(kit, agreement, envelope, assessment.text)
            return Download(file_name(number, "agreement.json"), "application/json", data)
        case Kind.RECORD:
            record = build_record(kit, agreement_id)
            return Download(file_name(number, "record.zip"), "application/zip", record)
    digest = _STORED[kind](envelope) if envelope is not None else ""
    if not digest:
        raise WrongState(
            "file-not-ready",
            "There is no such file of this agreement yet.",
            "Reload the page: it lists what can be downloaded now.",
        )
    return Download(file_name(number, _ENDINGS[kind]), PDF, kit.files.get(digest))


_STORED: Mapping[Kind, Callable[[Envelope], str]] = {
    Kind.CURRENT: lambda envelope: envelope.current_digest,
    Kind.SIGNED: lambda envelope: envelope.sealed_digest,
    Kind.CERTIFICATE: lambda envelope: envelope.completion_digest,
}
_ENDINGS = {
    Kind.CURRENT: "sent.pdf",
    Kind.SIGNED: "signed.pdf",
    Kind.CERTIFICATE: "certificate-of-completion.pdf",
}


def _json(kit: Toolkit, agreement: Agreement, envelope: Envelope | None, draft: AgreementText) -> bytes:
    """What was frozen, where something was; else what would be."""
    if envelope is not None and agreement.status not in BEFORE_SENDING:
        return kit.files.get(envelope.agreement_json_digest)
    return agreement_json(draft)


def _word(
    kit: Toolkit,
    agreement: Agreement,
    envelope: Envelope | None,
    draft: AgreementText,
    stationery: Stationery,
) -> bytes:
    """A Word file to negotiate in: of the text that was frozen, where one was; else marked DRAFT."""
    frozen = envelope is not None and agreement.status not in BEFORE_SENDING
    text = read_frozen_text(kit, envelope) if frozen and envelope is not None else draft
    frame = kit.library.word_frame(agreement.contract_template)
    return render_docx(text, frame, draft=not frozen, stationery=stationery)
