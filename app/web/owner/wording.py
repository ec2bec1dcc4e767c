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
    """What is to be said in a row: the words, whether they are pressing, and for whom it waits since when."""

    words: str
    pressing: bool = False
    waits: str = ""


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
    since = say_day(row.waiting_since, now)
    match row.standing:
        case Standing.DRAFT_OPEN:
            count = row.to_settle
            words = f"{count} {'point' if count == 1 else 'points'} to settle" if count else "Being drafted"
            return WhatNow(words, waits=f"Last change {since}")
        case Standing.DRAFT_READY:
            return WhatNow("Nothing left to settle. Review and send", waits=f"Last change {since}")
        case Standing.IN_REVIEW:
            late = f": {_say_overdue(row)}" if row.overdue_days is not None else ""
            return WhatNow(f"With the lawyer, since {since}{late}", pressing=bool(late))
        case Standing.APPROVED:
            return WhatNow(f"Ready to send, since {since}")
        case Standing.PENDING:
            again = f", next try {row.next_try_at:%H:%M} UTC" if row.next_try_at else ""
            return WhatNow(f"Timestamp pending{again}")
        case Standing.DECLINED:
            return WhatNow("Reason given. Revise it, or discard it", pressing=True, waits=f"Since {since}")
        case Standing.EXPIRED:
            return WhatNow("Nobody signed in time. Send it anew, or discard it", waits=f"Since {since}")
        case Standing.SEALED | Standing.ENDED | Standing.VOIDED:
            return WhatNow(f"{CHIPS[row.standing][2]} {since}")
    return _say_out(row, now)


def _say_out(row: Row, now: datetime) -> WhatNow:
    """What is said while an envelope is out: who is asked since when, how far it is, what presses."""
    since = say_day(row.waiting_since, now)
    if row.envelope is None:
        return WhatNow("")
    late = f": {_say_overdue(row)}" if row.overdue_days is not None else ""
    if row.standing is Standing.CHANGE_ASKED:
        words = "A change was asked for. Signing waits for your answer"
        return WhatNow(f"{words}{late}", bool(late), f"Since {since}")
    if row.standing is Standing.YOUR_TURN:
        words = f"Your turn to sign, since {say_since(_last_change(row), now)}{late}"
        return WhatNow(words, bool(late) or row.expires_soon, say_left(row.envelope.expires_at, now))
    waits = f"Waits for {' and '.join(row.asked)} since {since}" if row.asked else ""
    if row.standing is Standing.MAIL_FAILED:
        return WhatNow("The mail came back. Check the address", True, waits)
    late = f"{_say_overdue(row)}, " if row.overdue_days is not None else ""
    begun = "Begun" if row.begun else "Not begun"
    words = f"{begun}, {late}{say_left(row.envelope.expires_at, now).lower()}"
    if row.mail is not None:
        words += f". Mail: {say_delivery(row.mail, row.next_try_at)[2].lower()}"
    return WhatNow(words, row.expires_soon or bool(late), waits)


def _say_overdue(row: Row) -> str:
    """Counted from the day on which it should have moved; see OVERDUE_AFTER."""
    days = row.overdue_days or 0
    return f"{days} {'day' if days == 1 else 'days'} overdue" if days else "overdue since today"


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
        case DeliveryState.WITHDRAWN:
            return ("idle", "slash", "Not sent, out of date")
    return ("stop", "cross-circle", "Came back")


def title_of_overview(yours: int, others: int, *, is_new: bool) -> str:
    if yours:
        return f"{count_words(yours, 'agreement waits', 'agreements wait')} for you"
    return "No agreements yet" if is_new else "Nothing waits for you"


def lead_of_overview(yours: int, others: int, overdue: int, *, is_new: bool) -> str:
    if not others:
        first = "Begin with a person, then draft the first agreement."
        return first if is_new else _say_late(overdue).strip()
    more = " more" if yours else ""
    waits = "waits" if others == 1 else "wait"
    for_whom = "another person" if others == 1 else "other people"
    number = NUMBERS[others] if others < len(NUMBERS) else str(others)
    return f"{number}{more} {waits} for {for_whom}.{_say_late(overdue)}"


def _say_late(overdue: int) -> str:
    if not overdue:
        return ""
    number = NUMBERS[overdue] if overdue < len(NUMBERS) else str(overdue)
    return f" {number} {'is' if overdue == 1 else 'are'} overdue."
