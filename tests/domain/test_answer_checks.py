"""One good and one bad answer for every type of question, and the files of answers."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from app.domain.answer_checks import check_answer
from app.domain.answer_file import read_answers
from app.domain.answer_limits import allowed_answers
from app.domain.answers import Answers
from app.domain.clause import Column, Option, Parameter, ParameterType
from app.domain.contract_template import Library
from app.domain.errors import InvalidInput
from tests.domain.small_library import (
    ANSWERED,
    FACTS,
    JURISDICTIONS,
    all_types,
    make_library,
    make_template,
    parties,
)

T = ParameterType
LIBRARY = Library({}, {}, JURISDICTIONS)


def question(kind: ParameterType, **limits: object) -> Parameter:
    return Parameter("x", kind, "The thing", "Which?", **limits)  # type: ignore[arg-type]


HOURS = question(T.INTEGER, unit="hours", minimum="1", maximum="72")
MONEY = question(T.MONEY, minimum="1", maximum="5000")
PERCENT = question(T.PERCENT)
DAY = question(T.DATE, minimum="2027-01-01")
TEXT = question(T.TEXT, max_length=10)
ENUM = question(T.ENUM, options=(Option("a", "A"), Option("b", "B")))
TEXTS = question(T.LIST, of=T.TEXT, max_length=10, min_items=1, max_items=2)
ENUMS = question(T.LIST, of=T.ENUM, options=(Option("a", "A"), Option("b", "B")))
TABLE = question(
    T.TABLE, max_items=1, columns=(Column("name", T.TEXT, "Name", 10), Column("land", T.COUNTRY, "Land"))
)


@pytest.mark.parametrize(
    ("parameter", "raw", "stored"),
    [
        (HOURS, "24", 24),
        (HOURS, 24, 24),
        (HOURS, " 1 ", 1),
        (MONEY, "1,250.50", "1250.50"),
        (MONEY, "1250.5", "1250.50"),
        (MONEY, 1250, "1250"),
        (MONEY, "1250.00", "1250"),
        (PERCENT, "12.50 %", "12.5"),
        (PERCENT, "100", "100"),
        (PERCENT, 5, "5"),
        (DAY, "2027-03-03", "2027-03-03"),
        (DAY, date(2027, 3, 3), "2027-03-03"),
        (question(T.COUNTRY), "ph", "PH"),
        (FACTS["governing_law"], "US-CA", "US-CA"),
        (question(T.EMAIL), " a.b+c@d.example ", "a.b+c@d.example"),
        (TEXT, " x\u0627\u0644 \U0001f469\u200d\U0001f4bb ", "x\u0627\u0644 \U0001f469\u200d\U0001f4bb"),
        (ENUM, "b", "b"),
        (question(T.YESNO), "yes", True),
        (question(T.YESNO), False, False),
        (TEXTS, "one\n\ntwo\n", ["one", "two"]),
        (ENUMS, ["b", "a", "b"], ["a", "b"]),
        (ENUMS, [], []),
        (TABLE, [{"name": "N", "land": "ph"}], [{"name": "N", "land": "PH"}]),
    ],
)
def test_good_answers_are_stored_in_one_spelling(parameter: Parameter, raw: object, stored: object) -> None:
    assert check_answer(parameter, raw, LIBRARY) == stored


@pytest.mark.parametrize(
    ("parameter", "raw", "remedy"),
    [
        (HOURS, "73", "Enter 1 to 72 hours."),
        (HOURS, 0, "Enter 1 to 72 hours."),
        (HOURS, "1.5", "Enter 1 to 72"),
        (HOURS, True, "Enter 1 to 72"),
        (HOURS, 10**5000, "Enter 1 to 72"),
        (HOURS, "\u0661", "Enter 1 to 72"),
        (question(T.INTEGER), "x", "Enter a whole number."),
        (MONEY, "-5", "1 to 5,000"),
        (MONEY, "5000.01", "1 to 5,000"),
        (MONEY, "1.005", "two decimal places"),
        (MONEY, "1e3", "Enter an amount"),
        (MONEY, float("nan"), "Enter an amount"),
        (MONEY, True, "amount"),
        (PERCENT, "101", "0 to 100"),
        (PERCENT, "x", "0 to 100"),
        (DAY, "2026-12-31", "at least 1 January 2027"),
        (DAY, "2027-02-30", "year-month-day"),
        (DAY, "20270303", "year"),
        (question(T.COUNTRY), "XX", "two-letter code"),
        (question(T.COUNTRY), "US-CA", "US for United States"),
        (question(T.EMAIL), "a@b", "one e-mail address"),
        (question(T.EMAIL), "a@b.example\nBcc: c@d.example", "one line"),
        (question(T.EMAIL), "a@b.example, c@d.example", "one e-mail address"),
        (TEXT, "12345678901", "at most 10 characters; there are 11"),
        (TEXT, " ", "empty"),
        (TEXT, 5, "Enter a text"),
        (TEXT, "a\nb", "one line"),
        (TEXT, "a\x00b", "character 2 (U+0000)"),
        (TEXT, "a\u202eb", "U+202E"),
        (TEXT, "\u2066b", "U+2066"),
        (TEXT, "a\u200fb", "U+200F"),
        (TEXT, "a\x85b", "U+0085"),
        (TEXT, "a\ud800", "U+D800"),
        (ENUM, "c", "Choose one of: a, b."),
        (question(T.YESNO), "maybe", "yes or no"),
        (TEXTS, "", "Enter 1 to 2 items; there are 0."),
        (TEXTS, ["a", "b", "c"], "1 to 2 items"),
        (TEXTS, 7, "one item"),
        (TEXTS, ["a\u202e"], "U+202E"),
        (ENUMS, ["z"], "Choose among: a, b."),
        (TABLE, [{"name": "N"}], "two-letter code"),
        (TABLE, [{"name": "N", "land": "PH", "z": "1"}], "'z' is none"),
        (TABLE, [{}, {}], "at most 1 rows"),
        (TABLE, ["x"], "rows"),
    ],
    ids=lambda value: type(value).__name__,  # pytest cannot print a number of 5000 digits
)
def test_bad_answers_name_the_question_and_what_is_allowed(
    parameter: Parameter, raw: object, remedy: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_answer(parameter, raw, LIBRARY)
    assert caught.value.code == "answer-invalid"
    assert "The thing" in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("kind", list(ParameterType))
def test_every_type_says_what_it_accepts(kind: ParameterType) -> None:
    assert allowed_answers(question(kind)).endswith(".")


FILE = """
number = "LB-1"
[deal]
governing_law = "GB"
effective_date = 2027-03-03
town = "Bristol"
client_country = "XX"
[positions]
training = "none"
audit = "standard"
parties = "soft"
[signers.client]
name = "Nora"
email = "nora"
phone = "1"
[signers.witness]
name = "W"
[answers.parties]
client_name = "A [[B]] {{c}}"
assistant_name = "L\\u202e"
[answers.training]
hours = 24
colour = "red"
[extra]
"""


def test_a_file_of_answers_is_read_question_by_question() -> None:
    clauses = (parties(), all_types())
    template = make_template("parties", "training?")
    answers, findings = read_answers(make_library(*clauses, template=template), template, tomllib.loads(FILE))
    assert answers.facts == {"governing_law": "GB", "effective_date": "2027-03-03"}
    assert answers.positions == {"training": "none"}
    assert answers.families == {"parties": {"client_name": "A [[B]] {{c}}"}, "training": {"hours": 24}}
    assert (answers.signers["client"].name, answers.signers["client"].email) == ("Nora", "")
    assert [(finding.rule, finding.where) for finding in findings] == [
        ("answer-unknown", "extra"),
        ("answer-unknown", "deal.town"),
        ("answer-invalid", "deal.client_country"),
        ("answer-unknown", "positions.audit"),
        ("answer-invalid", "positions.parties"),
        ("answer-unknown", "signers.client.phone"),
        ("answer-invalid", "signers.client.email"),
        ("answer-unknown", "signers.witness"),
        ("answer-invalid", "parties.assistant_name"),
        ("answer-unknown", "training.colour"),
    ]


def test_what_is_stored_reads_back_the_same() -> None:
    clauses = (parties(), all_types())
    template = make_template("parties", "training")
    stored = Answers(families={"training": ANSWERED}).to_json()
    answers, findings = read_answers(make_library(*clauses, template=template), template, stored)
    assert findings == ()
    assert answers.families["training"] == ANSWERED
