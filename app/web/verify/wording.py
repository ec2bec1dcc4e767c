"""The answer of the verifier in words: first what it means, then why."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.digest import group_by_four
from app.domain.verification import FileReport, Integrity, SignatureReport, Trust, Verdict

LONGEST_NAME = 120
LOCAL_CLOCK = "local clock"
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict. kind: of a chip; icon: of icons.svg. following: what to do now."""

    kind: str
    icon: str
    title: str
    lead: str
    following: str


@dataclass(frozen=True, slots=True)
class Card:
    """One of the three questions, its answer in a word, and why."""

    question: str
    kind: str
    icon: str
    word: str
    why: str


KEEP = "Keep this file as it is: a copy that was printed or saved again by another program proves less."
ASK_FOR_RECORD = "Check your own copy, or ask the other party for the record."

ANSWERS: Mapping[str, Answer] = {
    "green": Answer(
        "done",
        "shield",
        "All signatures are valid, the file is unchanged",
        "The signers are vouched for by an authority that is trusted here, "
        "and nothing was altered after the last signature.",
        KEEP,
    ),
    "untrusted": Answer(
        "you",
        "warning",
        "Unchanged, but we cannot say who vouches for it",
        "The signatures fit the file. The authority behind them is not known to this site.",
        "Ask the sender for the certificate of their authority on another way, and give it below.",
    ),
    "incomplete": Answer(
        "you",
        "hourglass",
        "Unchanged, but not everybody has signed",
        "The signatures that are there fit the file; some places for signatures are empty.",
        "It may be a copy from before the last signature. Ask for the final file.",
    ),
    "pending": Answer(
        "you",
        "hourglass",
        "Valid and unchanged, final timestamp missing",
        "The signatures are valid. No final timestamp covers the whole file yet.",
        "It may be a copy from before the seal. Ask for the final file.",
    ),
    "permitted": Answer(
        "you",
        "warning",
        "Changed after signing, as the signatures allow",
        "What was signed is still there. Something that the signers allowed was added afterwards.",
        "Look at what was added, below, before you rely on it.",
    ),
    "amber": Answer(
        "you",
        "warning",
        "Unchanged, with reservations",
        "The signatures fit the file, but not everything could be proved.",
        "The reasons below say what is missing.",
    ),
    "red": Answer(
        "stop",
        "cross-circle",
        "This file was changed after it was signed",
        "Do not rely on it.",
        ASK_FOR_RECORD,
    ),
    "red-record": Answer(
        "stop",
        "cross-circle",
        "This record is not as it was made",
        "Do not rely on it. A file in it is missing, was added, or was changed.",
        ASK_FOR_RECORD,
    ),
    "unreadable": Answer(
        "stop",
        "document",
        "We could not read this file, so we cannot vouch for it",
        "It may be damaged, locked or not a PDF. Nothing is said about signatures in it.",
        "Ask for the file again, without a password, and check it as it arrives.",
    ),
    "unsigned": Answer(
        "idle", "document", "This file has no signature", "It may be the draft.", "Ask for the signed file."
    ),
}
KEYS: Mapping[str, str] = {
    "signer_client": "key held by the signer\u2019s browser, used once",
    "server_one_time": "key made by the server for this signature, then destroyed",
    "organisation": "the organisation\u2019s seal",
    "demo_process": "key made by a demo: no real person signed",
    "unknown": "who held the key is not known",
}


def answer(report: FileReport) -> Answer:
    return ANSWERS[_case(report)]


def _case(report: FileReport) -> str:
    if report.verdict is Verdict.RED:
        broken = any(one.integrity is Integrity.BROKEN for one in report.signatures)
        return "red" if broken or not is_record(report) else "red-record"
    if report.verdict is not Verdict.AMBER:
        return str(report.verdict)
    signed, _, fields = report.signed_by.removesuffix(" fields").partition(" of ")
    if report.trust is not Trust.TRUSTED:
        return "untrusted"
    if signed != fields:
        return "incomplete"
    if report.integrity is Integrity.PERMITTED_CHANGES:
        return "permitted"
    return "pending" if any("timestamp covers" in reason for reason in report.reasons) else "amber"


def is_record(report: FileReport) -> bool:
    """Whether it is a ZIP: reports of records speak of their files."""
    return report.file.lower().endswith(".zip")


def cards(report: FileReport) -> tuple[Card, ...]:
    """Was it changed, who vouches for it, will it last; nothing where there is no signature to speak of."""
    if not report.signatures:
        return ()
    return _changed(report), _vouched(report), _lasting(report)


def _changed(report: FileReport) -> Card:
    question = "Was it changed?"
    match report.integrity:
        case Integrity.INTACT:
            return Card(question, "done", "tick-circle", "Unchanged", "Only signing followed, as allowed.")
        case Integrity.PERMITTED_CHANGES:
            return Card(
                question, "you", "warning", "Changed as allowed", "Additions that the signatures permit."
            )
    return Card(question, "stop", "cross-circle", "Changed", first_sentence(report.reasons))


def _vouched(report: FileReport) -> Card:
    question = "Who vouches for it?"
    if report.integrity is Integrity.BROKEN:
        why = "Trust means nothing on a changed file."
        return Card(question, "idle", "minus-circle", "Not considered", why)
    if report.trust is Trust.TRUSTED:
        return Card(
            question, "done", "tick-circle", "Trusted", "Every signer comes from an authority trusted here."
        )
    if report.trust is Trust.UNTRUSTED:
        return Card(question, "you", "warning", "Not trusted here", "At least one authority is not known.")
    return Card(question, "idle", "minus-circle", "Not evaluated", "There was no authority to judge by.")


def _lasting(report: FileReport) -> Card:
    question = "Will it last?"
    if report.integrity is Integrity.BROKEN:
        why = "Timestamps cover the older bytes only."
        return Card(question, "idle", "minus-circle", "Not considered", why)
    levels = [one.level for one in report.signatures if one.level in LEVELS]
    level = min(levels, key=LEVELS.index, default="")
    kind, icon = ("done", "tick-circle") if level == "B-LTA" else ("you", "warning")
    return Card(question, kind, icon, f"Level {level}" if level else "No level reached", _clock(report))


def _clock(report: FileReport) -> str:
    authorities = {one.timestamp_authority for one in report.signatures if one.timestamp_authority}
    if not authorities:
        return "No timestamp proves when it was signed."
    if LOCAL_CLOCK in authorities:
        return "Times come from the organisation\u2019s own clock, which is not independent."
    return f"Timestamped by {', '.join(sorted(authorities))}."


def happened(report: FileReport) -> tuple[str, ...]:
    """What came after the first signature, in order, in words: what that signature saw happen."""
    if is_record(report) or not report.signatures:
        return ()
    return report.signatures[0].changes


def parts(report: FileReport) -> tuple[SignatureReport, ...]:
    """The signatures whose signed part can be cut out of the file that was given."""
    return () if is_record(report) else tuple(one for one in report.signatures if one.covered_to)


def part_name(report: FileReport, number: int) -> str:
    """The name for a signed part: "LB-2026-014 signature 2.pdf"."""
    stem = report.file.removesuffix(".pdf").removesuffix(".PDF") or "file"
    return f"{stem} signature {number}.pdf"


def picture(webp: bytes) -> str:
    """A picture as the address of itself, so that nothing is fetched or kept for it."""
    return f"data:image/webp;base64,{base64.b64encode(webp).decode('ascii')}"


def result(report: FileReport, signature: SignatureReport) -> tuple[str, str, str]:
    """Kind, icon and word for one signature. Nothing in a changed file is called valid."""
    if signature.integrity is Integrity.BROKEN:
        return "stop", "cross-circle", "Broken"
    if report.integrity is Integrity.BROKEN:
        return "idle", "minus-circle", "Fits an older state"
    if signature.trust is not Trust.TRUSTED:
        return "you", "warning", "Fits, not trusted"
    if signature.integrity is Integrity.PERMITTED_CHANGES:
        return "you", "warning", "Valid, added to"
    return "done", "tick", "Valid"


def what(signature: SignatureReport) -> str:
    match signature.kind:
        case "seal":
            return "Sealed by the organisation"
        case "document_timestamp":
            return "Timestamp over the whole file"
    return "Signed"


def who(signature: SignatureReport) -> str:
    if signature.kind == "document_timestamp":
        return authority(signature) if signature.timestamp_authority else "A timestamp authority"
    return signature.signer or "A signer without a name"


def authority(signature: SignatureReport) -> str:
    """The timestamp authority by its name; the built-in one said for what it is."""
    if signature.timestamp_authority == LOCAL_CLOCK:
        return "Local clock of the organisation, not independent"
    return signature.timestamp_authority or "An authority without a name"


def key_holder(signature: SignatureReport) -> str:
    return "" if signature.kind == "document_timestamp" else KEYS.get(signature.key_held_by, KEYS["unknown"])


def trust(report: FileReport, signature: SignatureReport) -> str:
    if report.integrity is Integrity.BROKEN:
        return ""
    match signature.trust:
        case Trust.TRUSTED:
            return "Vouched for by an authority trusted here"
        case Trust.UNTRUSTED:
            return "Its authority is not known here"
    return "Its authority was not judged"


def time(iso: str) -> str:
    """ "22 Nov 2026, 10:04 UTC" of the report's ISO text."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def level(signature: SignatureReport) -> str:
    return f"level {signature.level}" if signature.level in LEVELS else ""


def size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} KB"


def first_sentence(reasons: Sequence[str]) -> str:
    return reasons[0] if reasons else ""


def file_name(given: str | None) -> str:
    """The name without its folders, printable and cut."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in last)
    return clean if len(clean) <= LONGEST_NAME else f"{clean[: LONGEST_NAME - 8]}\u2026{clean[-7:]}"


grouped = group_by_four
