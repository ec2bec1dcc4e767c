"""One contract template from `template.toml` to `ContractTemplate`."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.clause import COVERAGE_CODES, Parameter, Position, Role
from app.domain.contract_template import (
    ContractTemplate,
    FamilySlot,
    Purpose,
    SignerRole,
    TemplateSection,
)
from app.domain.finding import Finding
from app.library.findings import FindingList, shorten
from app.library.front_matter import report_shape_errors
from app.library.parameter_file import ParameterFile, build_parameter
from app.library.source_text import check_source, read_source
from app.library.template_checks import KnownClauses, check_contract_template
from app.library.toml_lines import LineIndex, parse_toml

SCHEMA = "contract-template/1"
UNIT_WORDS = ("clause", "section")
_RULE = "template-form"
_ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_VERSION = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){2}", re.ASCII)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SlotFile(_Strict):
    family: str
    position: str
    optional: bool = False
    included: bool = True


class SectionFile(_Strict):
    title: str
    families: list[SlotFile] = Field(min_length=1)


class SignerRoleFile(_Strict):
    id: str
    side: str
    label: str = Field(min_length=1, max_length=120)
    order: int = Field(ge=1, le=100)


class QuestionGroupFile(_Strict):
    title: str = Field(min_length=1, max_length=120)
    items: list[str] = Field(min_length=1)


class RoleWordsFile(_Strict):
    Assistant: str = Field(min_length=1, max_length=40)
    Client: str = Field(min_length=1, max_length=40)


class TemplateFile(_Strict):
    schema_: str
    id: str = Field(pattern=_ID, max_length=60)
    version: str
    title: str = Field(min_length=1, max_length=120)
    description: str = Field(min_length=1, max_length=400)
    unit_word: str
    confidential: bool = True
    intro: str = ""
    coverage: list[str]
    key_terms: list[str]
    role_words: RoleWordsFile
    sections: list[SectionFile] = Field(min_length=1)
    facts: dict[str, ParameterFile]
    signer_roles: list[SignerRoleFile]
    question_groups: list[QuestionGroupFile] = []
    purpose: str = Purpose.AGREEMENT
    fixed_facts: dict[str, str | bool | list[str]] = {}
    asked_first: list[str] = []


def read_contract_template(
    path: Path, known: KnownClauses
) -> tuple[ContractTemplate | None, tuple[Finding, ...]]:
    """The template in `<id>/template.toml`, or None, and its findings.

    Clauses whose files have errors of their own are not reported again.
    """
    folder = path.parent
    findings = FindingList(f"{folder.parent.name}/{folder.name}/{path.name}")
    text = read_source(path, findings)
    template = None
    if text is not None and check_source(text, findings):
        template = _parse(text, folder.name, known, findings)
    found = findings.sorted_by_line()
    return (None if found else template), found


def _parse(text: str, folder: str, known: KnownClauses, findings: FindingList) -> ContractTemplate | None:
    data = parse_toml(text, 1, _RULE, findings)
    if data is None:
        return None
    lines = LineIndex(text, 1)
    renamed = {("schema_" if key == "schema" else key): value for key, value in data.items()}
    try:
        file = TemplateFile.model_validate(renamed)
    except ValidationError as error:
        report_shape_errors(error, lines, _RULE, findings)
        return None
    if not _check_values(file, folder, lines, findings):
        return None
    template = _build(file, lines, findings)
    check_contract_template(template, known, lines, findings)
    return template


def _check_values(file: TemplateFile, folder: str, lines: LineIndex, findings: FindingList) -> bool:
    checks = (
        ("schema", file.schema_ == SCHEMA, f'Write "{SCHEMA}".'),
        ("id", file.id == folder, f"The folder is named {folder!r}."),
        ("version", _VERSION.fullmatch(file.version) is not None, 'Write three numbers, as in "0.1.0".'),
        ("purpose", file.purpose in tuple(Purpose), "Write agreement, addendum or statement."),
        ("unit_word", file.unit_word in UNIT_WORDS, "Write clause or section."),
        ("coverage", set(file.coverage) <= set(COVERAGE_CODES), "Use R1 to R10 and S1 to S10."),
    )
    sound = True
    for key, fits, remedy in checks:
        if not fits:
            sound = False
            findings.error(_RULE, lines.line_of(key), f"{key} cannot have this value.", remedy, key)
    for number, section in enumerate(file.sections):
        for slot in section.families:
            if slot.position not in tuple(Position):
                sound = False
                message = f"{slot.family} has the position {shorten(slot.position)!r}."
                line = lines.line_of("sections", number, "families")
                findings.error(_RULE, line, message, "Use strict, standard or fallback.")
    for number, role in enumerate(file.signer_roles):
        if role.side not in tuple(Role):
            sound = False
            line = lines.line_of("signer_roles", number, "side")
            findings.error(
                _RULE, line, f"There is no side {shorten(role.side)!r}.", "Write Assistant or Client."
            )
    return sound


def _build(file: TemplateFile, lines: LineIndex, findings: FindingList) -> ContractTemplate:
    facts: dict[str, Parameter] = {}
    for name, written in file.facts.items():
        fact = build_parameter(name, written, lines.line_of("facts", name), findings)
        if fact is not None:
            facts[name] = fact
    return ContractTemplate(
        id=file.id,
        version=file.version,
        title=file.title,
        description=file.description,
        role_words={Role.ASSISTANT: file.role_words.Assistant, Role.CLIENT: file.role_words.Client},
        unit_word=file.unit_word,
        sections=tuple(_section(section) for section in file.sections),
        facts=facts,
        signer_roles=tuple(
            SignerRole(role.id, Role(role.side), role.label, role.order) for role in file.signer_roles
        ),
        promised_coverage=tuple(file.coverage),
        key_terms=tuple(file.key_terms),
        intro=file.intro,
        question_groups=tuple((group.title, tuple(group.items)) for group in file.question_groups),
        confidential=file.confidential,
        purpose=Purpose(file.purpose),
        fixed_facts=dict(file.fixed_facts),
        asked_first=tuple(file.asked_first),
    )


def _section(file: SectionFile) -> TemplateSection:
    slots = (
        FamilySlot(slot.family, Position(slot.position), slot.optional, slot.included)
        for slot in file.families
    )
    return TemplateSection(file.title, tuple(slots))
