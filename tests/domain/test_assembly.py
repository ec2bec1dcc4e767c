"""What assembly prints: answers, typography, conditions, terms, Key Terms, parties and initials."""

from __future__ import annotations

import dataclasses

import pytest

from app.domain.agreement_text import RunKind, TextTable, text_of
from app.domain.answers import LEFT_OUT, Answers
from app.domain.assembly import assemble
from app.domain.clause import Clause, Position, Role
from app.domain.plain_text import initialled_numbers, reading_blocks, to_markdown
from tests.domain.small_library import (
    ALL_TYPES,
    ALL_TYPES_BODY,
    ANSWERED,
    COMPLETE_PARTIES,
    all_types,
    complete_answers,
    lines,
    make_clause,
    make_library,
    make_template,
    open_targets,
    parties,
    small_agreement,
)

NBSP = "\u00a0"


def test_every_type_prints_as_people_write_it() -> None:
    text = small_agreement(all_types(), answers=complete_answers(training=ANSWERED))
    assert lines(text, "training") == [
        "(a) 24 hours, 1,200, USD 1,250.50, 12.5%, 3 March 2027, Philippines.",
        '(b) a@b.example; said "hi" - it\'s {{7*7}}; the first one\u2019s words; '
        "Ann, Bob and Cy; letters or cards.",
        "(c) England and Wales, USD, 3 March 2027, United Kingdom.",
    ]
    joined = [text_of(paragraph.runs) for paragraph in next(text.clauses()).paragraphs]
    assert f"24{NBSP}hours" in joined[0]
    assert f"USD{NBSP}1,250.50" in joined[0]
    assert f"3{NBSP}March 2027" in joined[0]


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({"hours": 1}, "1 hour,"),
        ({"sum": "1250"}, "USD 1,250,"),
        ({"sum": "1250.5"}, "USD 1,250.50,"),
        ({"sum": "1000000"}, "USD 1,000,000,"),
        ({"share": "5"}, " 5%,"),
        ({"day": "2026-12-31"}, "31 December 2026,"),
        ({"where": "XX"}, "XX."),
        ({"names": ["Ann", "Bob"]}, "Ann and Bob;"),
        ({"names": ["Ann"]}, "; Ann;"),
        ({"names": ["Whitlow, Nora", "Bob", "Cy"]}, "; Whitlow, Nora; Bob; and Cy;"),
        ({"names": []}, "; none;"),
    ],
)
def test_forms_of_printed_answers(changes: dict[str, object], printed: str) -> None:
    text = small_agreement(all_types(), answers=complete_answers(training=ANSWERED | changes))
    assert printed in "\n".join(lines(text, "training"))


def test_open_answers_are_visible_blanks_and_nothing_raises() -> None:
    text = small_agreement(all_types())
    assert lines(text, "training")[0] == "(a) [Hours], [Count], [Sum], [Share], [Day], [Where]."
    wanted = {f"training.{name}" for name in ANSWERED}
    assert open_targets(text) == wanted | {"deal.governing_law", "deal.effective_date", "deal.client_country"}


@pytest.mark.parametrize(
    "wrong",
    ["text", 10**5000, True, [], ["x", 10**5000], [{"a": "b"}], -1, ""],
    ids=lambda value: type(value).__name__,  # pytest cannot print the number either
)
def test_answers_of_a_wrong_type_never_raise(wrong: object) -> None:
    answers = complete_answers(training=dict.fromkeys(ANSWERED, wrong))
    assert lines(small_agreement(all_types(), answers=answers), "training")


def test_business_days_use_the_defined_term() -> None:
    tables = '[params.days]\ntype = "integer"\nunit = "business days"\nlabel = "Days"\nask = "?"\n'
    clause = make_clause("training", "# T\n\nWithin {{days}}.\n", tables=tables, requires=["definitions"])
    terms = '[terms]\n"Business Day" = ["Business Days"]\n'
    definitions = make_clause("definitions", '# D\n\nA **"Business Day"** is a day.\n', tables=terms)
    text = small_agreement(definitions, clause, answers=complete_answers(training={"days": 5}))
    assert lines(text, "training") == ["Within 5 Business Days."]
    run = next(run for run in list(text.clauses())[1].paragraphs[0].runs if run.kind is RunKind.TERM)
    assert (run.text, run.target) == ("Business Days", "term:business-day")
    single = small_agreement(definitions, clause, answers=complete_answers(training={"days": 1}))
    assert lines(single, "training") == ["Within 1 Business Day."]


def test_library_text_gets_typographic_quotes_and_answers_keep_theirs() -> None:
    tables = '[params.free]\ntype = "text"\nmax_length = 50\nlabel = "F"\nask = "?"\n'
    body = (
        '# The "Client\'s" text\n\nA **"Stray Copy"** isn\'t "one" ("two") of the Client\'s. '
        "[[Stray Copy]]'s {{free}}'s 18 U.S.C. § 1833 \"x\" within 3 days of {{free}}.\n"
    )
    clause = make_clause("training", body, tables=tables)
    text = small_agreement(clause, answers=complete_answers(training={"free": 'it\'s "5 days"'}))
    assert next(text.clauses()).title == "The \u201cClient\u2019s\u201d text"
    printed = text_of(next(text.clauses()).paragraphs[0].runs)
    assert printed == (
        "A \u201cStray Copy\u201d isn\u2019t \u201cone\u201d (\u201ctwo\u201d) of the Client\u2019s. "
        f'Stray Copy\u2019s it\'s "5 days"\u2019s 18{NBSP}U.S.C. §{NBSP}1833 '
        f"\u201cx\u201d within 3{NBSP}days of "
        'it\'s "5 days".'
    )


def test_role_words_print_as_the_template_says_everywhere() -> None:
    tables = '[params.h]\ntype = "integer"\nlabel = "Address of the Client"\nask = "?"\n'
    clause = make_clause(
        "training",
        "# The Assistant's duty\n\nThe Assistant tells the Client {{h}}.\n\n"
        "## For the Client {#s}\n\nText.\n",
        tables=tables,
    )
    text = small_agreement(
        clause,
        role_words={Role.ASSISTANT: "Provider", Role.CLIENT: "Company"},
        key_terms=("training.h",),
    )
    assert lines(text, "training") == ["The Provider tells the Company [Address of the Company]."]
    assert next(text.clauses()).title == "The Provider\u2019s duty"
    assert text.schedules[0].title == "For the Company"
    assert text.key_terms[0].label == "Address of the Company"
    assert [block.label for block in text.signature_blocks] == [
        "Signed by the Company",
        "Signed by the Provider",
    ]
    assert text.subtitle == "between the Company and the Provider"


CONDITIONS = """
[params.own]
type = "yesno"
label = "Own device"
ask = "?"

[params.h]
type = "integer"
unit = "hours"
label = "Notice"
ask = "?"
when = "own"

[conditions]
own = "own"
abroad = "'US' in deal.countries"
european = "'EU' in deal.countries"
"""
CONDITIONS_BODY = """# C

(a) Always.

(b) Own, after {{h}}. {when=own}

(c) Not own. {unless=own}

(d) American. {when=abroad}

(e) European. {when=european}
"""


def conditional() -> Clause:
    return make_clause("training", CONDITIONS_BODY, tables=CONDITIONS)


def test_conditions_choose_blocks() -> None:
    text = small_agreement(conditional(), answers=complete_answers(training={"own": True, "h": 2}))
    assert lines(text, "training") == ["(a) Always.", "(b) Own, after 2 hours."]
    text = small_agreement(conditional(), answers=complete_answers(training={"own": False}))
    assert lines(text, "training") == ["(a) Always.", "(b) Not own."]


def test_an_open_condition_keeps_both_blocks_and_marks_them() -> None:
    text = small_agreement(conditional(), answers=complete_answers())
    assert lines(text, "training") == [
        "(a) Always.",
        "(b) [Own device?] Own, after [Notice].",
        "(c) [Own device?] Not own.",
    ]
    assert open_targets(text) == {"training.own", "training.h"}


@pytest.mark.parametrize(
    ("law", "country", "expected"),
    [("US-CA", "PH", ["American."]), ("GB", "DE", ["European."]), ("GB", "PH", [])],
)
def test_states_and_members_count_as_what_they_lie_in(law: str, country: str, expected: list[str]) -> None:
    answers = complete_answers(training={"own": False})
    facts = dict(answers.facts) | {"governing_law": law, "assistant_country": country}
    text = small_agreement(conditional(), answers=dataclasses.replace(answers, facts=facts))
    assert [line.partition(" ")[2] for line in lines(text, "training")[2:]] == expected


def test_countries_are_open_until_all_are_known() -> None:
    answers = complete_answers(training={"own": False})
    facts = {name: code for name, code in answers.facts.items() if name != "assistant_country"}
    text = small_agreement(conditional(), answers=dataclasses.replace(answers, facts=facts))
    assert "(c) [Assistant country?] American." in lines(text, "training")
    assert open_targets(text) == {"deal.assistant_country"}


def test_positions_are_chosen_left_out_and_taken_in() -> None:
    strict = make_clause("audit", "# Strict\n\nText.\n", position="strict")
    standard = make_clause("audit", "# Standard\n\nText.\n")
    other = make_clause("fees", "# Fees\n\nText {refs:audit?, training}.\n", requires=["training"])
    training = make_clause("training", "# Training\n\nText.\n")
    template = make_template("training", "audit?", "fees")
    library = make_library(strict, standard, other, training, template=template)

    def titles(**positions: str) -> list[str]:
        return [
            clause.title for clause in assemble(library, template, Answers(positions=positions)).clauses()
        ]

    assert titles() == ["Training", "Standard", "Fees"]
    assert titles(audit="strict") == ["Training", "Strict", "Fees"]
    assert titles(audit=LEFT_OUT) == ["Training", "Fees"]
    assert titles(audit="unheard-of") == ["Training", "Standard", "Fees"]


def test_terms_link_to_their_definition_and_the_definitions_clause_gets_an_index() -> None:
    definitions = make_clause("definitions", "# D\n\n(a) Bold words.\n\n(b) More.\n")
    owner = make_clause(
        "take-home",
        '# T\n\n(a) A **"Stray Copy"** is a copy.\n\n(b) The **"Breach"**, [[Breaches]].\n',
        tables='[terms]\n"Stray Copy" = ["Stray Copies"]\n',
    )
    user = make_clause("audit", "# A\n\nNo [[Stray Copies]].\n", requires=["take-home"])
    text = small_agreement(definitions, owner, user)
    run = next(run for run in list(text.clauses())[2].paragraphs[0].runs if run.kind is RunKind.TERM)
    assert (run.text, run.target) == ("Stray Copies", "term:stray-copy")
    assert lines(text, "definitions")[-1] == (
        "(c) These terms are defined in other parts of this agreement: "
        "Breach (clause 2(b)) and Stray Copy (clause 2(a))."
    )
    defined = [run for run in list(text.clauses())[1].paragraphs[0].runs if run.kind is RunKind.DEFINITION]
    assert (defined[0].text, defined[0].target) == ("\u201cStray Copy\u201d", "term:stray-copy")


def test_key_terms_name_the_clause_and_skip_what_is_not_asked() -> None:
    keys = (
        "parties.client_name",
        "deal.governing_law",
        "training.h",
        "training.hours",
        "audit.x",
        "deal.town",
    )
    text = small_agreement(
        parties(),
        conditional(),
        all_types_as("services"),
        answers=complete_answers(training={"own": False, "h": 3}),
        key_terms=keys,
    )
    rows = [
        (row.label, text_of(row.value), row.reference.replace(NBSP, " "), row.target)
        for row in text.key_terms
    ]
    assert rows == [
        ("Client", "Larkfield Ltd", "clause 1", "parties"),
        ("Governing law", "England and Wales", "clause 3", "services"),
    ]


def test_key_terms_leave_out_a_list_without_entries() -> None:
    tables = (
        '[params.more]\ntype = "list"\nof = "text"\njoin = "and"\nmin_items = 0\nmax_items = 3\n'
        'max_length = 20\ndefault = []\nlabel = "More"\nask = "More?"\n[conditions]\nsome = "more != []"\n'
    )
    clause = make_clause("training", "# T\n\n(a) One.\n\n(b) Also {{more}}. {when=some}\n", tables=tables)
    keys = ("training.more",)
    empty = small_agreement(parties(), clause, answers=complete_answers(), key_terms=keys)
    assert empty.key_terms == ()
    given = complete_answers(training={"more": ["salt", "oil"]})
    (row,) = small_agreement(parties(), clause, answers=given, key_terms=keys).key_terms
    assert text_of(row.value) == "salt and oil"


def test_key_terms_of_a_fact_that_only_decides_name_the_clause_that_it_decides() -> None:
    tables = "[conditions]\nown = \"deal.device_model == 'assistant'\"\n"
    clause = make_clause("training", "# T\n\n(a) One.\n\n(b) Own. {when=own}\n", tables=tables)
    text = small_agreement(parties(), clause, answers=complete_answers(), key_terms=("deal.device_model",))
    (row,) = text.key_terms
    assert (text_of(row.value), row.target) == ("client", "training")


def all_types_as(family: str) -> Clause:
    return make_clause(family, ALL_TYPES_BODY, tables=ALL_TYPES)


def test_parties_signers_and_initials() -> None:
    clause = make_clause("training", "# T\n\nText.\n", initials=True)
    text = small_agreement(parties(), clause, answers=complete_answers())
    assert text.subtitle == "between Larkfield Ltd and Liza Santos"
    assert (text.owner_name, text.counterparty_name) == ("Larkfield Ltd", "Liza Santos")
    assert [(block.side, block.party, block.name, block.capacity) for block in text.signature_blocks] == [
        ("client", "Larkfield Ltd", "Nora Whitlow", "director"),
        ("assistant", "Liza Santos", "Liza Santos", "for herself"),
    ]
    assert [(place.role, place.family) for place in text.initials] == [("assistant", "training")]
    assert initialled_numbers(text, "assistant") == ("2",)
    assert initialled_numbers(text, "client") == ()


def test_digest_follows_what_is_printed_and_nothing_else() -> None:
    clause = make_clause("training", "# T\n\n(a) Text.\n\n(b) More.\n")
    base = small_agreement(clause, answers=complete_answers())
    again = small_agreement(clause, answers=complete_answers())
    assert base.digest == again.digest
    other_summary = make_clause("training", "# T\n\n(a) Text.\n\n(b) More.\n", summary="You really do it.")
    summarised = dataclasses.replace(other_summary, digest=clause.digest)
    assert small_agreement(summarised, answers=complete_answers()).digest == base.digest
    template = make_template("training")
    library = make_library(clause, template=template)
    digests = {
        base.digest,
        assemble(library, template, complete_answers(), review_note="not reviewed").digest,
        assemble(library, template, complete_answers(), number="LB-1").digest,
        small_agreement(clause, answers=Answers()).digest,
        small_agreement(clause, answers=complete_answers(), intro="One.").digest,
        small_agreement(dataclasses.replace(clause, initials=True), answers=complete_answers()).digest,
        small_agreement(dataclasses.replace(clause, prominent=True), answers=complete_answers()).digest,
        small_agreement(
            dataclasses.replace(clause, position=Position.STRICT, id="training.strict"),
            answers=complete_answers(),
        ).digest,
    }
    assert len(digests) == 8


def test_order_of_answers_does_not_matter() -> None:
    answers = complete_answers(training=ANSWERED)
    turned = Answers(
        dict(reversed(list(answers.facts.items()))),
        {
            family: dict(reversed(list(values.items())))
            for family, values in reversed(answers.families.items())
        },
        {},
        dict(reversed(list(answers.signers.items()))),
    )
    clauses = (parties(), all_types())
    assert (
        small_agreement(*clauses, answers=answers).digest == small_agreement(*clauses, answers=turned).digest
    )


def test_markdown_and_reading_blocks_are_complete() -> None:
    text = small_agreement(
        parties(), all_types(), answers=complete_answers(training=ANSWERED), key_terms=("training.hours",)
    )
    markdown = to_markdown(text)
    blocks = reading_blocks(text)
    for block in blocks:
        assert block == " ".join(block.split())
    for phrase in ("Small Agreement", "between Larkfield Ltd and Liza Santos", "24 hours", "Nora Whitlow"):
        assert any(phrase in block for block in blocks)
        assert phrase in " ".join(markdown.split())
    assert "2 All types" in blocks
    assert not any(isinstance(block, TextTable) for block in text.schedules)
    assert markdown.startswith("CONFIDENTIAL\n\n# Small Agreement\n\n")
    assert markdown.endswith("\n")
    assert COMPLETE_PARTIES["client_name"] in markdown
