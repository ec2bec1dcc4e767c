"""Real multilevel lists for Word, and a count of what Word will print.

Each clause heading, paragraph and item belongs to one list, so that Word goes on counting
when somebody adds a paragraph. Where the list would print another number than the tree
(beyond the 26th paragraph Word writes "bb" where we write "ab"), the number is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart

from app.domain.numbering import roman, schedule_name
from app.rendering.word.elements import Element, make, twips

_NUMBERING_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"


@dataclass(frozen=True, slots=True)
class Level:
    """format: a w:numFmt; pattern: `%` stands for the number. Indents in millimetres."""

    format: str
    pattern: str
    left: float
    hanging: float
    bold: bool = False


CLAUSE_LEVELS = (
    Level("decimal", "%", 16, 16, bold=True),
    Level("lowerLetter", "(%)", 24, 8),
    Level("lowerRoman", "(%)", 34, 10),
)
SCHEDULE_LEVELS = (
    Level("decimal", schedule_name("%"), 28, 28, bold=True),
    Level("decimal", "%", 8, 8),
    Level("lowerLetter", "(%)", 16, 8),
)


@dataclass(slots=True)
class NumberedList:
    """One list of the document and how far it has counted."""

    number_id: int
    levels: Sequence[Level]
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])

    def continue_with(self, number: str, likely_level: int) -> Element | None:
        """The `w:numPr` of the paragraph printed as `number`; None where the list prints another.

        Counts on as Word does: a level starts again after each higher one.
        """
        candidates = [likely_level, *(n for n in (1, 2) if n != likely_level and likely_level)]
        for level in candidates:
            if self._label(level, self.counts[level] + 1) == number:
                self.counts[level] += 1
                self.counts[level + 1 :] = [0] * (len(self.counts) - level - 1)
                return make(
                    "w:numPr",
                    make("w:ilvl", val=str(level)),
                    make("w:numId", val=str(self.number_id)),
                )
        return None

    def _label(self, level: int, count: int) -> str:
        definition = self.levels[level]
        return definition.pattern.replace("%", word_number(definition.format, count))


def word_number(number_format: str, count: int) -> str:
    """A number as Word writes it: lowerLetter 27 is "aa", 28 is "bb" (17.18.59)."""
    if number_format == "lowerLetter":
        repeats, letter = divmod(count - 1, 26)
        return chr(ord("a") + letter) * (repeats + 1)
    return roman(count) if number_format == "lowerRoman" else str(count)


def add_list(document: Document, levels: Sequence[Level]) -> NumberedList:
    """Define a list with its own abstract numbering."""
    root = _numbering_root(document)
    abstract_id = 1 + max(_numbers(root, "w:abstractNum", "w:abstractNumId"), default=0)
    number_id = 1 + max(_numbers(root, "w:num", "w:numId"), default=0)
    abstract = make("w:abstractNum", abstractNumId=str(abstract_id))
    abstract.append(make("w:multiLevelType", val="multilevel"))
    abstract.extend(_level(index, level) for index, level in enumerate(levels))
    # The schema wants all w:abstractNum before the first w:num.
    first = root.find(qn("w:num"))
    root.insert(len(root) if first is None else root.index(first), abstract)
    root.append(make("w:num", make("w:abstractNumId", val=str(abstract_id)), numId=str(number_id)))
    return NumberedList(number_id, levels)


def _level(index: int, level: Level) -> Element:
    element = make(
        "w:lvl",
        make("w:start", val="1"),
        make("w:numFmt", val=level.format),
        make("w:suff", val="tab"),
        make("w:lvlText", val=level.pattern.replace("%", f"%{index + 1}")),
        make("w:lvlJc", val="left"),
        make(
            "w:pPr",
            make("w:tabs", make("w:tab", val="num", pos=twips(level.left))),
            make("w:ind", left=twips(level.left), hanging=twips(level.hanging)),
        ),
        ilvl=str(index),
    )
    # Without this a bold first run would make the number bold too.
    element.append(make("w:rPr", make("w:b", val="1" if level.bold else "0")))
    return element


def _numbering_root(document: Document) -> Element:
    part = document.part
    try:
        root: Element = part.part_related_by(RT.NUMBERING).element  # type: ignore[attr-defined]
    except KeyError:
        blank = f"<w:numbering {nsdecls('w')}/>".encode()
        uri = PackURI("/word/numbering.xml")
        numbering = NumberingPart.load(uri, _NUMBERING_TYPE, blank, part.package)
        part.relate_to(numbering, RT.NUMBERING)
        root = numbering.element
    return root


def _numbers(root: Element, tag: str, attribute: str) -> list[int]:
    return [int(element.get(qn(attribute), "0")) for element in root.findall(qn(tag))]
