"""Checks of one parsed clause: what it uses exists, what it declares is used, references are guarded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clause import (
    BlockKind,
    Clause,
    FactUse,
    Guard,
    Parameter,
    ParameterType,
    ParameterUse,
    Reference,
    Words,
)
from app.domain.clause_family import FAMILIES
from app.domain.deal_facts import ALL_FACTS, PRINTABLE_FACTS
from app.domain.lint.clause_uses import (
    HAS,
    AnchorPlace,
    Passage,
    anchors_of,
    condition_names,
    definitions_of,
    families_named,
    families_referred_to,
    guards_of,
    parameters_printed,
    passages_of,
)
from app.library.condition_checks import check_conditions
from app.library.findings import FindingList, shorten
from app.library.front_matter import FrontMatter
from app.library.parameter_file import UNITS

_KNOWN = frozenset(FAMILIES)
# A parameter with a unit prints it in the singular or the plural.
_UNIT_WORDS = tuple(f" {unit.removesuffix('s')}" for unit in UNITS)


@dataclass(frozen=True, slots=True)
class _Check:
    clause: Clause
    front: FrontMatter
    findings: FindingList
    anchors: Mapping[str, tuple[AnchorPlace, ...]]
    required: frozenset[str]

    def error(self, rule: str, line: int, message: str, remedy: str, subject: str = "") -> None:
        self.findings.error(rule, line, message, remedy, subject)


def check_clause(clause: Clause, front: FrontMatter, findings: FindingList) -> None:
    """Report uses that name nothing, names that nothing uses, and references that may break."""
    anchors: dict[str, tuple[AnchorPlace, ...]] = {}
    for place in anchors_of(clause):
        anchors[place.anchor] = (*anchors.get(place.anchor, ()), place)[-2:]
    check = _Check(clause, front, findings, anchors, frozenset(clause.requires))
    _check_families(check)
    for passage in _texts(check):
        _check_values(check, passage)
        _check_units(check, passage)
    for passage in passages_of(clause):
        _check_references(check, passage)
    _check_anchors(check)
    _check_guards(check)
    check_conditions(clause, front.lines, findings)
    _check_parameters_used(check)
    _check_term_list(check)


def _texts(check: _Check) -> Iterator[Passage]:
    yield from passages_of(check.clause)
    line = check.front.lines.line_of("summary")
    for summary_line in check.clause.summary:
        yield Passage(summary_line.inlines, summary_line.guards, line, BlockKind.TEXT)


# --- parameters and facts --------------------------------------------------------------


def _check_values(check: _Check, passage: Passage) -> None:
    for inline in passage.inlines:
        if isinstance(inline, FactUse):
            _check_fact(check, inline.name, passage)
        elif isinstance(inline, ParameterUse):
            parameter = check.clause.parameters.get(inline.name)
            if parameter is not None:
                _check_parameter(check, parameter, passage)
            elif inline.name not in check.front.file.params:
                message = f"{{{{{inline.name}}}}} is no parameter of this clause."
                check.error("param-unknown", passage.line, message, "Declare it in [params].", inline.name)


def _check_fact(check: _Check, name: str, passage: Passage) -> None:
    if name not in ALL_FACTS:
        message = f"The deal has no fact {shorten(name)}."
        check.error("fact-unknown", passage.line, message, f"Use one of {', '.join(sorted(ALL_FACTS))}.")
    elif name not in PRINTABLE_FACTS:
        message = f"The fact {name} is for conditions only."
        check.error("param-not-printable", passage.line, message, "Decide by it in [conditions].")


def _check_parameter(check: _Check, parameter: Parameter, passage: Passage) -> None:
    name = parameter.name
    is_each = passage.kind is BlockKind.EACH
    if parameter.type is ParameterType.YESNO:
        message = f"{name} is a yes or no and cannot be printed."
        check.error("param-not-printable", passage.line, message, "Use it in a condition.", name)
    elif parameter.type is ParameterType.TABLE and passage.kind is not BlockKind.TABLE_PARAMETER:
        message = f"The table {name} stands inside a text."
        check.error(
            "param-not-printable", passage.line, message, "Put it alone on a line in a schedule.", name
        )
    elif is_each and parameter.type is not ParameterType.LIST:
        check.error(
            "list-form", passage.line, f"{name} is not a list.", "Use (*) with a list parameter.", name
        )
    if parameter.when and not _stands_under(passage.guards, (Guard(parameter.when),)):
        message = f"{name} is asked only when {parameter.when}, but is printed without that condition."
        check.error("param-unguarded", passage.line, message, f"Add {{when={parameter.when}}}.", name)


def _check_units(check: _Check, passage: Passage) -> None:
    for inline, following in zip(passage.inlines, passage.inlines[1:], strict=False):
        parameter = check.clause.parameters.get(inline.name) if isinstance(inline, ParameterUse) else None
        repeats = isinstance(following, Words) and following.text.lower().startswith(_UNIT_WORDS)
        if parameter is not None and parameter.unit and repeats:
            message = f"{{{{{parameter.name}}}}} prints its unit ({parameter.unit}) itself."
            check.error("unit-twice", passage.line, message, "Remove the unit from the text.", parameter.name)


def _check_parameters_used(check: _Check) -> None:
    used = set(parameters_printed(check.clause))
    for condition in check.clause.conditions:
        used |= condition_names(check.clause, condition)
    for name, parameter in check.clause.parameters.items():
        if name not in used:
            message = f"The parameter {name} decides and prints nothing in the contract."
            check.error("param-unused", parameter.line, message, "Use it or remove it.", name)


# --- conditions ------------------------------------------------------------------------


def _check_guards(check: _Check) -> None:
    clause, lines = check.clause, check.front.lines
    places = [(guard.condition, line or lines.line_of("summary")) for guard, line in guards_of(clause)]
    places += [(value.when, value.line) for value in clause.parameters.values() if value.when]
    for condition, line in places:
        family = condition.removeprefix(HAS) if condition.startswith(HAS) else ""
        if condition == f"{HAS}{clause.family}":
            check.error(
                "condition-unknown", line, "The clause asks whether it is present.", "Remove the condition."
            )
        elif not family and condition not in check.front.file.conditions:
            message = f"There is no condition {shorten(condition)!r}."
            check.error(
                "condition-unknown", line, message, "Name one of [conditions], or has:family.", condition
            )
    used = {condition for condition, _ in places}
    for condition in clause.conditions:
        if condition not in used:
            line = lines.line_of("conditions", condition)
            check.error(
                "condition-unused",
                line,
                f"No block uses the condition {condition}.",
                "Use or remove it.",
                condition,
            )


def _stands_under(guards: tuple[Guard, ...], needed: tuple[Guard, ...]) -> bool:
    return set(needed) <= set(guards)


# --- references ------------------------------------------------------------------------


def _check_families(check: _Check) -> None:
    clause = check.clause
    named = set(families_named(clause))
    if clause.id == f"{clause.family}.{clause.position}":  # otherwise the id has its own finding
        named.add((clause.family, check.front.lines.line_of("family")))
    for family, line in named:
        if family not in _KNOWN:
            message = f"There is no family {shorten(family)!r}."
            remedy = "Use one of the family ids in clauses/README.md."
            check.error("family-unknown", line, message, remedy, family)


def _check_references(check: _Check, passage: Passage) -> None:
    for inline in passage.inlines:
        for family, optional in families_referred_to(inline):
            _check_reference_to(check, family, optional, passage)
        if isinstance(inline, Reference) and inline.anchor and not inline.family:
            _check_own_anchor(check, inline.anchor, passage)


def _check_reference_to(check: _Check, family: str, optional: bool, passage: Passage) -> None:
    if family == check.clause.family:
        message = "The clause refers to its own family by name."
        check.error("ref-self", passage.line, message, "Write {ref:this} or {ref:#anchor}.", family)
        return
    required = optional or family in check.required or family not in _KNOWN
    if not required and not _stands_under(passage.guards, (Guard(HAS + family),)):
        message = f"{family} may be absent where this refers to it."
        remedy = f"Add it to requires, or {{when=has:{family}}} to the block."
        check.error("ref-unguarded", passage.line, message, remedy, family)


def _check_own_anchor(check: _Check, anchor: str, passage: Passage) -> None:
    places = check.anchors.get(anchor, ())
    if not places:
        message = f"No block of this clause has the anchor {{#{anchor}}}."
        check.error("anchor-unknown", passage.line, message, "Put the anchor at the end of a block.", anchor)
    elif not any(_stands_under(passage.guards, place.guards) for place in places):
        message = f"The block {{#{anchor}}} can vanish where this refers to it."
        check.error("ref-unguarded", passage.line, message, "Give both blocks the same conditions.", anchor)


def _check_anchors(check: _Check) -> None:
    for anchor, places in check.anchors.items():
        if len(places) > 1:
            message = f"The anchor {{#{anchor}}} stands on two blocks."
            check.error("anchor-twice", places[-1].line, message, "Name each block differently.", anchor)


def _check_term_list(check: _Check) -> None:
    defined = {term for term, _ in definitions_of(check.clause)}
    for term in check.clause.terms:
        if term not in defined:
            message = f"[terms] lists {shorten(term)!r}, which this clause does not define."
            line = check.front.lines.line_of("terms", term)
            check.error("value-unknown", line, message, 'Define it in the text: **"Term"**.', term)
