"""Rules on which clauses stand together in an agreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.contract_template import Purpose
from app.domain.finding import Finding
from app.domain.lint.examination import Examination, Rule, error, info, warning
from app.domain.printing import country_name_of, join_words
from app.domain.territory import ANYWHERE, named_among, with_surrounding


def requires_missing(seen: Examination) -> Iterator[Finding]:
    present = seen.outline.deal.selection.by_family
    for clause in seen.clauses:
        for family in clause.requires:
            if family not in present:
                message = f"{clause.id} needs the family {family}, which is left out."
                yield error(
                    "requires-missing", message, f"Take {family} in, or choose another position.",
                    where=seen.place_of(clause.family), subject=clause.family,
                )  # fmt: skip


def conflict_present(seen: Examination) -> Iterator[Finding]:
    reported: set[frozenset[str]] = set()
    for clause in seen.clauses:
        for other in seen.clauses:
            pair = frozenset((clause.id, other.id))
            excluded = other.family in clause.conflicts or other.id in clause.conflicts
            if not excluded or len(pair) == 1 or pair in reported:
                continue
            reported.add(pair)
            message = f"{clause.id} and {other.id} contradict each other."
            yield error(
                "conflict-present", message, "Leave one of the two out.",
                where=seen.place_of(clause.family), subject=clause.family,
            )  # fmt: skip


def family_twice(seen: Examination) -> Iterator[Finding]:
    counts = Counter(clause.family for clause in seen.clauses)
    for family, count in counts.items():
        if count > 1:
            message = f"The family {family} stands in the agreement {count} times."
            yield error("family-twice", message, "Keep one position.", where=family, subject=family)


def mandatory_missing(seen: Examination) -> Iterator[Finding]:
    present = seen.outline.deal.selection.by_family
    families = {clause.family for clause in seen.library.clauses.values() if clause.mandatory}
    for family in sorted(families - set(present)):
        message = f"{family} belongs into every agreement and is left out."
        yield error("mandatory-missing", message, "Take it in again.", where=family, subject=family)


def forced_terms_missing(seen: Examination) -> Iterator[Finding]:
    """Only of agreements: an addendum or a statement stands beside one that has the terms."""
    if seen.contract_template.purpose is not Purpose.AGREEMENT:
        return
    for family, advice in seen.outline.deal.guidance.homeless.items():
        remedy = "Let the parties sign a data-processing addendum beside it, or choose another contract."
        yield warning(
            "forced-terms-missing",
            f"{advice.because} This contract has no place for them.",
            remedy,
            where=family,
            subject=family,
        )


def clause_unavailable(seen: Examination) -> Iterator[Finding]:
    for clause_id in seen.outline.deal.selection.missing:
        message = f"The contract template wants {clause_id}, and the library does not have it."
        yield error(
            "clause-unavailable", message, "Choose another position, or add the clause to the library.",
            where=clause_id, subject=clause_id.partition(".")[0],
        )  # fmt: skip


def jurisdiction_excluded(seen: Examination) -> Iterator[Finding]:
    countries = seen.outline.deal.countries()
    for clause in seen.clauses:
        excluded = named_among(clause.jurisdictions.excluded, countries)
        if excluded:
            names = join_words([country_name_of(seen.library, code) for code in excluded], "and")
            message = f"{clause.id} must not be used with a link to {names}."
            yield error(
                "jurisdiction-excluded", message, "Choose another position.",
                where=seen.place_of(clause.family), subject=clause.family,
            )  # fmt: skip


def jurisdiction_unfit(seen: Examination) -> Iterator[Finding]:
    countries = seen.outline.deal.countries()
    for clause in seen.clauses:
        fits = clause.jurisdictions.fits
        if fits and countries and not named_among(fits, countries):
            message = f"{clause.id} was drafted for {join_words(fits, 'and')}."
            yield warning(
                "jurisdiction-unfit", message, "Choose another position, or ask a lawyer.",
                where=seen.place_of(clause.family), subject=clause.family,
            )  # fmt: skip


def jurisdiction_review(seen: Examination) -> Iterator[Finding]:
    """One line for each country: which clauses a lawyer there should look at first."""
    for code in dict.fromkeys(seen.outline.deal.countries()):
        around = with_surrounding((code,))
        families = [
            clause.family
            for clause in seen.clauses
            if any(rule == ANYWHERE or rule in around for rule in clause.jurisdictions.review)
        ]
        if families:
            name = country_name_of(seen.library, code)
            message = f"For {name} the drafters' notes ask that a lawyer looks at {seen.numbers(families)}."
            yield info("jurisdiction-review", message, "Ask a lawyer there.", where=code, subject=code)


RULES: tuple[Rule, ...] = (
    forced_terms_missing,
    clause_unavailable,
    requires_missing,
    conflict_present,
    family_twice,
    mandatory_missing,
    jurisdiction_excluded,
    jurisdiction_unfit,
    jurisdiction_review,
)
