"""The audit log seen by people: checkpoints are made, the log is verified."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from app.domain.audit import Checkpoint, format_time
from app.domain.audit_check import verify_log as check_log
from app.domain.checkpoint import checkpoint_body, write_note
from app.domain.merkle import root_of
from app.toolkit import Toolkit

ORIGIN_SETTING = "log_origin"
DEFAULT_ORIGIN = "countersign/audit-log"


def make_checkpoint(kit: Toolkit) -> Checkpoint:
    """Sign the tree head of the whole log, timestamp it, and store both.

    Raises TimestampUnavailable; then no checkpoint was made.
    """
    with kit.unit_of_work() as unit:
        hashes = list(unit.audit.leaf_hashes())
        origin = unit.settings.get(ORIGIN_SETTING, DEFAULT_ORIGIN)
        latest = unit.audit.latest_checkpoint()
    if latest is not None and latest.size == len(hashes) and latest.root == root_of(hashes).hex():
        return latest
    body = checkpoint_body(origin, len(hashes), root_of(hashes))
    note = write_note(body, origin, kit.credentials.log_public_key(), kit.credentials.sign_checkpoint(body))
    checkpoint = Checkpoint(
        origin=origin,
        size=len(hashes),
        root=root_of(hashes).hex(),
        at=format_time(kit.clock.now()),
        note=note,
        timestamp_token=base64.b64encode(kit.credentials.timestamp(note.encode())).decode(),
    )
    with kit.unit_of_work() as unit:
        unit.audit.add_checkpoint(checkpoint)
    return checkpoint


def verify_log(kit: Toolkit) -> tuple[int, Sequence[str]]:
    """The number of events, and the problems found in the log (none: it is whole)."""
    with kit.unit_of_work(read_only=True) as unit:
        stored = unit.audit.stored_leaves()
        opened = unit.audit.opened([row.sequence for row in stored])
        problems = check_log(stored, unit.audit.checkpoints(), opened)
    return len(stored), [problem.message for problem in problems]
