"""Whatever stands in a clause file, reading it gives findings: it never raises and never hangs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clause import Clause
from app.library.clause_file import parse_clause
from tests.library.clause_texts import BODY, KEYS, PATH, clause_text

SECONDS = 10.0  # for a quarter of a megabyte of processor time; quadratic work takes minutes
SIZE = 250_000

FRAGMENTS = st.sampled_from(
    [
        "(a) ",
        "(b) ",
        "  (i) ",
        "  (*) ",
        "# ",
        "## ",
        "| ",
        "|---|",
        "{{",
        "}}",
        "[[",
        "]]",
        "{ref:",
        "{refs:a, b?}",
    ]
    + [
        "{when=",
        "{#a}",
        "}",
        "\\",
        "**",
        '"',
        "*",
        "_",
        "<",
        "; and",
        ":",
        ".",
        "\n",
        "\n\n",
        "Client",
        "an Assistant",
    ]
    + ["hours", "+++", "[x]", "deal.", "has:exit", " ", "é", "\u202e", "\t"]
)
TOML_VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


def assert_sound(result: tuple[Clause | None, tuple[object, ...]]) -> None:
    clause, findings = result
    assert (clause is None) == bool(findings)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    assert_sound(parse_clause(text, PATH))


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_body(body: str) -> None:
    assert_sound(parse_clause(clause_text("# T\n\n" + body), PATH))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*sorted(KEYS), "terms", "params", "conditions", "cites"]), TOML_VALUES)
def test_any_front_matter_value(key: str, value: object) -> None:
    assert_sound(parse_clause(clause_text(**{key: as_toml(value)}), PATH))


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            PARAMETER_KEYS := (
                "type",
                "label",
                "ask",
                "default",
                "unit",
                "min",
                "max",
                "max_length",
                "options",
                "of",
                "join",
                "min_items",
                "columns",
                "min_rows",
                "when",
                "currency",
            )
        ),
        TOML_VALUES
        | st.sampled_from(["integer", "money", "list", "table", "enum", "date", "hours", "2027-01-01", "1"]),
    )
)
def test_any_parameter(table: dict[str, object]) -> None:
    keys = "".join(f"{key} = {as_toml(value)}\n" for key, value in table.items())
    assert_sound(parse_clause(clause_text("# T\n\n{{x}}.\n", f"[params.x]\n{keys}"), PATH))


def as_toml(value: object) -> str:
    """Good TOML for most values; a few (odd characters in texts) are bad, which is just as welcome."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    return str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "").replace('"', "") + '"'


HUGE_BODIES = {
    "one long line": "x" * SIZE,
    "spaces": " " * SIZE + "x",
    "opening braces": "{" * SIZE,
    "opening brackets": "[" * SIZE,
    "stars": "*" * SIZE,
    "backslashes": "\\" * SIZE,
    "definitions": '**"' * (SIZE // 3),
    "names": "{{a" * (SIZE // 3),
    "references": "{ref:" * (SIZE // 5),
    "trailers": "{#a} " * (SIZE // 5),
    "conditions": "x {when=" + "a" * SIZE + "}",
    "pipes": "|" * SIZE,
    "rows": "| a |\n" * (SIZE // 6),
    "items": "(a) A:\n\n" + "  (i) x;\n\n" * (SIZE // 11),
    "paragraphs": "(a) x\n" * (SIZE // 6),
    "anchors": "(a) {ref:#a} {#a}\n\n" * (SIZE // 20),
    "schedules": "## A {#a}\n" * (SIZE // 10),
    "roles": "Assistant" * (SIZE // 9),
    "role words": "an Assistant " * (SIZE // 13),
    "reference list": "{refs:" + "a, " * (SIZE // 3) + "}",
}


@pytest.mark.parametrize("name", HUGE_BODIES)
def test_huge_body_is_quick(name: str) -> None:
    assert_quick(clause_text("# T\n\n" + HUGE_BODIES[name]))


HUGE_FRONT_MATTERS = {
    "nested lists": "x = " + "[" * 100_000,
    "nested tables": "x = " + "{a=" * 40_000,
    "dotted keys": "".join(f"k{n}" + ".a" * 199 + " = 1\n" for n in range(300)),
    "dotted key": "a" + ".a" * 60_000 + " = 1",
    "many keys": "".join(f"k{number} = 1\n" for number in range(10_000)),
    "many tables": "".join(f"[params.p{number}]\n" for number in range(7_000)),
    "huge number": "x = " + "9" * 100_000,
    "long string": 'x = "' + "a" * 120_000 + '"',
    "too long": 'x = "' + "a" * 200_000 + '"',
    "quotes": '"""' * 40_000,
    "conditions": "[conditions]\n" + "".join(f'c{n} = "not {"(" * 90}x{")" * 90}"\n' for n in range(500)),
    "required": "requires = [" + '"exit",' * 15_000 + "]",
}


@pytest.mark.parametrize("name", HUGE_FRONT_MATTERS)
def test_huge_front_matter_is_quick(name: str) -> None:
    assert_quick(f"+++\n{HUGE_FRONT_MATTERS[name]}\n+++\n{BODY}")
    if name in ("many tables", "conditions"):
        assert_quick(clause_text(tables=HUGE_FRONT_MATTERS[name] + "\n"))


def test_megabyte_line_is_refused() -> None:
    assert_quick(clause_text("# T\n\n" + "(" * 1_000_000))


def assert_quick(text: str) -> None:
    started = time.process_time()
    clause, findings = parse_clause(text, PATH)
    assert time.process_time() - started < SECONDS
    assert_sound((clause, findings))
    assert len(findings) <= 200
    assert all(len(finding.describe()) < 1000 for finding in findings)
