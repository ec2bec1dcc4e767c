"""Collecting findings while one file is read."""

from __future__ import annotations

from app.domain.finding import Finding, Severity

MAX_FINDINGS = 200  # of one file; nobody reads more, and a hostile file could have a million


class FindingList:
    """The findings of one file, each once."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._findings: dict[Finding, None] = {}

    def error(self, rule: str, line: int, message: str, remedy: str, subject: str = "") -> None:
        if len(self._findings) < MAX_FINDINGS:
            finding = Finding(rule, Severity.ERROR, message, remedy, self._where, line, subject)
            self._findings[finding] = None

    def has_any(self) -> bool:
        return bool(self._findings)

    def sorted_by_line(self) -> tuple[Finding, ...]:
        return tuple(sorted(self._findings, key=lambda finding: finding.line))


def shorten(text: str, limit: int = 60) -> str:
    """A piece of a file for a message: never long, never with line ends or control characters."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
