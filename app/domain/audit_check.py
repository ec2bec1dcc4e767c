"""Checking the audit log: what is stored against what it must be, and against checkpoints.

Pure functions over values that the persistence room reads back. A checkpoint that was handed
out earlier (in a certificate of completion, in a record) is worth more than those in the
database: pass it too. The signature on a checkpoint's note is the signing room's to verify.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.audit import FIRST_PREVIOUS, AuditLeaf, Checkpoint, PersonalValue, commit_to
from app.domain.merkle import EMPTY_ROOT


class LogProblemKind(StrEnum):
    UNREADABLE = "unreadable"  # a row is not a leaf as the application writes it
    ALTERED = "altered"  # the columns do not have the stored hash
    GAP = "gap"  # a sequence is missing, or stands twice
    BROKEN_CHAIN = "broken_chain"  # `previous` is not the hash of the leaf before
    PERSONAL_ALTERED = "personal_altered"  # a value does not open its commitment
    TRUNCATED = "truncated"  # a checkpoint knows more events than there are
    REWRITTEN = "rewritten"  # a checkpoint's root is not the root of these events
    CHECKPOINT_ALTERED = "checkpoint_altered"  # columns of a checkpoint disagree with its note


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """One row of the log: its leaf (None where the row is not one), and the hash that stands beside it."""

    sequence: int
    leaf: AuditLeaf | None
    leaf_hash: str


@dataclass(frozen=True, slots=True)
class LogProblem:
    """One thing that is wrong. `sequence` is the event, or the size of the checkpoint, concerned."""

    kind: LogProblemKind
    sequence: int
    message: str


def verify_log(
    stored: Sequence[StoredLeaf],
    checkpoints: Iterable[Checkpoint] = (),
    opened: Mapping[int, Sequence[PersonalValue]] | None = None,
) -> tuple[LogProblem, ...]:
    """All problems of the log, in order of the events; none if it is whole.

    stored: every row, ordered by sequence.
    checkpoints: those of the database and any that a witness holds.
    opened: the personal values that still exist, by sequence.
    """
    problems: list[LogProblem] = []
    expected, previous = 0, FIRST_PREVIOUS
    for row in stored:
        problems += _check_place(row, expected)
        problems += _check_leaf(row, previous)
        expected, previous = row.sequence + 1, _real_hash(row)
    problems += _check_personal(stored, opened or {})
    problems += _check_checkpoints([bytes.fromhex(_real_hash(row)) for row in stored], checkpoints)
    return tuple(problems)


def _real_hash(row: StoredLeaf) -> str:
    """The hash of the columns; of an unreadable row a value that no tree of ours contains."""
    return row.leaf.leaf_hash if row.leaf is not None else FIRST_PREVIOUS


def _check_place(row: StoredLeaf, expected: int) -> list[LogProblem]:
    if row.sequence == expected:
        return []
    message = f"Event {expected} should follow, but event {row.sequence} stands there."
    return [LogProblem(LogProblemKind.GAP, expected, message)]


def _check_leaf(row: StoredLeaf, previous: str) -> list[LogProblem]:
    if row.leaf is None:
        message = f"Event {row.sequence} is not as the application wrote it."
        return [LogProblem(LogProblemKind.UNREADABLE, row.sequence, message)]
    problems = []
    if row.leaf.leaf_hash != row.leaf_hash:
        message = f"Event {row.sequence} was changed: its columns do not have the stored hash."
        problems.append(LogProblem(LogProblemKind.ALTERED, row.sequence, message))
    if row.leaf.previous != previous:
        message = f"Event {row.sequence} does not follow from the event before it."
        problems.append(LogProblem(LogProblemKind.BROKEN_CHAIN, row.sequence, message))
    return problems


def _check_personal(
    stored: Sequence[StoredLeaf], opened: Mapping[int, Sequence[PersonalValue]]
) -> list[LogProblem]:
    commitments = {row.sequence: row.leaf.commitments for row in stored if row.leaf is not None}
    return [
        LogProblem(
            LogProblemKind.PERSONAL_ALTERED,
            sequence,
            f"The stored \u201c{value.field}\u201d of event {sequence} is not the value that was logged.",
        )
        for sequence, values in opened.items()
        for value in values
        if commitments.get(sequence, {}).get(value.field) != commit_to(value)
    ]


def _check_checkpoints(hashes: Sequence[bytes], checkpoints: Iterable[Checkpoint]) -> list[LogProblem]:
    known = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
    roots = _roots_at(hashes, {checkpoint.size for checkpoint in known})
    problems = []
    for checkpoint in known:
        if not _agrees_with_note(checkpoint):
            message = f"The checkpoint over {checkpoint.size} events does not say what its signed note says."
            problems.append(LogProblem(LogProblemKind.CHECKPOINT_ALTERED, checkpoint.size, message))
        if checkpoint.size > len(hashes):
            message = f"A checkpoint covers {checkpoint.size} events, but only {len(hashes)} are left."
            problems.append(LogProblem(LogProblemKind.TRUNCATED, checkpoint.size, message))
        elif roots.get(checkpoint.size, b"").hex() != checkpoint.root:
            message = f"The first {checkpoint.size} events are not those that a checkpoint was signed over."
            problems.append(LogProblem(LogProblemKind.REWRITTEN, checkpoint.size, message))
    return problems


def _agrees_with_note(checkpoint: Checkpoint) -> bool:
    """Origin, size and root stand in the first three lines of a signed note (C2SP tlog-checkpoint)."""
    try:
        root = base64.b64encode(bytes.fromhex(checkpoint.root)).decode("ascii")
    except ValueError:
        return False
    return checkpoint.note.split("\n")[:3] == [checkpoint.origin, str(checkpoint.size), root]


def _roots_at(hashes: Sequence[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The roots of the trees over the first n hashes, for each n of `sizes`, in one pass.

    Keeps the roots of the complete subtrees (at most one for each power of two), as RFC 9162
    section 2.1.2 builds a tree leaf by leaf.
    """
    roots = {0: EMPTY_ROOT} if 0 in sizes else {}
    complete: list[bytes] = []
    for size, leaf_hash in enumerate(hashes, start=1):
        complete.append(leaf_hash)
        merges = size
        while merges % 2 == 0:
            right, left = complete.pop(), complete.pop()
            complete.append(_node(left, right))
            merges //= 2
        if size in sizes:
            roots[size] = _fold(complete)
    return roots


def _fold(complete: Sequence[bytes]) -> bytes:
    root = complete[-1]
    for left in reversed(complete[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
