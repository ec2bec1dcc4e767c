"""The owner chooses by which second way each signer shows who they are, and makes access codes.

A choice is stored when the agreement is sent (`store_choices`) and can be changed until somebody
has passed it. An access code is shown to the owner once, when it is made; only a slow hash of it
is stored. Making another one ends the one before.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from app.domain.actor import Actor, Part
from app.domain.answer_checks import check_email
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.domain.identity_channel import (
    ACCESS_CODE_DIGITS,
    Channel,
    ChannelChoice,
    IdentityChannel,
    is_same_mailbox,
)
from app.domain.workflow import Action
from app.toolkit import Toolkit, UnitOfWork

PIECE = 3  # digits of an access code that are told in one breath


def store_choices(
    unit: UnitOfWork, actor: Actor, envelope: Envelope, choices: Mapping[str, ChannelChoice]
) -> None:
    """Store what the owner chose, by role, for a new envelope; in the caller's transaction.

    Roles that are not named keep the usual way; an owner signs with an account and has none.
    Raises InvalidInput (see `check_choice`).
    """
    for signer in envelope.active_signers():
        choice = choices.get(signer.role, ChannelChoice())
        account = unit.accounts.by_email(signer.email)
        by_account = account is not None and account.part is Part.OWNER and signer.side == "client"
        if choice.channel is not Channel.EMAIL and not by_account:
            _store(unit, actor, envelope, signer, choice)


def change_channel(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, choice: ChannelChoice
) -> None:
    """Choose another way for a signer who has not passed one yet.

    Codes that are under way no longer help. Raises InvalidInput, WrongState once it was passed.
    """
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        _store(unit, actor, envelope, envelope.signer(signer_id), choice)


def make_access_code(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str) -> str:
    """Make an access code and return it, in pieces: the one moment in which it can be read.

    Raises WrongState where this signer is not identified by one.
    """
    code = f"{secrets.randbelow(10**ACCESS_CODE_DIGITS):0{ACCESS_CODE_DIGITS}d}"
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        held = unit.identity_channels.get(envelope_id, signer_id)
        if held.channel is not Channel.ACCESS_CODE:
            raise WrongState(
                "no-access-code",
                "This signer is not identified by an access code.",
                "Choose the access code for this signer first.",
            )
        _, event = envelope.take_for_signer(signer_id, Action.MAKE_ACCESS_CODE, actor)
        unit.identity_channels.save(held.with_code(code, secrets.token_hex(16), kit.clock.now()))
        unit.audit.append(event)
    return " ".join(code[start : start + PIECE] for start in range(0, ACCESS_CODE_DIGITS, PIECE))


def check_choice(
    unit: UnitOfWork, envelope: Envelope, signer: Signer, choice: ChannelChoice
) -> ChannelChoice:
    """The choice with a tidy address.

    Raises InvalidInput for no address (`second-email`), and for one that belongs to somebody who
    is not this signer (`second-email-other`): the code would identify the wrong person.
    """
    if choice.channel is not Channel.SECOND_EMAIL:
        return replace(choice, address="")
    try:
        address = check_email(choice.address, question=f"Second e-mail address of {signer.name}")
    except InvalidInput as error:
        raise InvalidInput("second-email", error.message, error.remedy) from error
    others = [other.email for other in envelope.active_signers() if other.id != signer.id]
    others += [account.email for account in unit.accounts.list() if account.part is not Part.SIGNER]
    if any(is_same_mailbox(address, other) for other in others):
        raise InvalidInput(
            "second-email-other",
            f"The second e-mail address of {signer.name} belongs to somebody else here.",
            "Enter an address that only this signer reads, or choose the access code.",
        )
    return replace(choice, address=address)


def second_step(held: IdentityChannel, sender: str) -> str:
    """How an invitation tells what is asked for besides the link."""
    return {
        Channel.EMAIL: "A second message brings a code when you open it.",
        Channel.SECOND_EMAIL: "When you open it, a code goes to another e-mail address of yours.",
        Channel.ACCESS_CODE: f"When you open it, you need the access code that {sender} tells you by phone.",
    }[held.channel]


def _store(
    unit: UnitOfWork, actor: Actor, envelope: Envelope, signer: Signer, choice: ChannelChoice
) -> None:
    checked = check_choice(unit, envelope, signer, choice)
    _, event = envelope.take_for_signer(
        signer.id,
        Action.CHOOSE_CHANNEL,
        actor,
        details={"channel": str(checked.channel)},
        personal={"address": checked.address} if checked.address else {},
    )
    unit.identity_channels.save(
        IdentityChannel(envelope.id, signer.id, checked.channel, checked.address)
    )
    unit.audit.append(event)
