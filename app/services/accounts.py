"""Accounts: the first owner by a set-up link, others by invitation, recovery at the terminal."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.account import WORKSPACE_PARTS, Account
from app.domain.actor import APPLICATION, Actor, Part
from app.domain.audit import AuditEvent
from app.domain.errors import InvalidInput, NotAllowed, WrongState
from app.services.correspondence import JOIN_LIFE, RESET_LIFE, join_message
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


def choose_password(kit: Toolkit, token: str, password_hash: str, purpose: LinkPurpose) -> Account:
    """Finish an invitation or a reset (purpose JOIN or RESET_PASSWORD). Raises LinkUnusable.

    Ends all sessions of the account and all its other links of both kinds.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        link = usable_link(unit, token, (purpose,), now)
        account = unit.accounts.get(link.subject)
        changed = replace(account, password_hash=password_hash, session_key=_key())
        unit.accounts.save(changed, _event("account.password_chosen", changed.as_actor(), changed))
        unit.sessions.end_all(account.id)
        use_link(unit, link, now)
        for other in (LinkPurpose.JOIN, LinkPurpose.RESET_PASSWORD):
            unit.access_links.revoke(other, account.id, now)
    return changed


def add_account(kit: Toolkit, name: str, email: str, part: Part) -> str:
    """Add an account at the terminal. Returns the link with which its password is chosen.

    Raises InvalidInput.
    """
    now = kit.clock.now()
    if part not in WORKSPACE_PARTS:
        raise InvalidInput("part-unknown", "Choose owner, staff or lawyer.", "Choose one of the three.")
    with kit.unit_of_work() as unit:
        account = _make(unit, kit, NewAccount(name, email, ""), part, APPLICATION)
        token = make_link(unit, LinkPurpose.JOIN, account.id, now=now, until=now + JOIN_LIFE)
    return link_url(kit, LinkPurpose.JOIN, token)


def invite_again(kit: Toolkit, actor: Actor, account_id: str) -> Account:
    """Send somebody who has no password yet a new link; earlier ones stop working."""
    with kit.unit_of_work() as unit:
        account = _others_account(unit, actor, account_id)
        if account.password_hash:
            raise WrongState(
                "has-password",
                f"{account.name} has joined already.",
                "A lost password is reset at the terminal: ./run user reset-password",
            )
        unit.access_links.revoke(LinkPurpose.JOIN, account.id, kit.clock.now())
        business = business_of(unit)
        queue_message(kit, unit, join_message(kit, account, sender=actor.name, organisation=business.name))
        unit.audit.append(_event("account.invited_again", actor, account))
    return account


def set_active(kit: Toolkit, actor: Actor, account_id: str, *, active: bool) -> Account:
    """Close an account, which ends its sessions and links at once, or open it again."""
    with kit.unit_of_work() as unit:
        account = replace(_others_account(unit, actor, account_id), active=active, session_key=_key())
        unit.accounts.save(account, _event("account.opened" if active else "account.closed", actor, account))
        unit.sessions.end_all(account.id)
        for purpose in (LinkPurpose.JOIN, LinkPurpose.RESET_PASSWORD):
            unit.access_links.revoke(purpose, account.id, kit.clock.now())
    return account


def rename(kit: Toolkit, actor: Actor, name: str) -> Account:
    """Change one's own name. What was signed keeps the name it was signed with. Raises InvalidInput."""
    with kit.unit_of_work() as unit:
        account = replace(unit.accounts.get(actor.id), name=_checked_name(name))
        unit.accounts.save(account, _event("account.renamed", actor, account))
    return account


def list_accounts(kit: Toolkit) -> Sequence[Account]:
    with kit.unit_of_work(read_only=True) as unit:
        return unit.accounts.list()


def reset_url(kit: Toolkit, email: str, *, remove_second_factor: bool = False) -> str:
    """A link for choosing a new password, made at the terminal. Raises InvalidInput for a stranger.

    A second factor stays on unless it is removed too: both are lost only to who lost the phone
    and the recovery codes.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        account = unit.accounts.by_email(email.strip().lower())
        if account is None:
            raise InvalidInput("account-unknown", f"There is no account for {email}.", "Check the address.")
        if remove_second_factor and account.second_factor:
            account = replace(account, second_factor="", totp_secret="", recovery_codes=())
            unit.accounts.save(account, _event("account.second_factor_removed", APPLICATION, account))
        unit.access_links.revoke(LinkPurpose.RESET_PASSWORD, account.id, now)
        token = make_link(unit, LinkPurpose.RESET_PASSWORD, account.id, now=now, until=now + RESET_LIFE)
        unit.audit.append(_event("account.reset_requested", APPLICATION, account))
    return link_url(kit, LinkPurpose.RESET_PASSWORD, token)


def account_of_link(unit: UnitOfWork, link: AccessLink) -> Account:
    return unit.accounts.get(link.subject)


def _make(unit: UnitOfWork, kit: Toolkit, form: NewAccount, part: Part, actor: Actor) -> Account:
    email = form.email.strip().lower()
    name = _checked_name(form.name)
    if not EMAIL.fullmatch(email):
        raise InvalidInput(
            "account-email", f"\u201c{email}\u201d is no e-mail address.", "Enter your address."
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


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120 or not name.isprintable():
        raise InvalidInput(
            "account-name", "The name is missing or too long.", "Enter the name, at most 120 letters."
        )
    return name


def _others_account(unit: UnitOfWork, owner: Actor, account_id: str) -> Account:
    """Somebody else's account, for the owner. Raises NotAllowed or NotFound."""
    if owner.part is not Part.OWNER:
        raise NotAllowed("not-the-owner", "Only the owner does this.", "Ask the owner.")
    if account_id == owner.id:
        raise NotAllowed(
            "own-account", "This is your own account.", "Ask another owner, or use the terminal."
        )
    return unit.accounts.get(account_id)


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
