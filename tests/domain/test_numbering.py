"""Numbers, endings of lists and references in the assembled tree."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.agreement_text import RunKind, TextTable, text_of
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.numbering import letters, roman
from tests.domain.small_library import (
    complete_answers,
    lines,
    make_clause,
    make_library,
    make_template,
    small_agreement,
)

YESNO = """
[params.{name}]
type = "yesno"
default = true
label = "{name}"
ask = "{name}?"
"""
FOUR = (
    "".join(YESNO.format(name=name) for name in "abcd")
    + "\n[conditions]\n"
    + "".join(f'{name} = "{name}"\n' for name in "abcd")
)


def list_of_four(link: str) -> str:
    return (
        "# Lists\n\n(a) One text.\n\n(b) The Assistant must: {#duties}\n\n"
        "  (i) first; {when=a}\n\n  (ii) second; {when=b}\n\n"
        f"  (iii) third; {link} {{when=c}}\n\n  (iv) fourth. {{when=d}}\n"
    )


@pytest.mark.parametrize("link", ["and", "or"])
@pytest.mark.parametrize("kept", list(product([True, False], repeat=4)))
def test_endings_are_recomputed_for_every_combination_of_items(kept: tuple[bool, ...], link: str) -> None:
    clause = make_clause("training", list_of_four(link), tables=FOUR)
    answers = complete_answers(training=dict(zip("abcd", kept, strict=True)))
    words = [
        word for word, stands in zip(("first", "second", "third", "fourth"), kept, strict=True) if stands
    ]
    endings = [";"] * max(len(words) - 2, 0) + [f"; {link}"] * (len(words) > 1) + ["."]
    numbers = ["(i)", "(ii)", "(iii)", "(iv)"]
    expected = [
        f"{number} {word}{ending}" for number, word, ending in zip(numbers, words, endings, strict=False)
    ]
    assert lines(small_agreement(clause, answers=answers), "training")[2:] == expected


def test_items_that_are_sentences_keep_their_ends() -> None:
    body = "# T\n\n(a) One.\n\n(b) Two:\n\n  (i) Do this. {when=a}\n\n  (ii) Do that.\n"
    tables = YESNO.format(name="a") + '\n[conditions]\na = "a"\n'
    clause = make_clause("training", body, tables=tables)
    dropped = small_agreement(clause, answers=complete_answers(training={"a": False}))
    assert lines(dropped, "training")[2:] == ["(i) Do that."]


def test_sole_surviving_paragraph_loses_its_letter_and_items_become_letters() -> None:
    body = (
        "# T\n\n(a) Gone. {when=a}\n\n(b) Stays: {#stays}\n\n  (i) one; and {#one}\n\n"
        "  (ii) two, see {ref:#one} and {ref:#stays}.\n"
    )
    clause = make_clause("training", body, tables=YESNO.format(name="a") + '\n[conditions]\na = "a"\n')
    text = small_agreement(clause, answers=complete_answers(training={"a": False}))
    assert lines(text, "training") == ["Stays:", "(a) one; and", "(b) two, see clause 1(a) and clause 1."]
    sole = next(text.clauses()).paragraphs[0]
    assert (sole.level, sole.path) == (0, "1")
    assert [(item.level, item.path) for item in sole.children] == [(1, "1(a)"), (1, "1(b)")]
    kept = small_agreement(clause, answers=complete_answers())
    assert lines(kept, "training")[-1] == "(ii) two, see clause 1(b)(i) and clause 1(b)."


def test_clauses_are_numbered_through_sections_and_schedules_in_clause_order() -> None:
    first = make_clause("training", "# A\n\nSee {ref:#s}.\n\n## First {#s}\n\n(1) One.\n\n(2) Two. {#two}\n")
    body = "# B\n\nSee {ref:#t} and {ref:training#two}.\n\n## Second {#t}\n\nText.\n"
    second = make_clause("backups", body, requires=["training"])
    from app.domain.contract_template import FamilySlot, TemplateSection

    sections = (
        TemplateSection("One", (FamilySlot("training", first.position),)),
        TemplateSection("Two", (FamilySlot("backups", second.position),)),
    )
    template = make_template(sections=sections, unit_word="section")
    text = assemble(make_library(first, second, template=template), template, Answers())
    assert [section.title for section in text.sections] == ["One", "Two"]
    assert [clause.number for clause in text.clauses()] == ["1", "2"]
    assert [(schedule.number, schedule.title) for schedule in text.schedules] == [
        ("1", "First"),
        ("2", "Second"),
    ]
    assert lines(text, "backups") == ["See Schedule 2 and paragraph 2 of Schedule 1."]
    assert [block.number for block in text.schedules[0].blocks if not isinstance(block, TextTable)] == [
        "1",
        "2",
    ]


@pytest.mark.parametrize(
    ("present", "printed"),
    [
        (("audit", "backups", "training"), "clauses 1, 2 and 3"),
        (("audit", "training"), "clauses 1 and 2"),
        (("backups",), "clause 1"),
    ],
)
def test_reference_lists_name_what_is_there(present: tuple[str, ...], printed: str) -> None:
    others = [make_clause(family, f"# {family}\n\nText.\n") for family in present]
    referrer = make_clause("fees", "# R\n\nAs {refs:training?, backups?, audit?} say, {Ref:this}.\n")
    text = small_agreement(*others, referrer)
    assert lines(text, "fees") == [f"As {printed} say, This clause."]
    targets = [run.target for run in _runs(text, "fees") if run.kind is RunKind.REFERENCE]
    assert targets == [*present, "fees"]


def test_section_as_unit_word_and_capital_references() -> None:
    referrer = make_clause(
        "fees", "# R\n\n{Ref:audit}, {ref:this}, {Refs:audit, training}.\n", requires=["audit", "training"]
    )
    others = [make_clause(family, f"# {family}\n\nText.\n") for family in ("audit", "training")]
    text = small_agreement(*others, referrer, unit_word="section")
    assert lines(text, "fees") == ["Section 1, this section, Sections 1 and 2."]


def test_numbers_of_many_parts() -> None:
    assert [letters(n) for n in (1, 2, 26, 27, 52, 53)] == ["a", "b", "z", "aa", "az", "ba"]
    assert [roman(n) for n in (1, 4, 9, 14, 19, 40, 48)] == ["i", "iv", "ix", "xiv", "xix", "xl", "xlviii"]
    body = "# T\n\n" + "\n\n".join(f"({letters(n)}) Text {n}." for n in range(1, 30)) + "\n"
    text = small_agreement(make_clause("training", body))
    assert [paragraph.path for paragraph in next(text.clauses()).paragraphs] == [
        f"1({letters(n)})" for n in range(1, 30)
    ]


LISTED = """
[params.things]
type = "list"
of = "text"
max_length = 80
join = "or"
label = "Things"
ask = "Which?"
"""


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        (["x", "y"], ["(a) x;", "(b) y; or", "(c) last."]),
        (["x"], ["(a) x; or", "(b) last."]),
        ([], ["(a) last."]),
        (None, ["(a) [Things]; or", "(b) last."]),
    ],
)
def test_each_becomes_one_item_for_every_element(things: list[str] | None, expected: list[str]) -> None:
    clause = make_clause("training", "# T\n\nText:\n\n  (*) {{things}}; or\n\n  (i) last.\n", tables=LISTED)
    answers = complete_answers(training={"things": things} if things is not None else {})
    assert lines(small_agreement(clause, answers=answers), "training")[1:] == expected


def test_a_list_of_answers_alone_is_joined_by_its_own_word() -> None:
    clause = make_clause("training", "# T\n\nText:\n\n  (*) {{things}}.\n", tables=LISTED)
    text = small_agreement(clause, answers=complete_answers(training={"things": ["x", "y", "z."]}))
    assert lines(text, "training")[1:] == ["(a) x;", "(b) y; or", "(c) z.."]


TABLE = """
[params.people]
type = "table"
min_rows = 0
max_rows = 5
label = "People"
ask = "Who?"
columns = [
  { name = "name", type = "text", max_length = 80, title = "Name" },
  { name = "country", type = "country", title = "Country" },
]
"""


def test_tables_of_answers_and_of_the_clause() -> None:
    body = (
        "# T\n\nText {ref:#p}.\n\n## People {#p}\n\n{{people}}\n\n"
        '| A | B |\n|---|---|\n| x | y | {when=has:audit}\n| [[Term]] | "q" |\n\n(1) A **"Term"** is one.\n'
    )
    clause = make_clause("training", body, tables=TABLE)
    rows = [{"name": "A|B", "country": "PH"}]
    text = small_agreement(clause, answers=complete_answers(training={"people": rows}))
    answered, own = (block for block in text.schedules[0].blocks if isinstance(block, TextTable))
    assert [text_of(cell) for cell in answered.header] == ["Name", "Country"]
    assert [[text_of(cell) for cell in row] for row in answered.rows] == [["A|B", "Philippines"]]
    assert [[text_of(cell) for cell in row] for row in own.rows] == [["Term", "\u201cq\u201d"]]
    empty = small_agreement(clause, answers=complete_answers(training={"people": []}))
    assert text_of(empty.schedules[0].blocks[0].runs) == "None."  # type: ignore[union-attr]
    still_open = small_agreement(clause, answers=complete_answers())
    assert text_of(still_open.schedules[0].blocks[0].runs) == "[People]"  # type: ignore[union-attr]


def _runs(text, family):  # type: ignore[no-untyped-def]
    clause = next(clause for clause in text.clauses() if clause.family == family)
    return [run for paragraph in clause.paragraphs for run in paragraph.runs]
