"""The forms of the account pages. Rules that hold everywhere are checked again by the services."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp, ValidationError

from app.domain.password import find_weakness
from app.services.people import EMAIL
from app.web.kit import kit

LINE = Length(max=200, message="Use at most 200 characters.")
NAME = Length(max=120, message="Use at most 120 characters.")
PASSWORD_HELP = "At least 12 characters. Three or four words that do not belong together are good."  # noqa: S105
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def strip(text: str | None) -> str:
    return (text or "").strip()


def one_line(_: Any, field: Any) -> None:
    if CONTROL.search(field.data or ""):
        raise ValidationError("Write this on one line.")


def is_address(_: Any, field: Any) -> None:
    if not EMAIL.fullmatch(field.data or "") or len(field.data) > 254:
        raise ValidationError("Enter an e-mail address, like nora@example.com.")


def line(label: str, needed: str, *, limit: Length = LINE, **options: Any) -> StringField:
    """A text field of one line that must be filled in; `needed` says so."""
    return StringField(label, [DataRequired(needed), limit, one_line], filters=[strip], **options)


def email(label: str) -> EmailField:
    return EmailField(
        label,
        [DataRequired("Enter the e-mail address."), is_address],
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A new password, twice. `about` fills what the password must not be made of."""

    password = PasswordField(
        "Password",
        [DataRequired("Choose a password.")],
        description=PASSWORD_HELP,
        render_kw={"autocomplete": "new-password", "minlength": "12", "maxlength": "128"},
    )
    password_again = PasswordField(
        "The same password again",
        [
            DataRequired("Enter the password a second time."),
            EqualTo("password", "The two passwords differ. Enter the same one twice."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    known: tuple[str, ...] = ()

    def about(self) -> tuple[str, ...]:
        return self.known

    def validate_password(self, field: Any) -> None:
        weakness = find_weakness(field.data or "", self.about())
        if weakness:
            raise ValidationError(weakness)


class BusinessForm(FlaskForm):  # type: ignore[misc]
    """What agreements and mails say about the owner's business."""

    organisation = line(
        "Name of the business",
        "Enter the name as it stands in contracts.",
        limit=Length(max=64, message="Use at most 64 characters: certificates hold no more."),
        description="As it stands in contracts, with its legal form.",
        render_kw={"autocomplete": "organization"},
    )
    address = line(
        "Address",
        "Enter the address of the business.",
        description="On one line: street, town, postcode.",
        render_kw={"autocomplete": "street-address"},
    )
    country = SelectField("Country", [DataRequired("Choose the country of the business.")])
    sender = line(
        "Who sends agreements",
        "Enter the name that mails come from.",
        limit=NAME,
        description="The person whom the assistants know; stands in every mail.",
    )
    number_prefix = StringField(
        "Agreement numbers begin with",
        [
            DataRequired("Enter 1 to 6 letters or digits."),
            Regexp(r"[A-Za-z0-9]{1,6}\Z", message="Use 1 to 6 letters or digits, such as LB."),
        ],
        filters=[strip],
        default="CS",
        description="CS gives CS-2026-001.",
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country.choices = [("", "Choose\u2026"), *country_choices()]

    def business(self) -> dict[str, str]:
        """The settings as `services.settings.change_business` takes them."""
        names = ("organisation", "address", "country", "sender", "number_prefix")
        return {name: str(self[name].data) for name in names}


class SetUpForm(BusinessForm, PasswordForm):
    """First start: the owner's account and the business."""

    name = line("Your name", "Enter your name.", limit=NAME, render_kw={"autocomplete": "name"})
    email = email("Your e-mail address")
    # At first start the owner is the sender; the business page can say otherwise.
    sender = None

    def about(self) -> tuple[str, ...]:
        return str(self.name.data), str(self.email.data), str(self.organisation.data)

    def business(self) -> dict[str, str]:
        names = ("organisation", "address", "country", "number_prefix")
        return {name: str(self[name].data) for name in names} | {"sender": str(self.name.data)}


class NameForm(FlaskForm):  # type: ignore[misc]
    name = line("Your name", "Enter your name.", limit=NAME, render_kw={"autocomplete": "name"})


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """A lawyer or a member of staff."""

    name = line("Name", "Enter the person\u2019s name.", limit=NAME, render_kw={"autocomplete": "off"})
    email = email("E-mail address")
    part = SelectField(
        "What they will do",
        choices=[
            ("lawyer", "Lawyer: reviews clauses and agreements"),
            ("staff", "Staff: prepares agreements, cannot sign or override a review"),
            ("owner", "Owner: everything that you can do"),
        ],
    )
    bar_number = StringField("Admission number", [LINE, one_line], filters=[strip], description="Lawyers only, if they have one.")
    bar_jurisdiction = StringField("Admitted in", [LINE, one_line], filters=[strip], description="Lawyers only: country or state.")


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it is ours."""


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of the countries that the library knows, by name."""
    known = kit().library.library().jurisdictions.values()
    return sorted(((one.code, one.name) for one in known), key=lambda choice: choice[1])
