"""People: the virtual assistants and companies that the owner works with."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.actor import Actor
from app.domain.audit import AuditEvent
from app.domain.errors import InvalidInput
from app.domain.listing import fold
from app.domain.person import Person
from app.toolkit import Toolkit

EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]{2,}")
LONGEST = {"name": 120, "email": 254, "capacity": 120, "company": 120, "address": 300}
LONGEST_SEARCH = 200
PAGE = 50
KINDS = ("individual", "company")


@dataclass(frozen=True, slots=True)
class PersonForm:
    name: str
    email: str
    country: str
    capacity: str
    kind: str = "individual"
    company: str = ""
    address: str = ""


def add_person(kit: Toolkit, actor: Actor, form: PersonForm) -> Person:
    """Raises InvalidInput that names the field."""
    checked = check_person(form, set(kit.library.library().jurisdictions))
    person = _filled(Person(uuid.uuid4().hex, "", "", "", "", "", kit.clock.now()), checked)
    with kit.unit_of_work() as unit:
        unit.people.add(person, _event("person.added", actor, person))
    return person


def change_person(kit: Toolkit, actor: Actor, person_id: str, form: PersonForm) -> Person:
    """Agreements keep what they were sent with; drafts take what they are told."""
    checked = check_person(form, set(kit.library.library().jurisdictions))
    with kit.unit_of_work() as unit:
        person = _filled(unit.people.get(person_id), checked)
        unit.people.save(person, _event("person.changed", actor, person))
    return person


def archive_person(kit: Toolkit, actor: Actor, person_id: str) -> Person:
    with kit.unit_of_work() as unit:
        person = replace(unit.people.get(person_id), archived=True)
        unit.people.save(person, _event("person.archived", actor, person))
    return person


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the people found, with how many agreements each signs. countries: of everybody."""

    people: tuple[Person, ...]
    agreements: Mapping[str, int]  # e-mail -> number
    count: int
    everybody: int
    page: int
    pages: int
    countries: tuple[str, ...]


def list_people(kit: Toolkit, *, text: str = "", country: str = "", page: int = 1) -> PeoplePage:
    """People by name; only those in whose name, company or e-mail every word of `text` stands."""
    words = fold(text[:LONGEST_SEARCH]).split()
    with kit.unit_of_work(read_only=True) as unit:
        everybody = unit.people.list()
        found = [
            person
            for person in everybody
            if (not country or person.country == country)
            and all(word in fold(f"{person.name} {person.company} {person.email}") for word in words)
        ]
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(1, page), pages)
        shown = tuple(found[(page - 1) * PAGE : page * PAGE])
        return PeoplePage(
            shown,
            unit.listing.count_by_email([person.email for person in shown]),
            len(found),
            len(everybody),
            page,
            pages,
            tuple(sorted({person.country for person in everybody})),
        )


def check_person(form: PersonForm, countries: set[str]) -> PersonForm:
    """The form with spaces trimmed. Raises InvalidInput, code `person-<field>`."""
    values = {name: value.strip() for name, value in _values(form).items()}
    for name, longest in LONGEST.items():
        value = values[name]
        if len(value) > longest or any(ord(character) < 32 for character in value):
            raise _wrong(
                name, f"The {name} is too long or holds line breaks.", f"Use at most {longest} characters."
            )
    if not values["name"]:
        raise _wrong("name", "The name is missing.", "Enter the name as it should stand in agreements.")
    if not EMAIL.fullmatch(values["email"]):
        raise _wrong(
            "email",
            f"\u201c{values['email']}\u201d is no e-mail address.",
            "Enter one like liza@example.com.",
        )
    if values["country"] not in countries:
        raise _wrong("country", "The country is missing.", "Choose the country where the person lives.")
    if values["kind"] not in KINDS:
        raise _wrong("kind", "Choose whether this is a person or a company.", "Choose one of the two.")
    if values["kind"] == "company" and not values["company"]:
        raise _wrong("company", "The name of the company is missing.", "Enter its registered name.")
    if not values["capacity"]:
        raise _wrong(
            "capacity",
            "The capacity is missing.",
            "Enter \u201cfor herself\u201d, or a title such as director.",
        )
    return PersonForm(**values)


def _filled(person: Person, form: PersonForm) -> Person:
    return replace(
        person,
        name=form.name,
        email=form.email,
        country=form.country,
        capacity=form.capacity,
        kind=form.kind,
        company=form.company,
        address=form.address,
    )


def _values(form: PersonForm) -> dict[str, str]:
    return {
        "name": form.name,
        "email": form.email,
        "country": form.country,
        "capacity": form.capacity,
        "kind": form.kind,
        "company": form.company,
        "address": form.address,
    }


def _wrong(field: str, message: str, remedy: str) -> InvalidInput:
    return InvalidInput(f"person-{field}", message, remedy)


def _event(name: str, actor: Actor, person: Person) -> AuditEvent:
    return AuditEvent(
        name=name,
        actor=actor,
        subject=person.id,
        details={"country": person.country, "kind": person.kind},
        personal={"name": person.name, "email": person.email},
    )
