"""Identity: the second way by which a signer shows who they are, and the check of it.

Which way it is, the owner chose (`identity_channels`): a one-time code by a second message, or an
access code told by phone.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.access_link import CODE_LIFE, CODE_TRIES, AccessLink, LinkPurpose, OneTimeCode
from app.domain.actor import Actor, Part
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, NotAllowed
from app.domain.identity_channel import ACCESS_CODE_TRIES, Channel, IdentityChannel, check_words
from app.domain.workflow import Action, SignerStatus
from app.services.ceremony.steps import open_for
from app.services.changes import tell_owners
from app.services.correspondence import code_message
from app.services.delivery import queue_message
from app.services.links import link_url, make_link, require_valid, use_link
from app.toolkit import Toolkit, UnitOfWork

CODES_PER_HOUR = 6
IN_PERSON_LIFE = timedelta(minutes=30)
BY_LINK = "link by e-mail"
TRIAL = "trial: delivered to the sender\u2019s own computer; signer not identified"


def signer_of(unit: UnitOfWork, link: AccessLink) -> tuple[Envelope, Signer]:
    """The envelope and signer that a SIGN or IN_PERSON link leads to."""
    envelope = unit.envelopes.get(link.envelope_id)
    return envelope, envelope.signer(link.subject.partition(":")[0])


def send_code(kit: Toolkit, link_id: str, session_digest: str, *, again: bool = False) -> None:
    """Queue a one-time code for the signer behind a link, bound to the browser session that asked.

    Unless asked for `again`, a code that is under way or still good is not followed by another:
    a double press sends one. Nothing is sent to a signer who was told an access code.

    Raises NotAllowed (retryable) after CODES_PER_HOUR codes.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = require_valid(unit.access_links.get(link_id), now)
        envelope, signer = signer_of(unit, link)
        held = unit.identity_channels.get(envelope.id, signer.id)
        if held.channel is Channel.ACCESS_CODE:
            return
        known = unit.one_time_codes.latest(link_id, session_digest)
        if not again and known is not None and _is_good(known, now):
            return
        if unit.one_time_codes.count_since(link_id, now - timedelta(hours=1)) >= CODES_PER_HOUR:
            raise NotAllowed(
                "too-many-codes",
                "Too many codes were asked for with this link.",
                "Wait an hour, then ask for a new code.",
                retryable=True,
            )
        code = OneTimeCode(
            id=uuid.uuid4().hex,
            link_id=link_id,
            session_digest=session_digest,
            channel=check_words(held, signer.email),
            asked_at=now,
            salt=secrets.token_hex(16),
        )
        unit.one_time_codes.add(code)
        queue_message(kit, unit, code_message(kit, envelope, signer, code.id, address=held.address))


def check_code(kit: Toolkit, link_id: str, session_digest: str, given: str, actor: Actor) -> Envelope:
    """Judge a code. A right one identifies the signer; a wrong one counts.

    Raises InvalidInput `code-wrong`, `code-spent` or `code-missing`; the failed try is stored
    either way.
    """
    now = kit.clock.now()
    digits = "".join(character for character in given if character.isdigit())
    with kit.unit_of_work(read_only=True) as unit:
        envelope, signer = signer_of(unit, require_valid(unit.access_links.get(link_id), now))
        held = unit.identity_channels.get(envelope.id, signer.id)
    if held.channel is Channel.ACCESS_CODE:
        return _check_access_code(kit, link_id, held, digits, actor)
    with kit.unit_of_work() as unit:
        link = require_valid(unit.access_links.get(link_id), now)
        envelope, signer = signer_of(unit, link)
        code = unit.one_time_codes.latest(link_id, session_digest)
        # A code that went another way than the one in force now is as good as none.
        in_force = check_words(unit.identity_channels.get(envelope.id, signer.id), signer.email)
        fits = code is not None and code.channel == in_force
        if code is not None and fits and code.accepts(digits, session_digest, now):
            unit.one_time_codes.save(replace(code, used_at=now))
            return _identify(kit, unit, envelope, signer, actor, code.channel)
        if code is not None:
            unit.one_time_codes.save(replace(code, tries=code.tries + 1))
        _, event = envelope.take_for_signer(signer.id, Action.FAIL_IDENTIFICATION, actor)
        unit.audit.append(event)
    raise _refusal(code)


def _check_access_code(
    kit: Toolkit, link_id: str, held: IdentityChannel, digits: str, actor: Actor
) -> Envelope:
    """The same for an access code: all devices share its tries, and the owner hears of the last."""
    now = kit.clock.now()
    # The slow hash is computed before the transaction, which holds up everybody else.
    right = held.accepts(digits)
    with kit.unit_of_work() as unit:
        envelope, signer = signer_of(unit, require_valid(unit.access_links.get(link_id), now))
        present = unit.identity_channels.get(envelope.id, signer.id)
        same = present.channel is held.channel and present.code_digest == held.code_digest
        if right and same and not present.spent:
            return _identify(kit, unit, envelope, signer, actor, check_words(present, signer.email))
        if present.code_digest and not present.spent:
            present = replace(present, tries=unit.identity_channels.count_try(held))
            if present.spent:
                _tell_spent(kit, unit, envelope, signer)
        _, event = envelope.take_for_signer(signer.id, Action.FAIL_IDENTIFICATION, actor)
        unit.audit.append(event)
    raise _access_code_refusal(present)


def _tell_spent(kit: Toolkit, unit: UnitOfWork, envelope: Envelope, signer: Signer) -> None:
    words = [
        f"A wrong access code was entered {ACCESS_CODE_TRIES} times for {signer.name}.",
        "The code no longer works. Speak with the signer, then make another one on the page of the "
        "agreement. If it was not the signer who tried, withdraw the agreement.",
    ]
    tell_owners(kit, unit, envelope, f"The access code of {signer.name} no longer works", words)


def start_in_person(kit: Toolkit, owner: Actor, envelope_id: str, signer_id: str) -> str:
    """The address with which a signer in the owner's presence signs on some device: once, soon.

    Whoever asks vouches for the person. Raises WrongState if it is not that signer's turn.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        envelope = open_for(unit.envelopes.get(envelope_id), signer_id, now)
        _, event = envelope.take_for_signer(signer_id, Action.START_IN_PERSON, owner)
        unit.audit.append(event)
        token = make_link(
            unit,
            LinkPurpose.IN_PERSON,
            f"{signer_id}:{owner.id}",
            now=now,
            until=min(now + IN_PERSON_LIFE, envelope.expires_at),
            envelope_id=envelope_id,
        )
    return link_url(kit, LinkPurpose.IN_PERSON, token)


def identify_in_person(kit: Toolkit, link_id: str, actor: Actor) -> Envelope:
    """The signer starts on the device that the owner handed over; the link is used up."""
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = require_valid(unit.access_links.get(link_id), now)
        envelope, signer = signer_of(unit, link)
        open_for(envelope, signer.id, now)
        use_link(unit, link, now)
        owner = unit.accounts.get(link.subject.partition(":")[2])
        return _store(unit, envelope, signer, actor, (f"in person, vouched for by {owner.name}",))


def identify_account(
    kit: Toolkit, envelope_id: str, signer_id: str, actor: Actor, checks: tuple[str, ...]
) -> Envelope:
    """The owner, who has just re-authenticated, signs with an account."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        signer = envelope.signer(signer_id)
        if signer.status is not SignerStatus.SIGNED:
            open_for(envelope, signer_id, kit.clock.now())
        return _store(unit, envelope, signer, actor, checks)


def _identify(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, signer: Signer, actor: Actor, second: str
) -> Envelope:
    checks = (BY_LINK, second) + ((TRIAL,) if kit.mailer.is_trial else ())
    return _store(unit, envelope, signer, actor, checks)


def _store(
    unit: UnitOfWork, envelope: Envelope, signer: Signer, actor: Actor, checks: tuple[str, ...]
) -> Envelope:
    changed, event = envelope.take_for_signer(
        signer.id, Action.IDENTIFY, actor, details={"checks": "; ".join(checks)}
    )
    if signer.status is SignerStatus.SIGNED:
        # Back for a copy: what is signed keeps the checks that it was signed with.
        unit.audit.append(event)
        return envelope
    identified = replace(changed.signer(signer.id), identity_checks=checks)
    if signer.consent is not None:
        # Identified again on another day: the consent given before still stands.
        identified = replace(identified, status=SignerStatus.CONSENTED)
    return unit.envelopes.save(changed.with_signer(identified), event)


def _is_good(code: OneTimeCode, now: datetime) -> bool:
    """Whether the person can still enter it, or waits for it."""
    if code.used_at is not None or code.tries >= CODE_TRIES:
        return False
    return now < (code.expires_at or code.asked_at + CODE_LIFE)


def _refusal(code: OneTimeCode | None) -> InvalidInput:
    if code is None or code.used_at is not None or code.tries + 1 >= CODE_TRIES:
        return InvalidInput("code-spent", "This code can no longer be used.", "Ask for a new code.")
    left = CODE_TRIES - code.tries - 1
    return InvalidInput(
        "code-wrong",
        "This is not the code that we sent, or its ten minutes are over.",
        f"Look at the newest message and try again ({left} {'try' if left == 1 else 'tries'} left), "
        "or ask for a new code.",
    )


def _access_code_refusal(present: IdentityChannel) -> InvalidInput:
    if not present.code_digest:
        return InvalidInput(
            "code-missing",
            "There is no access code yet.",
            "Ask the sender for it, by phone or by a message that you write yourself.",
        )
    if present.spent:
        return InvalidInput(
            "code-spent",
            "This access code can no longer be used: a wrong one was entered too often.",
            "Ask the sender for a new access code.",
        )
    left = ACCESS_CODE_TRIES - present.tries
    return InvalidInput(
        "code-wrong",
        "This is not the access code.",
        f"Try again ({left} {'try' if left == 1 else 'tries'} left), or ask the sender.",
    )


def signer_actor(signer: Signer, ip: str, user_agent: str) -> Actor:
    """The actor behind a signer's link."""
    return Actor(Part.SIGNER, signer.id, signer.name, signer.email, ip, user_agent)
