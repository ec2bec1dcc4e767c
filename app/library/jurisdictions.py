"""The names of countries and states: `clauses/jurisdictions/names.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from app.domain.contract_template import Jurisdiction
from app.domain.errors import LibraryBroken
from app.domain.finding import Finding
from app.library.findings import FindingList, shorten
from app.library.source_text import check_source, read_source
from app.library.toml_lines import LineIndex, TomlValue, parse_toml

NAMES_FILE = Path("jurisdictions") / "names.toml"
_RULE = "jurisdiction-names"
_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", re.ASCII)


def load_jurisdictions(clauses_dir: Path) -> Mapping[str, Jurisdiction]:
    """All jurisdictions by code. Raises LibraryBroken where the file cannot be used."""
    jurisdictions, found = read_jurisdictions(clauses_dir)
    if found:
        message = "\n".join(finding.describe() for finding in found)
        raise LibraryBroken("jurisdiction-names", message, "Correct the file.")
    return jurisdictions


def read_jurisdictions(clauses_dir: Path) -> tuple[Mapping[str, Jurisdiction], tuple[Finding, ...]]:
    """What could be read, and the findings of the file."""
    findings = FindingList(f"{clauses_dir.name}/{NAMES_FILE.as_posix()}")
    text = read_source(clauses_dir / NAMES_FILE, findings)
    if text is None or not check_source(text, findings):
        return {}, findings.sorted_by_line()
    data = parse_toml(text, 1, _RULE, findings) or {}
    lines = LineIndex(text, 1)
    jurisdictions = {}
    for code, value in data.items():
        jurisdiction = _build(code, value)
        if jurisdiction is None:
            message = f"The entry {shorten(code)} is not usable."
            findings.error(_RULE, lines.line_of(code), message, 'Write XX = { name = "…", law_name = "…" }.')
        else:
            jurisdictions[code] = jurisdiction
    return jurisdictions, findings.sorted_by_line()


def _build(code: str, value: TomlValue) -> Jurisdiction | None:
    if not _CODE.fullmatch(code) or not isinstance(value, dict) or set(value) != {"name", "law_name"}:
        return None
    name, law_name = value["name"], value["law_name"]
    if not isinstance(name, str) or not isinstance(law_name, str) or not name or not law_name:
        return None
    return Jurisdiction(code, name, law_name)
