"""Recommended law, court or arbitration, seat and rules: what `enforcement` proposes for the countries."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.answers import LEFT_OUT
from app.domain.enforcement.proposal import (
    ARBITRATION_FAMILY,
    COURTS_FAMILY,
    POSITION,
    EnforcementProposal,
    propose,
)
from app.domain.guidance.advice import FamilyAdvice, Recommendation
from app.domain.guidance.known import Known


def enforcement_of(known: Known) -> EnforcementProposal | None:
    """None while one of the countries is open."""
    client, assistant = known.country("client_country"), known.country("assistant_country")
    kind = known.fact("assistant_kind")
    return propose(
        known.library,
        client_country=client,
        assistant_country=assistant,
        assistant_kind=kind if isinstance(kind, str) else None,
    )


def recommend_disputes(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """(question key, recommendation) of what the clauses on disputes and signing ask."""
    proposal = enforcement_of(known)
    if proposal is not None:
        for key, value in proposal.answers.items():
            yield key, Recommendation(value, proposal.reasons[key])


def advise_disputes(known: Known) -> Iterator[tuple[str, FamilyAdvice]]:
    """(family, advice): arbitration or courts, and whether two languages are needed.

    Arbitration and courts exclude each other: where the owner has chosen one, or left one out, the
    advice about the other follows.
    """
    proposal = enforcement_of(known)
    if proposal is None:
        return
    for family, position in proposal.positions.items():
        because = proposal.reasons.get(POSITION + family, "")
        if family in _OTHER:
            yield family, FamilyAdvice(_route(known, family, position), because)
        else:
            yield family, FamilyAdvice(position, because)


def _route(known: Known, family: str, proposed: str) -> str:
    """LEFT_OUT, or "" for the template's own position of the family."""
    other = known.answers.positions.get(_OTHER[family])
    if other is not None:
        return "" if other == LEFT_OUT else LEFT_OUT
    return LEFT_OUT if proposed == LEFT_OUT else ""


_OTHER = {COURTS_FAMILY: ARBITRATION_FAMILY, ARBITRATION_FAMILY: COURTS_FAMILY}
