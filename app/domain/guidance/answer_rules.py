"""Recommended answers that follow from people, countries and kinds of data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from app.domain.clause import Answer, Role
from app.domain.guidance.advice import Recommendation
from app.domain.guidance.forcing import SECTOR_ANNEX, needs_processing_terms, regimes_of
from app.domain.guidance.known import Known
from app.domain.territory import EUROPEAN_UNION, EUROPEAN_UNION_MEMBERS

Found: TypeAlias = Iterator[tuple[str, Answer, str]]

# The law on personal data that comes with a place, as the data-processing clauses name it.
PRIVACY_LAWS: Mapping[str, str] = MappingProxyType(
    {
        EUROPEAN_UNION: "gdpr",
        "GB": "uk",
        "PH": "philippines",
        "IN": "india",
        "US-CA": "california",
        "CA": "canada",
        "AU": "australia",
        "NZ": "new_zealand",
        "SG": "singapore",
        "KE": "kenya",
        "ZA": "south_africa",
        "NG": "nigeria",
        "BR": "brazil",
        "IL": "israel",
        "ID": "indonesia",
    }
)
_SUBJECT_LENGTH = 200
_AUTHORITY_LENGTH = 120


def recommend_answers(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """(question key, recommendation) of every rule that has something to say."""
    for rule in _RULES:
        for key, value, because in rule(known):
            yield key, Recommendation(value, because)


def _notice_addresses(known: Known) -> Found:
    for side, parameter in ((Role.CLIENT, "client_notice_email"), (Role.ASSISTANT, "assistant_notice_email")):
        who = known.signer(side)
        if who is not None and who.email:
            yield f"general.{parameter}", who.email, "It is the address of the person who signs."


def _client_people(known: Known) -> Found:
    """One person of a small business usually directs, receives reports and minds the backups."""
    who = known.signer(Role.CLIENT)
    if who is None or not who.name:
        return
    words = f"{who.name}, {who.capacity}" if who.capacity else who.name
    yield "directives.directors", [words], f"{who.name} signs for your business. Add others who give tasks."
    yield "backups.backup_owner", words, f"{who.name} signs for your business."
    if who.email:
        because = f"It is the address of {who.name}, who signs for your business."
        yield "incident-notice.channel", who.email, because


def _assistant_people(known: Known) -> Found:
    who = known.signer(Role.ASSISTANT)
    if who is not None and who.name:
        because = f"{who.name} signs for the assistant."
        yield "security-framework.contact", who.name, because
        if who.email:
            yield "data-transfers.importer_contact", f"{who.name}, {who.email}", because


def _regimes(known: Known) -> Found:
    regimes = regimes_of(known)
    if regimes:
        yield (
            f"{SECTOR_ANNEX}.regimes",
            list(regimes),
            "They follow from the kinds of sensitive data that you ticked.",
        )


def _privacy_laws(known: Known) -> Found:
    if not needs_processing_terms(known) and known.fact("personal_data") is False:
        return
    places = known.people_in() | known.places("client_country") | known.places("assistant_country")
    laws = [law for place, law in PRIVACY_LAWS.items() if place in places]
    if laws:
        because = "They are the laws of where the individuals live, where you are and where the work is done."
        yield "data-processing.laws", laws, because


def _processing(known: Known) -> Found:
    tasks = known.listed("permitted-purpose", "tasks") or known.listed("services", "tasks")
    subject = "; ".join(tasks)
    if 0 < len(subject) <= _SUBJECT_LENGTH:
        yield "data-processing.subject", subject, "It is the work that you described."
    yield (
        "data-processing.purpose",
        "the work that this agreement describes",
        "Information about individuals may be used for the agreed work alone.",
    )


def _transfers(known: Known) -> Found:
    rules = [rule for place, rule in ((EUROPEAN_UNION, "eu"), ("GB", "uk")) if place in known.people_in()]
    if rules:
        yield "data-transfers.rules", rules, "They follow from where the individuals live."
    country = known.country("client_country")
    if country in EUROPEAN_UNION_MEMBERS:
        yield "data-transfers.member_state", country, "It is the member state where your business is."
        facts = known.library.jurisdiction_facts.get(country)
        if facts is not None and len(facts.data_protection.regulator) <= _AUTHORITY_LENGTH:
            because = "It is the authority of the member state where your business is."
            yield "data-transfers.authority", facts.data_protection.regulator, because
    who = known.signer(Role.CLIENT)
    if who is not None and who.name and who.email:
        because = f"{who.name} signs for your business."
        yield "data-transfers.exporter_contact", f"{who.name}, {who.email}", because


_RULES: tuple[Callable[[Known], Found], ...] = (
    _notice_addresses,
    _client_people,
    _assistant_people,
    _regimes,
    _privacy_laws,
    _processing,
    _transfers,
)
