"""Properties of assembly under any answers: literal printing, determinism, and nothing left open."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.agreement_text import AgreementText, Paragraph, Run, RunKind
from app.domain.answer_checks import check_text
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.errors import InvalidInput
from app.domain.finding import has_errors
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.plain_text import reading_blocks, to_markdown
from app.domain.printed_runs import placed_runs
from tests.domain.small_library import (
    COMPLETE_PARTIES,
    all_types,
    complete_answers,
    make_clause,
    make_library,
    make_template,
    parties,
)

TEMPLATE = make_template("parties", "training", "audit", key_terms=("parties.client_name",))
AUDIT = make_clause(
    "audit",
    "# Audit\n\n(a) Of {{client}} and {{list}}: see {ref:training}.\n\n(b) Each of:\n\n"
    '  (*) {{list}}; and\n\n  (i) a **"Thing"**, [[Thing]], [[Thing]].\n\n## Rows {#rows}\n\n{{rows}}\n',
    requires=["training"],
    tables=(
        '[params.client]\ntype = "text"\nmax_length = 1000\nlabel = "C"\nask = "?"\n'
        '[params.list]\ntype = "list"\nof = "text"\nmax_length = 1000\nlabel = "L"\nask = "?"\n'
        '[params.rows]\ntype = "table"\nlabel = "R"\nask = "?"\n'
        'columns = [ { name = "a", type = "text", max_length = 1000, title = "A" } ]\n'
    ),
)
LIBRARY = make_library(parties(), all_types(), AUDIT, template=TEMPLATE)

TRICKS = (
    "{{7*7}}",
    "{% for x in y %}",
    "<script>alert(1)</script>",
    "{ref:x}",
    "{when=a}",
    "[[Thing]]",
    '**"X"**',
    "a; and",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "\U0001f469\u200d\U0001f4bb",
    'it\'s "5 days" -- 3 hours',
    "Assistant Client",
    "x" * 10_000,
    "\\[ \\( $x$ & % # _ ^ ~",
    "'; DROP TABLE agreements; --",
)
texts = st.sampled_from(TRICKS) | st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
).filter(lambda text: text.strip() == text)


def assembled(value: str) -> AgreementText:
    training = {"free": value, "names": [value], "mail": value, "where": value, "choice": value, "sum": value}
    answers = complete_answers(
        parties=COMPLETE_PARTIES | {"client_name": value},
        training=training,
        audit={"client": value, "list": [value, value], "rows": [{"a": value}]},
    )
    return assemble(LIBRARY, TEMPLATE, answers)


@settings(max_examples=120, deadline=None)
@given(texts)
def test_answers_stand_literally_and_change_nothing_around_them(value: str) -> None:
    text, plain = assembled(value), assembled("VALUE")
    assert text.owner_name == value
    assert text.subtitle == f"between {value} and Liza Santos"
    answered = _answers_by_target(text)
    for key in ("parties.client_name", "training.free", "training.names", "audit.client", "audit.rows"):
        assert answered[key]
        assert all(printed == value for printed in answered[key])
    assert value in answered["audit.list"]
    assert _without_answers(text) == _without_answers(plain)
    assert reading_blocks(text)
    assert value in to_markdown(text).replace("\\|", "|") or "\\|" in value


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_what_passes_the_question_is_printable_and_hashable(value: str) -> None:
    try:
        accepted = check_text(value, question="Q", max_length=40)
    except InvalidInput:
        return  # refused at the question; test_answer_checks says what is refused and why
    assert accepted in value
    assert not set(accepted) & set("\n\r\x00\u202e\u2066\u200f\u061c\u2028")
    assert assembled(accepted).digest == assembled(accepted).digest


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3)
)
NAMES = list(all_types().parameters)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), values), st.permutations(NAMES))
def test_any_answers_give_one_text_whatever_their_order(
    given_values: dict[str, object], order: list[str]
) -> None:
    kept = {name: value for name, value in given_values.items() if value is not None}
    turned = {name: kept[name] for name in order if name in kept}
    first = assemble(LIBRARY, TEMPLATE, Answers(families={"training": kept}))  # type: ignore[dict-item]
    second = assemble(LIBRARY, TEMPLATE, Answers(families={"training": turned}))  # type: ignore[dict-item]
    assert first == second
    assert first.printed_content() == second.printed_content()
    assert lint_agreement(LIBRARY, TEMPLATE, Answers(families={"training": kept}), first)  # type: ignore[dict-item]


FAMILIES = ("audit", "backups", "fees", "insurance", "training")


def _optional_clause(family: str, number: int):  # type: ignore[no-untyped-def]
    others = ", ".join(f"{other}?" for other in FAMILIES if other != family)
    tables = (
        "".join(
            f'[params.p{index}]\ntype = "yesno"\ndefault = true\nlabel = "P"\nask = "?"\n'
            for index in range(4)
        )
        + "[conditions]\n"
        + "".join(f'p{index} = "p{index}"\n' for index in range(4))
    )
    body = (
        f'# {family}\n\n(a) A **"Term{number}"** and {{refs:parties, {others}}}; '
        f"[[Term{number}s]]. {{#first}}\n\n"
        "(b) When. {when=p0}\n\n(c) See {ref:#first} and {ref:#list}: {#list}\n\n"
        "  (i) one; {when=p1}\n\n  (ii) two; or {when=p2}\n\n  (iii) three.\n\n(d) Last. {when=p3}\n\n"
        "## Rules {#rules}\n\n(1) One of {ref:#list}.\n\n(2) Two, {ref:#rules}. {when=p1}\n"
    )
    return make_clause(family, body, requires=["parties"], tables=tables)


OPTIONAL = make_template("parties", *(f"{family}?" for family in FAMILIES))
OPTIONAL_LIBRARY = make_library(
    parties(),
    *(_optional_clause(family, number) for number, family in enumerate(FAMILIES)),
    template=OPTIONAL,
)
positions = st.fixed_dictionaries({family: st.sampled_from(["none", "standard"]) for family in FAMILIES})
choices = st.fixed_dictionaries({f"p{index}": st.booleans() for index in range(4)})


@settings(max_examples=120, deadline=None)
@given(positions, choices)
def test_every_selection_is_numbered_whole_and_resolved(
    chosen: dict[str, str], yesno: dict[str, bool]
) -> None:
    complete = complete_answers(**dict.fromkeys(FAMILIES, yesno))
    answers = Answers(complete.facts, complete.families, chosen, complete.signers)
    text = assemble(OPTIONAL_LIBRARY, OPTIONAL, answers)
    assert [clause.number for clause in text.clauses()] == [
        str(number) for number in range(1, len(list(text.clauses())) + 1)
    ]
    assert [schedule.number for schedule in text.schedules] == [
        str(number) for number in range(1, len(text.schedules) + 1)
    ]
    paths = [paragraph.path for clause in text.clauses() for paragraph in _walk(clause.paragraphs)]
    assert len(paths) == len(set(paths))
    for clause in text.clauses():
        letters = [paragraph.number for paragraph in clause.paragraphs]
        assert letters == (
            [""] if len(letters) == 1 else [f"({chr(97 + index)})" for index in range(len(letters))]
        )
    runs = [run for placed in placed_runs(text) for run in placed.runs]
    anchors = _anchors(text)
    for run in runs:
        assert run.kind is not RunKind.OPEN
        assert run.text
        if run.kind in (RunKind.REFERENCE, RunKind.TERM):
            assert run.target in anchors
    for before, after in itertools.pairwise(runs):
        assert "{" not in before.text + after.text
    assert not has_errors(lint_agreement(OPTIONAL_LIBRARY, OPTIONAL, answers, text))


def _anchors(text: AgreementText) -> set[str]:
    found = {clause.anchor for clause in text.clauses()} | {schedule.anchor for schedule in text.schedules}
    for clause in text.clauses():
        found |= {paragraph.anchor for paragraph in _walk(clause.paragraphs)}
    for schedule in text.schedules:
        blocks = tuple(block for block in schedule.blocks if isinstance(block, Paragraph))
        found |= {paragraph.anchor for paragraph in _walk(blocks)}
    definitions = (
        run for placed in placed_runs(text) for run in placed.runs if run.kind is RunKind.DEFINITION
    )
    return found | {run.target for run in definitions}


def _walk(paragraphs: tuple[Paragraph, ...]) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        yield paragraph
        yield from _walk(paragraph.children)


def _answers_by_target(text: AgreementText) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for placed in placed_runs(text):
        for run in placed.runs:
            if run.kind is RunKind.ANSWER:
                found.setdefault(run.target, []).append(run.text)
    return found


def _without_answers(text: AgreementText) -> list[tuple[str, list[Run]]]:
    return [
        (placed.place, [run for run in placed.runs if run.kind is not RunKind.ANSWER])
        for placed in placed_runs(text)
    ]
