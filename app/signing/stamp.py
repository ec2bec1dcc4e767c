"""What is drawn into a signature field: the signature, and the facts beside it.

The page itself prints the label, the party, the line and the signer's name. The stamp fills the
field's box and adapts to it: side by side in a wide box, the signature alone in a small one. All
of it is opaque ink, without transparency.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from pyhanko.pdf_utils import generic

from app.domain.signature import Appearance, KeyHeldBy
from app.signing.glyph_run import ITALIC, UPRIGHT, GlyphRuns, drawable
from app.signing.pdf_object import dictionary, name, numbers, stream
from app.signing.stamp_picture import add_picture
from app.signing.writer import RevisionWriter

INK = b"0.078 0.125 0.122"  # the paper's one colour of ink
PALE_INK = b"0.263 0.318 0.306"
SIGNATURE_SIZE = 21.0  # points, as paper.css .ink
FACT_SIZE = 8.5
SMALLEST_SIZE = 5.0
LEADING = 1.5
LABEL_WIDTH = 54.0  # points: the column of "Signed at", "Key", ...
NARROWEST_WITH_FACTS = 300.0
LOWEST_WITH_FACTS = 34.0
LEFT_SHARE = 0.44
FLOOR = 1.5  # points between the ink and the line that the page prints below the field
DESCENT = 0.24  # of the size: how far letters reach below the baseline

KEY_WORDS = {
    KeyHeldBy.SIGNER_CLIENT: "held by signer’s browser, used once",
    KeyHeldBy.SERVER_ONE_TIME: "made by the server, used once",
    KeyHeldBy.ORGANISATION: "held by the organisation",
    KeyHeldBy.DEMO_PROCESS: "demonstration; nobody identified",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


def draw_stamp(
    writer: RevisionWriter, width: float, height: float, appearance: Appearance, serial: str
) -> generic.IndirectObject:
    """Add the appearance stream for a field of width x height points; the reference to it.

    Raises InvalidInput for a name that cannot be drawn or a picture that cannot be read.
    """
    runs = GlyphRuns()
    resources = dictionary({})
    with_facts = width >= NARROWEST_WITH_FACTS and height >= LOWEST_WITH_FACTS
    left = Box(0, 0, width * LEFT_SHARE if with_facts else width, height)
    content = INK + b" rg\n"
    content += _signature(writer, runs, resources, left, appearance)
    if with_facts:
        start = width * (LEFT_SHARE + 0.06)
        content += _facts(runs, Box(start, 0, width - start, height), _facts_of(appearance, serial))
    resources[name("Font")] = runs.add_fonts(writer)
    return add_form(writer, width, height, content, resources)


def draw_seal(
    writer: RevisionWriter, width: float, height: float, organisation: str, sealed_at: datetime
) -> generic.IndirectObject:
    """Add the seal's appearance: one line of small print, in the middle of its box."""
    runs = GlyphRuns()
    text = f"Sealed by {organisation} · {_moment(sealed_at)} UTC"
    size = min(FACT_SIZE, height * 0.8)
    box = Box(1, (height - size * 0.7) / 2, width - 2, size)
    content = _line(runs, text, size, box, INK)
    resources = dictionary({"Font": runs.add_fonts(writer)})
    return add_form(writer, width, height, content, resources)


def draw_initials(
    writer: RevisionWriter, fields: list[tuple[float, float, str]]
) -> list[generic.IndirectObject]:
    """Add one appearance per (width, height, initials); they share one font."""
    runs = GlyphRuns()
    contents = []
    for width, height, initials in fields:
        text = drawable(initials)
        size = _fitting(runs, text, ITALIC, min(13.0, height * 0.8), width - 2)
        x = (width - runs.measure(text, size, ITALIC)) / 2
        shown = runs.show(text, size, x, (height - size * 0.62) / 2, ITALIC)
        contents.append(INK + b" rg\n" + shown)
    fonts = runs.add_fonts(writer)
    return [
        add_form(writer, width, height, content, dictionary({"Font": fonts}))
        for (width, height, _), content in zip(fields, contents, strict=True)
    ]


def add_form(
    writer: RevisionWriter, width: float, height: float, content: bytes, resources: generic.DictionaryObject
) -> generic.IndirectObject:
    """A form XObject of width x height points (ISO 32000-1, 8.10)."""
    entries: dict[str, generic.PdfObject] = {
        "Type": name("XObject"),
        "Subtype": name("Form"),
        "BBox": numbers((0, 0, width, height)),
        "Resources": resources,
        "Filter": name("FlateDecode"),
    }
    return writer.add_object(stream(entries, zlib.compress(content)))


def _signature(
    writer: RevisionWriter,
    runs: GlyphRuns,
    resources: generic.DictionaryObject,
    box: Box,
    appearance: Appearance,
) -> bytes:
    """The ink, standing on the floor of its box: the page prints the line there."""
    room = Box(box.x, FLOOR, box.width, box.height - FLOOR)
    if appearance.picture is not None:
        return add_picture(writer, resources, room.x, room.y, room.width, room.height, appearance.picture)
    written = drawable(appearance.signer_name)
    faces = ITALIC if appearance.style == "italic" else UPRIGHT
    size = _fitting(runs, written, faces, min(SIGNATURE_SIZE, room.height * 0.8), room.width)
    return runs.show(written, size, room.x, room.y + size * DESCENT, faces)


def _facts_of(appearance: Appearance, serial: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Signed at", f"{_moment(appearance.signed_at)} UTC"),
        ("Key", KEY_WORDS[appearance.key_held_by]),
        ("Identity", appearance.identity),
        ("Initialled", appearance.initialled),
        ("Credential", ":".join(serial[at : at + 2] for at in range(0, len(serial), 2))),
    )


def _facts(runs: GlyphRuns, box: Box, facts: tuple[tuple[str, str], ...]) -> bytes:
    """As many rows as the box has room for, the most important first."""
    size = max(SMALLEST_SIZE, min(FACT_SIZE, box.height / (len(facts) * LEADING)))
    content = b""
    label_width = LABEL_WIDTH * size / FACT_SIZE
    for row, (label, value) in enumerate(facts):
        y = box.height - (row + 0.85) * size * LEADING
        if y < 0:
            break
        content += _line(runs, label, size, Box(box.x, y, label_width, size), PALE_INK)
        value_box = Box(box.x + label_width, y, box.width - label_width, size)
        content += _line(runs, value, size, value_box, INK)
    return content


def _line(runs: GlyphRuns, text: str, size: float, box: Box, colour: bytes) -> bytes:
    """One line of small print, narrowed to its box: smaller type first, then an ellipsis."""
    text = drawable(text)
    size = _fitting(runs, text, UPRIGHT, size, box.width)
    while runs.measure(text, size, UPRIGHT) > box.width and len(text) > 1:
        text = text[:-2].rstrip() + "…"
    return colour + b" rg\n" + runs.show(text, size, box.x, box.y, UPRIGHT)


def _fitting(runs: GlyphRuns, text: str, faces: tuple[str, ...], size: float, width: float) -> float:
    """The largest size up to `size` in which `text` is no wider than `width`."""
    measured = runs.measure(text, size, faces)
    return size if measured <= width else max(SMALLEST_SIZE, size * width / measured)


def _moment(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M:%S}"

