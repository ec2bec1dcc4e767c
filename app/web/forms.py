"""What the forms of all pages share: the base class with its token, and rules for entries."""

from __future__ import annotations

import re
from typing import Any

from flask_wtf import FlaskForm  # type: ignore[import-untyped, unused-ignore]  # has no types
from wtforms import EmailField, Field, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.services.people import EMAIL

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LINE = Length(max=200, message="Use at most 200 characters.")
NAME = Length(max=120, message="Use at most 120 characters.")


class Form(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A form with a token against other sites. After an error it keeps what was entered."""

    def text(self, name: str) -> str:
        """What was entered in a field, "" for nothing."""
        return str(self[name].data or "")


class Button(Form):
    """A form that is one button: nothing but the proof that it is ours."""


def strip(text: str | None) -> str:
    """For `filters=[strip]`."""
    return (text or "").strip()


def one_line(_: Any, field: Field) -> None:
    if CONTROL.search(field.data or ""):
        raise ValidationError("Write this on one line.")


def is_address(_: Any, field: Field) -> None:
    if not EMAIL.fullmatch(field.data or "") or len(field.data) > 254:
        raise ValidationError("Enter an e-mail address, like nora@example.com.")


def line(label: str, needed: str = "", *, limit: Length = LINE, **options: Any) -> StringField:
    """A text field of one line. `needed`: what to say where it is empty; "" if it may be."""
    presence = DataRequired(needed) if needed else Optional()
    return StringField(label, [presence, limit, one_line], filters=[strip], **options)


def email(label: str, **options: Any) -> EmailField:
    return EmailField(
        label,
        [DataRequired("Enter the e-mail address."), is_address],
        filters=[strip],
        **{"render_kw": {"autocomplete": "email"}, **options},
    )
