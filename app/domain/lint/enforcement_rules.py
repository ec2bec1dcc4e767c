"""Rules on law, court, seat and arbitration clause: whether a decision can be enforced.

An error only where a coded field that is not to be checked says that the choice cannot work.
Prose is never read.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.clause import Position
from app.domain.enforcement.outlook import GROUP_NAMES
from app.domain.enforcement.proposal import ARBITRATION_FAMILY, COURTS_FAMILY
from app.domain.enforcement.reasons import INSTRUMENT_NAMES, capital
from app.domain.enforcement.routes import DEPENDABLE, judgment_instrument
from app.domain.enforcement.seats import SEAT_BY_VALUE, refusal_of_seat
from app.domain.enforcement.travel import describe_judgment, say_refusal
from app.domain.finding import Finding
from app.domain.jurisdiction_facts import Confidence
from app.domain.lint import local_law_rules
from app.domain.lint.enforcement_view import ASK, are_one_country, places_of
from app.domain.lint.examination import Examination, Rule, error, info, warning

_HOPELESS = ("none", "treaty")  # words of `foreign_court_judgments`


def judgment_not_enforceable(seen: Examination) -> Iterator[Finding]:
    """Of the Client's courts only: the Assistant's own courts, or each party's, need no route."""
    places, clause = places_of(seen), seen.outline.deal.selection.by_family.get(COURTS_FAMILY)
    if places is None or clause is None or clause.position is not Position.STRICT:
        return
    client, assistant = places.client, places.assistant
    if client is None or assistant is None or are_one_country(client, assistant):
        return
    instrument = judgment_instrument(seen.library, client.code, assistant.code)
    if instrument in DEPENDABLE:
        return
    remedy = "Choose arbitration, or let the courts where the assistant lives decide."
    make = warning
    if instrument is not None:
        make = info
        message = (
            f"A money judgment of the courts of {client.name} may be enforced in {assistant.name} only under "
            f"{INSTRUMENT_NAMES[instrument]}, which must be checked."
        )
        remedy = f"{ASK} Arbitration is surer."
    elif assistant.facts is None:
        message = f"Nothing is known about judgments of the courts of {client.name} in {assistant.name}."
    else:
        _, said = describe_judgment(seen.library, assistant.facts, assistant.name, client.code)
        message = capital(said.replace("{There}", assistant.name).replace("{there}", assistant.name))
        hopeless = assistant.facts.coded.foreign_court_judgments in _HOPELESS
        if hopeless and assistant.facts.is_reliable("foreign_court_judgments"):
            make = error
    yield make(
        "judgment-not-enforceable", message, remedy, where=seen.place_of(COURTS_FAMILY), subject=COURTS_FAMILY
    )


def seat_not_recognised(seen: Examination) -> Iterator[Finding]:
    places, clause = places_of(seen), seen.outline.deal.selection.by_family.get(ARBITRATION_FAMILY)
    if places is None or clause is None:
        return
    seat = SEAT_BY_VALUE.get(str(seen.outline.deal.value(clause, "seat")))
    if seat is None:
        return
    for place in places.parties():
        refusal = refusal_of_seat(place.facts, seat.country)
        if not refusal or place.facts is None:
            continue
        # An award against the Client's own business is the Assistant's concern.
        plain = place is places.assistant and place.facts.is_reliable("award_seats")
        yield (error if plain else warning)(
            "seat-not-recognised",
            say_refusal(refusal, place.name, seat.city),
            "Choose another seat, such as Singapore or London.",
            where=seen.place_of(ARBITRATION_FAMILY),
            subject=f"{ARBITRATION_FAMILY}.seat",
        )


def governing_law_unconnected(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None or places.law is None or places.client is None or places.assistant is None:
        return
    if any(are_one_country(places.law, party) for party in (places.client, places.assistant)):
        return
    facts = places.law.facts
    strict = facts is not None and facts.coded.law_without_connection == "needs_connection"
    message = f"Neither side is in {places.law.name}, whose law is chosen."
    if strict:
        message += " For such a contract that law asks for a real connection with one of the parties."
    remedy = f"Choose the law of {places.client.name}, or ask a lawyer."
    yield (warning if strict else info)(
        "governing-law-unconnected", message, remedy, where=places.law.code, subject="deal.governing_law"
    )


def foreign_law_doubtful(seen: Examination) -> Iterator[Finding]:
    """Courts where the Assistant lives, or its mandatory law, may not follow the chosen law."""
    places = places_of(seen)
    if places is None or places.law is None or places.assistant is None:
        return
    facts = places.assistant.facts
    if facts is None or are_one_country(places.law, places.assistant):
        return
    there, rule, subject = places.assistant.name, "foreign-law-doubtful", "deal.governing_law"
    courts = seen.outline.deal.selection.by_family.get(COURTS_FAMILY)
    local_courts = courts is not None and courts.position is not Position.STRICT
    if facts.coded.foreign_governing_law == "arbitration_only" and local_courts:
        message = f"The courts of {there} may not apply the law of {places.law.name}."
        remedy = f"Choose arbitration, or the law of {there}."
        yield warning(rule, message, remedy, where=seen.place_of(COURTS_FAMILY), subject=subject)
    if facts.coded.foreign_governing_law == "local_law_may_apply":
        message = f"The law of {there} may apply to standard terms agreed online, whatever law is chosen."
        remedy = f"Negotiate the terms and keep a record of it. {ASK}"
        yield info(rule, message, remedy, where=places.assistant.code, subject=subject)


def arbitration_clause_form(seen: Examination) -> Iterator[Finding]:
    places, clause = places_of(seen), seen.outline.deal.selection.by_family.get(ARBITRATION_FAMILY)
    if places is None or clause is None:
        return
    rule, where = "arbitration-clause-form", seen.place_of(ARBITRATION_FAMILY)
    for place in places.parties():
        form = place.facts.coded.arbitration_clause_form if place.facts else "plain"
        signed_apart = clause.initials and clause.prominent
        if form == "specific_signature" and not signed_apart:
            message = f"In {place.name} a standard arbitration clause binds only bold and signed apart."
            remedy = "Use a position that is printed bold and initialled."
            yield error(rule, message, remedy, where=where, subject=ARBITRATION_FAMILY)
        elif form == "express_acceptance":
            message = f"In {place.name} a standard arbitration clause must be accepted expressly in writing."
            remedy = "Have its initials given by qualified signature or ink."
            yield (info if clause.initials else warning)(
                rule, message, remedy, where=where, subject=ARBITRATION_FAMILY
            )
        elif form == "negotiated":
            message = f"In {place.name} an arbitration clause in a contract of adhesion may not bind."
            remedy = f"Negotiate the clause, keep a record of it and have it signed on its own. {ASK}"
            yield info(rule, message, remedy, where=where, subject=ARBITRATION_FAMILY)
        elif form == "authorised_signatory":
            message = f"A company in {place.name} is bound only if its signer may agree to arbitration."
            remedy = "Have the general manager sign, or a person with a special power, and keep a copy of it."
            yield info(rule, message, remedy, where=where, subject=ARBITRATION_FAMILY)


def facts_uncertain(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None:
        return
    named = {place.code: place for place in (places.assistant, places.law) if place is not None}
    for place in named.values():
        if place.facts is None:
            message = f"Nothing is known here about the law of {place.name}."
        else:
            rated = place.facts.confidence_by_group
            doubtful = [words for group, words in GROUP_NAMES.items()
                        if rated[group] is Confidence.CHECK]  # fmt: skip
            if not doubtful:
                continue
            message = f"For {place.name} these facts are not verified: {', '.join(doubtful)}."
        yield info("facts-uncertain", message, ASK, where=place.code, subject=place.code)


# The ids of these findings, for the page that shows them apart.
RULE_IDS = frozenset(
    {
        "judgment-not-enforceable",
        "seat-not-recognised",
        "governing-law-unconnected",
        "foreign-law-doubtful",
        "arbitration-clause-form",
        *local_law_rules.RULE_IDS,
        "facts-uncertain",
    }
)
RULES: tuple[Rule, ...] = (
    judgment_not_enforceable,
    seat_not_recognised,
    governing_law_unconnected,
    foreign_law_doubtful,
    arbitration_clause_form,
    *local_law_rules.RULES,
    facts_uncertain,
)
