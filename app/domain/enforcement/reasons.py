"""Why something is proposed, in plain sentences for the owner."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.contract_template import Library
from app.domain.enforcement.routes import country_name_of, country_of
from app.domain.enforcement.seats import RULES_NAMES, Seat
from app.domain.jurisdiction_facts import Instrument, JurisdictionFacts

ASK = "Ask a lawyer there."

INSTRUMENT_NAMES: Mapping[Instrument, str] = MappingProxyType(
    {
        Instrument.BRUSSELS_RECAST: "the Brussels I Recast regulation of the European Union",
        Instrument.HAGUE_2005: "the Hague Convention on choice of court of 2005",
        Instrument.HAGUE_2019: "the Hague Convention on judgments of 2019",
        Instrument.RECIPROCAL_STATUTE: "a statute there on judgments of listed countries",
    }
)
_FAILING = MappingProxyType(
    {
        "none": "refuses judgments of foreign courts",
        "treaty": "enforces judgments of foreign courts only under a treaty",
        "treaty_or_reciprocity": "enforces judgments of foreign courts only under a treaty or in return",
        "new_action": "asks for a new court case after a judgment of a foreign court",
        "local_recognition": "first examines a judgment of a foreign court under its own law",
    }
)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def why_law(
    library: Library, law: str, assistant: str, facts: JurisdictionFacts | None, *, arbitration: bool
) -> str:
    """Why the law of the Client's country, and what the Assistant's country makes of that."""
    name = country_name_of(library, law)
    parts = [f"Your business is in {name}: courts respect a law that has a real link with one side."]
    if law == "US":
        parts = [
            f"Contracts in {name} follow the law of a state, and courts respect one that has a real link "
            "with one side: choose the state of your business."
        ]
    if facts is not None and country_of(assistant) != country_of(law):
        there = country_name_of(library, assistant)
        if facts.coded.foreign_governing_law == "arbitration_only":
            end = ", which is what is proposed." if arbitration else "."
            parts.append(f"In {there} a foreign law is dependable only in arbitration{end}")
        elif facts.coded.foreign_governing_law == "local_law_may_apply":
            parts.append(
                f"The law of {there} may apply all the same to standard terms agreed online. {ASK}"
            )
    return " ".join(parts)


def why_courts(
    library: Library, client: str, assistant: str, instrument: Instrument | None, kind: str
) -> str:
    here, there = country_name_of(library, client), country_name_of(library, assistant)
    if instrument is None:
        return f"Both sides are in {here}: a judgment of the courts there needs no recognition abroad."
    reason = (
        f"A judgment of the courts of {here} is enforced in {there} under {INSTRUMENT_NAMES[instrument]}, "
        "if both sides are bound to the same courts."
    )
    if instrument is Instrument.HAGUE_2005 and kind != "company":
        reason += " That convention leaves out employment, so treat the assistant as independent in fact too."
    return reason


def why_arbitration(
    library: Library,
    client: str,
    assistant: str,
    facts: JurisdictionFacts | None,
    instrument: Instrument | None,
) -> str:
    """Why not the courts; an instrument that is known but not dependable is named."""
    here, there = country_name_of(library, client), country_name_of(library, assistant)
    if facts is None:
        return (
            "Nearly every country enforces awards of arbitrators under the New York Convention, and few "
            f"enforce judgments of foreign courts. Nothing is known here about {there}. {ASK}"
        )
    failing = _FAILING.get(facts.coded.foreign_court_judgments)
    if instrument is not None:
        why_not = (
            f"A money judgment of the courts of {here} may count in {there} under "
            f"{INSTRUMENT_NAMES[instrument]}, which must be checked each time; an award is surer"
        )
    elif failing:
        why_not = f"{capital(there)} {failing}"
    else:
        why_not = f"No dependable route is known for a judgment of the courts of {here} in {there}"
    return f"{why_not}. {capital(there)} enforces awards of arbitrators under the New York Convention."


def why_seat(
    library: Library, seat: Seat, client: str, assistant: str, facts: JurisdictionFacts | None
) -> str:
    there = country_name_of(library, assistant)
    at_home = country_of(client) == seat.country
    named = f"{seat.city} is in your own country" if at_home else f"{seat.city} is a neutral seat"
    if facts is None:
        return f"{named} in a country of the New York Convention. Ask a lawyer in {there} first."
    match facts.coded.award_seats:
        case "notified":
            return f"{named}, and {there} enforces only awards of seats that it has notified: this is one."
        case "reciprocal":
            return (
                f"{named}. {capital(there)} enforces only awards of countries that enforce its own; "
                f"this seat is advised. {ASK}"
            )
    return f"{named}, and {there} enforces its awards under the New York Convention."


def why_rules(seat: Seat) -> str:
    institution = RULES_NAMES[seat.rules]
    if seat.rules == "icc":
        return f"The rules of {institution} can be used with every seat, also in {seat.city}."
    return f"{capital(institution)} works with this seat and takes parties from all countries."


def why_english(library: Library, assistant: str, facts: JurisdictionFacts | None) -> str:
    reason = "The agreement is in English, so the arbitration is too."
    if facts is not None and facts.coded.court_language:
        there = country_name_of(library, assistant)
        reason += (
            f" The courts of {there} will ask for a translation into {facts.coded.court_language} "
            "before they enforce an award."
        )
    return reason


def why_two_languages(library: Library, assistant: str, language: str) -> str:
    there = country_name_of(library, assistant)
    return (
        f"The law of {there} asks for a version in {language}. Both texts are signed together, and the "
        "English one can prevail."
    )
