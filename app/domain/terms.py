"""Defined terms: their printed forms and the anchors of their definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from app.domain.clause import Block, Clause, Definition, Inline, Table


@lru_cache(maxsize=4096)
def anchor_of_term(term: str) -> str:
    """`Stray Copy` -> `term:stray-copy`."""
    return "term:" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def regular_plural(term: str) -> str:
    """The plural of an English noun that needs no list: Incident -> Incidents, Breach -> Breaches."""
    if re.search(r"(?:s|x|z|ch|sh)$", term):
        return term + "es"
    if re.search(r"[^aeiouAEIOU]y$", term):
        return term[:-1] + "ies"
    return term + "s"


def forms_of(clause: Clause, term: str) -> tuple[str, ...]:
    """Every way in which `term` may be used: itself, and its plural or what `[terms]` lists instead."""
    others = clause.terms.get(term)
    return (term, regular_plural(term)) if others is None else (term, *others)


def definitions_in(inlines: tuple[Inline, ...]) -> Iterator[str]:
    for inline in inlines:
        if isinstance(inline, Definition):
            yield inline.term


def inlines_of(block: Block | Table) -> Iterator[tuple[Inline, ...]]:
    """The texts of a block and all below it, in order."""
    if isinstance(block, Table):
        yield from block.header
        for row in block.rows:
            yield from row.cells
        return
    yield block.inlines
    for child in block.children:
        yield from inlines_of(child)
