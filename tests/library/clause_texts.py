"""Small clause files for tests: a sound one, and variations of it."""

from __future__ import annotations

from app.domain.finding import Finding
from app.library.clause_file import parse_clause

KEYS = {
    "schema": '"clause/1"',
    "id": '"backups.strict"',
    "family": '"backups"',
    "version": '"0.1.0"',
    "category": '"data-handling"',
    "position": '"strict"',
    "fallback_to": '""',
    "addresses": '["S6"]',
    "requires": "[]",
    "conflicts": "[]",
    "initials": "false",
    "jurisdictions": '{ fits = ["*"], review = [] }',
    "summary": '"You make no backups."',
    "lawyer_notes": '"None."',
    "provenance": '{ author = "tests", derived_from = "", licence = "CC0-1.0" }',
}
BODY = "# Backups\n\nThe Assistant must make no backup.\n"
PATH = "clauses/backups/strict.md"


def clause_text(body: str = BODY, tables: str = "", **keys: str | None) -> str:
    """A clause file. `keys` replace keys of the front matter (None leaves one out)."""
    merged = {**KEYS, **keys}
    lines = [f"{key} = {value}" for key, value in merged.items() if value is not None]
    return "+++\n" + "\n".join(lines) + "\n" + tables + "+++\n" + body


def findings_of(text: str, path: str = PATH) -> tuple[Finding, ...]:
    return parse_clause(text, path)[1]


def rules_of(text: str, path: str = PATH) -> list[str]:
    """The ids of all findings, each once, sorted."""
    return sorted({finding.rule for finding in findings_of(text, path)})


def parameter(name: str = "hours", **keys: str) -> str:
    """A `[params.…]` table; an integer in hours unless `keys` say otherwise."""
    merged = keys or {"type": '"integer"', "unit": '"hours"'}
    merged = {**merged, "label": '"A label"', "ask": '"How much?"'}
    return f"[params.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in merged.items())
