"""Mutations of a signed file for the fuzzer: bytes, objects, revisions. The seed decides everything."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, StreamObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing.verification.attacks import append_revision
from tests.signing.verification.byte_attacks import with_whole_table

Mutation = Callable[[bytes, random.Random], bytes]
KEYS = ("/Contents", "/Annots", "/V", "/AP", "/Kids", "/Rect", "/Type", "/Length", "/Parent", "/K", "/Lock")


def flip(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << source.randrange(8))]) + data[place + 1 :]


def cut_out(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    return data[:place] + data[place + _length(source) :]


def cut_off(data: bytes, source: random.Random) -> bytes:
    return data[: source.randrange(len(data))]


def copy_inside(data: bytes, source: random.Random) -> bytes:
    place, other = (source.randrange(len(data)) for _ in range(2))
    return data[:place] + data[other : other + _length(source)] + data[place:]


def zero(data: bytes, source: random.Random) -> bytes:
    place, length = source.randrange(len(data)), _length(source)
    return data[:place] + bytes(length) + data[place + length :]


def append_copy(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    return data + data[place : place + _length(source)]


def other_number(data: bytes, source: random.Random) -> bytes:
    found = re.compile(rb"\d+").search(data, source.randrange(len(data)))
    if found is None:
        return data[:-1]
    return data[: found.start()] + str(source.randrange(10**6)).encode() + data[found.end() :]


def swap_names(data: bytes, source: random.Random) -> bytes:
    """One name in the file becomes another one that it has too."""
    names = list(re.finditer(rb"/[A-Za-z]{2,}", data))
    one, other = source.choice(names), source.choice(names)
    return data[: one.start()] + other[0] + data[one.end() :]


def splice(data: bytes, source: random.Random) -> bytes:
    """The beginning up to one end of a revision, and the rest from another."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n?", data)]
    return data[: source.choice(ends)] + data[source.choice(ends) :] + data[-source.randrange(1, 2000) :]


def append_table(data: bytes, source: random.Random) -> bytes:
    return with_whole_table(data, size=source.choice((7, 90, 999, 10**9)))


def rewrite_object(data: bytes, source: random.Random, count: int = 1) -> bytes:
    """A revision in which one object, whichever, is a little different."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        references = sorted(writer.prev.xrefs.explicit_refs_in_revision(0), key=lambda each: each.idnum)
        for reference in source.sample(references, count):
            altered = _altered(reference.get_object(), source)
            writer.objects[(reference.generation, reference.idnum)] = altered

    return append_revision(data, change)


def rewrite_several(data: bytes, source: random.Random) -> bytes:
    return rewrite_object(data, source, source.randrange(2, 5))


MUTATIONS: Sequence[Mutation] = (
    flip, cut_out, cut_off, copy_inside, zero, append_copy, other_number, swap_names, splice, append_table,
    rewrite_object, rewrite_several,
)  # fmt: skip


def mutate(data: bytes, source: random.Random) -> tuple[str, bytes]:
    """(name of the mutation, the file after it)."""
    chosen = source.choice(MUTATIONS)
    return chosen.__name__, chosen(data, source)


def _altered(found: generic.PdfObject, source: random.Random) -> generic.PdfObject:
    if isinstance(found, StreamObject):
        entries = {key: value for key, value in found.items() if key not in ("/Length", "/Filter")}
        return StreamObject(entries, stream_data=bytes(source.randrange(256) for _ in range(40)))
    if isinstance(found, DictionaryObject):
        copied = DictionaryObject({key: found.raw_get(key) for key in found})
        key = source.choice((*copied.keys(), *(pdf_name(each) for each in KEYS)))
        if key in copied and source.random() < 0.5:
            del copied[key]
        else:
            copied[key] = source.choice((NumberObject(source.randrange(10)), pdf_string("x"), pdf_name("/X")))
        return copied
    return NumberObject(source.randrange(1000))


def _length(source: random.Random) -> int:
    return source.choice((1, 7, 64, 4096))
