"""The forms of the signer's pages."""

from __future__ import annotations

from flask_wtf.file import FileField  # type: ignore[import-untyped, unused-ignore]  # has no types
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.change_request import TEXT_LENGTH
from app.domain.signing_progress import DRAWN, ITALIC, TYPED, UPLOADED, UPRIGHT
from app.web.forms import Button, Form, strip

LONG = Length(max=TEXT_LENGTH, message=f"Use at most {TEXT_LENGTH} characters.")


class ButtonForm(Button):
    """One button."""


class CodeForm(Form):
    code = StringField(
        "Code from the message",
        [DataRequired("Enter the code."), Length(max=20, message="The code is shorter: digits only.")],
        filters=[strip],
    )


class ConsentForm(Form):
    agreed = BooleanField(
        "I agree to use electronic records and signatures for this agreement, and I can open PDF files.",
        [InputRequired("Tick the box to go on, or choose paper below.")],
    )
    text_digest = HiddenField()


class SignatureForm(Form):
    """The look of the signature. `drawing`: a PNG as data URL, made by the page's script."""

    kind = RadioField(
        "How it is made", choices=[(TYPED, "Type"), (DRAWN, "Draw"), (UPLOADED, "Upload")], default=TYPED
    )
    style = RadioField("Style", choices=[(ITALIC, "Italic"), (UPRIGHT, "Upright")], default=ITALIC)
    drawing = HiddenField()
    picture = FileField("Picture of your signature")


class WordsForm(Form):
    """Some words to the sender, optional."""

    words = TextAreaField("Anything that helps the sender", [LONG], filters=[strip])


class ReasonForm(Form):
    """Words that are needed: why somebody declines."""

    words = TextAreaField(
        "Why do you decline?", [DataRequired("Write at least one sentence."), LONG], filters=[strip]
    )


class ChangeForm(Form):
    """About which clause, and what."""

    family = SelectField("About", validate_choice=True)
    words = TextAreaField(
        "What should be changed, and why?",
        [DataRequired("Write at least one sentence."), LONG],
        filters=[strip],
    )
