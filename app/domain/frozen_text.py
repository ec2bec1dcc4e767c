"""The text of a sent agreement as it is kept: the whole tree as canonical JSON, summaries included.

Read back it gives the same tree with the same digest, whatever happened to the library since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    InitialsPlace,
    KeyTerm,
    Paragraph,
    Run,
    RunKind,
    Runs,
    ScheduleText,
    SectionText,
    SignatureBlock,
    TextTable,
)
from app.domain.digest import canonical_json
from app.domain.errors import StorageFailed


def write_text(text: AgreementText) -> bytes:
    """The file that is stored at sending."""
    return canonical_json(text.to_json())


def read_text(data: bytes, text_digest: str) -> AgreementText:
    """The tree of a stored file. Raises StorageFailed unless it is the text with this digest."""
    try:
        text = _agreement(json.loads(data))
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(f"it cannot be read ({type(error).__name__}: {error})") from error
    if text.digest != text_digest:
        raise _unreadable("it is another text than the one that was sent")
    return text


def _unreadable(reason: str) -> StorageFailed:
    return StorageFailed(
        "frozen-text-unreadable",
        f"The stored text of this agreement cannot be used: {reason}.",
        "Read the pages of the PDF instead, and tell the sender.",
    )


def _agreement(data: Mapping[str, Any]) -> AgreementText:
    trees = {
        "key_terms": tuple(_key_term(item) for item in data["key_terms"]),
        "sections": tuple(_section(item) for item in data["sections"]),
        "schedules": tuple(_schedule(item) for item in data["schedules"]),
        "signature_blocks": tuple(SignatureBlock(**item) for item in data["signature_blocks"]),
        "initials": tuple(InitialsPlace(**item) for item in data["initials"]),
    }
    return AgreementText(**{**data, **trees})


def _section(data: Mapping[str, Any]) -> SectionText:
    return SectionText(data["title"], tuple(_clause(item) for item in data["clauses"]))


def _clause(data: Mapping[str, Any]) -> ClauseText:
    trees = {
        "addresses": tuple(data["addresses"]),
        "summary": tuple(_runs(line) for line in data["summary"]),
        "paragraphs": tuple(_paragraph(item) for item in data["paragraphs"]),
    }
    return ClauseText(**{**data, **trees})


def _schedule(data: Mapping[str, Any]) -> ScheduleText:
    blocks = tuple(_table(item) if "header" in item else _paragraph(item) for item in data["blocks"])
    return ScheduleText(**{**data, "blocks": blocks})


def _key_term(data: Mapping[str, Any]) -> KeyTerm:
    return KeyTerm(**{**data, "value": _runs(data["value"])})


def _table(data: Mapping[str, Any]) -> TextTable:
    rows = tuple(tuple(_runs(cell) for cell in row) for row in data["rows"])
    return TextTable(tuple(_runs(cell) for cell in data["header"]), rows, data["anchor"])


def _paragraph(data: Mapping[str, Any]) -> Paragraph:
    children = tuple(_paragraph(item) for item in data["children"])
    return Paragraph(**{**data, "runs": _runs(data["runs"]), "children": children})


def _runs(data: Sequence[Mapping[str, Any]]) -> Runs:
    return tuple(Run(item["text"], RunKind(item["kind"]), item["target"]) for item in data)
