"""What is known of a country or state: `clauses/jurisdictions/<CODE>.toml`, schema `jurisdiction/1`.

A state inherits the coded fields that its file leaves out, and prose that says "as US", from the
country that `inherits` names. Every fault is a finding of the rule `jurisdiction-form`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from app.domain.contract_template import Jurisdiction
from app.domain.finding import Finding
from app.domain.jurisdiction_facts import SCHEMA, JurisdictionFacts
from app.library.coded_facts_file import CodedFactsFile, check_coded, inherit_coded, places_named
from app.library.findings import FindingList, shorten
from app.library.front_matter import report_shape_errors
from app.library.jurisdiction_form import JurisdictionFile, build_facts, check_form
from app.library.jurisdictions import NAMES_FILE
from app.library.source_text import check_source, read_source
from app.library.toml_lines import LineIndex, parse_toml

RULE = "jurisdiction-form"
_FILE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?\.toml", re.ASCII)


def read_jurisdiction_facts(
    clauses_dir: Path, jurisdictions: Mapping[str, Jurisdiction]
) -> tuple[Mapping[str, JurisdictionFacts], tuple[Finding, ...]]:
    """Every file without an error, by code in alphabetical order, and the findings of all.

    jurisdictions: the names that exist; a code without a name is an error.
    """
    folder = clauses_dir / NAMES_FILE.parent
    files: dict[str, _File] = {}
    findings: list[Finding] = []
    # Countries first: the code of a state is longer, and its file needs that of its country.
    for path in sorted(folder.glob("*.toml"), key=lambda path: (len(path.name), path.name)):
        if path.name == NAMES_FILE.name:
            continue
        reading = _Reading(path, f"{clauses_dir.name}/{folder.name}/{path.name}")
        read = reading.read(jurisdictions, files)
        findings += reading.findings.sorted_by_line()
        if read is not None and not reading.findings.has_any():
            files[read.facts.code] = read
    return {code: files[code].facts for code in sorted(files)}, tuple(findings)


class _File:
    """A file that could be read: its facts, and the coded table with what it inherited."""

    def __init__(self, facts: JurisdictionFacts, coded: CodedFactsFile) -> None:
        self.facts = facts
        self.coded = coded


class _Reading:
    """One file while it is read."""

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.findings = FindingList(shown)

    def read(self, jurisdictions: Mapping[str, Jurisdiction], known: Mapping[str, _File]) -> _File | None:
        if not _FILE.fullmatch(self.path.name):
            message = f"{shorten(self.path.name)} is not named after a country or state."
            self.findings.error(RULE, 1, message, "Name the file as in PH.toml or US-CA.toml.")
            return None
        text = read_source(self.path, self.findings)
        if text is None or not check_source(text, self.findings):
            return None
        data = parse_toml(text, 1, RULE, self.findings)
        if data is None:
            return None
        lines = LineIndex(text, 1)
        renamed = {("schema_" if key == "schema" else key): value for key, value in data.items()}
        try:
            file = JurisdictionFile.model_validate(renamed)
        except ValidationError as error:
            report_shape_errors(error, lines, RULE, self.findings)
            return None
        return self._check_and_build(file, lines, jurisdictions, known)

    def _check_and_build(
        self,
        file: JurisdictionFile,
        lines: LineIndex,
        jurisdictions: Mapping[str, Jurisdiction],
        known: Mapping[str, _File],
    ) -> _File | None:
        def fault(message: str, remedy: str, *path: str) -> None:
            self.findings.error(RULE, lines.line_of(*path), message, remedy, ".".join(path))

        if file.schema_ != SCHEMA:
            fault("schema cannot have this value.", f'Write "{SCHEMA}".', "schema")
        if file.code != self.path.stem:
            fault(f"The code is not {self.path.stem}.", "Name file and code alike.", "code")
        elif jurisdictions and file.code not in jurisdictions:
            fault(f"{file.code} has no name.", "Add it to jurisdictions/names.toml.", "code")
        parent = known.get(file.inherits)
        if file.inherits and parent is None:
            fault("The file that this one inherits from is missing or broken.", "Correct it.", "inherits")
            return None
        coded = inherit_coded(file.coded, parent.coded if parent else None)
        check_form(file, fault)
        check_coded(coded, fault)
        for place, key in places_named(file.coded):
            if jurisdictions and place not in jurisdictions:
                fault(f"{key} names {shorten(place)!r}, which is no country.", "Correct it.", "coded", key)
        if self.findings.has_any():
            return None
        return _File(build_facts(file, coded.build(), parent.facts if parent else None), coded)
