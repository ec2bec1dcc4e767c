"""Words of the lawyer's pages: how a clause stands, what a decision covers, times and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from app.domain.contract_template import Library
from app.domain.coverage import COVERAGE_NAMES
from app.domain.printing import join_words
from app.domain.redline import WordCount
from app.domain.review import EVERYWHERE, Decision, SignOff
from app.domain.sign_off_state import ClauseStanding, Standing
from app.domain.territory import EUROPEAN_UNION

NUMBERS = (
    *("No", "One", "Two", "Three", "Four", "Five", "Six"),
    *("Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
)
CATEGORIES: Mapping[str, str] = {
    "foundation": "Foundations",
    "data-handling": "Handling of information",
    "access": "Access",
    "people": "People",
    "assurance": "Assurance",
    "incidents": "Incidents",
    "remedies": "Remedies",
    "commercial": "Commercial terms",
    "disputes": "Disputes",
    "formalities": "Formalities",
}
# kind, icon and words of a chip
CHIPS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.CHANGED: ("law", "glasses", "Changed since the sign-off"),
    Standing.NEVER: ("idle", "glasses", "Not reviewed"),
    Standing.EXPIRED: ("you", "calendar", "Sign-off has ended"),
    Standing.EXPIRING: ("you", "calendar", "Sign-off ends soon"),
    Standing.SAMPLE: ("you", "glasses", "SAMPLE sign-off"),
    Standing.REFUSED: ("stop", "cross-circle", "Refused"),
    Standing.SIGNED_OFF: ("done", "tick", "Signed off"),
}
DECISIONS: Mapping[Decision, tuple[str, str, str]] = {
    Decision.APPROVED: ("done", "tick", "Approved"),
    Decision.APPROVED_WITH_CONDITIONS: ("you", "tick", "Approved with conditions"),
    Decision.REFUSED: ("stop", "cross-circle", "Refused"),
}


def count_words(count: int, one: str, many: str) -> str:
    """ "Four clause versions"; digits above twelve."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {one if count == 1 else many}"


def category(name: str) -> str:
    return CATEGORIES.get(name, name.replace("-", " ").capitalize())


def code_name(code: str) -> str:
    return COVERAGE_NAMES[code]


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def last_day(at: datetime) -> str:
    """The last day on which a sign-off that ends at this moment still holds."""
    return day(at - timedelta(microseconds=1))


def waiting_days(since: datetime, now: datetime) -> str:
    days = (now - since).days
    return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"


def law(library: Library, code: str) -> str:
    """A law by the name a lawyer knows: GB is "England and Wales"."""
    if code == EVERYWHERE:
        return "every law and country"
    if code == EUROPEAN_UNION:
        return "the European Union"
    known = library.jurisdictions.get(code)
    if known is None:
        return code
    if known.law_name == known.name or "-" in code:  # a state is named once
        return known.law_name
    return f"{known.law_name} ({known.name})"


def laws(library: Library, codes: Iterable[str]) -> str:
    return join_words([law(library, code) for code in codes], "and")


def templates(library: Library, ids: Iterable[str]) -> str:
    if EVERYWHERE in ids:
        return "every contract template"
    known = library.contract_templates
    return join_words([f"\u201c{known[one].title}\u201d" if one in known else one for one in ids], "and")


def scope(library: Library, decision: SignOff) -> str:
    """What a sign-off covers: "for England and Wales, in every contract template, until 30 ..."."""
    until = f"until {last_day(decision.expires_at)}" if decision.expires_at else "without an end"
    places = f"for {laws(library, decision.jurisdictions)}"
    return f"{places}, in {templates(library, decision.contract_templates)}, {until}"


def standing_words(library: Library, standing: ClauseStanding) -> str:
    """One sentence that claims no more than was decided."""
    match standing.standing:
        case Standing.NEVER:
            return "No lawyer has decided on this clause."
        case Standing.CHANGED:
            return "A lawyer decided on an earlier wording. Nobody has decided on this one."
        case Standing.REFUSED:
            who = join_words([one.lawyer_name for one in standing.deciding if is_refusal(one)], "and")
            return f"Refused by {who}. It cannot pass the review until the refusal is taken back."
        case Standing.SAMPLE:
            return "Only a sample decision of the demo. No lawyer has decided on it."
        case Standing.EXPIRED:
            return f"The last sign-off ended on {last_day(_last_end(standing))}."
    return " ".join(
        f"{DECISIONS[one.decision][2]} by {one.lawyer_name} {scope(library, one)}."
        for one in standing.counting
        if not one.sample
    )


def is_refusal(decision: SignOff) -> bool:
    return decision.decision is Decision.REFUSED


def change(count: WordCount | None) -> str:
    """ "15 words in, 9 out"."""
    if count is None:
        return ""
    if count.nothing:
        return "Settings changed, no words"
    return f"{count.inserted} word{'' if count.inserted == 1 else 's'} in, {count.removed} out"


def _last_end(standing: ClauseStanding) -> datetime:
    return max(one.expires_at for one in standing.deciding if one.expires_at is not None)
