"""Words of the office's pages: states, times, and what is to be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.message import DeliveryState, Message
from app.services.overview import Row, Standing

NUMBERS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six"),
    *("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
)

# kind, icon and words of look.md's status table.
CHIPS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.DRAFT_OPEN: ("idle", "pencil", "Draft"),
    Standing.DRAFT_READY: ("idle", "pencil", "Draft"),
    Standing.IN_REVIEW: ("law", "glasses", "In review"),
    Standing.APPROVED: ("done", "tick", "Approved"),
    Standing.YOUR_TURN: ("other", "plane", "Out for signature"),
    Standing.OUT: ("other", "plane", "Out for signature"),
    Standing.MAIL_FAILED: ("other", "plane", "Out for signature"),
    Standing.CHANGE_ASKED: ("you", "pause", "Paused"),
    Standing.PENDING: ("you", "hourglass", "Signed"),
    Standing.SEALED: ("done", "shield", "Sealed"),
    Standing.DECLINED: ("stop", "cross-circle", "Declined"),
    Standing.EXPIRED: ("idle", "calendar", "Expired"),
    Standing.VOIDED: ("idle", "slash", "Voided"),
    Standing.ENDED: ("idle", "slash", "Ended"),
}
SIGNED_OFF = ("done", "tick", "Lawyer signed off")
NOT_SIGNED_OFF = ("idle", "glasses", "No sign-off")
SAMPLE_SIGN_OFF = ("you", "glasses", "SAMPLE sign-off")


@dataclass(frozen=True, slots=True)
class WhatNow:
    """What is to be said in a row: the words, and whether they are pressing."""

    words: str
    pressing: bool = False


def count_words(count: int, one: str, many: str) -> str:
    """ "Three agreements", "One agreement"; digits above twelve."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {one if count == 1 else many}"


def say_day(at: datetime, now: datetime) -> str:
    """ "today", "yesterday", "22 Nov", "22 Nov 2025"."""
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return ("today", "yesterday")[days]
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def say_moment(at: datetime, now: datetime) -> str:
    """ "today, 10:04 UTC"."""
    return f"{say_day(at, now)}, {at:%H:%M} UTC"


def say_since(at: datetime, now: datetime) -> str:
    """ "10:04 UTC today"."""
    return f"{at:%H:%M} UTC {say_day(at, now)}"


def say_time(at: datetime) -> str:
    """ "22 November 2026, 10:04 UTC"."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def parse(text: str) -> datetime:
    """A time as the audit log writes it."""
    return datetime.fromisoformat(text)


def say_what_now(row: Row, now: datetime) -> WhatNow:
    since = say_day(row.agreement.updated_at, now)
    match row.standing:
        case Standing.DRAFT_OPEN:
            count = row.to_settle
            if count:
                return WhatNow(f"{count} {'point' if count == 1 else 'points'} to settle")
            return WhatNow("Being drafted")
        case Standing.DRAFT_READY:
            return WhatNow("Nothing left to settle. Review and send")
        case Standing.IN_REVIEW:
            return WhatNow(f"With the lawyer, since {since}")
        case Standing.APPROVED:
            return WhatNow(f"Ready to send, since {since}")
        case Standing.PENDING:
            again = f", next try {row.next_try_at:%H:%M} UTC" if row.next_try_at else ""
            return WhatNow(f"Timestamp pending{again}")
        case Standing.DECLINED:
            return WhatNow("Reason given. Revise it, or discard it", pressing=True)
        case Standing.EXPIRED:
            return WhatNow("Nobody signed in time. Send it anew, or discard it")
        case Standing.CHANGE_ASKED:
            return WhatNow("A change was asked for. Signing waits for your answer")
        case Standing.YOUR_TURN:
            return WhatNow(f"Your turn to sign, since {say_since(_last_change(row), now)}")
        case Standing.MAIL_FAILED:
            return WhatNow("The mail came back. Check the address", pressing=True)
    return _say_out(row, now)


def _say_out(row: Row, now: datetime) -> WhatNow:
    if row.envelope is None:
        return WhatNow("")
    begun = "Begun" if row.begun else "Not begun"
    words = f"{begun}, {say_left(row.envelope.expires_at, now).lower()}"
    if row.mail is not None and row.mail.state is not DeliveryState.HANDED_OVER:
        words += f". Mail: {say_delivery(row.mail, row.next_try_at)[2].lower()}"
    return WhatNow(words, pressing=row.expires_soon)


def _last_change(row: Row) -> datetime:
    signed = [line.signed_at for line in row.lines if line.signed_at is not None]
    return max(signed, default=row.agreement.updated_at)


def say_left(until: datetime, now: datetime) -> str:
    left = until - now
    if left <= timedelta():
        return "Time is over"
    if left < timedelta(days=1):
        day = "today" if until.date() == now.date() else "tomorrow"
        return f"Ends {day}, {until:%H:%M} UTC"
    return f"Due in {left.days} {'day' if left.days == 1 else 'days'}"


def say_delivery(message: Message | None, next_try_at: datetime | None = None) -> tuple[str, str, str]:
    """Kind, icon and words of how far a message got. Never more than happened."""
    if message is None:
        return ("idle", "mail", "No mail")
    match message.state:
        case DeliveryState.QUEUED:
            return ("idle", "clock", "Queued")
        case DeliveryState.HANDED_OVER:
            return ("done", "tick", "Handed over")
        case DeliveryState.DELAYED:
            again = f", next try {next_try_at:%H:%M} UTC" if next_try_at else ""
            return ("you", "refresh", f"Delayed{again}")
    return ("stop", "cross-circle", "Came back")


def title_of_overview(yours: int, others: int, *, is_new: bool) -> str:
    if yours:
        return f"{count_words(yours, 'agreement waits', 'agreements wait')} for you"
    return "No agreements yet" if is_new else "Nothing waits for you"


def lead_of_overview(yours: int, others: int, *, is_new: bool) -> str:
    if not others:
        return "Begin with a person, then draft the first agreement." if is_new else ""
    more = " more" if yours else ""
    waits = "waits" if others == 1 else "wait"
    for_whom = "another person" if others == 1 else "other people"
    number = NUMBERS[others] if others < len(NUMBERS) else str(others)
    return f"{number}{more} {waits} for {for_whom}."
