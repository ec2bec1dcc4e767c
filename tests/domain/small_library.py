"""Hand-made libraries for the tests of assembly: clauses from their text, a template from its families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.agreement_text import AgreementText, Paragraph, RunKind, text_of
from app.domain.answers import Answers, SignerAnswer
from app.domain.assembly import assemble
from app.domain.clause import Clause, Option, Parameter, ParameterType, Role
from app.domain.contract_template import (
    ContractTemplate,
    FamilySlot,
    Jurisdiction,
    Library,
    SignerRole,
    TemplateSection,
)
from app.domain.finding import Finding, has_errors
from app.domain.lint.agreement_rules import lint_agreement
from app.library.clause_file import parse_clause

FRONT = """+++
schema = "clause/1"
id = "{family}.{position}"
family = "{family}"
version = "0.1.0"
category = "foundation"
position = "{position}"
fallback_to = ""
addresses = {addresses}
requires = {requires}
conflicts = {conflicts}
initials = {initials}
jurisdictions = {{ fits = {fits}, review = {review}, excluded = {excluded} }}
{mandatory}summary = \"\"\"
{summary}
\"\"\"
lawyer_notes = "For the tests."
provenance = {{ author = "tests", derived_from = "", licence = "CC-BY-4.0" }}

{tables}
+++
"""

PARTIES_TABLES = """
[params.client_name]
type = "text"
max_length = 1000
label = "Client"
ask = "Name?"

[params.assistant_name]
type = "text"
max_length = 100
label = "Assistant"
ask = "Name?"
"""
PARTIES_BODY = """# Parties

The Client is {{client_name}} and the Assistant is {{assistant_name}}.
"""

ALL_TYPES = """
[params.hours]
type = "integer"
unit = "hours"
label = "Hours"
ask = "?"

[params.count]
type = "integer"
label = "Count"
ask = "?"

[params.sum]
type = "money"
label = "Sum"
ask = "?"

[params.share]
type = "percent"
label = "Share"
ask = "?"

[params.day]
type = "date"
label = "Day"
ask = "?"

[params.where]
type = "country"
label = "Where"
ask = "?"

[params.mail]
type = "email"
label = "Mail"
ask = "?"

[params.free]
type = "text"
max_length = 1000
label = "Free text"
ask = "?"

[params.choice]
type = "enum"
label = "Choice"
ask = "?"
options = [ { value = "a", print = "the first one's words" }, { value = "b", print = "b" } ]

[params.names]
type = "list"
of = "text"
max_length = 80
label = "Names"
ask = "?"

[params.kinds]
type = "list"
of = "enum"
join = "or"
label = "Kinds"
ask = "?"
options = [ { value = "x", print = "letters" }, { value = "y", print = "cards" } ]
"""
ALL_TYPES_BODY = """# All types

(a) {{hours}}, {{count}}, {{sum}}, {{share}}, {{day}}, {{where}}.

(b) {{mail}}; {{free}}; {{choice}}; {{names}}; {{kinds}}.

(c) {{deal.governing_law}}, {{deal.currency}}, {{deal.effective_date}}, {{deal.client_country}}.
"""


def all_types() -> Clause:
    return make_clause("training", ALL_TYPES_BODY, tables=ALL_TYPES)


ANSWERED = {
    "hours": 24,
    "count": 1200,
    "sum": "1250.50",
    "share": "12.5",
    "day": "2027-03-03",
    "where": "PH",
    "mail": "a@b.example",
    "free": 'said "hi" - it\'s {{7*7}}',
    "choice": "a",
    "names": ["Ann", "Bob", "Cy"],
    "kinds": ["x", "y"],
}


JURISDICTIONS = {
    "GB": Jurisdiction("GB", "United Kingdom", "England and Wales"),
    "PH": Jurisdiction("PH", "Philippines", "the Philippines"),
    "DE": Jurisdiction("DE", "Germany", "Germany"),
    "US": Jurisdiction("US", "United States", "the United States"),
    "US-CA": Jurisdiction("US-CA", "California", "California"),
}


def make_clause(
    family: str,
    body: str,
    *,
    position: str = "standard",
    tables: str = "",
    summary: str = "You do it.",
    mandatory: bool = False,
    initials: bool = False,
    **lists: list[str],
) -> Clause:
    """Parse a clause; `lists` are addresses, requires, conflicts, fits, review, excluded."""
    front = {
        name: _toml(lists.get(name, ["*"] if name == "fits" else []))
        for name in ("addresses", "requires", "conflicts", "fits", "review", "excluded")
    }
    text = FRONT.format(
        family=family,
        position=position,
        tables=tables,
        summary=summary,
        initials=str(initials).lower(),
        mandatory="mandatory = true\n" if mandatory else "",
        **front,
    )
    clause, findings = parse_clause(text + body, f"clauses/{family}/{position}.md")
    assert not has_errors(findings), [finding.describe() for finding in findings]
    assert clause is not None
    return clause


def parties() -> Clause:
    return make_clause("parties", PARTIES_BODY, tables=PARTIES_TABLES)


def fact(name: str, kind: ParameterType, *options: str, default: Any = None) -> Parameter:
    words = tuple(Option(option, option) for option in options)
    return Parameter(
        name, kind, name.replace("_", " ").capitalize(), f"{name}?", default=default, options=words
    )


FACTS: Mapping[str, Parameter] = {
    made.name: made
    for made in (
        fact("governing_law", ParameterType.COUNTRY),
        fact("client_country", ParameterType.COUNTRY),
        fact("assistant_country", ParameterType.COUNTRY),
        fact("effective_date", ParameterType.DATE),
        fact("currency", ParameterType.ENUM, "USD", "EUR", default="USD"),
        fact("assistant_kind", ParameterType.ENUM, "individual", "company", default="individual"),
        fact("device_model", ParameterType.ENUM, "client", "assistant"),
        fact("personal_data", ParameterType.YESNO, default=False),
    )
}

SIGNER_ROLES = (
    SignerRole("client", Role.CLIENT, "Signed by the Client", 2),
    SignerRole("assistant", Role.ASSISTANT, "Signed by the Assistant", 1),
)


def make_template(*families: str, **changes: Any) -> ContractTemplate:
    """A template of these families; "family.position" for another position, "family?" optional."""
    slots = []
    for family in families:
        name, _, position = family.removesuffix("?").partition(".")
        slots.append(FamilySlot(name, position or "standard", optional=family.endswith("?")))  # type: ignore[arg-type]
    values: dict[str, Any] = {
        "id": "small",
        "version": "0.1.0",
        "title": "Small Agreement",
        "description": "For the tests.",
        "role_words": {Role.ASSISTANT: "Assistant", Role.CLIENT: "Client"},
        "unit_word": "clause",
        "sections": (TemplateSection("", tuple(slots)),),
        "facts": FACTS,
        "signer_roles": SIGNER_ROLES,
        "promised_coverage": (),
        "key_terms": (),
    }
    return ContractTemplate(**(values | changes))


def make_library(*clauses: Clause, template: ContractTemplate | None = None) -> Library:
    """The parties clause is always there, because every set of complete answers names the parties."""
    made = template or make_template(*dict.fromkeys(clause.family for clause in clauses))
    return Library({clause.id: clause for clause in (parties(), *clauses)}, {made.id: made}, JURISDICTIONS)


COMPLETE_FACTS = {
    "governing_law": "GB",
    "client_country": "GB",
    "assistant_country": "PH",
    "effective_date": "2027-03-03",
    "device_model": "client",
}
COMPLETE_SIGNERS = {
    "client": SignerAnswer("Nora Whitlow", "nora@larkfield.example", "director"),
    "assistant": SignerAnswer("Liza Santos", "liza@santos.example", "for herself"),
}
COMPLETE_PARTIES = {"client_name": "Larkfield Ltd", "assistant_name": "Liza Santos"}


def complete_answers(**families: Mapping[str, Any]) -> Answers:
    """All facts and signers, the parties, and the answers of other families (`_` for `-`)."""
    named = {family.replace("_", "-"): values for family, values in families.items()}
    return Answers(COMPLETE_FACTS, {"parties": COMPLETE_PARTIES, **named}, {}, COMPLETE_SIGNERS)


def small_agreement(*clauses: Clause, answers: Answers | None = None, **changes: Any) -> AgreementText:
    """Assemble `clauses` in their order with a template of their families."""
    template = make_template(*(f"{clause.family}.{clause.position}" for clause in clauses), **changes)
    return assemble(make_library(*clauses, template=template), template, answers or Answers())


def rules_found(library: Library, template: ContractTemplate, answers: Answers) -> list[str]:
    return [finding.rule for finding in findings_on(library, template, answers)]


def findings_on(library: Library, template: ContractTemplate, answers: Answers) -> tuple[Finding, ...]:
    return lint_agreement(library, template, answers, assemble(library, template, answers))


def lines(text: AgreementText, family: str) -> list[str]:
    """The paragraphs and items of one clause as a reader sees them, with plain spaces."""
    clause = next(clause for clause in text.clauses() if clause.family == family)
    return list(_lines(clause.paragraphs))


def _lines(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    found = []
    for paragraph in paragraphs:
        found.append(f"{paragraph.number} {text_of(paragraph.runs)}".strip().replace("\u00a0", " "))
        found.extend(_lines(paragraph.children))
    return found


def open_targets(text: AgreementText) -> set[str]:
    from app.domain.printed_runs import placed_runs

    return {run.target for placed in placed_runs(text) for run in placed.runs if run.kind is RunKind.OPEN}


def _toml(values: list[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
