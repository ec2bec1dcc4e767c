"""The table `[coded]` of a jurisdiction file: closed lists, and what a state inherits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from app.domain.jurisdiction_facts import (
    AGREED_SUMS,
    ANY_CLIENT,
    AWARD_ROUTES,
    AWARD_SEATS,
    CAPPED_OBLIGATIONS,
    CLAUSE_FORMS,
    CONTRACT_LANGUAGES,
    FOREIGN_JUDGMENTS,
    FOREIGN_LAWS,
    GROUP_OF,
    IP_FORMS,
    LAW_LINKS,
    NON_COMPETES,
    NON_SOLICITS,
    SAFE_SIGNATURES,
    STAMP_DUTIES,
    CodedFacts,
    Instrument,
)
from app.domain.territory import EUROPEAN_UNION
from app.library.findings import shorten

# Reports one fault: what is wrong, what to do, and the path of the key.
Fault: TypeAlias = Callable[..., None]

CODED = "coded"
CODED_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "award_route": AWARD_ROUTES,
        "award_seats": AWARD_SEATS,
        "foreign_court_judgments": FOREIGN_JUDGMENTS,
        "foreign_governing_law": FOREIGN_LAWS,
        "law_without_connection": LAW_LINKS,
        "arbitration_clause_form": CLAUSE_FORMS,
        "safe_signature": SAFE_SIGNATURES,
        "agreed_sum": AGREED_SUMS,
        "post_term_non_compete": NON_COMPETES,
        "post_term_non_solicit": NON_SOLICITS,
        "ip_assignment_form": IP_FORMS,
        "contract_language": CONTRACT_LANGUAGES,
        "stamp_duty": STAMP_DUTIES,
    }
)


class RoutesFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    brussels_recast: list[str] = []
    hague_2005: list[str] = []
    hague_2019: list[str] = []
    reciprocal_statute: list[str] = []


class CodedFactsFile(BaseModel):
    """Everything may be left out here: a state inherits it, and of a country it is reported."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    award_route: str | None = None
    award_seats: str | None = None
    notified_seats: list[str] = []
    refused_seats: list[str] = []
    advised_seats: list[str] = []
    award_days: int | None = Field(default=None, ge=1, le=3650)
    foreign_court_judgments: str | None = None
    judgment_routes: RoutesFile = RoutesFile()
    foreign_governing_law: str | None = None
    law_without_connection: str | None = None
    arbitration_clause_form: str | None = None
    safe_signature: str | None = None
    agreed_sum: str | None = None
    agreed_sum_cap_percent: int | None = Field(default=None, ge=1, le=1000)
    agreed_sum_cap_of: str = ""
    post_term_non_compete: str | None = None
    post_term_non_solicit: str | None = None
    ip_assignment_form: str | None = None
    contract_language: str | None = None
    contract_language_name: str = Field(default="", max_length=40)
    court_language: str = Field(default="", max_length=40)
    stamp_duty: str | None = None
    uncertain: list[str] = []

    def build(self) -> CodedFacts:
        """The facts of a table that `check_coded` found complete."""
        words = {name: str(getattr(self, name)) for name in CODED_WORDS}
        written = self.judgment_routes.model_dump()
        routes = {Instrument(name): tuple(codes) for name, codes in written.items() if codes}
        return CodedFacts(
            **words,
            notified_seats=tuple(self.notified_seats),
            refused_seats=tuple(self.refused_seats),
            advised_seats=tuple(self.advised_seats),
            award_days=self.award_days,
            judgment_routes=MappingProxyType(routes),
            agreed_sum_cap_percent=self.agreed_sum_cap_percent,
            agreed_sum_cap_of=self.agreed_sum_cap_of,
            contract_language_name=self.contract_language_name,
            court_language=self.court_language,
            uncertain=tuple(self.uncertain),
        )


def inherit_coded(file: CodedFactsFile, parent: CodedFactsFile | None) -> CodedFactsFile:
    """The table with what it leaves out taken from that of the country around it."""
    if parent is None:
        return file
    return parent.model_copy(update={name: getattr(file, name) for name in file.model_fields_set})


def check_coded(file: CodedFactsFile, fault: Fault) -> None:
    """Report words that are in no list, and keys that need or contradict each other."""
    for name, allowed in CODED_WORDS.items():
        value = getattr(file, name)
        if value is None:
            fault(f"The key {CODED}.{name} is missing.", "Add it.", CODED, name)
        elif value not in allowed:
            message = f"{CODED}.{name} has the value {shorten(value)!r}."
            fault(message, f"Use one of {', '.join(allowed)}.", CODED, name)
    for name in file.uncertain:
        if name not in GROUP_OF:
            message = f"{shorten(name)!r} in uncertain is no coded field with a confidence."
            fault(message, f"Use one of {', '.join(GROUP_OF)}.", CODED, "uncertain")
    _check_pairs(file, fault)


def _check_pairs(file: CodedFactsFile, fault: Fault) -> None:
    pairs = (
        ("notified_seats", bool(file.notified_seats), file.award_seats == "notified", "award_seats notified"),
        ("agreed_sum_cap_percent", file.agreed_sum_cap_percent is not None, file.agreed_sum == "capped",
         "agreed_sum capped"),
        ("agreed_sum_cap_of", bool(file.agreed_sum_cap_of), file.agreed_sum == "capped", "agreed_sum capped"),
        ("contract_language_name", bool(file.contract_language_name), file.contract_language != "none",
         "a contract_language other than none"),
    )  # fmt: skip
    for name, given, needed, when in pairs:
        if given != needed:
            message = f"{CODED}.{name} belongs to {when}, and only there."
            fault(message, "Add it or remove it." if needed else "Remove it.", CODED, name)
    if file.agreed_sum_cap_of and file.agreed_sum_cap_of not in CAPPED_OBLIGATIONS:
        message = f"{CODED}.agreed_sum_cap_of has the value {shorten(file.agreed_sum_cap_of)!r}."
        fault(message, f"Use one of {', '.join(CAPPED_OBLIGATIONS)}.", CODED, "agreed_sum_cap_of")
    if not file.advised_seats:
        fault(f"{CODED}.advised_seats names no seat.", "Name at least one country.", CODED, "advised_seats")


def places_named(file: CodedFactsFile) -> Iterator[tuple[str, str]]:
    """Every code of a country in the table, with its key."""
    for name in ("notified_seats", "refused_seats", "advised_seats"):
        yield from ((code, name) for code in getattr(file, name) if code != ANY_CLIENT)
    for codes in file.judgment_routes.model_dump().values():
        yield from ((code, "judgment_routes") for code in codes if code != EUROPEAN_UNION)
