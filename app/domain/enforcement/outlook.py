"""What to expect where the Assistant lives, point by point, for people.

The sentence of a point comes from coded fields, its detail is the prose of the file. A point whose
confidence is "check" always reads "ask a lawyer there".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.contract_template import Library
from app.domain.enforcement import wording
from app.domain.enforcement.reasons import capital
from app.domain.enforcement.routes import country_name_of, country_of, facts_of
from app.domain.enforcement.travel import describe_award, describe_judgment
from app.domain.enforcement.wording import Said, Verdict
from app.domain.jurisdiction_facts import Confidence, Group, JurisdictionFacts


class Topic(StrEnum):
    """The subjects, in the order in which they are shown."""

    AWARD = "award"
    JUDGMENT = "judgment"
    SIGNATURE = "electronic signature"
    AGREED_SUM = "agreed sums"
    NON_COMPETE = "non-compete"
    IP_ASSIGNMENT = "IP assignment"
    LANGUAGE = "language"
    STAMP_DUTY = "stamp duty"
    BREACH_NOTICE = "breach notice"
    CONTRACTOR_STATUS = "contractor status"
    EVERYTHING = "everything"  # of a country of which nothing is known


@dataclass(frozen=True, slots=True)
class OutlookPoint:
    """One subject in one country or state.

    sentence: from coded fields only. detail: the prose of the file. sources: as the file names
    them; "unconfirmed" among them means that a part has no citable source.
    """

    topic: Topic
    verdict: Verdict
    sentence: str
    detail: str
    confidence: Confidence
    sources: tuple[str, ...]
    code: str


# The groups that share one confidence, in words.
GROUP_NAMES: Mapping[Group, str] = MappingProxyType(
    {
        Group.NEW_YORK_CONVENTION: "arbitration awards",
        Group.HAGUE: "court judgments",
        Group.ESIGN: "electronic signatures",
        Group.DATA_PROTECTION: "data protection",
        Group.LIQUIDATED_DAMAGES: "agreed sums",
        Group.RESTRAINT_IP_LANGUAGE_STAMP: "restraints, intellectual property, language and stamp duty",
    }
)
# Subjects on which the law of the contract has a say beside the law of the Assistant's country.
LAW_TOPICS = (Topic.AGREED_SUM, Topic.NON_COMPETE, Topic.IP_ASSIGNMENT)


def describe_outlook(
    library: Library,
    *,
    client_country: str,
    assistant_country: str,
    governing_law: str = "",
    seat: str = "",
) -> tuple[OutlookPoint, ...]:
    """The points of the Assistant's country, then those that the law and the Client's country add.

    seat: option value of the arbitration clauses, or "" where courts decide.
    """
    points = list(_points_of(library, assistant_country, client_country, seat))
    if governing_law and governing_law not in (assistant_country, country_of(assistant_country)):
        law = _points_of(library, governing_law, client_country, seat)
        points += [point for point in law if point.topic in (*LAW_TOPICS, Topic.EVERYTHING)]
    if client_country != assistant_country:
        own = _points_of(library, client_country, client_country, seat)
        points += [point for point in own if point.topic is Topic.BREACH_NOTICE]
    return tuple(points)


def _points_of(library: Library, code: str, client: str, seat: str) -> Iterator[OutlookPoint]:
    facts = facts_of(library, code)
    there = country_name_of(library, code)
    if facts is None:
        sentence = f"{wording.NOTHING_KNOWN} {wording.ASK}".format(there=there)
        yield OutlookPoint(
            Topic.EVERYTHING, Verdict.ASK_A_LAWYER, sentence, "", Confidence.CHECK, (), code
        )
        return
    scene = _Scene(library, facts, code, there)
    yield scene.point(
        Topic.AWARD,
        describe_award(library, facts, there, seat),
        facts.foreign_judgments_and_awards,
        facts.confidence_of("award_seats"),
    )
    yield scene.point(
        Topic.JUDGMENT,
        describe_judgment(library, facts, there, client),
        facts.foreign_judgments_and_awards,
        facts.confidence_of("foreign_court_judgments"),
    )
    yield scene.signature()
    yield scene.agreed_sum()
    yield scene.non_compete()
    yield scene.ip_assignment()
    yield scene.language()
    yield scene.stamp_duty()
    yield scene.breach_notice()
    yield scene.point(
        Topic.CONTRACTOR_STATUS,
        (Verdict.WITH_CARE, wording.CONTRACTOR),
        facts.contractor_status,
        facts.confidence_by_group[Group.RESTRAINT_IP_LANGUAGE_STAMP],
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """One jurisdiction while its points are made."""

    library: Library
    facts: JurisdictionFacts
    code: str
    there: str

    def point(self, topic: Topic, said: Said, detail: str, confidence: Confidence) -> OutlookPoint:
        verdict, sentence = said
        sentence = sentence.replace("{there}", self.there).replace("{There}", capital(self.there))
        if confidence is Confidence.CHECK:
            verdict = Verdict.ASK_A_LAWYER
        if verdict is Verdict.ASK_A_LAWYER:
            sentence = f"{sentence} {wording.ASK}"
        return OutlookPoint(
            topic, verdict, capital(sentence), detail, confidence, self.facts.sources, self.code
        )

    def signature(self) -> OutlookPoint:
        esign = self.facts.esign
        verdict, sentence = wording.SIMPLE_SIGNATURE[esign.simple_ok]
        safe = wording.SAFE_SIGNATURE[self.facts.coded.safe_signature]
        said = (verdict, f"{sentence} {safe}".strip())
        detail = f"{esign.statute}; {esign.section}. {esign.notes}"
        return self.point(Topic.SIGNATURE, said, detail, self.facts.confidence_of("safe_signature"))

    def agreed_sum(self) -> OutlookPoint:
        return self.point(
            Topic.AGREED_SUM,
            say_agreed_sum(self.facts),
            self.facts.liquidated_damages,
            self.facts.confidence_of("agreed_sum"),
        )

    def non_compete(self) -> OutlookPoint:
        coded = self.facts.coded
        verdict, sentence = wording.NON_COMPETE[coded.post_term_non_compete]
        if coded.post_term_non_solicit == "void":
            sentence = f"{sentence} {wording.NON_SOLICIT_VOID}"
        confidence = self.facts.confidence_of("post_term_non_compete")
        return self.point(Topic.NON_COMPETE, (verdict, sentence), self.facts.non_compete, confidence)

    def ip_assignment(self) -> OutlookPoint:
        verdict, sentence = wording.IP_FORM[self.facts.coded.ip_assignment_form]
        if verdict is Verdict.WORKS and self.facts.esign.simple_ok != "yes":
            verdict = Verdict.WITH_CARE
            sentence = f"{sentence} {wording.SAFE_SIGNATURE[self.facts.coded.safe_signature]}"
        confidence = self.facts.confidence_of("ip_assignment_form")
        return self.point(
            Topic.IP_ASSIGNMENT, (verdict, sentence.strip()), self.facts.ip_assignment, confidence
        )

    def language(self) -> OutlookPoint:
        coded = self.facts.coded
        verdict, sentence = wording.CONTRACT_LANGUAGE[coded.contract_language]
        sentence = sentence.replace("{language}", coded.contract_language_name)
        if coded.court_language:
            verdict = Verdict.WITH_CARE
            sentence = f"{sentence} {wording.COURT_LANGUAGE.format(language=coded.court_language)}"
        detail = "" if self.facts.language == "none" else self.facts.language
        confidence = self.facts.confidence_of("contract_language")
        return self.point(Topic.LANGUAGE, (verdict, sentence), detail, confidence)

    def stamp_duty(self) -> OutlookPoint:
        said = wording.STAMP_DUTY[self.facts.coded.stamp_duty]
        detail = "" if self.facts.stamp_duty == "none" else self.facts.stamp_duty
        return self.point(Topic.STAMP_DUTY, said, detail, self.facts.confidence_of("stamp_duty"))

    def breach_notice(self) -> OutlookPoint:
        data = self.facts.data_protection
        period = data.breach_regulator_hours
        if isinstance(period, int):
            said: Said = (Verdict.WITH_CARE, wording.BREACH_HOURS.replace("{hours}", f"{period:,}"))
        else:
            said = wording.BREACH_WORD[period]
        parts = (
            data.statute,
            f"Regulator: {data.regulator}",
            f"Notice to individuals: {data.breach_individuals}",
            data.note,
        )
        detail = ". ".join(part.rstrip(".") for part in parts if part) + "."
        confidence = self.facts.confidence_by_group[Group.DATA_PROTECTION]
        return self.point(Topic.BREACH_NOTICE, said, detail, confidence)


def say_agreed_sum(facts: JurisdictionFacts) -> Said:
    """Verdict and sentence on agreed sums; `{there}` is still open."""
    verdict, sentence = wording.AGREED_SUM[facts.coded.agreed_sum]
    if facts.coded.agreed_sum == "capped":
        named = wording.CAPPED_OBLIGATION[facts.coded.agreed_sum_cap_of]
        cap = named.format(percent=facts.coded.agreed_sum_cap_percent)
        sentence = sentence.replace("{cap}", cap)
    return verdict, sentence
