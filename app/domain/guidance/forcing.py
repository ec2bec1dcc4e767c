"""Clause families that the facts of a deal force into it, whatever the owner chose.

Sources: GDPR art. 28(3) and UK GDPR art. 28(3) (processing by a processor needs a contract),
arts. 44 and 46 (transfers); HIPAA 45 CFR 164.504(e), PCI DSS requirement 12.8, GLBA Safeguards
Rule 16 CFR 314.4(f), COPPA 16 CFR 312.8 (service providers must be bound in writing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from app.domain.guidance.known import Known
from app.domain.territory import EUROPEAN_UNION

DATA_PROCESSING = "data-processing"
DATA_TRANSFERS = "data-transfers"
SECTOR_ANNEX = "sector-annex"
SENSITIVE_DATA = "sensitive-data"

# What is ticked under sensitive data -> the regime of the sector annex, and whether it is
# American law, which follows people in the United States; card rules follow the card.
REGIMES: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "health": ("health", True),
        "payment_cards": ("cards", False),
        "financial": ("financial", True),
        "children": ("children", True),
    }
)
REGIME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "health": "health information",
        "cards": "payment-card data",
        "financial": "customers' financial information",
        "children": "information about children",
    }
)

# The European Economic Area beside the Union: the GDPR applies there (EEA Joint Committee 154/2018).
_ALSO_GDPR = frozenset({"IS", "LI", "NO"})
# Adequacy decisions under GDPR art. 45 that do not depend on what the recipient has joined. Where
# one is missing here, clauses are signed that were not needed: the harmless side.
_ADEQUATE = frozenset({"AD", "AR", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"})


def regimes_of(known: Known) -> tuple[str, ...]:
    """The regimes that the ticked kinds of data bring along, in a fixed order."""
    ticked = set(known.listed(SENSITIVE_DATA, "categories"))
    american = "US" in known.people_in() or "US" in known.places("client_country")
    found = (
        regime for kind, (regime, only_us) in REGIMES.items() if kind in ticked and (american or not only_us)
    )
    return tuple(found)


def needs_processing_terms(known: Known) -> bool:
    return known.has_european_people()


def needs_transfer_terms(known: Known) -> bool:
    """Personal data of the Union or the United Kingdom goes to a country without an adequacy decision."""
    country = known.country("assistant_country")
    if not country or not needs_processing_terms(known):
        return False
    inside = EUROPEAN_UNION in known.places("assistant_country") or country in _ALSO_GDPR | _ADEQUATE
    return not inside


def forced_families(known: Known) -> Iterator[tuple[str, str]]:
    """(family, one sentence why) of each family that these facts force."""
    for family, (needed, reason) in _RULES.items():
        if needed(known):
            yield family, reason(known)


def _processing_reason(known: Known) -> str:
    laws = {"EU": "the GDPR", "GB": "the UK GDPR"}
    named = " and ".join(law for place, law in laws.items() if place in known.people_in())
    return f"The assistant handles information about individuals there, and {named} asks for these terms."


def _transfer_reason(known: Known) -> str:
    code = known.country("assistant_country")
    found = known.library.jurisdictions.get(code)
    return (
        f"Information about individuals in Europe goes to {found.name if found else code}, "
        "and the transfer needs these clauses."
    )


def _sector_reason(known: Known) -> str:
    words = " and ".join(REGIME_WORDS[regime] for regime in regimes_of(known))
    return f"The assistant sees {words}, and special rules ask for these terms."


_RULES: Mapping[str, tuple[Callable[[Known], bool], Callable[[Known], str]]] = MappingProxyType(
    {
        DATA_PROCESSING: (needs_processing_terms, _processing_reason),
        DATA_TRANSFERS: (needs_transfer_terms, _transfer_reason),
        SECTOR_ANNEX: (lambda known: bool(regimes_of(known)), _sector_reason),
    }
)
