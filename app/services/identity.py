"""Identity: the one-time code that a signer gets by a second message, and the check of it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import timedelta

from app.domain.access_link import CODE_TRIES, AccessLink, OneTimeCode
from app.domain.actor import Actor, Part
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, NotAllowed
from app.domain.workflow import Action
from app.services.correspondence import code_message
from app.services.delivery import queue_message
from app.services.links import require_valid
from app.toolkit import Toolkit, UnitOfWork

CODES_PER_HOUR = 6
BY_LINK = "link by e-mail"
BY_CODE_SAME = "one-time code by e-mail (same mailbox as the link)"
TRIAL = "trial: delivered to the sender\u2019s own computer; signer not identified"


def signer_of(unit: UnitOfWork, link: AccessLink) -> tuple[Envelope, Signer]:
    """The envelope and signer that a SIGN or IN_PERSON link leads to."""
    envelope = unit.envelopes.get(link.envelope_id)
    return envelope, envelope.signer(link.subject)


def send_code(kit: Toolkit, link_id: str, session_digest: str) -> None:
    """Queue a one-time code for the signer behind a link, bound to the browser session that asked.

    Raises NotAllowed (retryable) after CODES_PER_HOUR codes.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = require_valid(unit.access_links.get(link_id), now)
        envelope, signer = signer_of(unit, link)
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
            channel=BY_CODE_SAME,
            asked_at=now,
            salt=secrets.token_hex(16),
        )
        unit.one_time_codes.add(code)
        queue_message(kit, unit, code_message(kit, envelope, signer, code.id))


def check_code(kit: Toolkit, link_id: str, session_digest: str, given: str, actor: Actor) -> Envelope:
    """Judge a code. A right one identifies the signer; a wrong one counts.

    Raises InvalidInput `code-wrong` or `code-spent`; the failed try is stored either way.
    """
    now = kit.clock.now()
    digits = "".join(character for character in given if character.isdigit())
    with kit.unit_of_work() as unit:
        link = require_valid(unit.access_links.get(link_id), now)
        envelope, signer = signer_of(unit, link)
        code = unit.one_time_codes.latest(link_id, session_digest)
        if code is not None and code.accepts(digits, session_digest, now):
            unit.one_time_codes.save(replace(code, used_at=now))
            return _identify(kit, unit, envelope, signer, actor, code)
        if code is not None:
            unit.one_time_codes.save(replace(code, tries=code.tries + 1))
        _, event = envelope.take_for_signer(signer.id, Action.FAIL_IDENTIFICATION, actor)
        unit.audit.append(event)
    raise _refusal(code)


def identify_in_person(kit: Toolkit, link: AccessLink, owner: Actor, actor: Actor) -> Envelope:
    """The owner vouches for the person who stands in the room."""
    with kit.unit_of_work() as unit:
        envelope, signer = signer_of(unit, link)
        return _store(unit, envelope, signer, actor, (f"in person, vouched for by {owner.name}",))


def identify_account(
    kit: Toolkit, envelope_id: str, signer_id: str, actor: Actor, checks: tuple[str, ...]
) -> Envelope:
    """The owner, who has just re-authenticated, signs with an account."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        return _store(unit, envelope, envelope.signer(signer_id), actor, checks)


def _identify(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, signer: Signer, actor: Actor, code: OneTimeCode
) -> Envelope:
    checks = (BY_LINK, code.channel) + ((TRIAL,) if kit.mailer.is_trial else ())
    return _store(unit, envelope, signer, actor, checks)


def _store(
    unit: UnitOfWork, envelope: Envelope, signer: Signer, actor: Actor, checks: tuple[str, ...]
) -> Envelope:
    changed, event = envelope.take_for_signer(
        signer.id, Action.IDENTIFY, actor, details={"checks": "; ".join(checks)}
    )
    identified = replace(changed.signer(signer.id), identity_checks=checks)
    if signer.consent is not None:
        # Identified again after a pause: the consent given before still stands.
        identified = replace(identified, status=signer.status)
    return unit.envelopes.save(changed.with_signer(identified), event)


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


def signer_actor(signer: Signer, ip: str, user_agent: str) -> Actor:
    """The actor behind a signer's link."""
    return Actor(Part.SIGNER, signer.id, signer.name, signer.email, ip, user_agent)
