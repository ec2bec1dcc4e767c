"""Rules on what the law of the Assistant's country, or the chosen law, makes of single clauses."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.clause import Clause, Position
from app.domain.enforcement import wording
from app.domain.enforcement.outlook import say_agreed_sum
from app.domain.enforcement.reasons import capital
from app.domain.finding import Finding
from app.domain.jurisdiction_facts import JurisdictionFacts
from app.domain.lint.advice_rules import AGREED_COMPENSATION
from app.domain.lint.enforcement_view import ASK, Place, places_of
from app.domain.lint.examination import Examination, Rule, error, info, warning
from app.domain.territory import named_among

WORK_PRODUCT = "work-product"
SIGNING = "signing-electronically"
# A clause restrains after the end of the agreement if it asks for how long: parameters so named.
COMPETE_MONTHS = "compete_months"
SOLICIT_MONTHS = "solicit_months"
_FORBIDDEN = ("unlawful", "void")  # words of `post_term_non_compete`


def non_compete_void(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None:
        return
    for clause in _clauses_asking(seen, COMPETE_MONTHS):
        for place in places.home_and_law():
            word = _coded(place, "post_term_non_compete")
            if word not in (*_FORBIDDEN, "unenforceable"):
                continue
            plain = word in _FORBIDDEN and _is_reliable(place, "post_term_non_compete")
            yield (error if plain else warning)(
                "non-compete-void",
                _say(wording.NON_COMPETE[word], place),
                "Take the ban out; confidentiality goes on protecting you.",
                where=seen.place_of(clause.family),
                subject=clause.family,
            )


def non_solicit_void(seen: Examination) -> Iterator[Finding]:
    """Where the clause itself excludes the country, `jurisdiction-excluded` has said so."""
    places = places_of(seen)
    if places is None:
        return
    for clause in _clauses_asking(seen, SOLICIT_MONTHS):
        for place in places.home_and_law():
            excluded = named_among(clause.jurisdictions.excluded, (place.code,))
            if _coded(place, "post_term_non_solicit") != "void" or excluded:
                continue
            plain = _is_reliable(place, "post_term_non_solicit")
            yield (error if plain else warning)(
                "non-solicit-void",
                f"A promise not to solicit after the end is void in {place.name}.",
                "Choose a position without it; confidentiality goes on protecting you.",
                where=seen.place_of(clause.family),
                subject=clause.family,
            )


def agreed_sum_capped(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None or not seen.outline.deal.selection.has(AGREED_COMPENSATION):
        return
    for place in places.home_and_law():
        if place.facts is None or place.facts.coded.agreed_sum != "capped":
            continue
        # The law of the contract decides; the Assistant's own law can only come in from the side.
        yield (warning if place is places.law or place.code == _code(places.law) else info)(
            "agreed-sum-capped",
            _say(say_agreed_sum(place.facts), place),
            "Keep the sum below that limit, or claim the loss that you can prove.",
            where=seen.place_of(AGREED_COMPENSATION),
            subject=AGREED_COMPENSATION,
        )


def agreed_sum_reducible(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None or not seen.outline.deal.selection.has(AGREED_COMPENSATION):
        return
    words = ("reduced_by_court", "reduced_not_beside_damages", "reasonable_compensation")
    for place in places.home_and_law():
        if place.facts is None or place.facts.coded.agreed_sum not in words:
            continue
        certain = _is_reliable(place, "agreed_sum")
        remedy = "Keep the sum near the loss that you expect, and say how you worked it out."
        yield info(
            "agreed-sum-reducible",
            _say(say_agreed_sum(place.facts), place),
            remedy if certain else f"{remedy} {ASK}",
            where=seen.place_of(AGREED_COMPENSATION),
            subject=AGREED_COMPENSATION,
        )


def ip_form_insufficient(seen: Examination) -> Iterator[Finding]:
    """A transfer of rights; the fallback position is a licence that needs no form."""
    places, clause = places_of(seen), seen.outline.deal.selection.by_family.get(WORK_PRODUCT)
    if places is None or clause is None or clause.position is Position.FALLBACK:
        return
    for place in places.home_and_law():
        form = _coded(place, "ip_assignment_form")
        if form not in ("certified_or_ink", "certified_preferred", "licence_only"):
            continue
        remedy = "Have the transfer signed apart in ink or with a certified signature, or take a licence."
        if form == "licence_only":
            remedy = "Rely on the right of use in this clause, and name the kinds of use that you need."
        plain = form == "certified_or_ink" and _is_reliable(place, "ip_assignment_form")
        yield (warning if plain else info)(
            "ip-form-insufficient",
            _say(wording.IP_FORM[form], place),
            remedy,
            where=seen.place_of(WORK_PRODUCT),
            subject=WORK_PRODUCT,
        )


def signature_form_insufficient(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None:
        return
    for place in places.home_and_law():
        if place.facts is None or place.facts.esign.simple_ok == "yes":
            continue
        refused = place.facts.esign.simple_ok == "no" and _is_reliable(place, "safe_signature")
        yield (warning if refused else info)(
            "signature-form-insufficient",
            _say(wording.SIMPLE_SIGNATURE[place.facts.esign.simple_ok], place),
            wording.SAFE_SIGNATURE[place.facts.coded.safe_signature] or ASK,
            where=place.code,
            subject=SIGNING,
        )


def stamp_duty_due(seen: Examination) -> Iterator[Finding]:
    places = places_of(seen)
    if places is None or places.assistant is None or places.assistant.facts is None:
        return
    word = places.assistant.facts.coded.stamp_duty
    if word not in ("yes", "check"):
        return
    due = word == "yes" and _is_reliable(places.assistant, "stamp_duty")
    yield (warning if due else info)(
        "stamp-duty-due",
        _say(wording.STAMP_DUTY[word], places.assistant),
        "Pay it in time and keep the receipt with the record: late stamping may cost a penalty."
        if due
        else ASK,
        where=places.assistant.code,
        subject=places.assistant.code,
    )


def language_version_needed(seen: Examination) -> Iterator[Finding]:
    """A position that asks for a second language is a bilingual one."""
    places, clause = places_of(seen), seen.outline.deal.selection.by_family.get(SIGNING)
    if places is None or (clause is not None and "language" in clause.parameters):
        return
    for place in places.parties():
        word = _coded(place, "contract_language")
        if word not in ("required", "regional") or place.facts is None:
            continue
        verdict, sentence = wording.CONTRACT_LANGUAGE[word]
        said = (verdict, sentence.replace("{language}", place.facts.coded.contract_language_name))
        needed = word == "required" and _is_reliable(place, "contract_language")
        yield (warning if needed else info)(
            "language-version-needed",
            _say(said, place),
            "Choose the strict position of signing electronically, which is in two languages.",
            where=place.code,
            subject=SIGNING,
        )


def _clauses_asking(seen: Examination, name: str) -> Iterator[Clause]:
    """The clauses with this parameter, unless the answers hide its question."""
    deal = seen.outline.deal
    for clause in seen.clauses:
        parameter = clause.parameters.get(name)
        if parameter is not None and deal.is_asked(clause, parameter):
            yield clause


def _coded(place: Place, field: str) -> str:
    facts: JurisdictionFacts | None = place.facts
    return str(getattr(facts.coded, field)) if facts is not None else ""


def _code(place: Place | None) -> str:
    return place.code if place is not None else ""


def _is_reliable(place: Place, field: str) -> bool:
    return place.facts is not None and place.facts.is_reliable(field)


def _say(said: wording.Said, place: Place) -> str:
    sentence = said[1].replace("{there}", place.name).replace("{There}", capital(place.name))
    return capital(sentence)


RULE_IDS = frozenset(
    {
        "non-compete-void",
        "non-solicit-void",
        "agreed-sum-capped",
        "agreed-sum-reducible",
        "ip-form-insufficient",
        "signature-form-insufficient",
        "stamp-duty-due",
        "language-version-needed",
    }
)
RULES: tuple[Rule, ...] = (
    non_compete_void,
    non_solicit_void,
    agreed_sum_capped,
    agreed_sum_reducible,
    ip_form_insufficient,
    signature_form_insufficient,
    stamp_duty_due,
    language_version_needed,
)
