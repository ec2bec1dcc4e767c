"""What to propose for two countries: law, court or arbitration, seat, rules, languages, and why.

The owner may answer otherwise at every point; a proposal is only what stands there until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.answers import LEFT_OUT
from app.domain.clause import Answer, Position
from app.domain.contract_template import Library
from app.domain.enforcement import reasons
from app.domain.enforcement.routes import DEPENDABLE, country_of, facts_of, judgment_instrument
from app.domain.enforcement.seats import Seat, choose_seat
from app.domain.jurisdiction_facts import Instrument, JurisdictionFacts

COURTS_FAMILY = "governing-law-and-courts"
ARBITRATION_FAMILY = "governing-law-and-arbitration"
SIGNING_FAMILY = "signing-electronically"
POSITION = "position:"

# Keys of answers and reasons: question keys, and POSITION + family.
LAW = "deal.governing_law"
SEAT = f"{ARBITRATION_FAMILY}.seat"
RULES = f"{ARBITRATION_FAMILY}.rules"
LANGUAGE = f"{ARBITRATION_FAMILY}.language"
SECOND_LANGUAGE = f"{SIGNING_FAMILY}.language"

# Without a general law of contracts: a law of "the United States" would name none.
COUNTRIES_OF_STATE_LAW = frozenset({"US"})


class Route(StrEnum):
    COURTS = "courts"
    ARBITRATION = "arbitration"


@dataclass(frozen=True, slots=True)
class EnforcementProposal:
    """What two countries suggest.

    governing_law: code of a country, or "" where contracts follow the law of a state, which only the
    owner knows. seat and rules: option values of the arbitration clauses,
    "" with courts. language: of the arbitration, "" with courts. second_language: the language in
    which the agreement should exist besides English, "" for none.
    instrument: what carries a judgment of the Client's courts to the Assistant, where that decided.
    positions: family -> position, or LEFT_OUT; only of families that the proposal touches.
    answers: question key -> proposed answer. reasons: question key, or "position:" + family -> one
    plain sentence or two. certain: False where nothing is known of one of the countries.
    """

    client_country: str
    assistant_country: str
    governing_law: str
    route: Route
    seat: str
    rules: str
    language: str
    second_language: str
    instrument: Instrument | None
    positions: Mapping[str, str]
    answers: Mapping[str, Answer]
    reasons: Mapping[str, str]
    certain: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The two countries with what is known of each."""

    library: Library
    client: str
    assistant: str
    kind: str
    client_facts: JurisdictionFacts | None
    assistant_facts: JurisdictionFacts | None

    @property
    def is_domestic(self) -> bool:
        return country_of(self.client) == country_of(self.assistant)


def propose(
    library: Library, *, client_country: str, assistant_country: str, assistant_kind: str | None = None
) -> EnforcementProposal | None:
    """The proposal for two countries, or None while one of them is open.

    assistant_kind: "individual", "company", or None while it is open.
    """
    if not client_country or not assistant_country:
        return None
    pair = Pair(
        library,
        client_country,
        assistant_country,
        assistant_kind or "individual",
        facts_of(library, client_country),
        facts_of(library, assistant_country),
    )
    instrument = judgment_instrument(library, client_country, assistant_country)
    if pair.is_domestic or instrument in DEPENDABLE:
        return _propose_courts(pair, instrument)
    return _propose_arbitration(pair, instrument)


def _propose_courts(pair: Pair, instrument: Instrument | None) -> EnforcementProposal:
    positions = {COURTS_FAMILY: str(Position.STRICT), ARBITRATION_FAMILY: LEFT_OUT}
    why = reasons.why_courts(pair.library, pair.client, pair.assistant, instrument, pair.kind)
    return _finish(pair, Route.COURTS, None, instrument, positions, {POSITION + COURTS_FAMILY: why})


def _propose_arbitration(pair: Pair, instrument: Instrument | None) -> EnforcementProposal:
    seat = choose_seat(pair.client, pair.client_facts, pair.assistant_facts)
    positions = {ARBITRATION_FAMILY: str(Position.STRICT), COURTS_FAMILY: LEFT_OUT}
    said = {
        POSITION + ARBITRATION_FAMILY: reasons.why_arbitration(
            pair.library, pair.client, pair.assistant, pair.assistant_facts, instrument
        ),
        SEAT: reasons.why_seat(pair.library, seat, pair.client, pair.assistant, pair.assistant_facts),
        RULES: reasons.why_rules(seat),
        LANGUAGE: reasons.why_english(pair.library, pair.assistant, pair.assistant_facts),
    }
    return _finish(pair, Route.ARBITRATION, seat, None, positions, said)


def _finish(
    pair: Pair,
    route: Route,
    seat: Seat | None,
    instrument: Instrument | None,
    positions: dict[str, str],
    said: dict[str, str],
) -> EnforcementProposal:
    law = "" if pair.client in COUNTRIES_OF_STATE_LAW else pair.client
    answers: dict[str, Answer] = {LAW: law} if law else {}
    said[LAW] = reasons.why_law(
        pair.library, pair.client, pair.assistant, pair.assistant_facts, arbitration=seat is not None
    )
    if seat is not None:
        answers |= {SEAT: seat.value, RULES: seat.rules}
    second = _second_language(pair.assistant_facts)
    if second:
        positions[SIGNING_FAMILY] = str(Position.STRICT)
        answers[SECOND_LANGUAGE] = second
        said[POSITION + SIGNING_FAMILY] = reasons.why_two_languages(pair.library, pair.assistant, second)
        said[SECOND_LANGUAGE] = said[POSITION + SIGNING_FAMILY]
    return EnforcementProposal(
        client_country=pair.client,
        assistant_country=pair.assistant,
        governing_law=law,
        route=route,
        seat=seat.value if seat else "",
        rules=seat.rules if seat else "",
        language="English" if seat else "",
        second_language=second,
        instrument=instrument,
        positions=MappingProxyType(positions),
        answers=MappingProxyType(answers),
        reasons=MappingProxyType(said),
        certain=pair.assistant_facts is not None and pair.client_facts is not None,
    )


def _second_language(facts: JurisdictionFacts | None) -> str:
    if facts is None or facts.coded.contract_language != "required":
        return ""
    return facts.coded.contract_language_name
