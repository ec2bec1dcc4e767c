"""The forms of the lawyer: the decision on a clause version, and on the text of an agreement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined, unused-ignore]  # stubs are older
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.review import EVERYWHERE, Decision
from app.services.review import LONGEST_COMMENT, DecisionForm
from app.web.forms import Form, line, strip
from app.web.lawyer import wording

WORDS = Length(max=LONGEST_COMMENT, message=f"Use at most {LONGEST_COMMENT} characters.")
ONLY = "only"


class SeveralField(SelectMultipleField):
    """Tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClauseDecision(Form):
    """The decision on one clause version. Bound to `digest`: the text that the lawyer read."""

    digest = HiddenField()
    category = HiddenField()
    decision = RadioField(
        "Your decision on this text",
        choices=[
            SelectChoice(Decision.APPROVED.value, "Approve"),
            SelectChoice(Decision.APPROVED_WITH_CONDITIONS.value, "Approve with conditions"),
            SelectChoice(Decision.REFUSED.value, "Refuse"),
        ],
        validate_choice=False,
    )
    reach = RadioField(
        "Where it may be used",
        choices=[
            SelectChoice(ONLY, "Only for these laws and countries"),
            SelectChoice(EVERYWHERE, "For every law and country"),
        ],
        default=ONLY,
        validate_choice=False,
    )
    laws = SeveralField("Laws and countries", validate_choice=False)
    more_laws = StringField(
        "Others",
        [Optional(), Length(max=500, message="Use at most 500 characters.")],
        filters=[strip],
        render_kw={"list": "all-laws", "autocomplete": "off"},
        description="Names or codes, with semicolons between them.",
    )
    contract_templates = SeveralField("In which contract templates", validate_choice=False)
    last_day = DateField(
        "Look again by",
        [Optional()],
        description="The last day on which it counts. Empty: it has no end.",
    )
    words = TextAreaField(
        "Reason, condition or remark",
        [WORDS],
        filters=[strip],
        render_kw={"rows": "4", "maxlength": str(LONGEST_COMMENT)},
        description="Needed for a condition or a refusal.",
    )
    bar_number = line("Admission number", render_kw={"autocomplete": "off"})
    bar_jurisdiction = line("Admitted in", render_kw={"autocomplete": "off"})

    def __init__(self, library: Library, suggested: Sequence[str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._library = library
        self._found: list[str] = []
        ticked = [code for code in self.laws.data or [] if code in library.jurisdictions]
        shown = dict.fromkeys((*suggested, *ticked))
        self.laws.choices = [SelectChoice(code, wording.law(library, code)) for code in shown]
        self.contract_templates.choices = [
            SelectChoice(one.id, one.title) for one in library.contract_templates.values()
        ]

    def validate_decision(self, field: RadioField) -> None:
        if field.data not in tuple(Decision):
            raise ValidationError("Choose one of the three.")

    def validate_reach(self, field: RadioField) -> None:
        if field.data not in (ONLY, EVERYWHERE):
            raise ValidationError("Choose one of the two.")

    def validate_more_laws(self, field: StringField) -> None:
        self._found = []
        for name in split_names(self._library, field.data or ""):
            code = find_law(self._library, name)
            if not code:
                raise ValidationError(f"There is no law or country \u201c{name}\u201d. Choose from the list.")
            self._found.append(code)

    def validate_laws(self, field: SeveralField) -> None:
        # The other field may hold the laws; both are looked at here, where the summary leads to.
        needed = not self.is_refusal and self.reach.data == ONLY
        if needed and not (field.data or self.text("more_laws")):
            raise ValidationError("Choose at least one, or say that it holds for every law and country.")

    def validate_contract_templates(self, field: SeveralField) -> None:
        if not self.is_refusal and not field.data:
            raise ValidationError("Choose at least one contract template.")

    def validate_words(self, field: TextAreaField) -> None:
        if self.decision.data in (Decision.APPROVED_WITH_CONDITIONS, Decision.REFUSED) and not field.data:
            raise ValidationError("Say what must change, or under which condition the clause may be used.")

    @property
    def is_refusal(self) -> bool:
        return bool(self.decision.data == Decision.REFUSED.value)

    def decided(self) -> DecisionForm:
        """The decision as the service takes it, after `validate`."""
        decision = Decision(self.text("decision"))
        chosen = tuple(self.contract_templates.data or ())
        everywhere = set(chosen) >= set(self._library.contract_templates)
        words = self.text("words")
        conditional = decision is Decision.APPROVED_WITH_CONDITIONS
        return DecisionForm(
            decision=decision,
            jurisdictions=self._laws(),
            contract_templates=(EVERYWHERE,) if everywhere else chosen,
            conditions=words if conditional else "",
            comment="" if conditional else words,
            expires_at=end_of(self.last_day.data) if self.last_day.data else None,
            bar_number=self.text("bar_number"),
            bar_jurisdiction=self.text("bar_jurisdiction"),
        )

    def _laws(self) -> tuple[str, ...]:
        if self.reach.data == EVERYWHERE:
            return (EVERYWHERE,)
        return tuple(dict.fromkeys((*(self.laws.data or ()), *self._found)))


class TextDecision(Form):
    """The decision on the whole text of an agreement, by the digest that was read."""

    digest = HiddenField()
    comment = TextAreaField(
        "Remark or reason",
        [WORDS],
        filters=[strip],
        render_kw={"rows": "4", "maxlength": str(LONGEST_COMMENT)},
        description="Needed to send the text back. The owner reads it.",
    )


def suggested_laws(
    library: Library, clause: Clause, asked_for: Sequence[str], bar_jurisdiction: str
) -> tuple[str, ...]:
    """What stands ready to be ticked: the laws agreements wait for, the lawyer's own, those to look at."""
    own = find_law(library, bar_jurisdiction)
    named = (*asked_for, *([own] if own else []), *clause.jurisdictions.review)
    return tuple(dict.fromkeys(code for code in named if code in library.jurisdictions))


def split_names(library: Library, text: str) -> list[str]:
    """Names between semicolons; between commas too where the whole is no name."""
    parts: list[str] = []
    for part in text.split(";"):
        parts += [part] if find_law(library, part) else part.split(",")
    return [part.strip() for part in parts if part.strip()]


def find_law(library: Library, text: str) -> str:
    """The code that a name or a code means; "" for none."""
    wanted = _plain(text)
    for code, known in library.jurisdictions.items():
        names = (code, known.name, known.law_name, wording.law(library, code))
        if wanted and wanted in {_plain(name) for name in names}:
            return code
    return ""


def end_of(day: date) -> datetime:
    """The first moment after this day, UTC."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def _plain(text: str) -> str:
    return re.sub(r"^the ", "", " ".join(text.split()).casefold())
