"""One clause version: its text, redlines, history, what it touches, and the lawyer's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.clause import Clause
from app.domain.errors import AppError, InvalidInput, WrongState
from app.domain.review import Decision, SignOff
from app.services.review import sign_off_clauses
from app.services.review_queue import Queue, WaitingClause, read_queue
from app.web import access
from app.web.errors import status_of
from app.web.kit import kit
from app.web.lawyer import wording
from app.web.lawyer.blueprint import blueprint
from app.web.lawyer.clause_view import find_clause, read_view
from app.web.lawyer.forms import ClauseDecision, suggested_laws
from app.web.lawyer.page import render

YEAR = timedelta(days=365)
FIELD_OF = {
    "comment-missing": "words",
    "comment-long": "words",
    "expiry-invalid": "last_day",
    "jurisdiction-missing": "laws",
    "jurisdiction-unknown": "laws",
    "template-missing": "contract_templates",
    "template-unknown": "contract_templates",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands among those that wait, from 1; 0 for one that does not wait."""

    number: int
    total: int
    following: str  # the clause id after it, "" at the end
    waiting: WaitingClause | None


@blueprint.get("/clauses/<clause_id>")
@access.workspace(*access.EVERYBODY)
def clause(clause_id: str) -> ResponseReturnValue:
    found = find_clause(clause_id)
    if access.account().part is not Part.LAWYER:
        return _page(found, None, None)
    place = _place(read_queue(kit()), found, request.args.get("category", ""))
    return _page(found, _fresh_form(found, place), place)


@blueprint.post("/clauses/<clause_id>")
@access.workspace(Part.LAWYER)
def decide(clause_id: str) -> ResponseReturnValue:
    """Record the decision on the text with the digest that the page showed; go on to the next."""
    found = find_clause(clause_id)
    place = _place(read_queue(kit()), found, request.form.get("category", ""))
    form = ClauseDecision(kit().library.library(), _suggested(found, place))
    if not form.validate_on_submit():
        return _page(found, form, place), 422
    try:
        (recorded,) = sign_off_clauses(
            kit(), access.actor(), [(found.id, form.text("digest"))], form.decided()
        )
    except InvalidInput as error:
        field = form[FIELD_OF.get(error.code, "words")]
        field.errors = [f"{error.message} {error.remedy}"]
        return _page(found, form, place), 422
    except WrongState as error:
        # The words entered stay; what is shown and bound now is the present text.
        form.digest.data = found.digest
        return _page(found, form, place, stale=error), status_of(error)
    flash(_recorded(found, recorded), "done")
    if place.following:
        return redirect(
            url_for("lawyer.clause", clause_id=place.following, category=form.text("category") or None)
        )
    return redirect(url_for("lawyer.queue"))


def _page(
    found: Clause, form: ClauseDecision | None, place: Place | None, stale: AppError | None = None
) -> str:
    waits = place is not None and bool(place.number)
    return render(
        "clause.html",
        room="lawyer.queue" if waits else "lawyer.library",
        view=read_view(found),
        form=form,
        place=place,
        stale=stale,
        category=request.values.get("category", ""),
    )


def _place(queue: Queue, found: Clause, category: str) -> Place:
    waiting = [one for one in queue.clauses if not category or one.clause.category == category]
    ids = [one.clause.id for one in waiting]
    if found.id not in ids:
        return Place(0, len(ids), ids[0] if ids else "", None)
    index = ids.index(found.id)
    rest = [*ids[index + 1 :], *ids[:index]]
    return Place(index + 1, len(ids), rest[0] if rest else "", waiting[index])


def _fresh_form(found: Clause, place: Place) -> ClauseDecision:
    """Nothing is decided beforehand: no decision, no law and no contract template is chosen."""
    account = access.account()
    return ClauseDecision(
        kit().library.library(),
        _suggested(found, place),
        formdata=None,
        digest=found.digest,
        category=request.args.get("category", ""),
        last_day=(kit().clock.now() + YEAR).date(),
        bar_number=account.bar_number,
        bar_jurisdiction=account.bar_jurisdiction,
    )


def _suggested(found: Clause, place: Place) -> tuple[str, ...]:
    asked_for = place.waiting.asked_for if place.waiting else ()
    return suggested_laws(kit().library.library(), found, asked_for, access.account().bar_jurisdiction)


def _recorded(found: Clause, decision: SignOff) -> str:
    named = f"Recorded: {found.title}, {found.position}, version {found.version}."
    if decision.decision is Decision.REFUSED:
        return f"{named} Refused."
    scope = wording.scope(kit().library.library(), decision)
    return f"{named} {wording.DECISIONS[decision.decision][2]} {scope}."
