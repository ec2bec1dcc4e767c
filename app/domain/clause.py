"""A clause version: its front matter and its body as a tree, before assembly.

The tree is what the grammar `clause/1` describes (README of `clauses/`); the
library room parses files into it, assembly turns it into printed text. Nothing
here is ever executed: conditions are data for `condition.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

SCHEMA = "clause/1"

CATEGORIES = (
    "foundation",
    "data-handling",
    "access",
    "people",
    "assurance",
    "incidents",
    "remedies",
    "commercial",
    "disputes",
    "formalities",
)

# The ten outsourcing risks and the ten standards for virtual assistants that clauses answer.
RISKS = tuple(f"R{n}" for n in range(1, 11))
STANDARDS = tuple(f"S{n}" for n in range(1, 11))
COVERAGE_CODES = RISKS + STANDARDS


class Position(StrEnum):
    STRICT = "strict"
    STANDARD = "standard"
    FALLBACK = "fallback"


class Role(StrEnum):
    """The two role words of clause texts; the contract template says how they print."""

    ASSISTANT = "Assistant"
    CLIENT = "Client"


# --- inline text -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Literal text, already unescaped."""

    text: str


@dataclass(frozen=True, slots=True)
class Definition:
    """`**"Stray Copy"**`: the place that defines a term."""

    term: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """`[[Stray Copies]]`: a form of a defined term."""

    form: str


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """`{{erase_hours}}`: prints the answer with its unit."""

    name: str


@dataclass(frozen=True, slots=True)
class FactUse:
    """`{{deal.governing_law}}`: prints a fact of the deal; `name` is without `deal.`."""

    name: str


@dataclass(frozen=True, slots=True)
class RoleUse:
    role: Role


@dataclass(frozen=True, slots=True)
class Reference:
    """`{ref:family#anchor}`; `family` empty means this clause's own family, `this` is `{ref:this}`."""

    family: str = ""
    anchor: str = ""
    this: bool = False
    capital: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """`{refs:a, b?, c}`: (family, optional) pairs; optional ones vanish where absent."""

    targets: tuple[tuple[str, bool], ...]
    capital: bool = False


Inline: TypeAlias = (
    Words | Definition | TermUse | ParameterUse | FactUse | RoleUse | Reference | ReferenceList
)

# --- blocks ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guard:
    """A trailing `{when=c}` (or `{unless=c}`: `negated`). `condition` is a name or `has:family`."""

    condition: str
    negated: bool = False


class BlockKind(StrEnum):
    TEXT = "text"  # unnumbered text: the only text of a clause, or text in a schedule
    PARAGRAPH = "paragraph"  # (a) in a clause body, (1) in a schedule
    ITEM = "item"  # (i) below a paragraph, (a) below a schedule paragraph
    EACH = "each"  # (*) {{list}}: one item for each element of the list
    TABLE_PARAMETER = "table-parameter"  # {{table}} alone on a line in a schedule


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    inlines: tuple[Inline, ...]
    guards: tuple[Guard, ...] = ()
    anchor: str = ""
    children: tuple[Block, ...] = ()
    line: int = 0  # in the source file, counted from 1


@dataclass(frozen=True, slots=True)
class TableRow:
    cells: tuple[tuple[Inline, ...], ...]
    guards: tuple[Guard, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[TableRow, ...]
    guards: tuple[Guard, ...] = ()
    anchor: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    title: str
    anchor: str
    blocks: tuple[Block | Table, ...]
    guards: tuple[Guard, ...] = ()
    line: int = 0


# --- parameters ------------------------------------------------------------------------


class ParameterType(StrEnum):
    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    COUNTRY = "country"
    EMAIL = "email"
    TEXT = "text"
    ENUM = "enum"
    YESNO = "yesno"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enum: `value` is stored, `printed` appears in the text."""

    value: str
    printed: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: ParameterType
    title: str
    max_length: int | None = None
    options: tuple[Option, ...] = ()


# An answer as it is stored: money and percent are decimal strings, dates ISO strings,
# countries ISO codes, lists lists of strings, tables lists of row mappings.
Answer: TypeAlias = str | int | bool | list[str] | list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed blank of a clause. Limits that a type does not have stay None."""

    name: str
    type: ParameterType
    label: str
    ask: str
    help: str = ""
    default: Answer | None = None
    when: str = ""  # a condition name or has:family; hides the question
    unit: str = ""
    minimum: str | None = None  # decimal or ISO date string
    maximum: str | None = None
    currency: str = ""  # of a money parameter with a currency of its own; else deal.currency
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    of: ParameterType | None = None  # a list's elements: ENUM or TEXT
    join: str = "and"
    min_items: int = 0
    max_items: int | None = None
    columns: tuple[Column, ...] = ()
    line: int = 0


# --- the clause version ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """Where a clause fits, where a lawyer must look first, where it must not be used."""

    fits: tuple[str, ...]
    review: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the plain-language summary: Words, ParameterUse and FactUse only."""

    inlines: tuple[Inline, ...]
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One immutable clause version, known by `digest`."""

    id: str  # family.position
    family: str
    position: Position
    version: str
    category: str
    title: str
    fallback_to: str
    addresses: tuple[str, ...]
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    initials: bool
    mandatory: bool
    prominent: bool
    cites: tuple[str, ...]
    jurisdictions: Jurisdictions
    summary: tuple[SummaryLine, ...]
    lawyer_notes: str
    provenance: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]  # [terms]: term -> its other printed forms
    parameters: Mapping[str, Parameter]
    conditions: Mapping[str, str]  # name -> expression, syntax already checked
    blocks: tuple[Block, ...]
    schedules: tuple[Schedule, ...]
    digest: str
    source: str = field(repr=False, default="")  # the file's text, kept byte for byte
    path: str = ""  # clauses/<family>/<position>.md, for messages
