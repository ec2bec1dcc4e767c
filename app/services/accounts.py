"""Accounts: the first owner by a set-up link, others by invitation, recovery at the terminal."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.account import WORKSPACE_PARTS, Account
from app.domain.actor import APPLICATION, Actor, Part
from app.domain.audit import AuditEvent
from app.domain.errors import InvalidInput, NotAllowed, WrongState
from app.services.correspondence import RESET_LIFE, join_message
from app.services.delivery import queue_message
from app.services.links import link_url, make_link, usable_link, use_link
from app.services.people import EMAIL
from app.services.settings import business_of
from app.toolkit import Toolkit, UnitOfWork

SET_UP_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`password_hash` is made by the accounts library of the web room."""

    name: str
    email: str
    password_hash: str


def set_up_url(kit: Toolkit) -> str | None:
    """A new one-time link for making the first account; None once there is an owner.

    Links printed before stop working.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        if any(account.part is Part.OWNER for account in unit.accounts.list()):
            return None
        unit.access_links.revoke(LinkPurpose.SET_UP, "owner", now)
        token = make_link(unit, LinkPurpose.SET_UP, "owner", now=now, until=now + SET_UP_LIFE)
    return link_url(kit, LinkPurpose.SET_UP, token)


def make_first_owner(kit: Toolkit, token: str, form: NewAccount) -> Account:
    """Make the owner's account and use the set-up link up. Raises LinkUnusable or InvalidInput."""
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = usable_link(unit, token, (LinkPurpose.SET_UP,), now)
        if any(account.part is Part.OWNER for account in unit.accounts.list()):
            raise WrongState("owner-exists", "This installation has its owner already.", "Sign in instead.")
        account = _make(unit, kit, form, Part.OWNER, APPLICATION)
        use_link(unit, link, now)
    return account


def invite(
    kit: Toolkit,
    actor: Actor,
    name: str,
    email: str,
    part: Part,
    *,
    bar_number: str = "",
    bar_jurisdiction: str = "",
) -> Account:
    """Invite a lawyer or a member of staff: an account without a password, and a mail with a link."""
    if actor.part is not Part.OWNER:
        raise NotAllowed("not-the-owner", "Only the owner invites people.", "Ask the owner.")
    if part not in WORKSPACE_PARTS:
        raise InvalidInput("part-unknown", "Choose owner, staff or lawyer.", "Choose one of the three.")
    with kit.unit_of_work() as unit:
        account = _make(unit, kit, NewAccount(name, email, ""), part, actor)
        account = replace(account, bar_number=bar_number.strip(), bar_jurisdiction=bar_jurisdiction.strip())
        unit.accounts.save(account, None)
        business = business_of(unit)
        queue_message(kit, unit, join_message(kit, account, sender=actor.name, organisation=business.name))
    return account


def choose_password(kit: Toolkit, token: str, password_hash: str) -> Account:
    """Finish an invitation or a reset. Ends all sessions of the account."""
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = usable_link(unit, token, (LinkPurpose.JOIN, LinkPurpose.RESET_PASSWORD), now)
        account = unit.accounts.get(link.subject)
        changed = replace(account, password_hash=password_hash, session_key=_key())
        unit.accounts.save(changed, _event("account.password_chosen", changed.as_actor(), changed))
        unit.sessions.end_all(account.id)
        use_link(unit, link, now)
    return changed


def reset_url(kit: Toolkit, email: str) -> str:
    """A link for choosing a new password, made at the terminal. Raises InvalidInput for a stranger."""
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        account = unit.accounts.by_email(email.strip().lower())
        if account is None:
            raise InvalidInput("account-unknown", f"There is no account for {email}.", "Check the address.")
        unit.access_links.revoke(LinkPurpose.RESET_PASSWORD, account.id, now)
        token = make_link(unit, LinkPurpose.RESET_PASSWORD, account.id, now=now, until=now + RESET_LIFE)
        unit.audit.append(_event("account.reset_requested", APPLICATION, account))
    return link_url(kit, LinkPurpose.RESET_PASSWORD, token)


def account_of_link(unit: UnitOfWork, link: AccessLink) -> Account:
    return unit.accounts.get(link.subject)


def _make(unit: UnitOfWork, kit: Toolkit, form: NewAccount, part: Part, actor: Actor) -> Account:
    email = form.email.strip().lower()
    name = form.name.strip()
    if not EMAIL.fullmatch(email):
        raise InvalidInput(
            "account-email", f"\u201c{email}\u201d is no e-mail address.", "Enter your address."
        )
    if not name or len(name) > 120 or any(ord(character) < 32 for character in name):
        raise InvalidInput(
            "account-name", "The name is missing or too long.", "Enter the name, at most 120 letters."
        )
    account = Account(
        id=uuid.uuid4().hex,
        email=email,
        name=name,
        part=part,
        password_hash=form.password_hash,
        session_key=_key(),
        created_at=kit.clock.now(),
    )
    unit.accounts.add(account, _event("account.added", actor, account))
    return account


def _key() -> str:
    return secrets.token_hex(32)


def _event(name: str, actor: Actor, account: Account) -> AuditEvent:
    return AuditEvent(
        name=name,
        actor=actor,
        subject=account.id,
        details={"part": str(account.part)},
        personal={"name": account.name, "email": account.email},
    )
