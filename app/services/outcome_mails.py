"""The wording of mails about what became of an agreement: answered, withdrawn, signed by everybody."""

from __future__ import annotations

from app.domain.access_link import LinkPurpose
from app.domain.envelope import CopyRecipient, Envelope, Signer
from app.domain.message import Attachment, Message
from app.services.correspondence import make_message, word_day
from app.toolkit import Toolkit

PDF = "application/pdf"


def copies_message(
    kit: Toolkit, envelope: Envelope, person: Signer | CopyRecipient, *, number: str, title: str
) -> Message:
    """Brings the signed file and the certificate of completion to a signer, or to who gets a copy."""
    signs = isinstance(person, Signer)
    proof = "they are your proof and do not depend on us" if signs else "they do not depend on us"
    paragraphs = [
        f"Dear {person.name},",
        f"everybody has signed \u201c{title}\u201d ({number}). Attached are the signed agreement and the "
        "certificate of completion.",
        f"Please keep both: {proof}. Any program that checks PDF signatures can check the signed file.",
        *([] if signs else ["You get this copy because the sender named you. You signed nothing."]),
    ]
    attachments = (
        Attachment(f"{number}-signed.pdf", PDF, envelope.sealed_digest),
        Attachment(f"{number}-certificate-of-completion.pdf", PDF, envelope.completion_digest),
    )
    return make_message(
        kit,
        person.name,
        person.email,
        f"Signed: {title} ({number})",
        paragraphs,
        [],
        "",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=person.id if isinstance(person, Signer) else "",
        attachments=attachments,
    )


def change_answered_message(
    kit: Toolkit, envelope: Envelope, signer: Signer, *, sender: str, answer: str, number: str
) -> Message:
    """Tells a signer what the owner says to the change asked for, with a new link to the agreement."""
    paragraphs = [
        f"Dear {signer.name},",
        f"{sender} answers your question about the agreement ({number}):",
        answer,
    ]
    return make_message(
        kit,
        signer.name,
        signer.email,
        f"Answer from {sender} ({number})",
        paragraphs,
        ["The link is for you alone. Please do not forward it."],
        "Read the agreement",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
        secret_for=f"{LinkPurpose.SIGN}:{signer.id}:{envelope.id}",
        until=envelope.expires_at,
    )


def withdrawn_message(
    kit: Toolkit, envelope: Envelope, signer: Signer, *, sender: str, reason: str, number: str, title: str
) -> Message:
    """Tells a signer who was asked that the agreement was taken back, and why."""
    paragraphs = [
        f"Dear {signer.name},",
        f"{sender} has withdrawn \u201c{title}\u201d ({number}), sent on {word_day(envelope.created_at)}.",
        f"{sender} writes: {reason}",
        "You need not do anything. The link sent to you no longer works, and nobody can sign this version.",
    ]
    return make_message(
        kit,
        signer.name,
        signer.email,
        f"Withdrawn: {title} ({number})",
        paragraphs,
        [],
        "",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
    )
