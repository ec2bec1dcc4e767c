"""What a check reports: one shape for file errors, library errors and lint of agreements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # blocks sending
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one rule. `rule` is a stable id; `where` names clause, question or file."""

    rule: str
    severity: Severity
    message: str
    remedy: str
    where: str = ""  # e.g. "take-home.strict", "clause 7(b)", "clauses/take-home/strict.md"
    line: int = 0  # of the file, where there is one
    subject: str = ""  # family, family.parameter or coverage code that the finding is about

    def describe(self) -> str:
        """One line for terminals: place, rule, what is wrong, what to do."""
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.severity} {self.rule}: {self.message} {self.remedy}"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
