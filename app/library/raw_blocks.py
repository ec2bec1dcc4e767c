"""Lines of a clause body gathered into raw blocks: what each starts with and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_MARKER = re.compile(r"( *)\(([a-z]{1,6}|[0-9]{1,3}|\*)\) (.*)", re.ASCII)
_HEADING = re.compile(r"(#+)(?: +(.*))?")
_SPACES = re.compile(" {2,}")


class RawKind(Enum):
    HEADING = auto()
    MARKED = auto()
    TABLE_LINE = auto()
    TEXT = auto()


@dataclass(slots=True)
class RawBlock:
    kind: RawKind
    line: int
    text: str
    label: str = ""  # of a MARKED block: "a", "iv", "2", "*"
    indent: int = 0
    level: int = 0  # of a HEADING: the number of its #; 0 where the space after them is missing


def gather_blocks(text: str, first_line: int) -> list[RawBlock]:
    """Blocks in order. A line that starts none goes on with the block directly above it."""
    blocks: list[RawBlock] = []
    wrapped: list[str] = []  # the lines of the last block
    previous_blank = True
    for line in _numbered_lines(text, first_line):
        number, content = line
        if not content.strip():
            previous_blank = True
            continue
        block = _start_of(content, number)
        goes_on = not previous_blank and blocks and blocks[-1].kind in (RawKind.MARKED, RawKind.TEXT)
        if block.kind is RawKind.TEXT and goes_on:
            wrapped.append(block.text)
        else:
            _close(blocks, wrapped)
            blocks.append(block)
            wrapped = [block.text]
        previous_blank = False
    _close(blocks, wrapped)
    return blocks


def _numbered_lines(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), start=first_line)


def _close(blocks: list[RawBlock], wrapped: list[str]) -> None:
    if blocks:
        blocks[-1].text = _SPACES.sub(" ", " ".join(wrapped))


def _start_of(content: str, number: int) -> RawBlock:
    if content.startswith("#"):
        found = _HEADING.fullmatch(content)
        level = len(found[1]) if found and found[2] is not None else 0
        title = found[2].strip() if found and found[2] is not None else content
        return RawBlock(RawKind.HEADING, number, title, level=level)
    if content.startswith("|"):
        return RawBlock(RawKind.TABLE_LINE, number, content.rstrip())
    if marked := _MARKER.fullmatch(content):
        return RawBlock(RawKind.MARKED, number, marked[3].strip(), marked[2], len(marked[1]))
    stripped = content.strip()
    return RawBlock(RawKind.TEXT, number, stripped, indent=len(content) - len(content.lstrip()))
