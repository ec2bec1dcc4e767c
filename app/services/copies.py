"""Copies for a signer: the file as it stands, later the sealed one and the certificate of completion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.actor import Actor
from app.domain.envelope import Envelope
from app.domain.errors import NotFound
from app.domain.workflow import Action, EnvelopeStatus
from app.toolkit import Toolkit

OPEN = (EnvelopeStatus.OUT, EnvelopeStatus.PAUSED, EnvelopeStatus.COMPLETED)


class CopyKind(StrEnum):
    AGREEMENT = "agreement"  # sealed if it is, else as it stands
    CERTIFICATE = "certificate-of-completion"


@dataclass(frozen=True, slots=True)
class Copy:
    """A PDF to be kept, and the name that it gets on the signer's device."""

    name: str
    data: bytes


def take_copy(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, kind: CopyKind) -> Copy:
    """The file, and the event of its download. Raises NotFound for what does not exist (yet)."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        envelope.signer(signer_id)
        agreement = unit.agreements.get(envelope.agreement_id)
        digest = digest_of_copy(envelope, kind)
        _, event = agreement.take(
            Action.DOWNLOAD, actor, kit.clock.now(), digest=digest, details={"kind": str(kind)}
        )
        unit.audit.append(replace(event, envelope_id=envelope_id, subject=signer_id))
    name = str(kind)
    if kind is CopyKind.AGREEMENT:
        name = "signed" if envelope.sealed_digest else "as-it-stands"
    return Copy(f"{agreement.number}-{name}.pdf", kit.files.get(digest))


def digest_of_copy(envelope: Envelope, kind: CopyKind) -> str:
    """Raises NotFound: an envelope that was withdrawn gives no copies."""
    digest = envelope.sealed_digest or envelope.current_digest
    if kind is CopyKind.CERTIFICATE:
        digest = envelope.completion_digest
    if envelope.status not in OPEN or not digest:
        raise NotFound(
            "copy-missing", "There is no such file to keep.", "Come back when everybody has signed."
        )
    return digest
