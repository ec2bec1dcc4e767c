"""What an owner chooses: contract template, countries, facts, and a position of each family.

Rows obey what the clauses themselves ask for (`requires`, `conflicts`) and what the facts force, so
that a row without fault is an agreement without errors. What they rule out is tested apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.answers import LEFT_OUT, Answers
from app.domain.clause import Answer, Clause
from app.domain.contract_template import ContractTemplate, Library
from app.domain.guidance.forcing import (
    DATA_PROCESSING,
    DATA_TRANSFERS,
    SECTOR_ANNEX,
    SENSITIVE_DATA,
)
from app.domain.guidance.guide import guide
from tests.covering.array import Factors, Level

TEMPLATE, LAW, ASSISTANT, CLIENT = "template", "governing_law", "assistant_country", "client_country"
KIND, DEVICE, PEOPLE, TICKED, ANSWERS = "assistant_kind", "device_model", "people_in", "ticked", "answers"

PLAIN_FACTS = (LAW, ASSISTANT, CLIENT, KIND, DEVICE)
# Of these the law may force families.
FACTS = (TEMPLATE, *PLAIN_FACTS, PEOPLE, TICKED, SENSITIVE_DATA)
MAY_BE_FORCED = frozenset({DATA_PROCESSING, DATA_TRANSFERS, SECTOR_ANNEX})

NOBODY = "nobody"  # no personal data
PEOPLE_LEVELS = (NOBODY, "EU", "GB", "US", "other", "EU GB US other")
TICKED_LEVELS = ("names", "health payment_cards", "children secrets", "financial payroll")
USUAL, FULL, SPARE = "usual", "full", "spare"
ANSWER_LEVELS = (USUAL, FULL, SPARE)
# Places of which no facts are known, beside all of which some are.
WITHOUT_FACTS = ("CH", "JP")
CLIENTS = ("US", "GB", "DE", "AU", "CA", "SG", "AE", "PH", "CH")


@dataclass
class Choices:
    """The rules of the array on one library."""

    library: Library
    templates: Sequence[str]
    _needs: dict[str, frozenset[str]] = field(default_factory=dict)
    _forced_by_facts: dict[tuple[Level, ...], frozenset[str]] = field(default_factory=dict)

    def template(self, row: Mapping[str, str]) -> ContractTemplate:
        return self.library.contract_templates[row[TEMPLATE]]

    @cached_property
    def factors(self) -> Mapping[str, tuple[Factors, Factors]]:
        """For each template its facts and its families with their levels."""
        return {name: (self._facts(name), self._families(name)) for name in self.templates}

    @cached_property
    def _stages(self) -> Mapping[str, Sequence[Factors]]:
        """What is decided after the template: the facts, what is asked of them, the other families."""
        found: dict[str, Sequence[Factors]] = {}
        for name, (facts, families) in self.factors.items():
            asking = {name: each for name, each in families.items() if name == SENSITIVE_DATA}
            rest = {name: each for name, each in families.items() if name != SENSITIVE_DATA}
            found[name] = ({TEMPLATE: self.templates}, facts, asking, rest)
        return found

    def stages(self, row: Mapping[str, str]) -> Sequence[Factors]:
        return self._stages[row[TEMPLATE]] if TEMPLATE in row else ({TEMPLATE: self.templates},)

    def allows(self, row: Mapping[str, str], factor: str, level: str) -> bool:
        if factor == TEMPLATE:
            known = {name: levels for stage in self.factors[level] for name, levels in stage.items()}
            return all(name == TEMPLATE or one in known.get(name, ()) for name, one in row.items())
        facts = {**row, factor: level}
        # Whether the annex is forced is known only when it is known what the owner was asked to tick.
        bound = (SECTOR_ANNEX,) if factor == SENSITIVE_DATA else (DATA_PROCESSING, DATA_TRANSFERS)
        if factor in FACTS and any(
            row.get(family) == LEFT_OUT and self.is_forced(facts, family) for family in bound
        ):
            return False
        return factor not in self._family_names or self._fits(row, factor, level)

    # --- levels -----------------------------------------------------------------------

    def _facts(self, name: str) -> Factors:
        template = self.library.contract_templates[name]
        known = sorted(self.library.jurisdiction_facts)
        levels: dict[str, Sequence[str]] = {
            LAW: (*known, "US-WA", *WITHOUT_FACTS),
            ASSISTANT: (*(code for code in known if "-" not in code), *WITHOUT_FACTS),
            CLIENT: CLIENTS,
            KIND: ("individual", "company"),
            DEVICE: ("client", "assistant"),
            PEOPLE: PEOPLE_LEVELS if "personal_data" in template.facts else PEOPLE_LEVELS[1:],
            TICKED: TICKED_LEVELS,
            ANSWERS: ANSWER_LEVELS,
        }
        slots = {slot.family for slot in template.slots()}
        always = {ANSWERS} | ({TICKED} if SENSITIVE_DATA in slots else set())
        return {fact: each for fact, each in levels.items() if fact in template.facts or fact in always}

    def _families(self, name: str) -> Factors:
        slots = self.library.contract_templates[name].slots()
        present = {slot.family for slot in slots}
        return {
            slot.family: tuple(
                [
                    str(clause.position)
                    for clause in self.library.positions_of(slot.family)
                    if self.needs(clause) <= present
                ]
                + [LEFT_OUT] * slot.optional
            )
            for slot in slots
        }

    @cached_property
    def _family_names(self) -> frozenset[str]:
        return frozenset(clause.family for clause in self.library.clauses.values())

    # --- what may stand together ------------------------------------------------------

    def needs(self, clause: Clause) -> frozenset[str]:
        """The families that must be present, through whatever position of those it requires."""
        if clause.id not in self._needs:
            needed, waiting = set(clause.requires), list(clause.requires)
            while waiting:
                positions = self.library.positions_of(waiting.pop())
                shared = set.intersection(*(set(each.requires) for each in positions)) - needed
                needed |= shared
                waiting += sorted(shared)
            self._needs[clause.id] = frozenset(needed)
        return self._needs[clause.id]

    def _fits(self, row: Mapping[str, str], family: str, level: str) -> bool:
        if any(row.get(other) == one for other, one in self._excluded.get((family, level), ())):
            return False
        return level != LEFT_OUT or not self.is_forced(row, family)

    @cached_property
    def _excluded(self) -> Mapping[Level, Sequence[Level]]:
        """For each level of a family those of others that the clauses rule out beside it."""
        found: dict[Level, list[Level]] = {}
        levels = {(one.family, str(one.position)): one for one in self.library.clauses.values()}
        for level, clause in levels.items():
            for needed in self.needs(clause):
                found.setdefault(level, []).append((needed, LEFT_OUT))
                found.setdefault((needed, LEFT_OUT), []).append(level)
            found.setdefault(level, []).extend(
                other for other, one in levels.items() if one is not clause and contradict(clause, one)
            )
        return found

    def is_forced(self, row: Mapping[str, str], family: str) -> bool:
        return family in MAY_BE_FORCED and family in self._forced_by(
            tuple((name, row[name]) for name in FACTS if name in row)
        )

    def _forced_by(self, facts: tuple[tuple[str, str], ...]) -> frozenset[str]:
        if facts not in self._forced_by_facts:
            row = dict(facts)
            advice = guide(self.library, self.template(row), answers_to_facts(self.template(row), row))
            self._forced_by_facts[facts] = frozenset(
                family for family, one in advice.families.items() if one.forced
            )
        return self._forced_by_facts[facts]


def answers_to_facts(template: ContractTemplate, row: Mapping[str, str]) -> Answers:
    """The facts of a row, and what is ticked under sensitive data."""
    facts: dict[str, Answer] = {name: row[name] for name in PLAIN_FACTS if name in row}
    facts["effective_date"] = "2027-03-01"
    people = row.get(PEOPLE)
    if people is not None and "personal_data" in template.facts:
        facts["personal_data"] = people != NOBODY
    if people not in (None, NOBODY):
        facts[PEOPLE] = people.split()
    families: dict[str, dict[str, Answer]] = {}
    if TICKED in row:
        families[SENSITIVE_DATA] = {"categories": row[TICKED].split()}
    positions = {SENSITIVE_DATA: row[SENSITIVE_DATA]} if SENSITIVE_DATA in row else {}
    return Answers(facts=facts, families=families, positions=positions)


def contradict(first: Clause, second: Clause) -> bool:
    return any(
        one.family in other.conflicts or one.id in other.conflicts
        for one, other in ((first, second), (second, first))
    )
