"""What an answer changed inside one passage: words put in and taken out, on runs of printed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType

from app.domain.agreement_text import Run, Runs
from app.domain.text_changes import ChangedPassage, ChangeKind

ALIKE = 0.4  # below this share of common words two passages have nothing to do with each other
LONGEST_COMPARED = 4000  # characters
# A blank and what a no-break space holds together ("45 days") count as one word.
_WORD = re.compile(r"\[[^\]]*\]|[\w\u2019'-]+(?:\u00a0[\w\u2019'-]+)*|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a marked passage. kind: "same", "ins" or "del"; a deleted one has no run."""

    kind: str
    text: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The changes of one clause. added: new passage -> the old one that it replaces, "" for none.

    removed: passages that are gone without a replacement.
    """

    added: Mapping[str, str]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


NO_MARKS = Marks(MappingProxyType({}), ())


def marks_by_family(changes: Sequence[ChangedPassage]) -> dict[str, Marks]:
    """Changes of each family ("" for the Key Terms), with old and new passages paired."""
    families = dict.fromkeys(change.family for change in changes)
    return {family: _pair([one for one in changes if one.family == family]) for family in families}


def _pair(changes: Sequence[ChangedPassage]) -> Marks:
    removed = [one.text for one in changes if one.kind is ChangeKind.REMOVED]
    added: dict[str, str] = {}
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            continue
        old = max(removed, key=lambda text: _likeness(text, change.text), default="")
        if old and _likeness(old, change.text) >= ALIKE:
            removed.remove(old)
            added[change.text] = old
        else:
            added[change.text] = ""
    return Marks(added, tuple(removed))


def _likeness(old: str, new: str) -> float:
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return 0.0
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def mark(runs: Runs, marks: Marks) -> tuple[Piece, ...]:
    """The runs of one passage as pieces; all "same" where the passage did not change."""
    text = "".join(run.text for run in runs)
    if text not in marks.added:
        return tuple(Piece("same", run.text, run) for run in runs)
    old = marks.added[text]
    if not old:
        return tuple(Piece("ins", run.text, run) for run in runs)
    return tuple(_cut(runs, _compare(old, text)))


def _compare(old: str, new: str) -> list[tuple[int, int, str]]:
    """(start, end, deleted): these characters of `new` are new, in place of `deleted`."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    starts = [0]
    for word in after:
        starts.append(starts[-1] + len(word))
    changes: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if changes and not "".join(after[changes[-1][3] : j1]).strip():
            # Only a space lies between: one change for the eye.
            i1, j1 = changes[-1][0], changes[-1][2]
            changes.pop()
        changes.append((i1, i2, j1, j2))
    return [(starts[j1], starts[j2], "".join(before[i1:i2])) for i1, i2, j1, j2 in changes]


def _cut(runs: Runs, changes: list[tuple[int, int, str]]) -> Iterator[Piece]:
    """Cut runs at the bounds of the changes, and put what was deleted before what replaces it."""
    waiting = list(changes)
    position = 0
    for run in runs:
        end = position + len(run.text)
        while position < end:
            while waiting and waiting[0][1] <= position and waiting[0][0] < waiting[0][1]:
                waiting.pop(0)
            if waiting and waiting[0][0] <= position and waiting[0][2]:
                yield Piece("del", waiting[0][2])
                waiting[0] = (waiting[0][0], waiting[0][1], "")
            if waiting and waiting[0][0] == waiting[0][1] <= position:
                waiting.pop(0)
                continue
            inside = bool(waiting) and waiting[0][0] <= position
            stop = end if not waiting else min(end, waiting[0][1] if inside else waiting[0][0])
            cut = run.text[len(run.text) - (end - position) :][: stop - position]
            yield Piece("ins" if inside else "same", cut, Run(cut, run.kind, run.target))
            position = stop
    for _, _, deleted in waiting:
        if deleted:
            yield Piece("del", deleted)
