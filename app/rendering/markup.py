"""The tree of an agreement as semantic HTML: for the preview, and as the source of the PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.domain.agreement_text import (
    AgreementText,
    Paragraph,
    Run,
    RunKind,
    Runs,
    SignatureBlock,
    TextTable,
    initials_field,
    signature_field,
    text_of,
)
from app.domain.digest import group_by_four
from app.domain.signature import SEAL_FIELD
from app.rendering.assets import PAPER
from app.rendering.direction import join_plain, reads_right_to_left
from app.rendering.ending import NO_ENDING, find_ending
from app.rendering.marks import marks_of
from app.rendering.page_style import LOGO
from app.rendering.stationery import PLAIN, Stationery

LONGEST_RUNNING_NAME = 56  # characters that a running head has room for, per party
LONGEST_RUNNING_TITLE = 90
FEWEST_FOR_CONTENTS = 8  # clauses; who has fewer sees them at a glance
COLUMNS_OF_CONTENTS = 2
LONGEST_WORD = 24  # characters that a column of a table has room for
# "e-mail": a line must not end after the one letter.
_ONE_LETTER_AND_HYPHEN = re.compile(r"( ?)(?<![\w-])(\w-\w{1,12})(?![\w-])")


def render_html(text: AgreementText) -> str:
    """The whole agreement as one `<article>`, to be put into a page.

    Headings begin at h1, clauses are sections with their anchors as ids, paragraphs are
    ordered lists whose numbers are text, tables have header cells with scope. Everything
    is escaped; no script, style or form control is in it.
    """
    return render_template("agreement.html", _context(text, for_paper=False))


def render_paper_html(
    text: AgreementText, created_at: datetime, *, draft: bool, stationery: Stationery = PLAIN
) -> str:
    """The complete document from which WeasyPrint makes the PDF, running heads and fields included."""
    names = (shorten(text.owner_name), shorten(text.counterparty_name))
    return render_template(
        "paper.html",
        _context(text, for_paper=True)
        | {
            "ending": find_ending(text, stationery.page_size),
            "fields": not draft,
            "draft": draft,
            "head": marks_of(text, draft=draft).head,
            "logo": stationery.logo,
            "logo_file": LOGO,
            "created": created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "parties": join_plain(names),
            "footer": join_plain((text.number, shorten(text.title, LONGEST_RUNNING_TITLE))),
        },
    )


def render_template(name: str, context: Mapping[str, object]) -> str:
    """A template of the paper folder, filled in with autoescaping; unknown names are errors."""
    return _environment().get_template(name).render(context)


def shorten(name: str, limit: int = LONGEST_RUNNING_NAME) -> str:
    """`name`, or its beginning with an ellipsis where it is longer than `limit` characters."""
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"


def all_anchors(text: AgreementText) -> frozenset[str]:
    """Every anchor of the tree to which a reference can lead."""
    anchors = {clause.anchor for clause in text.clauses()} | {item.anchor for item in text.schedules}
    blocks: list[Paragraph | TextTable] = [block for item in text.schedules for block in item.blocks]
    blocks += [paragraph for clause in text.clauses() for paragraph in clause.paragraphs]
    while blocks:
        block = blocks.pop()
        anchors.add(block.anchor)
        if isinstance(block, Paragraph):
            anchors.update(run.target for run in block.runs if run.kind is RunKind.DEFINITION)
            blocks += block.children
    return frozenset(anchors - {""})


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    number: str
    title: str
    anchor: str


def list_contents(text: AgreementText) -> list[list[ContentsEntry]]:
    """Clauses and schedules in columns of equal length; empty where there are few clauses."""
    if sum(1 for _ in text.clauses()) < FEWEST_FOR_CONTENTS:
        return []
    entries = [ContentsEntry(clause.number, clause.title, clause.anchor) for clause in text.clauses()]
    entries += [ContentsEntry(f"S{item.number}", item.title, item.anchor) for item in text.schedules]
    height = -(-len(entries) // COLUMNS_OF_CONTENTS)
    return [entries[i : i + height] for i in range(0, len(entries), height)]


def initials_places(text: AgreementText) -> dict[str, tuple[SignatureBlock, ...]]:
    """Family -> the signature blocks of those who initial its clause, in the order of signing."""
    wanted = {(place.role, place.family) for place in text.initials}
    return {
        clause.family: tuple(b for b in text.signature_blocks if (b.role, clause.family) in wanted)
        for clause in text.clauses()
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAPER), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    environment.filters.update(
        isolate=_isolate,
        lead_with_space=lead_with_space,
        join_plain=join_plain,
        by_numbering=_by_numbering,
        by_kind=_by_kind,
        has_long_word=_has_long_word,
        group_by_four=group_by_four,
        initials_field=initials_field,
        signature_field=signature_field,
    )
    return environment


def _context(text: AgreementText, *, for_paper: bool) -> dict[str, object]:
    return {
        "text": text,
        "anchors": all_anchors(text),
        "contents": list_contents(text),
        "places": initials_places(text),
        "clause_level": 3 if any(section.title for section in text.sections) else 2,
        "seal_field": SEAL_FIELD,
        "ending": NO_ENDING,
        "logo": None,
        "for_paper": for_paper,
        "fields": False,
        "draft": False,
    }


def _isolate(value: str) -> Markup:
    """Escaped text; in an element of its own where its letters run from right to left."""
    if reads_right_to_left(value):
        return Markup("<bdi>{}</bdi>").format(value)
    escaped = escape(value)
    if "-" not in value:
        return escaped
    # The space stands apart for the reason that `lead_with_space` gives.
    whole = _ONE_LETTER_AND_HYPHEN.sub(_keep_whole, str(escaped))
    return Markup(whole)  # noqa: S704  # escaped above; only our own tags were added


def _keep_whole(found: re.Match[str]) -> str:
    space = "<span> </span>" if found[1] else ""
    return f'{space}<span class="whole">{found[2]}</span>'


def lead_with_space(runs: Runs) -> Iterator[tuple[str, Run]]:
    """The runs, each after the space that ended the one before it, which is taken away there.

    WeasyPrint 70 breaks a line after its first word where the text before an element fits but for
    its last space (`split_first_line`, step 3). Inside the element the space does no harm.
    """
    space = ""
    for index, run in enumerate(runs):
        text, lead = run.text, space
        is_last = index == len(runs) - 1
        space = " " if text.endswith(" ") and not is_last else ""
        yield lead, replace(run, text=text.removesuffix(space))


def _by_numbering(blocks: Iterable[Paragraph]) -> Iterator[tuple[bool, list[Paragraph]]]:
    for numbered, group in groupby(blocks, key=lambda block: block.number != ""):
        yield numbered, list(group)


def _by_kind(
    blocks: Iterable[Paragraph | TextTable],
) -> Iterator[tuple[str, list[Paragraph | TextTable]]]:
    for is_table, group in groupby(blocks, key=lambda block: isinstance(block, TextTable)):
        yield ("table" if is_table else "paragraphs"), list(group)


def _has_long_word(cell: Runs | str) -> bool:
    """Whether a cell holds a word longer than a column."""
    words = (cell if isinstance(cell, str) else text_of(cell)).split()
    return max(map(len, words), default=0) > LONGEST_WORD
