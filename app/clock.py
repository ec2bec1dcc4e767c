"""The clock of the machine, as the Toolkit wants it."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements the Protocol `Clock`."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC)
