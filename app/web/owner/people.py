"""People: the virtual assistants and companies that agreements are made with."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.person import Person
from app.services import people
from app.services.overview import PAGE
from app.web import access
from app.web.kit import kit
from app.web.owner.forms import PersonEntry
from app.web.owner.page import asked_page, render

blueprint = Blueprint("owner_people", __name__)


@blueprint.get("/people")
@access.workspace(*access.OFFICE)
def list_people() -> ResponseReturnValue:
    with kit().unit_of_work(read_only=True) as unit:
        everybody = unit.people.list()
    pages = max(1, -(-len(everybody) // PAGE))
    page = min(asked_page(), pages)
    countries = kit().library.library().jurisdictions
    return render(
        "people.html",
        people=everybody[(page - 1) * PAGE : page * PAGE],
        count=len(everybody),
        countries=countries,
        page=page,
        pages=pages,
    )


@blueprint.get("/people/add")
@access.workspace(*access.OFFICE)
def show_add() -> ResponseReturnValue:
    return render("person.html", form=PersonEntry(), person=None)


@blueprint.post("/people/add")
@access.workspace(*access.OFFICE)
def add() -> ResponseReturnValue:
    form = PersonEntry()
    if not form.validate_on_submit():
        return render("person.html", form=form, person=None), 422
    try:
        person = people.add_person(kit(), access.actor(), form.entry())
    except InvalidInput as error:
        return _refused(form, None, error)
    flash(f"{person.name} is added.", "done")
    return redirect(url_for("owner_drafts.choose", person=person.id))


@blueprint.get("/people/<person_id>")
@access.workspace(*access.OFFICE)
def show(person_id: str) -> ResponseReturnValue:
    person = _find(person_id)
    return render("person.html", form=PersonEntry.of(person), person=person)


@blueprint.post("/people/<person_id>")
@access.workspace(*access.OFFICE)
def change(person_id: str) -> ResponseReturnValue:
    person = _find(person_id)
    form = PersonEntry()
    if not form.validate_on_submit():
        return render("person.html", form=form, person=person), 422
    try:
        people.change_person(kit(), access.actor(), person_id, form.entry())
    except InvalidInput as error:
        return _refused(form, person, error)
    flash(f"{form.text('name')} is saved. Agreements that exist already keep what they say.", "done")
    return redirect(url_for("owner_people.list_people"))


@blueprint.post("/people/<person_id>/archive")
@access.workspace(*access.OFFICE)
def archive(person_id: str) -> ResponseReturnValue:
    person = people.archive_person(kit(), access.actor(), person_id)
    flash(f"{person.name} is archived. Agreements with this person stay as they are.", "done")
    return redirect(url_for("owner_people.list_people"))


def _find(person_id: str) -> Person:
    """Raises NotFound."""
    with kit().unit_of_work(read_only=True) as unit:
        return unit.people.get(person_id)


def _refused(form: PersonEntry, person: Person | None, error: InvalidInput) -> ResponseReturnValue:
    """The form with what a service found, beside the field that it is about."""
    field = error.code.removeprefix("person-")
    target = form[field if field in form else "name"]
    target.errors = [*target.errors, f"{error.message} {error.remedy}"]
    return render("person.html", form=form, person=person), 422
