"""TOML with line numbers: `tomli` gives the values, this module where they stand.

`tomli` is the `tomllib` of the standard library, compiled; the library is read at every start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

import tomli

from app.domain.digest import LARGEST_EXACT_INTEGER
from app.library.findings import FindingList, shorten

TomlValue: TypeAlias = str | int | bool | list["TomlValue"] | dict[str, "TomlValue"]
TomlTable: TypeAlias = dict[str, TomlValue]

MAX_CHARACTERS = 128 * 1024
MAX_DEPTH = 8
# tomli needs cubic time for a dotted key (a.a.a…); a line of honest notes has a tenth of these dots.
MAX_DOTS_IN_LINE = 200

_HEADER = re.compile(r"\[{1,2} *([^\[\]]{1,200}?) *\]{1,2} *(?:#.*)?$")
_LONG_QUOTES = ('"""', "'''")
_KEY = re.compile(r"([A-Za-z0-9_-]{1,100}|\"[^\"]{1,100}\") *=")


class LineIndex:
    """Finds the line of a key by its table and name; `first_line` is the file line of the first line."""

    def __init__(self, text: str, first_line: int) -> None:
        self._first_line = first_line
        self._source = text.split("\n")
        self._lines: dict[tuple[str, str], int] = {}
        self._scan()

    def _scan(self) -> None:
        table, in_string, counts = "", "", dict[str, int]()
        for number, line in enumerate(self._source, start=self._first_line):
            if in_string:
                in_string = "" if line.count(in_string) % 2 else in_string
                continue
            if line.startswith("[") and (header := _HEADER.match(line)):
                table = header.group(1).replace('"', "")
                if line.startswith("[["):
                    counts[table] = counts.get(table, -1) + 1
                    table = f"{table}.{counts[table]}"
                self._lines.setdefault((table, ""), number)
            elif key := _KEY.match(line):
                self._lines.setdefault((table, key.group(1).strip('"')), number)
            for quote in _LONG_QUOTES:
                if quote in line and line.count(quote) % 2:
                    in_string = quote

    def line_of(self, *path: str | int) -> int:
        """The line of a key, of the nearest table around it, or of the top."""
        parts = [str(part) for part in path]
        for length in range(len(parts), 0, -1):
            table, key = ".".join(parts[: length - 1]), parts[length - 1]
            line = self._lines.get((table, key)) or self._lines.get((".".join(parts[:length]), ""))
            if line:
                return line
        return self._first_line

    def line_containing(self, line: int, words: str) -> int:
        """The first line from `line` on that contains `words`, within the same table; else `line`."""
        for number, text in enumerate(self._source[line - self._first_line :], start=line):
            if words in text:
                return number
            if number > line and text.startswith("["):
                break
        return line


def parse_toml(text: str, first_line: int, rule: str, findings: FindingList) -> TomlTable | None:
    """Parse TOML of text, whole numbers, yes/no, lists and tables; None with findings otherwise."""
    if len(text) > MAX_CHARACTERS:
        findings.error(rule, first_line, "The TOML part is too long.", "Shorten the notes.")
        return None
    for number, line in enumerate(text.split("\n"), start=first_line):
        if line.count(".") > MAX_DOTS_IN_LINE:
            findings.error(rule, number, "The line has too many full stops.", "Break it into several lines.")
            return None
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        place, reason = _place_of(str(error), text)
        findings.error(
            rule, first_line + place - 1, f"This is not TOML: {shorten(reason, 100)}.", "Correct the line."
        )
        return None
    except (RecursionError, ValueError):
        findings.error(
            rule, first_line, "The TOML is nested too deeply or has a huge number.", "Simplify it."
        )
        return None
    return data if _all_plain(data, text, first_line, rule, findings) else None


_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


def _place_of(message: str, text: str) -> tuple[int, str]:
    found = _PLACE.fullmatch(message)
    if found is None:
        return 1, message
    return int(found.group(2) or text.count("\n") + 1), found.group(1)


def _all_plain(
    data: Mapping[str, object], text: str, first_line: int, rule: str, findings: FindingList
) -> bool:
    faults = {key: fault for key, value in data.items() if (fault := _fault_in(value, 1))}
    lines = LineIndex(text, first_line) if faults else None
    for key, fault in faults.items():
        findings.error(
            rule,
            lines.line_of(key) if lines else first_line,
            f"{shorten(key)} holds {fault}.",
            'Quote it, as in "1.5" or "2027-03-01".',
        )
    return not faults


def _fault_in(value: object, depth: int) -> str:
    """Floats and dates have several spellings, so no digest of them would be stable."""
    if depth > MAX_DEPTH:
        return "tables nested too deeply"
    if isinstance(value, dict):
        return next((fault for item in value.values() if (fault := _fault_in(item, depth + 1))), "")
    if isinstance(value, list):
        return next((fault for item in value if (fault := _fault_in(item, depth + 1))), "")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_EXACT_INTEGER:
        return "a number that is too large"
    return "" if isinstance(value, str | int | bool) else "a fraction, date or time without quotes"
