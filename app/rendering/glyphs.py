"""Before anything is laid out: can every character be printed, and if not, where does it stand?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.agreement_text import AgreementText
from app.domain.errors import RenderingFailed
from app.rendering.fonts import describe_character, missing_characters


def require_printable(places: Iterable[tuple[str, str]]) -> None:
    """Check (place, text) pairs. Raises RenderingFailed `glyph-missing` for the first gap."""
    for place, text in places:
        missing = missing_characters(text)
        if missing:
            raise RenderingFailed(
                "glyph-missing",
                f"The paper has no letter for {describe_character(missing[0])}, which stands in {place}.",
                "Write it in Latin, Greek, Cyrillic, Hebrew or Arabic letters, or leave the character out.",
            )


def texts_of_agreement(text: AgreementText) -> Iterator[tuple[str, str]]:
    """Every printed string with the place that a reader would look for."""
    content = text.printed_content()
    for section in content["sections"]:
        for clause in section["clauses"]:
            yield from _strings(clause, f"{text.unit_word} {clause['number']}")
        yield "a section title", section["title"]
    for schedule in content["schedules"]:
        yield from _strings(schedule, f"Schedule {schedule['number']}")
    for term in content["key_terms"]:
        yield from _strings(term, f"the Key Terms, {term['label']!r}")
    for block in content["signature_blocks"]:
        yield from _strings(block, f"the signature block {block['label']!r}")
    plain = {name: value for name, value in content.items() if isinstance(value, str)}
    for name, value in plain.items():
        yield f"the agreement's {name.replace('_', ' ')}", value


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item, place)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item, place)
