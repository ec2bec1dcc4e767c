"""The facts of a contract template: which are declared or fixed, and whether each is what it must be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domain.clause import Answer, Parameter, ParameterType
from app.domain.contract_template import ContractTemplate
from app.domain.deal_facts import FACT_TYPES, FACT_VALUES, REQUIRED_FACTS
from app.library.findings import FindingList, shorten
from app.library.toml_lines import LineIndex


def check_facts(
    template: ContractTemplate, used: Mapping[str, str], lines: LineIndex, findings: FindingList
) -> None:
    """Report facts that do not exist, are of another type, or are needed and not declared.

    used: the facts that the template's clauses use, each with the id of a clause that does.
    """
    for name, fact in template.facts.items():
        fault = _fact_fault(name, fact)
        if fault:
            findings.error("template-fact", fact.line, f"The fact {shorten(name)} {fault}.", "Correct it.")
    _check_fixed_facts(template, lines, findings)
    needed = {**used, **dict.fromkeys(REQUIRED_FACTS, "every contract")}
    declared = {*template.facts, *template.fixed_facts}
    for name, user in needed.items():
        if name not in declared and name in FACT_TYPES:
            message = f"The fact {name}, which {user} needs, is not declared."
            findings.error("template-fact", 1, message, f"Add [facts.{name}].", f"deal.{name}")


def _check_fixed_facts(template: ContractTemplate, lines: LineIndex, findings: FindingList) -> None:
    """A fixed fact is a yes or no, or one of the values that conditions compare with."""
    for name, value in template.fixed_facts.items():
        fault = _fixed_fault(template, name, value)
        if fault:
            line = lines.line_of("fixed_facts", name)
            message = f"The fixed fact {shorten(name)} {fault}."
            findings.error("template-fact", line, message, "Correct it.", f"deal.{name}")


def _fixed_fault(template: ContractTemplate, name: str, value: Answer) -> str:
    if name not in FACT_TYPES:
        return "does not exist"
    if name in template.facts:
        return "is asked too"
    if FACT_TYPES[name] is ParameterType.YESNO:
        return "" if isinstance(value, bool) else "is true or false"
    allowed = FACT_VALUES.get(name)
    if allowed is None:
        return "has to be asked"
    values = value if isinstance(value, list) else [value]
    return "" if set(map(str, values)) <= allowed else "needs one of " + ", ".join(sorted(allowed))


def _fact_fault(name: str, fact: Parameter) -> str:
    if name not in FACT_TYPES:
        return "does not exist"
    if fact.type is not FACT_TYPES[name]:
        return f"is of type {FACT_TYPES[name]}"
    if fact.when:
        return "is always asked and has no when"
    values = {option.value for option in fact.options}
    if name in FACT_VALUES and values != FACT_VALUES[name]:
        return "needs exactly the options " + ", ".join(sorted(FACT_VALUES[name]))
    if name == "currency" and fact.type is ParameterType.ENUM:
        codes = all(re.fullmatch(r"[A-Z]{3}", value, re.ASCII) for value in values)
        return "" if codes else "has an option that is no ISO 4217 code"
    return ""
