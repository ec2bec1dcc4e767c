"""The forms of the office's pages. Rules that hold everywhere are checked again by the services."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.domain.person import Person
from app.services.people import KINDS, PersonForm
from app.web.account.forms import country_choices
from app.web.forms import NAME, Form, email, line, one_line, strip

COMPANY = "company"
ADDRESS = Length(max=160, message="Use at most 160 characters: agreements hold no more.")


class PersonEntry(Form):
    """Somebody to make agreements with."""

    name = line(
        "Full name",
        "Enter the name as it should stand in agreements.",
        limit=Length(max=100, message="Use at most 100 characters: agreements hold no more."),
        description="Of the person who signs, as in a passport.",
        render_kw={"autocomplete": "off"},
    )
    email = email(
        "E-mail address",
        description="The link for signing goes there. Nobody else should read this mailbox.",
        render_kw={"autocomplete": "off"},
    )
    country = SelectField(
        "Country",
        [DataRequired("Choose the country where the person lives or the company is established.")],
    )
    kind = RadioField(
        "The agreement is with",
        choices=[("individual", "The person"), (COMPANY, "A company that the person acts for")],
        default=KINDS[0],
    )
    company = StringField(
        "Name of the company",
        [Length(max=100, message="Use at most 100 characters: agreements hold no more."), one_line],
        filters=[strip],
        description="Only for a company: its registered name.",
    )
    capacity = line(
        "Signs as",
        "Enter \u201cfor herself\u201d, \u201cfor himself\u201d, or a title such as director.",
        limit=NAME,
        description="For example: for herself, director, owner.",
    )
    address = StringField(
        "Address",
        [ADDRESS, one_line],
        filters=[strip],
        description="On one line, without the country. Left empty, you can ask for it by a link later.",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country.choices = [("", "Choose\u2026"), *country_choices()]

    def validate_company(self, field: StringField) -> None:
        if self.kind.data == COMPANY and not field.data:
            raise ValidationError("Enter the registered name of the company.")

    def entry(self) -> PersonForm:
        names = ("name", "email", "country", "capacity", "kind", "company", "address")
        return PersonForm(**{name: self.text(name) for name in names})

    @classmethod
    def of(cls, person: Person) -> PersonEntry:
        return cls(obj=person)
