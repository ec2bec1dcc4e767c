"""Countries and states as the rules of clauses mean them: US-CA lies in US, DE in EU."""

from __future__ import annotations

from collections.abc import Iterable

ANYWHERE = "*"
EUROPEAN_UNION = "EU"

# The members on the day of the jurisdiction file (Treaty on European Union, art. 52).
EUROPEAN_UNION_MEMBERS = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)


def with_surrounding(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes with what they lie in: ("US-CA", "DE") gives DE, EU, US, US-CA. Sorted, each once."""
    found: set[str] = set()
    for code in codes:
        country = code.split("-")[0]
        found.update((code, country))
        if country in EUROPEAN_UNION_MEMBERS:
            found.add(EUROPEAN_UNION)
    return tuple(sorted(found))


def named_among(rules: Iterable[str], codes: Iterable[str]) -> tuple[str, ...]:
    """Which codes of a clause's list (`fits`, `review`, `excluded`) meet these countries."""
    present = set(with_surrounding(codes))
    return tuple(rule for rule in rules if rule in present or (rule == ANYWHERE and present))
