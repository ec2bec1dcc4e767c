"""The countries of one agreement as the rules on enforcement see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.enforcement.routes import country_name_of, country_of, facts_of
from app.domain.jurisdiction_facts import JurisdictionFacts
from app.domain.lint.examination import Examination

ASK = "Ask a lawyer there."


@dataclass(frozen=True, slots=True)
class Place:
    """A country or state of the agreement. `facts` is None where nothing is known of it."""

    code: str
    name: str
    facts: JurisdictionFacts | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parties are and whose law holds; None while that is open."""

    client: Place | None
    assistant: Place | None
    law: Place | None

    def home_and_law(self) -> Iterator[Place]:
        """The Assistant's country and, where it is another, the governing law; only with facts."""
        yield from _with_facts(self.assistant, self.law)

    def parties(self) -> Iterator[Place]:
        """The Assistant's country and, where it is another, the Client's; only with facts."""
        yield from _with_facts(self.assistant, self.client)


def places_of(seen: Examination) -> Places | None:
    """None in a library without any facts: then there is nothing to say."""
    if not seen.library.jurisdiction_facts:
        return None
    return Places(*(_place(seen, name) for name in ("client_country", "assistant_country", "governing_law")))


def are_one_country(first: Place, second: Place) -> bool:
    return country_of(first.code) == country_of(second.code)


def _place(seen: Examination, fact: str) -> Place | None:
    code = seen.outline.deal.fact(fact)
    if not isinstance(code, str) or not code:
        return None
    return Place(code, country_name_of(seen.library, code), facts_of(seen.library, code))


def _with_facts(*places: Place | None) -> Iterator[Place]:
    reported: set[str] = set()
    for place in places:
        if place is not None and place.facts is not None and place.code not in reported:
            reported.add(place.code)
            yield place
