"""What the page of a draft shows, and what of it an answer changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.domain.actor import Part as Who
from app.domain.answer_limits import allowed_answers
from app.domain.clause import Parameter, ParameterType, Role
from app.domain.coverage import CoverageEntry, CoverageState
from app.domain.digest import digest_of
from app.domain.finding import Finding, Severity
from app.domain.questionnaire import Question, QuestionGroup, QuestionState
from app.domain.typography import print_heading
from app.services.answering import Draft
from app.web import access
from app.web.kit import kit
from app.web.owner import sheet
from app.web.owner.form_answers import field_name, is_many
from app.web.owner.places import field_id, locate, step_of, steps_of, visible
from app.web.owner.redline import marks_by_family

MOST_FINDINGS = 30
DETAILS = ("agreement.details_requested", "agreement.details_given")
MISSING = "answer-missing"
RANGED = (ParameterType.INTEGER, ParameterType.MONEY, ParameterType.PERCENT, ParameterType.DATE)


@dataclass(frozen=True)
class DraftView:
    """One step of a draft. entered: what was typed where it could not be stored."""

    draft: Draft
    step: int
    entered: Mapping[str, object] = field(default_factory=dict)

    # --- questions --------------------------------------------------------------------

    @cached_property
    def steps(self) -> tuple[QuestionGroup, ...]:
        return steps_of(self.draft)

    @property
    def group(self) -> QuestionGroup:
        return self.steps[self.step - 1]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return visible(self.group)

    def fault(self, question: Question) -> str:
        return self.draft.faults.get(question.key, "") or question.problem

    def shown(self, question: Question) -> Any:
        """What stands in the field: what was entered just now, the answer, or the default."""
        if question.key in self.draft.faults and question.key in self.entered:
            return self.entered[question.key]
        value = question.answer if question.answer not in (None, "") else question.value
        return "" if value is None else value

    def words(self, text: str) -> str:
        """Library text with the role words of this contract."""
        return print_heading(text, self.draft.contract_template.role_words)

    def option(self, text: str) -> str:
        """The words of an option, which stand inside sentences in the contract, as a line of their own."""
        words = self.words(text)
        return words[:1].upper() + words[1:]

    def help(self, parameter: Parameter) -> str:
        """The question's own help, or the limits that the lawyer set."""
        ranged = parameter.type in RANGED and (parameter.minimum, parameter.maximum) != (None, None)
        listed = parameter.type is ParameterType.LIST and parameter.of is not ParameterType.ENUM
        limits = allowed_answers(parameter) if ranged or listed else ""
        return " ".join(part for part in (self.words(parameter.help), limits) if part)

    def currency(self, parameter: Parameter) -> str:
        question = self.draft.questionnaire.find("deal.currency")
        return parameter.currency or str((question.value if question else "") or "")

    @property
    def shows_usual(self) -> bool:
        """Whether the questions with usual answers stand open: where nothing else is asked."""
        return not any(question.foremost for question in self.questions)

    @cached_property
    def countries(self) -> list[tuple[str, str]]:
        known = kit().library.library().jurisdictions.values()
        return sorted(((one.code, one.name) for one in known), key=lambda choice: choice[1])

    def clause_of(self, question: Question) -> Any:
        """The clause of the text that asks this question, or None."""
        return self._clauses.get(question.clause_id)

    @cached_property
    def _clauses(self) -> dict[str, Any]:
        return {clause.clause_id: clause for clause in self.draft.assessment.text.clauses()}

    def state_digest(self, question: Question) -> str:
        """Changes when the field must be drawn anew."""
        shown = self.shown(question)
        clause = self.clause_of(question)
        seen = [str(question.state), self.fault(question), str(shown), clause.number if clause else ""]
        seen += [question.because, str(question.foremost)]
        return digest_of([*seen, self.currency(question.parameter)])[:12]

    field_id = staticmethod(field_id)
    field_name = staticmethod(field_name)
    is_many = staticmethod(is_many)

    # --- text -------------------------------------------------------------------------

    @cached_property
    def parts(self) -> tuple[sheet.Part, ...]:
        assessment = self.draft.assessment
        return sheet.lay_out(assessment.text, assessment.review, marks_by_family(self.draft.changes))

    @cached_property
    def blanks(self) -> int:
        return sheet.count_blanks(self.draft.assessment.text)

    @cached_property
    def advised(self) -> list[Any]:
        """Families that the facts of the deal force or advise, with the reason."""
        return [choice for choice in self.draft.questionnaire.choices if choice.because]

    @cached_property
    def left_out(self) -> list[Any]:
        """Families that could be taken in."""
        choices = self.draft.questionnaire.choices
        return [choice for choice in choices if choice.chosen is None and choice.available]

    # --- margin -----------------------------------------------------------------------

    def findings(self, severity: Severity) -> list[Finding]:
        found = [one for one in self.draft.assessment.findings if one.severity is severity]
        return [one for one in found if one.rule != MISSING and not self._is_accepted(one)][:MOST_FINDINGS]

    @cached_property
    def missing(self) -> list[tuple[int, str, int, str]]:
        """(step, its title, how many answers it lacks, address of the first), for steps that lack any."""
        lacking: dict[int, list[str]] = {}
        for finding in self.draft.assessment.findings:
            if finding.rule == MISSING:
                lacking.setdefault(step_of(self.draft, finding.subject), []).append(finding.subject)
        return [
            (step, self.steps[step - 1].title, len(keys), locate(self.draft, keys[0]))
            for step, keys in sorted(lacking.items())
            if step
        ]

    def _is_accepted(self, finding: Finding) -> bool:
        return finding.subject in self.draft.agreement.accepted_gaps

    def locate(self, subject: str) -> str:
        return locate(self.draft, subject)

    def next_question(self, entry: CoverageEntry) -> str:
        """Where the first open answer of the clauses that cover a code is given."""
        families = {clause.family for clause in entry.clauses}
        for question in self.draft.questionnaire.questions():
            if question.needs_answer and question.key.partition(".")[0] in families:
                return locate(self.draft, question.key)
        return ""

    @property
    def CoverageState(self) -> type[CoverageState]:  # noqa: N802  templates compare with it
        return CoverageState

    @property
    def Severity(self) -> type[Severity]:  # noqa: N802
        return Severity

    @property
    def QuestionState(self) -> type[QuestionState]:  # noqa: N802
        return QuestionState

    @property
    def is_owner(self) -> bool:
        return access.account().part is Who.OWNER

    # --- what an answer changes -------------------------------------------------------

    def changes(self, known_revision: int, marked: frozenset[str]) -> dict[str, Any]:
        """For the script: the parts of the sheet that differ from what the page shows, the margin,
        the questions of the step, how far the draft is. `marked`: parts that the page shows marked.
        """
        before = {}
        if self.draft.before is not None and known_revision in self._known_revisions():
            shown = sheet.lay_out(self.draft.before, self.draft.assessment.review)
            before = {part.id: part.html for part in shown}
        return {
            "revision": self.draft.agreement.revision,
            "saved": f"{kit().clock.now():%H:%M} UTC",
            "faults": dict(self.draft.faults),
            "order": [part.id for part in self.parts],
            "parts": {
                part.id: part.html
                for part in self.parts
                if part.marked or part.id in marked or before.get(part.id) != part.html
            },
            "marked": [part.id for part in self.parts if part.marked],
            "blanks": self.blanks,
            "questions": [
                {"key": one.key, "state": self.state_digest(one), "html": self._draw("question", one)}
                for one in self.questions
            ],
            "steps": self._draw("steps"),
            "margin": self._draw("margin"),
            "status": self._draw("status"),
        }

    def _known_revisions(self) -> tuple[int, int]:
        """A page of the present revision (nothing was stored), or of the one before."""
        revision = self.draft.agreement.revision
        return (revision - 1, revision)

    def _draw(self, macro: str, *values: Any) -> Markup:
        module: Any = current_app.jinja_env.get_template("owner/draft_parts.html").module
        return Markup(getattr(module, macro)(self, *values))  # noqa: S704  escaped by the template

    def asked_details(self) -> dict[str, Any]:
        """Who can be asked for details by a link, and whether that was done."""
        template, agreement = self.draft.contract_template, self.draft.agreement
        role = next((role for role in template.signer_roles if role.side is Role.ASSISTANT), None)
        person = agreement.answers.signers.get(role.id) if role else None
        with kit().unit_of_work(read_only=True) as unit:
            leaves = unit.audit.of_agreement(agreement.id)
        told = [leaf for leaf in leaves if leaf.name in DETAILS]
        return {"details_role": role, "details_person": person, "details_told": told[-1] if told else None}
