"""The keys of a jurisdiction file outside `[coded]`: the reference as prose, and its confidence."""

from __future__ import annotations

from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from app.domain.answer_value import is_date
from app.domain.jurisdiction_facts import (
    BREACH_WORDS,
    ROLES,
    SIMPLE_SIGNATURES,
    TREATY_STATES,
    CodedFacts,
    Confidence,
    DataProtection,
    ElectronicSignature,
    Group,
    JurisdictionFacts,
    NewYorkConvention,
)
from app.library.coded_facts_file import CodedFactsFile, Fault
from app.library.findings import shorten

INHERITED = "as US"  # prose that says no more than this is read from the country around the state
_PROSE = (
    "foreign_judgments_and_awards",
    "liquidated_damages",
    "non_compete",
    "ip_assignment",
    "language",
    "stamp_duty",
    "contractor_status",
)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ConventionFile(_Strict):
    member: bool
    since: str
    reservations: str


class SignatureFile(_Strict):
    statute: str
    section: str
    simple_ok: str
    notes: str


class DataProtectionFile(_Strict):
    statute: str
    regulator: str
    breach_regulator_hours: int | str
    breach_individuals: str
    note: str


class JurisdictionFile(_Strict):
    schema_: str
    code: str
    name: str = Field(min_length=1, max_length=80)
    role: str
    inherits: str = ""
    hague_choice_of_court: str
    hague_choice_of_court_since: str = ""
    hague_judgments: str
    hague_judgments_since: str = ""
    foreign_judgments_and_awards: str = Field(min_length=1)
    liquidated_damages: str = Field(min_length=1)
    non_compete: str = Field(min_length=1)
    ip_assignment: str = Field(min_length=1)
    language: str = Field(min_length=1)
    stamp_duty: str = Field(min_length=1)
    contractor_status: str = Field(min_length=1)
    confidence: str
    sources: list[str] = Field(min_length=1)
    new_york_convention: ConventionFile
    esign: SignatureFile
    data_protection: DataProtectionFile
    confidence_by_group: dict[str, str]
    coded: CodedFactsFile


def check_form(file: JurisdictionFile, fault: Fault) -> None:
    """Report values outside their lists, missing groups and a date that is none."""
    worded = (
        ("role", file.role, ROLES),
        ("hague_choice_of_court", file.hague_choice_of_court, TREATY_STATES),
        ("hague_judgments", file.hague_judgments, TREATY_STATES),
        ("confidence", file.confidence, tuple(Confidence)),
        ("esign.simple_ok", file.esign.simple_ok, SIMPLE_SIGNATURES),
        *((f"confidence_by_group.{name}", value, tuple(Confidence))
          for name, value in file.confidence_by_group.items()),
    )  # fmt: skip
    for key, value, allowed in worded:
        if value not in allowed:
            message = f"{shorten(key)} has the value {shorten(value)!r}."
            fault(message, f"Use one of {', '.join(allowed)}.", *key.split("."))
    if set(file.confidence_by_group) != set(Group):
        groups = ", ".join(Group)
        fault("confidence_by_group does not rate every group once.", f"Rate {groups}.", "confidence_by_group")
    if not is_date(file.new_york_convention.since):
        fault("since is not a date.", 'Write it as in "1975-12-23".', "new_york_convention", "since")
    hours = file.data_protection.breach_regulator_hours
    if (isinstance(hours, str) and hours not in BREACH_WORDS) or (isinstance(hours, int) and hours < 1):
        remedy = f"Write hours, or one of {', '.join(BREACH_WORDS)}."
        fault(f"There is no period {hours!r}.", remedy, "data_protection", "breach_regulator_hours")


def build_facts(
    file: JurisdictionFile, coded: CodedFacts, parent: JurisdictionFacts | None
) -> JurisdictionFacts:
    """The facts of a file that has no fault."""
    prose = {name: str(getattr(file, name)) for name in _PROSE}
    if parent is not None:
        prose = {
            name: str(getattr(parent, name)) if text.startswith(INHERITED) else text
            for name, text in prose.items()
        }
    groups = {Group(name): Confidence(value) for name, value in file.confidence_by_group.items()}
    return JurisdictionFacts(
        **prose,
        code=file.code,
        name=file.name,
        role=file.role,
        inherits=file.inherits,
        hague_choice_of_court=file.hague_choice_of_court,
        hague_choice_of_court_since=file.hague_choice_of_court_since,
        hague_judgments=file.hague_judgments,
        hague_judgments_since=file.hague_judgments_since,
        confidence=Confidence(file.confidence),
        confidence_by_group=MappingProxyType(groups),
        sources=tuple(file.sources),
        new_york_convention=NewYorkConvention(**file.new_york_convention.model_dump()),
        esign=ElectronicSignature(**file.esign.model_dump()),
        data_protection=DataProtection(**file.data_protection.model_dump()),
        coded=coded,
    )
