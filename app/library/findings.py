"""Collecting findings while one file is read."""

from __future__ import annotations

from app.domain.finding import Finding, Severity


class FindingList:
    """The findings of one file, in the order of their lines."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._findings: list[Finding] = []

    def error(self, rule: str, line: int, message: str, remedy: str, subject: str = "") -> None:
        finding = Finding(rule, Severity.ERROR, message, remedy, self._where, line, subject)
        if finding not in self._findings:
            self._findings.append(finding)

    def has_any(self) -> bool:
        return bool(self._findings)

    def sorted_by_line(self) -> tuple[Finding, ...]:
        return tuple(sorted(self._findings, key=lambda finding: finding.line))


def shorten(text: str, limit: int = 60) -> str:
    """A piece of a file for a message: never long, never with line ends or control characters."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
