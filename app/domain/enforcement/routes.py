"""Whether and by which instrument a court judgment travels from one country to another."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.contract_template import Library
from app.domain.jurisdiction_facts import Instrument, JurisdictionFacts
from app.domain.territory import EUROPEAN_UNION_MEMBERS, with_surrounding

# The instruments that were made to carry a judgment on a choice of court. Reciprocal statutes have
# lists that change, and the 2019 Convention leaves out exclusive choices: neither is proposed.
DEPENDABLE = (Instrument.BRUSSELS_RECAST, Instrument.HAGUE_2005)


def country_of(code: str) -> str:
    """The country around a state: US-CA -> US."""
    return code.partition("-")[0]


def country_name_of(library: Library, code: str) -> str:
    """How a country prints, or a state without its country.

    Not from `printing`, which stands on the deal and so on proposals.
    """
    known = library.jurisdictions.get(code)
    if known is None:
        return code
    return known.name.partition(",")[0] if "-" in code else known.name


def facts_of(library: Library, code: str) -> JurisdictionFacts | None:
    """What is known of a country or state; of a state without a file, what is known of its country."""
    known: Mapping[str, JurisdictionFacts] = library.jurisdiction_facts
    return known.get(code) or known.get(country_of(code))


def judgment_instrument(library: Library, of: str, into: str) -> Instrument | None:
    """The surest instrument that carries a money judgment of the courts of `of` into `into`.

    None where no route is known, and where both are one country: then none is needed.
    """
    if country_of(of) == country_of(into):
        return None
    facts = facts_of(library, into)
    if facts is None:
        # Membership alone decides inside the Union, whatever else is unknown of the country.
        both = {country_of(of), country_of(into)} <= EUROPEAN_UNION_MEMBERS
        return Instrument.BRUSSELS_RECAST if both else None
    around = set(with_surrounding((of,)))
    for instrument in Instrument:
        if around & set(facts.coded.judgment_routes.get(instrument, ())):
            return instrument
    return None
