"""Seats of arbitration: the cities that the clauses offer, and where an award of each counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.jurisdiction_facts import ANY_CLIENT, JurisdictionFacts


@dataclass(frozen=True, slots=True)
class Seat:
    """`value` and `rules` are options of the arbitration clauses; `country` is the seat's code."""

    value: str
    city: str
    country: str
    rules: str


# The institution of the city where it has one that takes foreign parties; the ICC sits anywhere.
SEATS: tuple[Seat, ...] = (
    Seat("singapore", "Singapore", "SG", "siac"),
    Seat("london", "London", "GB", "lcia"),
    Seat("new-york", "New York", "US", "icdr"),
    Seat("paris", "Paris", "FR", "icc"),
    Seat("vienna", "Vienna", "AT", "viac"),
    Seat("dubai", "Dubai", "AE", "diac"),
    Seat("sao-paulo", "São Paulo", "BR", "cam-ccbc"),
    Seat("kuala-lumpur", "Kuala Lumpur", "MY", "aiac"),
    Seat("mumbai", "Mumbai", "IN", "mcia"),
    Seat("toronto", "Toronto", "CA", "icdr"),
    Seat("sydney", "Sydney", "AU", "icc"),
    Seat("auckland", "Auckland", "NZ", "icc"),
    Seat("dublin", "Dublin", "IE", "icc"),
    Seat("frankfurt", "Frankfurt", "DE", "icc"),
    Seat("amsterdam", "Amsterdam", "NL", "icc"),
    Seat("madrid", "Madrid", "ES", "icc"),
    Seat("tel-aviv", "Tel Aviv", "IL", "icc"),
)
SEAT_BY_VALUE: Mapping[str, Seat] = MappingProxyType({seat.value: seat for seat in SEATS})
SEAT_OF_COUNTRY: Mapping[str, Seat] = MappingProxyType({seat.country: seat for seat in SEATS})

RULES_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "siac": "the Singapore International Arbitration Centre",
        "lcia": "the London Court of International Arbitration",
        "icc": "the International Chamber of Commerce",
        "icdr": "the International Centre for Dispute Resolution",
        "viac": "the Vienna International Arbitral Centre",
        "diac": "the Dubai International Arbitration Centre",
        "cam-ccbc": "the Brazil-Canada Chamber of Commerce",
        "aiac": "the Asian International Arbitration Centre",
        "mcia": "the Mumbai Centre for International Arbitration",
    }
)

NOT_NOTIFIED = "not-notified"
REFUSED = "refused"


def refusal_of_seat(facts: JurisdictionFacts | None, seat_country: str) -> str:
    """Why an award of a seat does not count in a country: NOT_NOTIFIED, REFUSED, or "" for no reason known.

    An award made in the country itself needs no recognition.
    """
    if facts is None or facts.code.partition("-")[0] == seat_country:
        return ""
    coded = facts.coded
    if seat_country in coded.refused_seats:
        return REFUSED
    if coded.award_seats == "notified" and seat_country not in coded.notified_seats:
        return NOT_NOTIFIED
    return ""


def choose_seat(
    client_country: str, client: JurisdictionFacts | None, assistant: JurisdictionFacts | None
) -> Seat:
    """The first advised seat whose award counts in both countries; Singapore where nothing is known."""
    advised = assistant.coded.advised_seats if assistant else (ANY_CLIENT, "SG", "GB")
    for seat in _offered(advised, client_country):
        if not refusal_of_seat(assistant, seat.country) and not refusal_of_seat(client, seat.country):
            return seat
    return SEAT_BY_VALUE["singapore"]


def _offered(advised: Iterable[str], client_country: str) -> Iterable[Seat]:
    for code in advised:
        seat = SEAT_OF_COUNTRY.get(client_country if code == ANY_CLIENT else code)
        if seat is not None:
            yield seat
