"""Whether this installation is a demonstration: then no claim is made that only people could earn.

In a demonstration a lawyer's decisions are SAMPLES, and keys that a signer's device would hold
are recorded as held by the demo process. The mark is set once, by `./run demo`, and never taken back.
"""

from __future__ import annotations

from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.domain.signature import KeyHeldBy
from app.toolkit import Toolkit, UnitOfWork

SETTING = "demonstration"


def mark_demonstration(kit: Toolkit) -> None:
    with kit.unit_of_work() as unit:
        if not is_demonstration(unit):
            event = AuditEvent(name="settings.changed", actor=APPLICATION, details={"setting": SETTING})
            unit.settings.set(SETTING, "yes", event)


def is_demonstration(unit: UnitOfWork) -> bool:
    return unit.settings.get(SETTING) == "yes"


def honest_holder(unit: UnitOfWork, claimed: KeyHeldBy) -> KeyHeldBy:
    """Who is to be recorded as the holder of a signer's key."""
    if claimed is KeyHeldBy.SIGNER_CLIENT and is_demonstration(unit):
        return KeyHeldBy.DEMO_PROCESS
    return claimed
