"""The draft: an agreement is begun, and its questions are answered beside the live text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.contract_template import ContractTemplate, Purpose
from app.domain.errors import InvalidInput
from app.domain.workflow import AgreementStatus
from app.services import details, drafting, gate
from app.services.answering import Draft, give_answers, read_draft
from app.services.overview import search
from app.web import access
from app.web.kit import kit
from app.web.owner.draft_view import DraftView
from app.web.owner.form_answers import read_answers, read_json_answer
from app.web.owner.page import render
from app.web.owner.places import step_of, steps_of, visible

blueprint = Blueprint("owner_drafts", __name__)

BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
LARGEST_ANSWER = 256 * 1024  # bytes
MORE_PEOPLE = 500
PURPOSES = {
    Purpose.AGREEMENT: "What kind of agreement?",
    Purpose.ADDENDUM: "Or a paper beside an agreement that you have",
    Purpose.STATEMENT: "Or a paper beside an agreement that you have",
}


@blueprint.get("/agreements/new")
@access.workspace(*access.OFFICE)
def choose() -> ResponseReturnValue:
    """Choose a contract template and a person."""
    return _choose_page(request.args.get("template", ""), request.args.get("person", ""))


@blueprint.post("/agreements/new")
@access.workspace(*access.OFFICE)
def begin() -> ResponseReturnValue:
    template, person = request.form.get("template", ""), request.form.get("person", "")
    faults = {}
    if template not in kit().library.library().contract_templates:
        faults["template"] = "Choose what kind of agreement it is."
    if not person:
        faults["person"] = "Choose whom it is with."
    if faults:
        return _choose_page(template, person, faults), 422
    agreement = drafting.start_for_person(kit(), access.actor(), template, person)
    return redirect(url_for("owner_drafts.show", agreement_id=agreement.id))


@blueprint.post("/agreements/copy")
@access.workspace(*access.OFFICE)
def begin_from_earlier() -> ResponseReturnValue:
    """A draft with the answers of an earlier agreement, for the same person or another."""
    earlier, person = request.form.get("earlier", ""), request.form.get("with", "")
    if not earlier:
        faults = {"earlier": "Choose which agreement is copied."}
        return _choose_page("", person, faults), 422
    made = drafting.duplicate(kit(), access.actor(), earlier, person)
    flash(f"{made.number} is a copy. Check the names and dates in it.", "done")
    return redirect(url_for("owner_drafts.show", agreement_id=made.id))


@blueprint.get("/agreements/<agreement_id>/draft")
@access.workspace(*access.OFFICE)
def show(agreement_id: str) -> ResponseReturnValue:
    draft = read_draft(kit(), agreement_id)
    if draft.agreement.status not in BEFORE_SENDING:
        return redirect(url_for("owner_agreements.show", agreement_id=agreement_id))
    return _draft_page(draft, _asked_step(draft))


@blueprint.post("/agreements/<agreement_id>/draft")
@access.workspace(*access.OFFICE)
def save(agreement_id: str) -> ResponseReturnValue:
    """All answers of one step, without a script or on leaving the step."""
    draft = read_draft(kit(), agreement_id)
    step = _asked_step(draft)
    entered = read_answers(request.form, visible(steps_of(draft)[step - 1]))
    answered = give_answers(kit(), access.actor(), agreement_id, entered)
    if answered.faults:
        return _draft_page(answered, step, entered), 422
    leads_on = request.form.get("go") == "next"
    if not leads_on:
        # The same page, so that it can mark what these answers changed; sent again it changes nothing.
        return _draft_page(answered, min(step, len(steps_of(answered))))
    if step < len(steps_of(answered)):
        return redirect(url_for("owner_drafts.show", agreement_id=agreement_id, step=step + 1))
    return redirect(url_for("owner_sending.show", agreement_id=agreement_id))


@blueprint.post("/agreements/<agreement_id>/draft/answer")
@access.workspace(*access.OFFICE)
def answer(agreement_id: str) -> ResponseReturnValue:
    """One answer from the script of the page; the answer holds what the page must change.

    {key, value, step, revision, marked} -> see DraftView.changes.
    """
    if (request.content_length or 0) > LARGEST_ANSWER:
        abort(413)
    sent = request.get_json()
    if not isinstance(sent, Mapping) or not isinstance(sent.get("key"), str):
        abort(400)
    key = sent["key"]
    draft = give_answers(kit(), access.actor(), agreement_id, {key: read_json_answer(sent.get("value"))})
    view = DraftView(draft, _number(sent.get("step"), len(steps_of(draft))))
    return jsonify(view.changes(_number(sent.get("revision"), 10**9, least=-1), _texts(sent.get("marked"))))


@blueprint.post("/agreements/<agreement_id>/draft/accept-gap")
@access.workspace(*access.OFFICE)
def accept_gap(agreement_id: str) -> ResponseReturnValue:
    code, reason = request.form.get("code", ""), request.form.get("reason", "")
    try:
        gate.accept_gap(kit(), access.actor(), agreement_id, code, reason)
    except InvalidInput as error:
        flash(f"{error.message} {error.remedy}", "stop")
    else:
        flash(f"{code} has no clause, and your reason is recorded.", "done")
    return _back(agreement_id)


@blueprint.post("/agreements/<agreement_id>/draft/ask-details")
@access.workspace(*access.OFFICE)
def ask_details(agreement_id: str) -> ResponseReturnValue:
    """Ask the other party for what only they know, by a link."""
    try:
        details.request_details(kit(), access.actor(), agreement_id, request.form.get("role", ""))
    except InvalidInput as error:
        flash(f"{error.message} {error.remedy}", "stop")
    else:
        flash("The question is queued. What is answered appears here.", "done")
    return _back(agreement_id)


def _choose_page(template: str, person: str, faults: Mapping[str, str] | None = None) -> str:
    with kit().unit_of_work(read_only=True) as unit:
        people = unit.people.list()[:MORE_PEOPLE]
    library = kit().library.library()
    return render(
        "new_agreement.html",
        templates=_by_purpose(library.contract_templates.values()),
        people=people,
        countries=library.jurisdictions,
        chosen_template=template,
        chosen_person=person,
        earlier=search(kit(), access.actor())[0],
        faults=faults or {},
    )


def _by_purpose(templates: Iterable[ContractTemplate]) -> list[tuple[str, list[ContractTemplate]]]:
    """(heading, templates): agreements first, the shorter ones before the longer ones."""
    found: dict[str, list[ContractTemplate]] = {}
    for template in sorted(templates, key=lambda one: (list(Purpose).index(one.purpose), len(one.slots()))):
        found.setdefault(PURPOSES[template.purpose], []).append(template)
    return list(found.items())


def _draft_page(draft: Draft, step: int, entered: Mapping[str, object] | None = None) -> str:
    view = DraftView(draft, step, entered or {})
    return render("draft.html", view=view, draft=draft, agreement=draft.agreement, **view.asked_details())


def _asked_step(draft: Draft) -> int:
    """The step of the address: by number, or the one that asks a question."""
    asked = step_of(draft, request.args.get("question", ""))
    return asked or _number(request.args.get("step"), len(steps_of(draft)))


def _number(value: Any, largest: int, least: int = 1) -> int:
    """A whole number between `least` and `largest`; `least` for nonsense."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:9])
    if not isinstance(value, int) or isinstance(value, bool):
        return least
    return max(least, min(value, largest))


def _texts(value: Any) -> frozenset[str]:
    items = value if isinstance(value, list) else []
    return frozenset(item for item in items if isinstance(item, str))


def _back(agreement_id: str) -> ResponseReturnValue:
    step = _number(request.form.get("step"), 99)
    return redirect(url_for("owner_drafts.show", agreement_id=agreement_id, step=step))

