"""The forms of the account pages. Rules that hold everywhere are checked again by the services."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField  # type: ignore[import-untyped, unused-ignore]  # has no types
from wtforms import Field, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined, unused-ignore]  # stubs are older
from wtforms.validators import DataRequired, EqualTo, Length, Regexp, ValidationError

from app.domain.password import find_weakness
from app.web.forms import NAME, Form, email, line, strip
from app.web.kit import kit

ADVICE = "At least 12 characters. Three or four words that do not belong together are good."


class PasswordForm(Form):
    """A new password, twice. `known`: what it must not be made of."""

    known: tuple[str, ...] = ()
    password = PasswordField(
        "Password",
        [DataRequired("Choose a password.")],
        description=ADVICE,
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

    def validate_password(self, field: Field) -> None:
        weakness = find_weakness(field.data or "", self.known)
        if weakness:
            raise ValidationError(weakness)


class CompanyFields(Form):
    """What agreements and mails say about a business."""

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
        self.country.choices = [SelectChoice("", "Choose\u2026"), *country_choices()]

    def business(self) -> dict[str, str]:
        """The settings as `services.settings.change_business` takes them."""
        names = ("organisation", "address", "country", "number_prefix")
        return {name: self.text(name) for name in names} | {"sender": self.text(self.sender_field())}

    def sender_field(self) -> str:
        return "sender"


class BusinessForm(CompanyFields):
    """The business page."""

    sender = line(
        "Who sends agreements",
        "Enter the name that mails come from.",
        limit=NAME,
        description="The person whom the assistants know; stands in every mail.",
    )
    page_size = SelectField(
        "Paper",
        choices=[
            SelectChoice("", "As usual in the client\u2019s country"),
            SelectChoice("a4", "A4"),
            SelectChoice("letter", "US Letter"),
        ],
        default="",
    )

    def business(self) -> dict[str, str]:
        return super().business() | {"page_size": self.text("page_size")}


class LogoForm(Form):
    picture = FileField("Logo", description="PNG or JPEG, at most 2 MB. It is printed up to 70 by 18 mm.")


class SetUpForm(CompanyFields, PasswordForm):
    """First start: the owner's account and the business. The owner is the sender."""

    name = line("Your name", "Enter your name.", limit=NAME, render_kw={"autocomplete": "name"})
    email = email("Your e-mail address")

    def sender_field(self) -> str:
        return "name"

    def validate_password(self, field: Field) -> None:
        self.known = (self.text("name"), self.text("email"), self.text("organisation"))
        super().validate_password(field)


class NameForm(Form):
    name = line("Your name", "Enter your name.", limit=NAME, render_kw={"autocomplete": "name"})


class InvitationForm(Form):
    """A lawyer or a member of staff."""

    name = line("Name", "Enter the person\u2019s name.", limit=NAME, render_kw={"autocomplete": "off"})
    email = email("E-mail address", render_kw={"autocomplete": "off"})
    part = SelectField(
        "What they will do",
        choices=[
            SelectChoice("lawyer", "Lawyer: reviews clauses and agreements"),
            SelectChoice("staff", "Staff: prepares agreements, cannot sign or override a review"),
            SelectChoice("owner", "Owner: everything that you can do"),
        ],
    )
    bar_number = line("Admission number", description="Lawyers only, if they have one.")
    bar_jurisdiction = line("Admitted in", description="Lawyers only: country or state.")


def country_choices() -> list[SelectChoice]:
    """The countries that the library knows, by name."""
    known = kit().library.library().jurisdictions.values()
    named = sorted((one.name.removeprefix("the "), one.code) for one in known)
    return [SelectChoice(code, name) for name, code in named]
