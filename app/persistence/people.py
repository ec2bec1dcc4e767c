"""People and companies that the owner works with."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Connection, String, Table, Text, insert, select, update

from app.domain.audit import AuditEvent
from app.domain.errors import NotFound
from app.domain.person import Person
from app.persistence.audit_log import AuditRows
from app.persistence.schema import TIME_LENGTH, Row, metadata, read_time, write_time

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("capacity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("company", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
)


class PersonRows:
    """Implements the Protocol `People` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows) -> None:
        self._connection = connection
        self._audit = audit

    def get(self, person_id: str) -> Person:
        """An archived person too. Raises NotFound."""
        query = select(people).where(people.c.id == person_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise _not_found()
        return _to_person(row)

    def add(self, person: Person, event: AuditEvent) -> None:
        _check_event(person, event)
        self._connection.execute(insert(people).values(_to_row(person)))
        self._audit.append(event)

    def save(self, person: Person, event: AuditEvent) -> None:
        """Raises NotFound for a person who was never added."""
        _check_event(person, event)
        changed = update(people).where(people.c.id == person.id).values(_to_row(person))
        if self._connection.execute(changed).rowcount != 1:
            raise _not_found()
        self._audit.append(event)

    def of_ids(self, person_ids: Sequence[str]) -> Sequence[Person]:
        """Those that exist, archived ones too, in no order."""
        rows = self._connection.execute(select(people).where(people.c.id.in_(person_ids))).mappings()
        return [_to_person(row) for row in rows]

    def list(self) -> Sequence[Person]:
        """By name, as a reader sorts it, without the archived."""
        rows = self._connection.execute(select(people).where(people.c.archived.is_(False))).mappings()
        return sorted((_to_person(row) for row in rows), key=_in_order_of_names)


def _in_order_of_names(person: Person) -> tuple[str, str, str]:
    # Neither database sorts "Álvaro" before "Zoe" unless it was set up for one language.
    letters = unicodedata.normalize("NFKD", person.name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain, person.name, person.id


def _not_found() -> NotFound:
    return NotFound("person-not-found", "There is no such person.", "Reload the list of people.")


def _check_event(person: Person, event: AuditEvent) -> None:
    if event.subject != person.id:
        raise ValueError(f"the event {event.name} does not name the person who is saved with it")


def _to_row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "country": person.country,
        "capacity": person.capacity,
        "kind": person.kind,
        "created_at": write_time(person.created_at),
        "company": person.company,
        "address": person.address,
        "archived": person.archived,
    }


def _to_person(row: Row) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        country=row["country"],
        capacity=row["capacity"],
        kind=row["kind"],
        created_at=read_time(row["created_at"]),
        company=row["company"],
        address=row["address"],
        archived=row["archived"],
    )
