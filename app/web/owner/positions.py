"""Positions: one clause family with its wordings side by side, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.agreement_text import ClauseText
from app.domain.answers import LEFT_OUT
from app.domain.clause import Position
from app.domain.contract_template import Library
from app.domain.questionnaire import PositionChoice
from app.domain.workflow import AgreementStatus
from app.services.answering import Draft, choose_position, read_draft
from app.services.assessment import assess_agreement
from app.web import access
from app.web.kit import kit
from app.web.owner import sheet
from app.web.owner.page import render

blueprint = Blueprint("owner_positions", __name__, url_prefix="/agreements/<agreement_id>/positions")

BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Offer:
    """One wording as it would stand in this agreement."""

    position: Position
    clause: ClauseText
    html: Markup
    chosen: bool
    signed_off: bool
    sample: bool


@blueprint.get("/<family>")
@access.workspace(*access.OFFICE)
def show(agreement_id: str, family: str) -> ResponseReturnValue:
    draft = read_draft(kit(), agreement_id)
    if draft.agreement.status not in BEFORE_SENDING:
        return redirect(url_for("owner_agreements.show", agreement_id=agreement_id))
    choice = _choice(draft, family)
    return render(
        "positions.html",
        draft=draft,
        agreement=draft.agreement,
        choice=choice,
        offers=[_offer(draft, choice, position) for position in choice.available],
        left_out=LEFT_OUT,
    )


@blueprint.post("/<family>")
@access.workspace(*access.OFFICE)
def choose(agreement_id: str, family: str) -> ResponseReturnValue:
    draft = choose_position(kit(), access.actor(), agreement_id, family, request.form.get("position", ""))
    choice = _choice(draft, family)
    taken = f"The position \u201c{choice.chosen}\u201d is taken" if choice.chosen else "It is left out"
    more = " The review before no longer holds." if draft.dropped_review else ""
    flash(f"{choice.title}: {taken}.{more}", "done")
    anchor = f"t-{family}" if choice.chosen else None
    return redirect(url_for("owner_drafts.show", agreement_id=agreement_id, _anchor=anchor))


def _choice(draft: Draft, family: str) -> PositionChoice:
    """Aborts with 404 for a family that the contract template does not have."""
    choice = next((one for one in draft.questionnaire.choices if one.family == family), None)
    return choice if choice is not None else abort(404)


def _offer(draft: Draft, choice: PositionChoice, position: Position) -> Offer:
    library: Library = kit().library.library()
    agreement = draft.agreement
    answers = replace(
        agreement.answers, positions={**agreement.answers.positions, choice.family: str(position)}
    )
    with kit().unit_of_work(read_only=True) as unit:
        assessed = assess_agreement(unit, library, replace(agreement, answers=answers), kit().clock.now())
    clause = next(one for one in assessed.text.clauses() if one.family == choice.family)
    return Offer(
        position=position,
        clause=clause,
        html=sheet.lay_out_wording(clause),
        chosen=choice.chosen is position,
        signed_off=clause.clause_id not in assessed.review.waiting,
        sample=assessed.review.sample,
    )
