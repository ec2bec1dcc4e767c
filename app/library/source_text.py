"""What every text file of the library must be: UTF-8, NFC, LF, without invisible characters."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from app.library.findings import FindingList

MAX_FILE_BYTES = 256 * 1024  # thirty times the longest clause; more is no clause

# C0, DEL and C1 controls but the line feed; bidirectional controls (Unicode TR 9, section 2) with the
# Arabic letter mark; zero-width characters and the byte order mark; line and paragraph separators;
# surrogates, which a text from a browser can carry and UTF-8 cannot.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_RULE = "text-encoding"


def read_source(path: Path, findings: FindingList) -> str | None:
    """The text of a file byte for byte, or None with a finding where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        findings.error(_RULE, 0, f"The file cannot be read: {error.strerror}.", "Check its permissions.")
        return None
    if len(data) > MAX_FILE_BYTES:
        _too_large(findings)
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        findings.error(_RULE, line, "The file is not UTF-8.", "Save it as UTF-8.")
        return None


def check_source(text: str, findings: FindingList) -> bool:
    """Report every line with a forbidden character. False where parsing on would make no sense."""
    if len(text) > MAX_FILE_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_FILE_BYTES:
        _too_large(findings)
        return False
    sound = True
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FORBIDDEN.search(line)
        if found is not None:
            sound = False
            findings.error(
                _RULE, number, _name_of(found.group()), "Remove it; use plain spaces and line feeds."
            )
    if not unicodedata.is_normalized("NFC", text):
        sound = False
        findings.error(
            _RULE, _first_line_not_nfc(text), "The text is not in Unicode form NFC.", "Save it as NFC."
        )
    return sound


def _too_large(findings: FindingList) -> None:
    findings.error(_RULE, 0, f"The file is larger than {MAX_FILE_BYTES // 1024} KB.", "Split or shorten it.")


def _name_of(char: str) -> str:
    common = {"\t": "a tab", "\r": "a carriage return (Windows line end)", "\ufeff": "a byte order mark"}
    name = common.get(char) or f"the invisible character U+{ord(char):04X}"
    return f"The line contains {name}."


def _first_line_not_nfc(text: str) -> int:
    lines = text.split("\n")
    return next((n for n, line in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", line)), 1)
