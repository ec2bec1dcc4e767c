"""Reminders: on which days after the invitation and before the end people are asked to sign again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import InvalidInput

MOST_REMINDERS = 10
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """Whole days, each at the hour of the invitation, or of the end. Once stopped it stays stopped."""

    days_after: tuple[int, ...] = ()  # the invitation
    days_before: tuple[int, ...] = ()  # the last day for signing
    stopped: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.days_after and not self.days_before

    def times(self, invited_at: datetime, expires_at: datetime) -> tuple[datetime, ...]:
        """When somebody who was asked at `invited_at` is reminded: in order, none at or after the end."""
        if self.stopped:
            return ()
        after = (invited_at + timedelta(days=days) for days in self.days_after)
        before = (expires_at - timedelta(days=days) for days in self.days_before)
        return tuple(sorted({at for at in (*after, *before) if invited_at < at < expires_at}))


def read_days(text: str) -> tuple[int, ...]:
    """ "2, 5" as (2, 5), in order and each once. Raises InvalidInput `reminders-invalid`."""
    days: set[int] = set()
    for word in text.replace(",", " ").replace(";", " ").split():
        if not (word.isascii() and word.isdecimal() and len(word) <= 3 and 0 < int(word) <= LONGEST_DAYS):
            raise InvalidInput(
                "reminders-invalid",
                f"\u201c{word[:20]}\u201d is no number of days.",
                "Enter whole days from 1 to 365, such as 2, 5.",
            )
        days.add(int(word))
    if len(days) > MOST_REMINDERS:
        raise InvalidInput(
            "reminders-invalid", f"{len(days)} reminders are too many.", f"Enter at most {MOST_REMINDERS}."
        )
    return tuple(sorted(days))
