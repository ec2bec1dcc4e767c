"""The plain-language summary of a clause: words, printed parameters and conditions at line ends."""

from __future__ import annotations

from app.domain.clause import FactUse, Inline, ParameterUse, RoleUse, SummaryLine, Words
from app.library.findings import FindingList, shorten
from app.library.inline import parse_inlines, split_trailers

_RULE = "summary-markup"


def parse_summary(text: str, first_line: int, findings: FindingList) -> tuple[SummaryLine, ...]:
    """One SummaryLine for each line that is not empty; `first_line` is the file line of the first."""
    return tuple(
        _parse_line(line.strip(), number, findings)
        for number, line in enumerate(text.split("\n"), start=first_line)
        if line.strip()
    )


def _parse_line(text: str, line: int, findings: FindingList) -> SummaryLine:
    own = FindingList("")  # the grammar's rules of clause text are one rule here
    rest, trailers = split_trailers(text, line, own)
    inlines = parse_inlines(rest, line, own)
    foreign = [
        inline for inline in inlines if not isinstance(inline, Words | ParameterUse | FactUse | RoleUse)
    ]
    if own.has_any() or foreign or trailers.anchor:
        message = f"The summary line {shorten(text, 40)!r} contains markup."
        findings.error(_RULE, line, message, "Use words, {{parameters}} and conditions at line ends only.")
    return SummaryLine(tuple(_as_words(inline) for inline in inlines), trailers.guards)


def _as_words(inline: Inline) -> Inline:
    """The reader of a summary is "you"; a role word there is an ordinary word."""
    return Words(inline.role.value) if isinstance(inline, RoleUse) else inline
