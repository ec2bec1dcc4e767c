"""The wording of every mail. Links and codes are put in at hand-over (SECRET_PLACE)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.access_link import LinkPurpose
from app.domain.account import Account
from app.domain.actor import Part
from app.domain.envelope import Envelope, Signer
from app.domain.message import SECRET_PLACE, Attachment, Message, Secret
from app.services.mail_layout import lay_out_mail
from app.toolkit import Toolkit

JOIN_LIFE = timedelta(days=14)
RESET_LIFE = timedelta(hours=1)
DETAILS_LIFE = timedelta(days=30)


def invitation_message(
    kit: Toolkit,
    envelope: Envelope,
    signer: Signer,
    *,
    sender: str,
    organisation: str,
    number: str,
    title: str,
    second_step: str,
    replaces: datetime | None = None,
) -> Message:
    """Asks a signer to sign. The link in it is good until the envelope expires.

    second_step: a sentence that tells what is asked for besides the link.
    replaces: when a version of the same agreement was sent that ended since.
    """
    subject = f"{sender} asks you to sign: {title} ({number})"
    paragraphs = [
        f"Dear {signer.name},",
        f"{sender} of {organisation} asks you to sign \u201c{title}\u201d ({number}).",
        *_replaced(replaces),
        *[f"{sender} writes: {words}" for words in (envelope.message, signer.message) if words],
        *_copies(envelope),
        f"Please sign by {word_day(envelope.expires_at)}. Nothing is agreed by opening the link.",
    ]
    closing = [
        f"The link is for you alone. Please do not forward it. {second_step}",
        f"You do not know {organisation}? Then do nothing; without your signature you are not bound.",
    ]
    return make_message(
        kit,
        signer.name,
        signer.email,
        subject,
        paragraphs,
        closing,
        "Read the agreement",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
        secret_for=f"{LinkPurpose.SIGN}:{signer.id}:{envelope.id}",
        until=envelope.expires_at,
    )


def code_message(
    kit: Toolkit, envelope: Envelope, signer: Signer, code_id: str, *, address: str = ""
) -> Message:
    """Brings the one-time code; `address`: where it goes, if not to the mailbox of the link."""
    paragraphs = [f"Dear {signer.name},", "your code for reading and signing the agreement is:", SECRET_PLACE]
    closing = [
        "It is good for ten minutes and works once.",
        "You did not ask for a code? Then somebody else has your link: tell the sender, "
        "and give the code to nobody.",
    ]
    message = make_message(
        kit,
        signer.name,
        address or signer.email,
        "Your code for signing",
        paragraphs,
        closing,
        "",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
    )
    return _with_secret(message, Secret.CODE, code_id, None)


def owner_turn_message(
    kit: Toolkit, envelope: Envelope, signer: Signer, *, number: str, title: str
) -> Message:
    """Tells the owner that it is the owner's turn: no link that signs, only the address of the page."""
    paragraphs = [
        f"Dear {signer.name},",
        f"it is your turn to sign \u201c{title}\u201d ({number}).",
        f"Sign in and open it: {kit.public_url}/agreements/{envelope.agreement_id}",
    ]
    return make_message(
        kit,
        signer.name,
        signer.email,
        f"Your turn to sign: {title} ({number})",
        paragraphs,
        [],
        "",
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
    )


def details_message(
    kit: Toolkit,
    person_name: str,
    email: str,
    *,
    sender: str,
    organisation: str,
    agreement_id: str,
    number: str,
) -> Message:
    """Asks the other party for details that only they know, before the text is frozen."""
    paragraphs = [
        f"Dear {person_name},",
        f"{sender} of {organisation} prepares an agreement with you ({number}) and needs a few details "
        "from you, such as your address.",
        "This is no signature. You will see the whole agreement before you sign anything.",
    ]
    until = kit.clock.now() + DETAILS_LIFE
    return make_message(
        kit,
        person_name,
        email,
        f"{sender} needs a few details from you ({number})",
        paragraphs,
        [],
        "Give the details",
        agreement_id=agreement_id,
        secret_for=f"{LinkPurpose.GIVE_DETAILS}:{agreement_id}:",
        until=until,
    )


def join_message(kit: Toolkit, account: Account, *, sender: str, organisation: str) -> Message:
    """Invites a lawyer or a member of staff to the workspace."""
    paragraphs = [
        f"Dear {account.name},",
        f"{sender} invites you to the Countersign workspace of {organisation} as {account.part}.",
    ]
    return make_message(
        kit,
        account.name,
        account.email,
        f"{sender} invites you to {organisation}",
        paragraphs,
        [],
        "Choose a password",
        secret_for=f"{LinkPurpose.JOIN}:{account.id}:",
        until=kit.clock.now() + JOIN_LIFE,
    )


def notice_message(
    kit: Toolkit, account: Account, subject: str, lines: list[str], *, agreement_id: str = ""
) -> Message:
    """A plain notice to somebody of the workspace: declined, change asked for, review wanted.

    It leads to the page of the agreement that is open to this person's part.
    """
    room = "review/agreements" if account.part is Part.LAWYER else "agreements"
    address = f"{kit.public_url}/{room}/{agreement_id}" if agreement_id else kit.public_url
    return make_message(
        kit,
        account.name,
        account.email,
        subject,
        [f"Dear {account.name},", *lines, f"Open it: {address}"],
        [],
        "",
        agreement_id=agreement_id,
    )


def make_message(
    kit: Toolkit,
    name: str,
    address: str,
    subject: str,
    paragraphs: list[str],
    closing: list[str],
    button: str,
    *,
    agreement_id: str = "",
    envelope_id: str = "",
    signer_id: str = "",
    secret_for: str = "",
    until: datetime | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Message:
    """A message ready to be queued. With `button` its link (secret_for, until) stands below it."""
    identity = uuid.uuid4().hex
    link = [SECRET_PLACE] if button else []
    return Message(
        id=identity,
        message_id=f"<{identity}@{_host(kit.public_url)}>",
        to_name=name,
        to_address=address,
        subject=subject,
        text="\n\n".join([*paragraphs, *link, *closing]) + "\n",
        html=lay_out_mail(paragraphs, closing, button),
        created_at=kit.clock.now(),
        attachments=attachments,
        agreement_id=agreement_id,
        envelope_id=envelope_id,
        signer_id=signer_id,
        secret=Secret.LINK if secret_for else Secret.NONE,
        secret_for=secret_for,
        secret_until=until,
    )


def _with_secret(message: Message, secret: Secret, secret_for: str, until: datetime | None) -> Message:
    return replace(message, secret=secret, secret_for=secret_for, secret_until=until)


def _replaced(sent_at: datetime | None) -> list[str]:
    if sent_at is None:
        return []
    day = word_day(sent_at)
    return [f"It replaces the version that was sent to you on {day}. The link in that mail no longer works."]


def _copies(envelope: Envelope) -> list[str]:
    """Signers know before they sign who else will read it."""
    named = " and ".join(f"{one.name} ({one.email})" for one in envelope.copy_recipients)
    return [f"When everybody has signed, a copy also goes to {named}."] if named else []


def word_day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/")[0].split(":")[0]
