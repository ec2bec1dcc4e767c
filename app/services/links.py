"""Links: made when they are sent, opened by their token, revoked with what they lead to."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import datetime

from app.domain.access_link import TOKEN_BYTES, AccessLink, LinkPurpose, LinkState, digest_token
from app.domain.errors import AppError
from app.toolkit import Toolkit, UnitOfWork

PATHS = {
    LinkPurpose.SIGN: "/s/",
    LinkPurpose.IN_PERSON: "/s/",
    LinkPurpose.GIVE_DETAILS: "/details/",
    LinkPurpose.SET_UP: "/set-up/",
    LinkPurpose.JOIN: "/join/",
    LinkPurpose.RESET_PASSWORD: "/reset-password/",
}


class LinkUnusable(AppError):
    """A link that opens nothing; the page says why and what to do, and nothing of what it led to."""


REASONS = {
    LinkState.EXPIRED: (
        "link-expired",
        "This link is no longer valid: its time is over.",
        "Ask the person who sent it for a new one.",
    ),
    LinkState.REVOKED: (
        "link-revoked",
        "This link is no longer valid: it was withdrawn.",
        "Ask the person who sent it if you think that this is wrong.",
    ),
    LinkState.USED: (
        "link-used",
        "This link was used already and works once only.",
        "Sign in, or ask for a new link.",
    ),
}


def make_link(
    unit: UnitOfWork,
    purpose: LinkPurpose,
    subject: str,
    *,
    now: datetime,
    until: datetime,
    envelope_id: str = "",
) -> str:
    """Store a new link and return its token, which exists nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    unit.access_links.add(
        AccessLink(
            id=uuid.uuid4().hex,
            token_digest=digest_token(token),
            purpose=purpose,
            subject=subject,
            created_at=now,
            expires_at=until,
            envelope_id=envelope_id,
        )
    )
    return token


def link_url(kit: Toolkit, purpose: LinkPurpose, token: str) -> str:
    return f"{kit.public_url}{PATHS[purpose]}{token}"


def open_link(kit: Toolkit, token: str, *purposes: LinkPurpose) -> AccessLink:
    """The link behind a token. Raises LinkUnusable; a link of another purpose is unknown."""
    with kit.unit_of_work(read_only=True) as unit:
        return usable_link(unit, token, purposes, kit.clock.now())


def usable_link(unit: UnitOfWork, token: str, purposes: tuple[LinkPurpose, ...], now: datetime) -> AccessLink:
    link = unit.access_links.by_token_digest(digest_token(token))
    if link is None or link.purpose not in purposes:
        raise LinkUnusable(
            "link-unknown",
            "This link leads nowhere.",
            "Check that the whole address was copied, or ask for a new link.",
        )
    return require_valid(link, now)


def require_valid(link: AccessLink, now: datetime) -> AccessLink:
    state = link.state(now)
    if state is not LinkState.VALID:
        raise LinkUnusable(*REASONS[state])
    return link


def use_link(unit: UnitOfWork, link: AccessLink, now: datetime) -> None:
    """Mark a link that works once as used, in the caller's transaction."""
    unit.access_links.save(replace(link, used_at=now))
