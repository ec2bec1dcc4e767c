"""Where an agreement will be enforced: the proposal beside the draft, the outlook, the findings."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.agreement import Agreement
from app.domain.clause import Position
from app.domain.contract_template import Library
from app.domain.deal import Deal, open_deal
from app.domain.enforcement.outlook import OutlookPoint, describe_outlook
from app.domain.enforcement.proposal import (
    ARBITRATION_FAMILY,
    COURTS_FAMILY,
    LANGUAGE,
    LAW,
    POSITION,
    RULES,
    SEAT,
    SECOND_LANGUAGE,
    SIGNING_FAMILY,
    EnforcementProposal,
    Route,
    propose,
)
from app.domain.enforcement.routes import country_name_of
from app.domain.finding import Finding
from app.domain.lint.enforcement_rules import RULE_IDS
from app.domain.printing import law_name, print_option
from app.services.answering import Draft, read_draft
from app.toolkit import Toolkit

ASK_STATE = "the law of your own state"
COURTS_WORDS = {
    Position.STRICT: "the courts where your business is",
    Position.STANDARD: "the courts where the assistant is",
    Position.FALLBACK: "the courts where the party that is sued is",
}


@dataclass(frozen=True, slots=True)
class ProposedPoint:
    """One line of the proposal. `key` is the question, or "position:" + family.

    proposed and in_draft: as a person reads them; in_draft is "" where the draft says nothing.
    follows: the draft says what is proposed. applies: False for what belongs to an arbitration that
    the draft does not have.
    """

    key: str
    subject: str
    proposed: str
    in_draft: str
    reason: str
    follows: bool
    applies: bool = True


@dataclass(frozen=True, slots=True)
class EnforcementReport:
    """proposal is None while one of the two countries is open; then there is no outlook either.

    places: code -> name of every country or state in the outlook, in its order.
    """

    draft: Draft
    proposal: EnforcementProposal | None
    client: str
    assistant: str
    points: tuple[ProposedPoint, ...]
    outlook: tuple[OutlookPoint, ...]
    places: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def agreement(self) -> Agreement:
        return self.draft.agreement


def read_enforcement(kit: Toolkit, agreement_id: str) -> EnforcementReport:
    """Everything for one agreement, from the answers as they stand. Raises NotFound."""
    draft = read_draft(kit, agreement_id)
    library = kit.library.library()
    deal = open_deal(library, draft.contract_template, draft.agreement.answers)
    client, assistant = _fact(deal, "client_country"), _fact(deal, "assistant_country")
    proposal = propose(
        library,
        client_country=client,
        assistant_country=assistant,
        assistant_kind=_fact(deal, "assistant_kind") or None,
    )
    outlook = () if proposal is None else _outlook(library, deal, client, assistant)
    return EnforcementReport(
        draft=draft,
        proposal=proposal,
        client=country_name_of(library, client),
        assistant=country_name_of(library, assistant),
        points=() if proposal is None else _points(deal, proposal),
        outlook=outlook,
        places=tuple(dict.fromkeys((one.code, country_name_of(library, one.code)) for one in outlook)),
        findings=tuple(one for one in draft.assessment.findings if one.rule in RULE_IDS),
    )


def _outlook(library: Library, deal: Deal, client: str, assistant: str) -> tuple[OutlookPoint, ...]:
    return describe_outlook(
        library,
        client_country=client,
        assistant_country=assistant,
        governing_law=_fact(deal, "governing_law"),
        seat=_answer(deal, ARBITRATION_FAMILY, "seat"),
    )


def _points(deal: Deal, proposal: EnforcementProposal) -> tuple[ProposedPoint, ...]:
    points = [_law(deal, proposal), _route(deal, proposal)]
    if proposal.route is Route.ARBITRATION:
        points.append(_option(deal, proposal, SEAT, "Seat", proposal.seat))
        points.append(_option(deal, proposal, RULES, "Rules", proposal.rules))
        points.append(_language(deal, proposal))
    if proposal.second_language:
        points.append(_second_language(deal, proposal))
    return tuple(points)


def _language(deal: Deal, proposal: EnforcementProposal) -> ProposedPoint:
    """No clause asks for it: all are in English."""
    arbitrated = deal.selection.has(ARBITRATION_FAMILY)
    english, reason = proposal.language, proposal.reasons[LANGUAGE]
    return ProposedPoint(LANGUAGE, "Language", english, english, reason, arbitrated, arbitrated)


def _law(deal: Deal, proposal: EnforcementProposal) -> ProposedPoint:
    chosen = _fact(deal, "governing_law")
    proposed = f"the law of {law_name(deal, proposal.governing_law)}" if proposal.governing_law else ASK_STATE
    states = f"{proposal.client_country}-"
    follows = chosen == proposal.governing_law if proposal.governing_law else chosen.startswith(states)
    in_draft = f"the law of {law_name(deal, chosen)}" if chosen else ""
    return ProposedPoint(LAW, "Governing law", proposed, in_draft, proposal.reasons[LAW], follows)


def _route(deal: Deal, proposal: EnforcementProposal) -> ProposedPoint:
    family = COURTS_FAMILY if proposal.route is Route.COURTS else ARBITRATION_FAMILY
    proposed = "arbitration" if proposal.route is Route.ARBITRATION else COURTS_WORDS[Position.STRICT]
    in_draft = _route_in_draft(deal)
    key = POSITION + family
    return ProposedPoint(
        key, "Court or arbitration", proposed, in_draft, proposal.reasons[key], in_draft == proposed
    )


def _route_in_draft(deal: Deal) -> str:
    courts = deal.selection.by_family.get(COURTS_FAMILY)
    found = [COURTS_WORDS[courts.position]] if courts else []
    if deal.selection.has(ARBITRATION_FAMILY):
        found.append("arbitration")
    return " and ".join(found)


def _option(
    deal: Deal, proposal: EnforcementProposal, key: str, subject: str, value: str
) -> ProposedPoint:
    name = key.partition(".")[2]
    chosen = _answer(deal, ARBITRATION_FAMILY, name)
    reason, follows = proposal.reasons[key], chosen == value
    applies = deal.selection.has(ARBITRATION_FAMILY)
    proposed, in_draft = _print(deal, name, value), _print(deal, name, chosen)
    return ProposedPoint(key, subject, proposed, in_draft, reason, follows, applies)


def _print(deal: Deal, name: str, value: str) -> str:
    clause = deal.library.clause(ARBITRATION_FAMILY, Position.STRICT)
    parameter = clause.parameters.get(name) if clause else None
    return print_option(deal, parameter.options, value) if parameter else value


def _second_language(deal: Deal, proposal: EnforcementProposal) -> ProposedPoint:
    chosen = _answer(deal, SIGNING_FAMILY, "language")
    return ProposedPoint(
        SECOND_LANGUAGE,
        "Second language",
        f"English and {proposal.second_language}",
        f"English and {chosen}" if chosen else "English only",
        proposal.reasons[SECOND_LANGUAGE],
        bool(chosen),
    )


def _fact(deal: Deal, name: str) -> str:
    value = deal.fact(name)
    return value if isinstance(value, str) else ""


def _answer(deal: Deal, family: str, name: str) -> str:
    """The effective answer to a parameter of a family that is in the draft, or ""."""
    clause = deal.selection.by_family.get(family)
    value = deal.value(clause, name) if clause is not None and name in clause.parameters else None
    return value if isinstance(value, str) else ""
