"""The assembled text of an agreement: one tree, from which PDF, Word, HTML and JSON are made.

Everything is computed once, here and in `assembly.py`: numbers, references, typographic
quotes, no-break spaces, the endings of lists. The papers only lay it out, so they agree
number for number. Texts in runs are final: no markup is left in them, and whatever the
owner answered stands there literally.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeAlias, cast

from app.domain.digest import digest_of_tree


class RunKind(StrEnum):
    TEXT = "text"
    DEFINITION = "definition"  # a term where it is defined, quotes included: printed bold
    TERM = "term"  # a use of a defined term; target: anchor of the definition
    ANSWER = "answer"  # printed from an answer; target: "family.param", "deal.fact"
    OPEN = "open"  # a blank that still waits for its answer; target as ANSWER
    REFERENCE = "reference"  # "clause 7(b)"; target: anchor of what is referred to
    ROLE = "role"  # the role word of a party


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of printed text of one kind."""

    text: str
    kind: RunKind = RunKind.TEXT
    target: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered or plain block. `number` is as printed: "(a)", "(i)", "1", or "" for plain text.

    level 0: text directly below the heading; 1: paragraph; 2: item.
    anchor: unique in the agreement, "" where nothing refers to the block.
    path: the number in full, as a reference prints it: "7(b)(ii)".
    """

    number: str
    level: int
    runs: Runs
    anchor: str = ""
    path: str = ""
    children: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table with a header row; a cell is a tuple of runs."""

    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One assembled clause with the provenance of its wording."""

    number: str  # "7"
    title: str
    anchor: str  # the family id
    family: str
    position: str
    clause_id: str
    version: str
    digest: str
    prominent: bool  # printed bold
    initials: bool  # every signer of the Assistant's side initials it
    addresses: tuple[str, ...]
    summary: tuple[Runs, ...]  # plain-language lines; shown beside, never part of the paper
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class SectionText:
    title: str
    clauses: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True)
class ScheduleText:
    number: str  # "1" of "Schedule 1"
    title: str
    anchor: str
    family: str
    blocks: tuple[Paragraph | TextTable, ...]


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A row of the Key Terms: what, the answer, and the clause that uses it ("clause 7" or "")."""

    label: str
    value: Runs
    reference: str
    target: str  # anchor of that clause


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The place where one signer signs; the PDF field is `signature_field(role)`."""

    role: str  # signer role id
    side: str  # "assistant" or "client"
    label: str  # "Signed by the Assistant"
    party: str  # the party's name
    name: str
    capacity: str


@dataclass(frozen=True, slots=True)
class InitialsPlace:
    """One signer initials one clause; the PDF field is `initials_field(role, family)`."""

    role: str
    family: str


@dataclass(frozen=True, slots=True)
class AgreementText:
    """The whole printed content. `digest` covers all of it but the summaries and itself."""

    number: str  # the owner's reference, "LB-2026-014"
    title: str
    subtitle: str  # "between A and B"
    language: str  # BCP 47, "en-GB"
    contract_template: str
    contract_template_version: str
    unit_word: str  # "clause" or "section"
    confidential: bool
    owner_name: str  # the Client's name, for running heads
    counterparty_name: str
    intro: str
    key_terms: tuple[KeyTerm, ...]
    sections: tuple[SectionText, ...]
    schedules: tuple[ScheduleText, ...]
    signature_blocks: tuple[SignatureBlock, ...]
    initials: tuple[InitialsPlace, ...]
    review_note: str  # printed in the footer: "not reviewed by a lawyer", or ""

    @property
    def digest(self) -> str:
        """The text digest: SHA-256 of the canonical JSON of all printed content."""
        return digest_of_tree(self.printed_content())

    def clauses(self) -> Iterator[ClauseText]:
        for section in self.sections:
            yield from section.clauses

    def to_json(self) -> dict[str, Any]:
        """The complete tree as plain JSON values, summaries included."""
        return cast(dict[str, Any], _plain(self))

    def printed_content(self) -> dict[str, Any]:
        """The tree without the plain-language summaries, which are no part of the paper."""
        content = self.to_json()
        for section in content["sections"]:
            for clause in section["clauses"]:
                del clause["summary"]
        return content


def signature_field(role: str) -> str:
    """The PDF name of the field in which a signer signs."""
    return f"signature-{role}"


def initials_field(role: str, family: str) -> str:
    """The fully qualified PDF name of the field in which a signer initials a clause."""
    return f"initials.{role}.{family}"


def text_of(runs: Runs) -> str:
    return "".join(run.text for run in runs)


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}  # dataclasses.fields is slow for a tree of thousands


def _field_names(value: Any) -> tuple[str, ...]:
    kind = type(value)
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(field.name for field in fields(value))
    return _FIELD_NAMES[kind]


def _plain(value: Any) -> Any:
    """Plain JSON values of a tree. Five times as fast as dataclasses.asdict, which copies deeply."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _field_names(value)}
    return value
