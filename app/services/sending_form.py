"""How an agreement is sent: what the owner enters, and the limits of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.answer_checks import check_email, check_text
from app.domain.answers import SignerAnswer
from app.domain.envelope import CopyRecipient
from app.domain.errors import InvalidInput
from app.domain.identity_channel import ChannelChoice
from app.domain.reminder import ReminderPlan

DEFAULT_LIFE = timedelta(days=30)
LONGEST_LIFE = timedelta(days=365)
MESSAGE_LENGTH = 2000
MOST_COPIES = 5
LAST_TURN = 99


@dataclass(frozen=True, slots=True)
class SendingForm:
    """How an agreement is sent. `expires_at` None: after DEFAULT_LIFE.

    text_digest: of the draft that the sender read ("" where nobody read one): another text is refused.
    in_person: everybody signs on the sender's own device; nobody gets a mail with a link.
    turns: signer role -> when it is asked, from 1; equal numbers are asked together. Empty: the
    order of the contract template. signer_messages: signer role -> words for this signer alone.
    channels: signer role -> by which second way the signer is identified; a code to the mailbox of
    the link where nothing is said.
    """

    message: str = ""
    expires_at: datetime | None = None
    text_digest: str = ""
    in_person: bool = False
    turns: Mapping[str, int] = field(default_factory=dict)
    signer_messages: Mapping[str, str] = field(default_factory=dict)
    reminders: ReminderPlan = ReminderPlan()
    copy_recipients: tuple[CopyRecipient, ...] = ()
    channels: Mapping[str, ChannelChoice] = field(default_factory=dict)


def check_expiry(form: SendingForm, now: datetime) -> datetime:
    """When the envelope ends. Raises InvalidInput (`expiry-invalid`, `message-long`)."""
    expires_at = form.expires_at or now + DEFAULT_LIFE
    if not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidInput(
            "expiry-invalid",
            "The last day for signing is not possible.",
            f"Choose a day within the next {LONGEST_LIFE.days} days.",
        )
    for words in (form.message, *form.signer_messages.values()):
        if len(words) > MESSAGE_LENGTH:
            raise InvalidInput(
                "message-long",
                f"The message has {len(words)} characters.",
                f"Shorten it to {MESSAGE_LENGTH}.",
            )
    return expires_at


def check_turns(form: SendingForm, orders: Mapping[str, int]) -> dict[str, int]:
    """Signer role -> its turn. orders: those of the contract template.

    Raises InvalidInput `order-invalid` for a turn that is missing, none, or of nobody.
    """
    if not form.turns:
        return dict(orders)
    if form.turns.keys() != orders.keys() or not all(0 < t <= LAST_TURN for t in form.turns.values()):
        raise InvalidInput(
            "order-invalid",
            "The signing order is not complete.",
            f"Give every signer a number from 1 to {LAST_TURN}; equal numbers are asked together.",
        )
    return dict(form.turns)


def check_copy_recipients(
    form: SendingForm, signers: Mapping[str, SignerAnswer]
) -> tuple[CopyRecipient, ...]:
    """Who gets a copy besides the signers. Raises InvalidInput `copy-invalid`."""
    taken = {signer.email.lower(): signer.name for signer in signers.values()}
    checked: list[CopyRecipient] = []
    for one in form.copy_recipients:
        name, email = _check_person(one)
        if email.lower() in taken:
            raise InvalidInput(
                "copy-invalid",
                f"{taken[email.lower()]} gets a copy at {email} already.",
                "Leave this line empty, or enter another address.",
            )
        taken[email.lower()] = name
        checked.append(CopyRecipient(name, email))
    if len(checked) > MOST_COPIES:
        raise InvalidInput(
            "copy-invalid", f"{len(checked)} copies are too many.", f"Enter at most {MOST_COPIES} people."
        )
    return tuple(checked)


def _check_person(one: CopyRecipient) -> tuple[str, str]:
    try:
        name = check_text(one.name, question="Name of who gets a copy", max_length=120)
        return name, check_email(one.email, question=f"E-mail address of {name}")
    except InvalidInput as error:
        raise InvalidInput("copy-invalid", error.message, error.remedy) from error
