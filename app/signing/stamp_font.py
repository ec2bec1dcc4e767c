"""The stamp's fonts, cut down to the glyphs that one revision uses.

A revision carries its own small TrueType subset (a few kB). The bundled faces have 1000 units
per em and no composite glyphs, so a subset is a concatenation of glyphs taken from memory.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNITS_PER_EM = 1000
NOTDEF = 0


@dataclass(frozen=True)
class Face:
    """One bundled face: its glyphs by number, and which character has which glyph."""

    name: str
    head: bytes
    hhea: bytes
    maxp: bytes
    glyphs: tuple[bytes, ...]
    metrics: tuple[tuple[int, int], ...]  # advance width and left side bearing by glyph
    characters: dict[int, int]  # code point -> glyph
    ascent: int
    descent: int
    bounding_box: tuple[int, int, int, int]
    italic_angle: int

    def covers(self, text: str) -> bool:
        return all(ord(character) in self.characters for character in text)

    def width(self, text: str, size: float) -> float:
        """Width in points of `text` set in `size` points; every character must be covered."""
        units = sum(self.metrics[self.characters[ord(character)]][0] for character in text)
        return units * size / UNITS_PER_EM


@cache
def face(style: str) -> Face:
    """The bundled face "italic", "regular" or "fallback"; read once."""
    data = (FONTS / f"stamp-{style}.ttf").read_bytes()
    tables = _tables(data)
    head, hhea, maxp = tables["head"], tables["hhea"], tables["maxp"]
    if struct.unpack_from(">H", head, 18)[0] != UNITS_PER_EM:
        raise ValueError(f"stamp-{style}.ttf does not have {UNITS_PER_EM} units per em")
    count = struct.unpack_from(">H", maxp, 4)[0]
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    return Face(
        name=f"CountersignStamp-{style.title()}",
        head=head,
        hhea=hhea,
        maxp=maxp,
        glyphs=_glyphs(tables, count),
        metrics=_metrics(tables["hmtx"], struct.unpack_from(">H", hhea, 34)[0], count),
        characters=_characters(tables["cmap"]),
        ascent=ascent,
        descent=descent,
        bounding_box=struct.unpack_from(">hhhh", head, 36),
        italic_angle=struct.unpack_from(">h", tables["post"], 4)[0],
    )


class Subset:
    """The glyphs of one face that a revision uses, numbered in the order of first use."""

    def __init__(self, source: Face) -> None:
        self.face = source
        self._glyphs = [NOTDEF]
        self._numbers: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """The glyph numbers of `text` as they stand in a PDF string; two bytes per character."""
        for character in text:
            if character not in self._numbers:
                self._numbers[character] = len(self._glyphs)
                self._glyphs.append(self.face.characters[ord(character)])
        return b"".join(self._numbers[character].to_bytes(2, "big") for character in text)

    @property
    def name(self) -> str:
        """The name with the tag of a subset (ISO 32000-1, 9.6.4): six letters made from its content."""
        digest = hashlib.sha256("".join(self._numbers).encode()).digest()
        return "".join(chr(ord("A") + byte % 26) for byte in digest[:6]) + "+" + self.face.name

    @property
    def widths(self) -> list[int]:
        return [self.face.metrics[glyph][0] for glyph in self._glyphs]

    def characters(self) -> dict[int, str]:
        """Glyph number in the subset -> the character it stands for."""
        return {number: character for character, number in self._numbers.items()}

    def program(self) -> bytes:
        """The subset as a TrueType font program (ISO 32000-1, 9.9)."""
        body, offsets = bytearray(), [0]
        for glyph in self._glyphs:
            outline = self.face.glyphs[glyph]
            body += outline + bytes(-len(outline) % 4)
            offsets.append(len(body))
        count = len(self._glyphs)
        metrics = [self.face.metrics[glyph] for glyph in self._glyphs]
        tables = {
            b"glyf": bytes(body),
            b"head": self.face.head[:50] + struct.pack(">hh", 1, 0),  # long offsets in loca
            b"hhea": self.face.hhea[:34] + struct.pack(">H", count),
            b"hmtx": b"".join(struct.pack(">Hh", *metric) for metric in metrics),
            b"loca": struct.pack(f">{count + 1}L", *offsets),
            b"maxp": self.face.maxp[:4] + struct.pack(">H", count) + self.face.maxp[6:],
        }
        return _assemble(tables)

    def compressed_program(self) -> tuple[bytes, int]:
        """The program deflated, and its length before that."""
        program = self.program()
        return zlib.compress(program), len(program)


def _tables(data: bytes) -> dict[str, bytes]:
    tables = {}
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        tables[tag.decode("ascii").strip()] = data[offset : offset + length]
    return tables


def _glyphs(tables: dict[str, bytes], count: int) -> tuple[bytes, ...]:
    long_offsets = struct.unpack_from(">h", tables["head"], 50)[0] == 1
    if long_offsets:
        offsets = struct.unpack(f">{count + 1}L", tables["loca"])
    else:
        offsets = tuple(2 * offset for offset in struct.unpack(f">{count + 1}H", tables["loca"]))
    body = tables["glyf"]
    return tuple(body[offsets[index] : offsets[index + 1]] for index in range(count))


def _metrics(table: bytes, full: int, count: int) -> tuple[tuple[int, int], ...]:
    metrics = list(struct.iter_unpack(">Hh", table[: 4 * full]))
    bearings = struct.iter_unpack(">h", table[4 * full :])
    metrics += [(metrics[-1][0], bearing) for (bearing,) in bearings]
    return tuple(metrics[:count])


def _characters(table: bytes) -> dict[int, int]:
    """The format 4 subtable of Windows, Unicode BMP (OpenType, cmap)."""
    for index in range(struct.unpack_from(">H", table, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", table, 4 + 8 * index)
        if (platform, encoding) == (3, 1):
            return _format_4(table[offset:])
    raise ValueError("the font has no Unicode character map")


def _format_4(table: bytes) -> dict[int, int]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", table, 16 + 4 * segments)
    ranges_at = 16 + 6 * segments
    ranges = struct.unpack_from(f">{segments}H", table, ranges_at)
    characters = {}
    for index in range(segments):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                at = ranges_at + 2 * index + ranges[index] + 2 * (code - starts[index])
                glyph = struct.unpack_from(">H", table, at)[0]
                if glyph == NOTDEF:
                    continue
            glyph = (glyph + deltas[index]) & 0xFFFF
            if glyph != NOTDEF:
                characters[code] = glyph
    return characters


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    """A TrueType file of `tables` with its checksums (OpenType, font file)."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    search = (16 * power, power.bit_length() - 1, 16 * (count - power))
    header = struct.pack(">LHHHH", 0x00010000, count, *search)
    tables = dict(sorted(tables.items()))
    tables[b"head"] = tables[b"head"][:8] + bytes(4) + tables[b"head"][12:]
    directory, body = bytearray(), bytearray()
    start = len(header) + 16 * count
    head_at = 0
    for tag, content in tables.items():
        if tag == b"head":
            head_at = start + len(body)
        directory += struct.pack(">4sLLL", tag, _checksum(content), start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    program = bytearray(header + directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(program))) & 0xFFFFFFFF
    struct.pack_into(">L", program, head_at + 8, adjustment)
    return bytes(program)


def _checksum(content: bytes) -> int:
    padded = content + bytes(-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
