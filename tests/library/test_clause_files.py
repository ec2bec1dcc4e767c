"""One bad example for each error that a clause file can have, and what a good file becomes."""

from __future__ import annotations

import hashlib
import json
import tomllib

import pytest

from app.domain.clause import (
    BlockKind,
    Definition,
    Guard,
    ParameterUse,
    Position,
    Reference,
    ReferenceList,
    Role,
    RoleUse,
    Table,
    TermUse,
    Words,
)
from app.library.clause_file import parse_clause
from tests.library.bad_clause_files import BAD, CLOUD, LIST, ROWS, TEXT, YESNO, body, two
from tests.library.clause_texts import BODY, KEYS, PATH, clause_text, findings_of, parameter, rules_of

FILE_RULES = {
    *("text-encoding", "front-matter", "id-mismatch", "value-unknown", "param-schema", "param-default"),
    *("param-range", "param-unknown", "param-unused", "param-unguarded", "param-not-printable"),
    *("enum-print-long", "unit-twice", "fact-unknown", "condition-syntax", "condition-unknown"),
    *("condition-unused", "when-not-trailing", "heading", "label-order", "label-single", "item-indent"),
    *("item-orphan", "text-unmarked", "list-form", "ref-syntax", "ref-self", "ref-unguarded"),
    *("anchor-unknown", "anchor-twice", "placeholder-left", "brace-stray", "markup-unknown", "role-form"),
    *("schedule-form", "summary-markup", "family-unknown"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_example_gives_exactly_its_finding(name: str) -> None:
    rule, text = BAD[name]
    clause, findings = parse_clause(text, PATH)
    assert {finding.rule for finding in findings} == {rule}, [finding.describe() for finding in findings]
    assert clause is None
    for finding in findings:
        assert finding.where == PATH
        assert finding.message
        assert finding.remedy


def test_every_file_rule_has_a_bad_example() -> None:
    assert {rule for rule, _ in BAD.values()} == FILE_RULES


def test_findings_name_the_line() -> None:
    text = clause_text(
        two("(a) See {ref:#nowhere}.", "(b) At [x]\ncontinued\n\nloose."),
        parameter("never") + "[conditions]\nc = 'f()'\n",
        category='"x"',
    )
    lines = text.split("\n")
    places = {finding.rule: lines[finding.line - 1] for finding in findings_of(text)}
    assert places == {
        "value-unknown": 'category = "x"',
        "param-unused": "[params.never]",
        "condition-syntax": "c = 'f()'",
        "condition-unused": "c = 'f()'",
        "anchor-unknown": "(a) See {ref:#nowhere}.",
        "placeholder-left": "(b) At [x]",
        "text-unmarked": "loose.",
    }


def test_toml_error_names_the_line_of_the_file() -> None:
    (finding,) = findings_of("+++\nid = 1\nwrong\n+++\n" + BODY)
    assert (finding.rule, finding.line) == ("front-matter", 3)


def test_lines_after_long_notes_are_right() -> None:
    notes = '"""\n[params.fake]\nversion = "9"\n"""'
    text = clause_text(lawyer_notes=notes, tables=parameter("never"))
    (finding,) = findings_of(text)
    assert text.split("\n")[finding.line - 1] == "[params.never]"


def test_front_matter_errors_do_not_hide_those_of_the_body() -> None:
    assert rules_of(clause_text(body("At [x]."), titel='"x"')) == ["front-matter", "placeholder-left"]


@pytest.mark.parametrize("key", sorted(set(KEYS)))
def test_every_key_is_required(key: str) -> None:
    (finding,) = findings_of(clause_text(**{key: None}))
    assert finding.rule == "front-matter"
    assert key in finding.message


# --- what a good file becomes ------------------------------------------------------------

GOOD = clause_text(
    """# Backups of the Client

(a) A **"Backup Copy"** is a copy, see {ref:#list}. The Assistant's [[Backup Copies]] last
{{hours}} \\(at most\\_so). {#rule} {when=has:exit}

(b) {Ref:this} follows {refs:fees, audit?} and {ref:exit#end}:

  (i) first; and {unless=cloud}

  (*) {{kinds}}.

## Places {#list} {when=has:exit}

Every place is listed.

| Place | Use |
|---|---|
| a \\| b | {{place}} | {when=cloud}

{{rows}}

(1) The list is complete.
""",
    '[terms]\n"Backup Copy" = ["Backup Copies"]\n' + parameter() + TEXT + LIST + YESNO + ROWS + CLOUD,
    requires='["fees", "exit"]',
    summary='"""\nKeep {{hours}}.\n\nNo cloud. {unless=cloud}\n"""',
)


def test_good_file_becomes_a_tree() -> None:
    clause, findings = parse_clause(GOOD, PATH)
    assert findings == ()
    assert clause is not None
    first, second = clause.blocks
    assert clause.title == "Backups of the Client"
    assert clause.position is Position.STRICT
    assert (first.kind, first.anchor, first.guards) == (BlockKind.PARAGRAPH, "rule", (Guard("has:exit"),))
    assert first.inlines == (
        Words("A "), Definition("Backup Copy"), Words(" is a copy, see "), Reference(anchor="list"),
        Words(". The "), RoleUse(Role.ASSISTANT), Words("'s "), TermUse("Backup Copies"), Words(" last "),
        ParameterUse("hours"), Words(" (at most_so)."),
    )  # fmt: skip
    assert second.inlines == (
        Reference(this=True, capital=True), Words(" follows "),
        ReferenceList((("fees", False), ("audit", True))), Words(" and "),
        Reference("exit", "end"), Words(":"),
    )  # fmt: skip
    assert [(child.kind, child.guards) for child in second.children] == [
        (BlockKind.ITEM, (Guard("cloud", negated=True),)),
        (BlockKind.EACH, ()),
    ]
    lines = GOOD.split("\n")
    assert lines[first.line - 1].startswith("(a)")
    assert lines[second.children[1].line - 1].startswith("  (*)")
    assert [line.guards for line in clause.summary] == [(), (Guard("cloud", negated=True),)]


def test_good_schedule_becomes_a_tree() -> None:
    clause, _ = parse_clause(GOOD, PATH)
    assert clause is not None
    (schedule,) = clause.schedules
    assert (schedule.title, schedule.anchor, schedule.guards) == ("Places", "list", (Guard("has:exit"),))
    text, table, rows, paragraph = schedule.blocks
    assert isinstance(table, Table)
    assert table.header == ((Words("Place"),), (Words("Use"),))
    assert table.rows[0].cells == ((Words("a | b"),), (ParameterUse("place"),))
    assert table.rows[0].guards == (Guard("cloud"),)
    kinds = [block.kind for block in (text, rows, paragraph) if not isinstance(block, Table)]
    assert kinds == [BlockKind.TEXT, BlockKind.TABLE_PARAMETER, BlockKind.PARAGRAPH]


def test_ninth_letter_is_a_paragraph() -> None:
    paragraphs = [f"({letter}) Text." for letter in "abcdefghijk"]
    clause, findings = parse_clause(clause_text(body(*paragraphs)), PATH)
    assert findings == ()
    assert clause is not None
    assert [block.kind for block in clause.blocks] == [BlockKind.PARAGRAPH] * 11


def test_sentences_may_be_items() -> None:
    assert rules_of(clause_text(body("Rules:\n\n  (i) One.\n\n  (ii) Two."))) == []


# --- the digest --------------------------------------------------------------------------


def digest_of_text(text: str) -> str:
    clause, findings = parse_clause(text, PATH)
    assert clause is not None, findings
    return clause.digest


@pytest.mark.parametrize(
    "same",
    [
        clause_text(lawyer_notes='"Other notes."'),
        clause_text(version='"2.0.0"'),
        clause_text(provenance='{ author = "B", derived_from = "x", licence = "MIT" }'),
        clause_text().replace('"Backups"', '"Backups"  # a remark'),
    ],
)
def test_digest_leaves_out_notes_provenance_and_version(same: str) -> None:
    assert digest_of_text(same) == digest_of_text(clause_text())


@pytest.mark.parametrize(
    "other",
    [
        clause_text(BODY.replace("no backup", "one backup")),
        clause_text(summary='"You make a backup."'),
        clause_text(initials="true"),
        clause_text(requires='["exit"]'),
    ],
)
def test_digest_covers_text_and_all_other_keys(other: str) -> None:
    assert digest_of_text(other) != digest_of_text(clause_text())


def test_digest_is_that_of_the_canonical_json() -> None:
    """Computed here anew from the definition in clauses/README.md."""
    front = tomllib.loads(clause_text().split("+++\n")[1])
    kept = {key: front[key] for key in front if key not in ("lawyer_notes", "provenance", "version")}
    text = json.dumps(
        {"body": BODY, "front_matter": kept}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert digest_of_text(clause_text()) == hashlib.sha256(text.encode()).hexdigest()
