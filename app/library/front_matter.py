"""The front matter of a clause file: its keys, their values, and what they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.clause import CATEGORIES, COVERAGE_CODES, SCHEMA, Parameter, Position
from app.domain.condition import parse_condition
from app.domain.errors import InvalidInput
from app.domain.role_words import has_role_word
from app.library.findings import FindingList, shorten
from app.library.parameter_file import ParameterFile, build_parameter
from app.library.toml_lines import LineIndex, TomlTable, parse_toml

_FENCE = "+++"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.(?:0|[1-9][0-9]{0,5})){2}", re.ASCII)
_FAMILY_OR_ID = re.compile(r"[a-z][a-z0-9-]{0,60}(?:\.(?:strict|standard|fallback))?", re.ASCII)
_PLACE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?|\*", re.ASCII)
_PROVENANCE = frozenset({"author", "derived_from", "licence"})


class JurisdictionsFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    fits: list[str]
    review: list[str]
    excluded: list[str] = []


class FrontMatterFile(BaseModel):
    """The keys of `clause/1`. Types only; values are checked one by one, so that all faults show."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    schema_: str
    id: str
    family: str
    version: str
    category: str
    position: str
    fallback_to: str
    addresses: list[str]
    requires: list[str]
    conflicts: list[str]
    initials: bool
    jurisdictions: JurisdictionsFile
    summary: str
    lawyer_notes: str
    provenance: dict[str, str]
    mandatory: bool = False
    prominent: bool = False
    cites: list[str] = []
    terms: dict[str, list[str]] = {}
    params: dict[str, ParameterFile] = {}
    conditions: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A front matter that could be read; its values may still have findings."""

    file: FrontMatterFile
    parameters: Mapping[str, Parameter]
    conditions: Mapping[str, str]
    lines: LineIndex
    data: TomlTable  # as written, for the digest


@dataclass(frozen=True, slots=True)
class SplitFile:
    front_matter: str
    body: str
    body_line: int  # the file line on which the body begins


def split_file(text: str, findings: FindingList) -> SplitFile | None:
    """Separate the front matter between its `+++` lines from the body."""
    lines = text.split("\n")
    end = next((index for index, line in enumerate(lines[1:], start=1) if line == _FENCE), 0)
    if lines[0] != _FENCE or not end:
        findings.error(
            "front-matter",
            1,
            "The file does not begin with a front matter.",
            "Put TOML between two lines +++.",
        )
        return None
    return SplitFile("\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2)


def read_front_matter(text: str, findings: FindingList) -> FrontMatter | None:
    """Parse and check a front matter, which begins on line 2; None where keys or types are wrong."""
    data = parse_toml(text, 2, "front-matter", findings)
    if data is None:
        return None
    lines = LineIndex(text, 2)
    file = _validate(data, lines, findings)
    if file is None:
        return None
    _check_values(file, lines, findings)
    _check_terms(file, lines, findings)
    parameters = _build_parameters(file, lines, findings)
    conditions = _check_conditions(file, lines, findings)
    return FrontMatter(file, parameters, conditions, lines, data)


def _validate(data: TomlTable, lines: LineIndex, findings: FindingList) -> FrontMatterFile | None:
    # "schema" is a method name of pydantic models, so the field has another one.
    renamed = {("schema_" if key == "schema" else key): value for key, value in data.items()}
    if "schema_" in data:
        findings.error(
            "front-matter", lines.line_of("schema_"), "The key schema_ does not exist.", "Remove it."
        )
    try:
        return FrontMatterFile.model_validate(renamed)
    except ValidationError as error:
        report_shape_errors(error, lines, "front-matter", findings)
        return None


def report_shape_errors(error: ValidationError, lines: LineIndex, rule: str, findings: FindingList) -> None:
    """Turn pydantic's errors into findings; those below a parameter are `param-schema`."""
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path = tuple("schema" if part == "schema_" else part for part in detail["loc"])
        named = tuple(part for part in path if not _is_union_branch(part))
        place = ".".join(shorten(str(part)) for part in named)
        below_parameter = rule == "front-matter" and named[:1] == ("params",)
        message, remedy = _shape_fault(detail["type"], place, detail["msg"])
        line = lines.line_of(*named)
        findings.error("param-schema" if below_parameter else rule, line, message, remedy, place)


def _is_union_branch(part: str | int) -> bool:
    """pydantic puts the tried type ("str", "list[str]") into the path of an error of a union."""
    return isinstance(part, str) and (part in ("bool", "int", "str") or part.startswith("list["))


def _shape_fault(kind: str, place: str, message: str) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return f"The key {place} does not exist.", "Remove it or correct its spelling."
    if kind == "missing":
        return f"The key {place} is missing.", "Add it."
    return f"{place}: {message}.", "Correct the value."


# --- values ----------------------------------------------------------------------------


def _check_values(file: FrontMatterFile, lines: LineIndex, findings: FindingList) -> None:
    def refuse(key: str, value: str, allowed: str) -> None:
        message = f"{key} has the value {shorten(value)!r}."
        findings.error("value-unknown", lines.line_of(key), message, f"Use {allowed}.", key)

    if file.schema_ != SCHEMA:
        refuse("schema", file.schema_, f'"{SCHEMA}"')
    if file.category not in CATEGORIES:
        refuse("category", file.category, "one of " + ", ".join(CATEGORIES))
    if file.position not in tuple(Position):
        refuse("position", file.position, "strict, standard or fallback")
    if not _VERSION.fullmatch(file.version):
        refuse("version", file.version, 'three numbers, as in "0.1.0"')
    for code in _strange(file.addresses, COVERAGE_CODES):
        refuse("addresses", code, "R1 to R10 and S1 to S10, each once")
    for name in file.conflicts:
        if not _FAMILY_OR_ID.fullmatch(name):
            refuse("conflicts", name, "family or clause ids")
    places = file.jurisdictions
    for place in (*places.fits, *places.review, *places.excluded):
        if not _PLACE.fullmatch(place):
            refuse("jurisdictions", place, "codes such as PH, US-CA, EU or *")
    if not file.provenance.keys() >= _PROVENANCE:
        refuse("provenance", ", ".join(file.provenance), "author, derived_from and licence")
    for key in ("summary", "lawyer_notes"):
        if not getattr(file, key).strip():
            refuse(key, "", "at least one sentence")
    for name in file.conditions:
        if not _NAME.fullmatch(name):
            refuse("conditions", name, "small letters, digits and underscores")
    for cite in file.cites:
        if not cite.strip():
            refuse("cites", cite, "the citation as it stands in the text")


def _strange(codes: Iterable[str], known: tuple[str, ...]) -> list[str]:
    """Codes that do not exist, and those that stand there twice."""
    seen: set[str] = set()
    strange = []
    for code in codes:
        if code not in known or code in seen:
            strange.append(code)
        seen.add(code)
    return strange


def _check_terms(file: FrontMatterFile, lines: LineIndex, findings: FindingList) -> None:
    for term, forms in file.terms.items():
        for form in (term, *forms):
            line = lines.line_of("terms", term)
            if has_role_word(form):
                findings.error(
                    "role-form", line, f"The term {form!r} contains a role word.", "Choose another."
                )
            if not form[:1].isupper():
                findings.error(
                    "value-unknown",
                    line,
                    f"The term {shorten(form)!r} is not in Title Case.",
                    "Capitalise it.",
                )


def _build_parameters(
    file: FrontMatterFile, lines: LineIndex, findings: FindingList
) -> Mapping[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for name, written in file.params.items():
        line = lines.line_of("params", name)
        if not _NAME.fullmatch(name) or name in ("deal", "this"):
            message = f"{shorten(name)!r} is no parameter name."
            findings.error("param-schema", line, message, "Use small letters, digits and underscores.", name)
            continue
        parameter = build_parameter(name, written, line, findings)
        if parameter is not None:
            parameters[name] = parameter
    return parameters


def _check_conditions(file: FrontMatterFile, lines: LineIndex, findings: FindingList) -> Mapping[str, str]:
    for name, expression in file.conditions.items():
        try:
            parse_condition(expression)
        except InvalidInput as error:
            line = lines.line_of("conditions", name)
            findings.error("condition-syntax", line, f"Condition {name}: {error.message}", error.remedy, name)
    return file.conditions
