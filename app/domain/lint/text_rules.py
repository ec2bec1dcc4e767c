"""Rules on the assembled text: references, terms, lists, and what was left in it by mistake."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from app.domain.agreement_text import RunKind
from app.domain.finding import Finding
from app.domain.lint.examination import Examination, Rule, error, info, warning
from app.domain.numbering import walk
from app.domain.pruning import KeptTable
from app.domain.references import EMPTY_REFERENCE_LIST
from app.domain.terms import anchor_of_term, forms_of

# Left by a drafter, never by an answer: answers are not looked at.
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]|_{3,}|\{\{|\}\}|\{(?:[Rr]efs?:|when=|unless=|#)|\[\[|\b(?:TBD|TBC|XXX)\b|lorem ipsum", re.I
)
_SUSPECT = ("[", "___", "{", "}}", "tbd", "tbc", "xxx", "lorem")
_LIBRARY_TEXT = frozenset({RunKind.TEXT, RunKind.DEFINITION, RunKind.TERM, RunKind.ROLE})


def ref_broken(seen: Examination) -> Iterator[Finding]:
    for placed in seen.runs:
        for run in placed.runs:
            if run.kind is RunKind.REFERENCE and not run.target and run.text != EMPTY_REFERENCE_LIST:
                message = f"A reference in {placed.place} leads to a part that is not in this agreement."
                remedy = "Take the part in, or choose another position of the clause that refers to it."
                yield error("ref-broken", message, remedy, where=placed.place, subject=placed.family)


def ref_list_empty(seen: Examination) -> Iterator[Finding]:
    for placed in seen.runs:
        if any(run.kind is RunKind.REFERENCE and run.text == EMPTY_REFERENCE_LIST for run in placed.runs):
            message = f"None of the clauses that {placed.place} lists is in this agreement."
            yield error(
                "ref-list-empty", message, "Take one of them in.", where=placed.place, subject=placed.family
            )


def list_empty(seen: Examination) -> Iterator[Finding]:
    remedy = "Give an answer that keeps one item, or choose another position."
    for place, family, left, _ in _lists(seen):
        if left == 0:
            message = f"Nothing is left of the list in {place}."
            yield error("list-empty", message, remedy, where=place, subject=family)


def list_of_one(seen: Examination) -> Iterator[Finding]:
    for place, family, left, is_table in _lists(seen):
        if left == 1 and not is_table:
            message = f"The list in {place} has only one item."
            yield warning("list-of-one", message, "Read the sentence once more.", where=place, subject=family)


def clause_empty(seen: Examination) -> Iterator[Finding]:
    for clause in seen.text.clauses():
        if not clause.paragraphs:
            message = f"Nothing is left of {seen.text.unit_word} {clause.number}, {clause.title}."
            yield error(
                "clause-empty", message, "Leave the family out, or choose another position.",
                where=f"{seen.text.unit_word} {clause.number}", subject=clause.family,
            )  # fmt: skip
    for schedule in seen.text.schedules:
        if not schedule.blocks:
            place = f"Schedule {schedule.number}"
            message = f"Nothing is left of {place}, {schedule.title}."
            yield error(
                "clause-empty", message, "Change the answers that empty it.",
                where=place, subject=schedule.family,
            )  # fmt: skip


def term_duplicate(seen: Examination) -> Iterator[Finding]:
    owners: dict[str, list[str]] = {}
    for defined in seen.outline.definitions:
        known = owners.setdefault(defined.term, [])
        if defined.clause.id not in known:
            known.append(defined.clause.id)
    for term, ids in owners.items():
        if len(ids) > 1:
            message = f"\u201c{term}\u201d is defined by {' and by '.join(ids)}."
            yield error("term-duplicate", message, "Keep one definition.", where=ids[1], subject=term)


def term_clash(seen: Examination) -> Iterator[Finding]:
    terms_by_form: dict[str, set[str]] = {}
    for defined in seen.outline.definitions:
        for form in forms_of(defined.clause, defined.term):
            terms_by_form.setdefault(form, set()).add(defined.term)
    for form, terms in terms_by_form.items():
        if len(terms) > 1:
            named = " and ".join(f"\u201c{term}\u201d" for term in sorted(terms))
            message = f"\u201c{form}\u201d can mean {named}."
            yield error("term-clash", message, "Give the terms different forms.", where=form, subject=form)


def term_undefined(seen: Examination) -> Iterator[Finding]:
    reported: set[str] = set()
    for placed in seen.runs:
        for run in placed.runs:
            if run.kind is RunKind.TERM and not run.target and run.text not in reported:
                reported.add(run.text)
                message = f"{placed.place} uses \u201c{run.text}\u201d, which nothing here defines."
                remedy = "Take in the clause that defines it."
                yield error("term-undefined", message, remedy, where=placed.place, subject=placed.family)


def term_seldom(seen: Examination) -> Iterator[Finding]:
    """`term-unused` and `term-once`: of use to the lawyer, nothing that the owner must settle."""
    uses = Counter(
        run.target
        for placed in seen.runs
        if not placed.is_index
        for run in placed.runs
        if run.kind is RunKind.TERM
    )
    for term in dict.fromkeys(defined.term for defined in seen.outline.definitions):
        count = uses[anchor_of_term(term)]
        if count == 0:
            message = f"\u201c{term}\u201d is defined and never used in this agreement."
            yield info("term-unused", message, "Nothing depends on it.", where=term, subject=term)
        elif count == 1:
            message = f"\u201c{term}\u201d is defined and used once."
            yield info("term-once", message, "A plain word may do.", where=term, subject=term)


def placeholder_left(seen: Examination) -> Iterator[Finding]:
    for place, family, text in _library_texts(seen):
        found = _PLACEHOLDER.search(text) if _is_suspect(text) else None
        if found:
            message = f"{place} still contains the placeholder {found[0]!r}."
            yield error(
                "placeholder-left", message, "Correct the clause file or the contract template.",
                where=place, subject=family,
            )  # fmt: skip


def _is_suspect(text: str) -> bool:
    """Whether the pattern, which is much slower, can find anything at all."""
    lowered = text.lower()
    return any(sign in lowered for sign in _SUSPECT)


def _lists(seen: Examination) -> Iterator[tuple[str, str, int, bool]]:
    """(place, family, entries left, is a table) of every list and table that had entries in the library."""
    for clause in seen.outline.clauses:
        family = clause.kept.clause.family
        for block in walk(clause.blocks):
            if block.kept.block.children:
                yield f"{seen.text.unit_word} {block.path}", family, len(block.children), False
        for schedule in clause.schedules:
            for block in walk(schedule.blocks):
                if block.kept.block.children:
                    yield block.path.replace("\u00a0", " "), family, len(block.children), False
            for table in schedule.blocks:
                if isinstance(table, KeptTable):
                    yield f"Schedule {schedule.number}", family, len(table.rows), True


def _library_texts(seen: Examination) -> Iterator[tuple[str, str, str]]:
    text = seen.text
    yield "the title", "", text.title
    yield "the sentence under the Key Terms", "", text.intro
    for clause in text.clauses():
        yield f"{text.unit_word} {clause.number}", clause.family, clause.title
    for schedule in text.schedules:
        yield f"Schedule {schedule.number}", schedule.family, schedule.title
    for placed in seen.runs:
        words = " ".join(run.text for run in placed.runs if run.kind in _LIBRARY_TEXT)
        yield placed.place, placed.family, words


RULES: tuple[Rule, ...] = (
    ref_broken,
    ref_list_empty,
    list_empty,
    clause_empty,
    term_duplicate,
    term_clash,
    term_undefined,
    placeholder_left,
    list_of_one,
    term_seldom,
)
