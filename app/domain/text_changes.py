"""What an answer changed: the passages of a new text that the old one did not have, and the reverse.

Passages are compared by their words inside one family, so that a new number alone, which a
clause further up may cause, is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.agreement_text import AgreementText, RunKind, Runs
from app.domain.printed_runs import placed_runs

_Words = tuple[tuple[str, str], ...]


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """One block or cell. `place` is where it stands: in the new text if added, in the old if removed."""

    family: str  # "" for the Key Terms
    place: str
    kind: ChangeKind
    text: str


def changed_passages(before: AgreementText, after: AgreementText) -> tuple[ChangedPassage, ...]:
    """Removed passages in the old order, then added ones in the new; empty where nothing changed."""
    removed = _only_in(before, after, ChangeKind.REMOVED)
    return (*removed, *_only_in(after, before, ChangeKind.ADDED))


def _only_in(text: AgreementText, other: AgreementText, kind: ChangeKind) -> Iterator[ChangedPassage]:
    known = Counter((placed.family, _words(placed.runs)) for placed in placed_runs(other))
    for placed in placed_runs(text):
        key = (placed.family, _words(placed.runs))
        if known[key]:
            known[key] -= 1
        else:
            printed = "".join(run.text for run in placed.runs)
            yield ChangedPassage(placed.family, placed.place, kind, printed)


def _words(runs: Runs) -> _Words:
    """A reference counts by what it leads to, everything else by its text."""
    return tuple(
        ("", run.target) if run.kind is RunKind.REFERENCE and run.target else (run.text, "") for run in runs
    )
