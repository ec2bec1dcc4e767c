"""How an award or a judgment fares where the Assistant lives, in a verdict and a sentence."""

from __future__ import annotations

from app.domain.contract_template import Library
from app.domain.enforcement import wording
from app.domain.enforcement.reasons import INSTRUMENT_NAMES, capital
from app.domain.enforcement.routes import country_name_of, country_of, judgment_instrument
from app.domain.enforcement.seats import NOT_NOTIFIED, SEAT_BY_VALUE, refusal_of_seat
from app.domain.enforcement.wording import Said, Verdict
from app.domain.jurisdiction_facts import Instrument, JurisdictionFacts


def describe_award(library: Library, facts: JurisdictionFacts, there: str, seat: str) -> Said:
    """Whether an award of the seat (an option value, or "") is enforced."""
    named = SEAT_BY_VALUE.get(seat)
    refusal = refusal_of_seat(facts, named.country) if named else ""
    if named and refusal:
        return Verdict.WILL_NOT_WORK, say_refusal(refusal, there, named.city)
    coded = facts.coded
    if coded.award_route == "unknown":
        return Verdict.ASK_A_LAWYER, f"It is not known here whether {there} enforces awards of arbitrators."
    if named and named.country == country_of(facts.code):
        return Verdict.WORKS, f"An award made in {named.city} is an award of {there} itself."
    sentence = f"{capital(there)} enforces awards of arbitrators under the New York Convention"
    if coded.award_seats == "notified":
        if named is None:
            return Verdict.WITH_CARE, f"{sentence}, but only of seats in countries that it has notified."
        return Verdict.WORKS, f"{sentence}, and {named.city} is among the seats that it has notified."
    if coded.award_seats == "reciprocal":
        sentence += ", but only of countries that enforce its own"
        if coded.award_days is not None:
            sentence += f", and probably only within {coded.award_days} days"
        return Verdict.WITH_CARE, f"{sentence}."
    return Verdict.WORKS, f"{sentence}."


def say_refusal(refusal: str, there: str, city: str) -> str:
    """Why an award of a seat does not count."""
    if refusal == NOT_NOTIFIED:
        return (
            f"{capital(there)} enforces foreign awards only of seats in countries that it has notified, and "
            f"{city} is not known to be one."
        )
    return f"{capital(there)} does not enforce awards of {city}: courts there have refused them."


def describe_judgment(library: Library, facts: JurisdictionFacts, there: str, client: str) -> Said:
    """Whether a judgment of the courts of the Client's country is enforced."""
    here = country_name_of(library, client)
    if country_of(client) == country_of(facts.code):
        return Verdict.WORKS, f"A judgment of the courts of {there} needs no recognition abroad."
    instrument = judgment_instrument(library, client, facts.code)
    if instrument is None:
        verdict, sentence = wording.FOREIGN_JUDGMENT[facts.coded.foreign_court_judgments]
        return verdict, sentence.replace("{here}", here)
    under = f"enforced in {there} under {INSTRUMENT_NAMES[instrument]}"
    match instrument:
        case Instrument.BRUSSELS_RECAST:
            return Verdict.WORKS, f"A judgment of the courts of {here} is {under}."
        case Instrument.HAGUE_2005:
            limits = "if the choice of court binds both sides alike; employment is left out"
            return Verdict.WORKS, f"A judgment of the courts of {here} is {under}, {limits}."
        case Instrument.HAGUE_2019:
            limits = "but not for privacy and intellectual property"
            return Verdict.WITH_CARE, f"A judgment of the courts of {here} can be {under}, {limits}."
    money = f"A money judgment of the higher courts of {here} can be {under}"
    return Verdict.WITH_CARE, f"{money}; the list must be checked. {wording.ASK}"
