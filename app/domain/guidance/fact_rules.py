"""Recommended facts of the deal: governing law, currency, where the individuals live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.domain.clause import ParameterType
from app.domain.enforcement.proposal import LAW
from app.domain.guidance.advice import Recommendation
from app.domain.guidance.dispute_rules import enforcement_of
from app.domain.guidance.known import Known
from app.domain.territory import EUROPEAN_UNION, EUROPEAN_UNION_MEMBERS

_EURO = "EUR"
_NOT_EURO = frozenset({"CZ", "DK", "HU", "PL", "RO", "SE"})
CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        "US": "USD",
        "GB": "GBP",
        "CA": "CAD",
        "AU": "AUD",
        "NZ": "NZD",
        "SG": "SGD",
        "CH": "CHF",
        "AE": "AED",
        "IL": "ILS",
        "PH": "PHP",
        "IN": "INR",
        "ZA": "ZAR",
        **dict.fromkeys(EUROPEAN_UNION_MEMBERS - _NOT_EURO, _EURO),
    }
)


def recommend_facts(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """(question key, recommendation) for facts that the template asks."""
    for rule in (_governing_law, _currency, _people_in):
        for name, recommendation in rule(known):
            if name in known.template.facts:
                yield f"deal.{name}", recommendation


def _governing_law(known: Known) -> Iterator[tuple[str, Recommendation]]:
    proposal = enforcement_of(known)
    if proposal is not None and proposal.governing_law:
        yield "governing_law", Recommendation(proposal.governing_law, proposal.reasons[LAW])


def _currency(known: Known) -> Iterator[tuple[str, Recommendation]]:
    currency = CURRENCIES.get(known.country("client_country").split("-")[0])
    asked = known.template.facts.get("currency")
    offered = {option.value for option in asked.options} if asked else set()
    if currency and (asked is None or asked.type is not ParameterType.ENUM or currency in offered):
        yield "currency", Recommendation(currency, "It is the currency of the place where your business is.")


def _people_in(known: Known) -> Iterator[tuple[str, Recommendation]]:
    asked = known.template.facts.get("people_in")
    if asked is None:
        return
    if known.fact("personal_data") is False:
        yield "people_in", Recommendation(["other"], "The assistant sees nobody\u2019s information.")
        return
    places = known.places("client_country")
    if not places:
        return
    found = [place for place in (EUROPEAN_UNION, "GB", "US") if place in places] or ["other"]
    because = "Your customers usually live where your business is. Tick every place that fits."
    yield "people_in", Recommendation(list(found), because)
