"""People: the virtual assistants and companies that agreements are made with."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.person import Person
from app.services import people
from app.services.overview import Standing, search
from app.web import access
from app.web.kit import kit
from app.web.owner.forms import PersonEntry
from app.web.owner.page import asked_page, render

blueprint = Blueprint("owner_people", __name__)

HISTORY = 20  # agreements on the page of a person


@blueprint.get("/people")
@access.workspace(*access.OFFICE)
def list_people() -> ResponseReturnValue:
    text, country = (request.args.get(name, "").strip()[:200] for name in ("q", "country"))
    found = people.list_people(kit(), text=text, country=country, page=asked_page())
    address = {name: value for name, value in (("q", text), ("country", country)) if value}
    countries = kit().library.library().jurisdictions
    return render("people.html", found=found, countries=countries, address=address)


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
    return _page_of(person, PersonEntry.of(person))


@blueprint.post("/people/<person_id>")
@access.workspace(*access.OFFICE)
def change(person_id: str) -> ResponseReturnValue:
    person = _find(person_id)
    form = PersonEntry()
    if not form.validate_on_submit():
        return _page_of(person, form), 422
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
    if person is not None:
        return _page_of(person, form), 422
    return render("person.html", form=form, person=None), 422


def _page_of(person: Person, form: PersonEntry) -> str:
    """What is known of a person, and the newest agreements with them."""
    rows, count = search(kit(), access.actor(), person=person, limit=HISTORY)
    countries = kit().library.library().jurisdictions
    return render(
        "person.html",
        form=form,
        person=person,
        rows=rows,
        count=count,
        Standing=Standing,
        country=countries[person.country].name if person.country in countries else person.country,
    )
