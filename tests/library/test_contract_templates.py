"""Contract templates: one sound template, and one fault for each rule."""

from __future__ import annotations

import pytest

from app.domain.clause import Position, Role
from app.library.loading import check_library
from tests.library.clause_texts import parameter
from tests.library.library_folders import LibraryFolders

TEMPLATE = """schema = "contract-template/1"
id = "small"
version = "0.1.0"
title = "Small contract"
description = "A contract for tests."
unit_word = "clause"
coverage = ["S6"]
key_terms = ["deal.effective_date", "backups.hours"]

[role_words]
Assistant = "Provider"
Client = "Company"

[[sections]]
title = "Safety"
families = [
  { family = "backups", position = "strict" },
  { family = "exit", position = "standard", optional = true, included = false },
]

[[sections]]
title = ""
families = [ { family = "protected-disclosures", position = "standard" } ]

[facts.governing_law]
type = "country"
label = "Law"
ask = "Which law?"

[facts.client_country]
type = "country"
label = "Country of the Company"
ask = "Which country?"

[facts.assistant_country]
type = "country"
label = "Country of the Provider"
ask = "Which country?"

[facts.effective_date]
type = "date"
label = "Date"
ask = "From when?"

[[signer_roles]]
id = "client"
side = "Client"
label = "Signed by the Company"
order = 2

[[signer_roles]]
id = "assistant"
side = "Assistant"
label = "Signed by the Provider"
order = 1

[[question_groups]]
title = "All"
items = ["deal", "backups", "exit.fee"]
"""
PATH = "contract_templates/small/template.toml"
KIND = '[facts.assistant_kind]\ntype = "enum"\nlabel = "Kind"\nask = "Which?"\noptions = '


@pytest.fixture
def library(folders: LibraryFolders) -> LibraryFolders:
    """Four clauses that fit the template."""
    folders.clause("backups.strict", "After {{hours}}.", tables=parameter())
    folders.clause("backups.standard", "Text.", requires='["exit"]', conflicts='["protected-disclosures"]')
    # Paid in the deal's currency only where the clause is chosen, yet the fact must be declared.
    folders.clause("exit.standard", "For {{fee}}.", tables=parameter("fee", type='"money"', currency='"EUR"'))
    folders.clause("protected-disclosures.standard", mandatory="true")
    return folders


def write(library: LibraryFolders, text: str = TEMPLATE) -> None:
    library.write(PATH, text)


def test_sound_template_is_read(library: LibraryFolders) -> None:
    write(library)
    read, findings = check_library(library.clauses, library.contract_templates)
    assert findings == ()
    assert read is not None
    template = read.contract_templates["small"]
    assert template.role_words == {Role.ASSISTANT: "Provider", Role.CLIENT: "Company"}
    slots = [(slot.family, slot.position, slot.optional, slot.included) for slot in template.slots()]
    assert slots == [
        ("backups", Position.STRICT, False, True),
        ("exit", Position.STANDARD, True, False),
        ("protected-disclosures", Position.STANDARD, False, True),
    ]
    assert [section.title for section in template.sections] == ["Safety", ""]
    assert [(role.id, role.side, role.order) for role in template.signer_roles] == [
        ("client", Role.CLIENT, 2),
        ("assistant", Role.ASSISTANT, 1),
    ]
    assert template.question_groups == (("All", ("deal", "backups", "exit.fee")),)
    assert template.promised_coverage == ("S6",)
    assert list(template.facts) == ["governing_law", "client_country", "assistant_country", "effective_date"]
    assert read.jurisdictions["GB"].law_name == "England and Wales"


# (rule, what to replace, by what, the line of the finding begins so)
FAULTS = [
    ("template-form", 'id = "small"', 'id = "big"', "id ="),
    ("template-form", "contract-template/1", "contract-template/2", "schema ="),
    ("template-form", 'version = "0.1.0"', 'version = "1"', "version ="),
    ("template-form", 'unit_word = "clause"', 'unit_word = "article"', "unit_word ="),
    ("template-form", '["S6"]', '["S11"]', "coverage ="),
    ("template-form", "title =", "titel =", "schema ="),
    ("template-form", "order = 2", 'order = "2"', "order ="),
    ("template-form", 'side = "Client"', 'side = "Owner"', "side ="),
    ("template-form", 'position = "strict"', 'position = "light"', "families ="),
    ("template-form", '[role_words]\nAssistant = "Provider"', "[role_words]", "[role_words]"),
    ("template-form", "coverage = [", "coverage = (", "coverage ="),
    ("template-family", '"backups", position = "strict"', '"backups", position = "fallback"', "  { family"),
    ("template-family", 'family = "exit"', 'family = "exits"', "  { family"),
    ("template-family", 'family = "exit", position = "standard"',
     'family = "backups", position = "strict"', "  { family"),
    ("template-family", "optional = true, included", "included", "  { family"),
    ("template-requires", '"backups", position = "strict"', '"backups", position = "standard"', "  { family"),
    ("template-conflict", '"backups", position = "strict"', '"backups", position = "standard"', "  { family"),
    ("template-mandatory", '"protected-disclosures", position = "standard"',
     '"protected-disclosures", position = "standard", optional = true', "families ="),
    ("template-fact", 'type = "date"', 'type = "country"', "[facts.effective_date]"),
    ("template-fact", "[facts.effective_date]", "[facts.first_day]", "[facts.first_day]"),
    ("template-fact", "[[signer_roles]]\nid = \"client\"",
     KIND + '[{ value = "robot", print = "r" }]\n[[signer_roles]]\nid = "client"', "[facts.assistant_kind]"),
    ("template-coverage", '["S6"]', '["S6", "R1"]', "coverage ="),
    ("template-key-term", '"backups.hours"', '"backups.days"', "key_terms ="),
    ("template-key-term", '"backups.hours"', '"deal.town"', "key_terms ="),
    ("template-group", '"exit.fee"', '"fees"', "items ="),
    ("template-group", '"exit.fee"', '"deal"', "items ="),
    ("template-signer", 'side = "Client"', 'side = "Assistant"', "[[signer_roles]]"),
    ("template-signer", 'id = "assistant"', 'id = "client"', "[[signer_roles]]"),
    ("template-signer", 'id = "assistant"', 'id = "the assistant"', "[[signer_roles]]"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new", "start"), FAULTS)
def test_fault_of_a_template(library: LibraryFolders, rule: str, old: str, new: str, start: str) -> None:
    assert old in TEMPLATE
    text = TEMPLATE.replace(old, new, 1)
    write(library, text)
    read, findings = check_library(library.clauses, library.contract_templates)
    assert read is None
    found = [finding for finding in findings if finding.rule == rule]
    assert found, [finding.describe() for finding in findings]
    lines = text.split("\n")
    assert any(lines[finding.line - 1].startswith(start) for finding in found)
    assert {finding.where for finding in findings} == {PATH}


def test_sums_need_a_currency(library: LibraryFolders) -> None:
    library.clause("exit.standard", "For {{fee}}.", tables=parameter("fee", type='"money"'))
    write(library)
    (finding,) = library.findings()
    assert (finding.rule, finding.subject) == ("template-fact", "deal.currency")


def test_printed_facts_must_be_asked(library: LibraryFolders) -> None:
    library.clause(
        "exit.standard",
        "{{fee}}",
        "B. {when=own}",
        tables=parameter("fee", type='"email"') + "[conditions]\nown = \"deal.device_model == 'client'\"\n",
    )
    write(library)
    (finding,) = library.findings()
    assert (finding.rule, finding.subject) == ("template-fact", "deal.device_model")


def test_clause_with_a_fault_hides_no_template_fault(library: LibraryFolders) -> None:
    library.clause("backups.strict", "At [x].")
    write(library, TEMPLATE.replace('"exit.fee"', '"fees"'))
    assert sorted(library.rules()) == ["placeholder-left", "template-group"]
