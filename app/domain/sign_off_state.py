"""How a clause version stands with the lawyers, and whether it waits for one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.review import Decision, SignOff

SOON = timedelta(days=30)


class Standing(StrEnum):
    """In the order in which they press."""

    CHANGED = "changed"  # an earlier wording was decided on, this one was not
    NEVER = "never"
    EXPIRED = "expired"
    EXPIRING = "expiring"  # within 30 days
    SAMPLE = "sample"  # only the demo's sign-off, which is no lawyer's
    REFUSED = "refused"
    SIGNED_OFF = "signed_off"


WAITING = frozenset(
    {Standing.CHANGED, Standing.NEVER, Standing.EXPIRED, Standing.EXPIRING, Standing.SAMPLE}
)


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """standing of one clause version; deciding: each lawyer's last decision on this very text.

    ends_at: when the last sign-off that still counts ends; None for never, or where none counts.
    """

    standing: Standing
    deciding: tuple[SignOff, ...]
    ends_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.standing in WAITING

    @property
    def counting(self) -> tuple[SignOff, ...]:
        return tuple(one for one in self.deciding if one.decision is not Decision.REFUSED)


def find_standing(
    digest: str, decisions: Sequence[SignOff], at: datetime, *, earlier: bool = False
) -> ClauseStanding:
    """The standing of the version `digest`. earlier: whether an older wording was decided on."""
    deciding = latest_decisions(one for one in decisions if one.clause_digest == digest)
    if not deciding:
        return ClauseStanding(Standing.CHANGED if earlier else Standing.NEVER, ())
    if any(one.decision is Decision.REFUSED for one in deciding):
        return ClauseStanding(Standing.REFUSED, deciding)
    alive = [one for one in deciding if one.expires_at is None or one.expires_at > at]
    if not alive:
        return ClauseStanding(Standing.EXPIRED, deciding)
    if all(one.sample for one in alive):
        return ClauseStanding(Standing.SAMPLE, deciding)
    ends = [one.expires_at for one in alive if not one.sample]
    last = None if None in ends else max(end for end in ends if end is not None)
    standing = Standing.EXPIRING if last is not None and last - at <= SOON else Standing.SIGNED_OFF
    return ClauseStanding(standing, deciding, last)


def latest_decisions(decisions: Iterable[SignOff]) -> tuple[SignOff, ...]:
    """The last decision of each lawyer on each version, oldest first: what the gate counts."""
    latest: dict[tuple[str, str], SignOff] = {}
    for decision in sorted(decisions, key=lambda one: one.decided_at):
        latest[decision.clause_digest, decision.lawyer_id] = decision
    return tuple(sorted(latest.values(), key=lambda one: one.decided_at))
