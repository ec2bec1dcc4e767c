"""Warnings on the wording of clause files, before assembly: what a careful drafter would change.

The rules see literal words only. Answers, term uses and references are not looked at, and
citations that the front matter declares (`cites`) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.domain.clause import (
    Clause,
    Definition,
    Inline,
    ParameterUse,
    Reference,
    ReferenceList,
    RoleUse,
    TermUse,
    Words,
)
from app.domain.finding import Finding, Severity
from app.domain.lint.clause_uses import Passage, definitions_of, passages_of
from app.domain.lint.term_rules import BUSINESS_DAY, BUSINESS_DAYS
from app.domain.terms import forms_of

MAX_SENTENCE_WORDS = 45

# Stands for an inline that is no literal text; no pattern below matches it.
_ELSEWHERE = "\N{OBJECT REPLACEMENT CHARACTER}"

_UNITS = r"(?:minutes?|hours?|days?|weeks?|months?|years?|per ?cent)"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    f"|sixteen|seventeen|eighteen|nineteen|{_TENS}"
)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.ASCII)


# rule -> (pattern, what is wrong, what to do)
_WORDINGS: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    "archaic": (
        _pattern(
            r"\b(?:shall|hereby|herein(?:after|before)?|here(?:of|to|under|with|from|tofore)"
            r"|there(?:of|to|under|with|from|in|by|after|upon)|where(?:as|of|upon|in|by)|wherefore"
            r"|witnesseth|aforesaid|aforementioned|notwithstanding|forthwith|pursuant|hence(?:forth)?"
            r"|provided that|in lieu of|null and void|for the avoidance of doubt|in witness whereof"
            r"|mutatis mutandis|inter alia)\b"
        ),
        "is an old form",
        "Use a plain word: must, under, despite, at once.",
    ),
    "pronoun": (
        _pattern(r"\b(?:he|she|him|her|his|hers|himself|herself|s/he|we|us|our|ours|you|your|yours)\b"),
        "is a pronoun for a party",
        "Repeat the noun: the Assistant, the individual.",
    ),
    "role-lowercase": (
        _pattern(r"\b(?-i:assistants?|clients?)\b"),
        "is a role word in small letters",
        "Write Assistant or Client, or another noun for somebody else.",
    ),
    "double-number": (
        _pattern(rf"\b(?:{_COUNTS})(?:-[a-z]{{3,5}})? \([0-9]{{1,4}}\)"),
        "says one number twice",
        "Say it once, as a parameter.",
    ),
    "number-hardcoded": (
        _pattern(rf"[0-9][0-9.,]{{0,20}}(?: ?%| {_UNITS}\b)?|\b(?:{_COUNTS})(?: business)? {_UNITS}\b"),
        "is a fixed number",
        "Make it a parameter; declare a citation in cites.",
    ),
    "ref-unmarked": (
        _pattern(
            r"\b(?:this|these|that|the (?:following|previous|preceding|next))"
            r" (?:clause|section|schedule|article)s?\b"
            r"|\b(?:clause|section|schedule|paragraph|article|annex)s? \(?[0-9]"
            r"|\b(?:this|the (?:following|previous|preceding|next)) paragraphs?\b"
            r"|\b(?:mentioned|listed|described|stated|set out|defined|named|given) (?:above|below)\b"
        ),
        "is a reference that is not marked",
        "Write {ref:this}, {ref:#anchor} or {ref:family}.",
    ),
}

_SENTENCE_END = re.compile(r"[.?!][\"”’)]? (?=[A-Z“\"])")


def warn_about_clauses(clauses: Mapping[str, Clause]) -> tuple[Finding, ...]:
    """All warnings on all clauses, by clause and line."""
    findings: list[Finding] = []
    find_terms = _TermFinder(clauses)
    used = frozenset(form for clause in clauses.values() for form in _forms_used(clause))
    for clause in clauses.values():
        for passage in passages_of(clause):
            findings += _warn_about_wording(clause, passage)
            findings += find_terms.unmarked(clause, passage)
        findings += _unused_terms(clause, used)
    return tuple(dict.fromkeys(findings))


def _warning(rule: str, clause: Clause, line: int, message: str, remedy: str, subject: str = "") -> Finding:
    return Finding(rule, Severity.WARNING, message, remedy, clause.path or clause.id, line, subject)


# --- wording ---------------------------------------------------------------------------


def _warn_about_wording(clause: Clause, passage: Passage) -> Iterator[Finding]:
    text = literal_words(clause, passage)
    for rule, (pattern, fault, remedy) in _WORDINGS.items():
        for form in dict.fromkeys(match.group() for match in pattern.finditer(text)):
            yield _warning(rule, clause, passage.line, f"“{form}” {fault}.", remedy)
    longest = max((len(sentence.split()) for sentence in _sentences(clause, passage)), default=0)
    if longest > MAX_SENTENCE_WORDS:
        message = f"A sentence has {longest} words, more than {MAX_SENTENCE_WORDS}."
        yield _warning("sentence-long", clause, passage.line, message, "Make two sentences, or a list.")


def literal_words(clause: Clause, passage: Passage) -> str:
    """The literal text of a passage without its citations; everything else is one odd character."""
    pieces = (inline.text if isinstance(inline, Words) else _ELSEWHERE for inline in passage.inlines)
    return _without_citations(clause, "".join(pieces))


def _without_citations(clause: Clause, text: str) -> str:
    for cite in clause.cites:
        text = text.replace(cite, _ELSEWHERE)
    return text


def _sentences(clause: Clause, passage: Passage) -> list[str]:
    text = _without_citations(clause, "".join(_as_read(inline) for inline in passage.inlines))
    return _SENTENCE_END.split(text)


def _as_read(inline: Inline) -> str:
    """About as many words as will be printed."""
    match inline:
        case Words(text):
            return text
        case Definition(term):
            return term
        case TermUse(form):
            return form
        case RoleUse(role):
            return role.value
        case Reference():
            return "clause N"
        case ReferenceList(targets):
            return "clauses " + " ".join("N" for _ in targets)
    return "N hours"


# --- terms -----------------------------------------------------------------------------


class _TermFinder:
    """Finds forms of defined terms that stand in a text without their brackets."""

    def __init__(self, clauses: Mapping[str, Clause]) -> None:
        self._families: dict[str, set[str]] = {}
        for clause in clauses.values():
            for term, _ in definitions_of(clause):
                for form in forms_of(clause, term):
                    self._families.setdefault(form, set()).add(clause.family)
        longest_first = sorted(self._families, key=len, reverse=True)
        choice = "|".join(re.escape(form) for form in longest_first)
        self._pattern = re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])") if choice else None

    def unmarked(self, clause: Clause, passage: Passage) -> Iterator[Finding]:
        if self._pattern is None or passage.is_heading:
            return
        text = literal_words(clause, passage)
        for match in self._pattern.finditer(text):
            form = match.group()
            visible = self._families[form] & {clause.family, *clause.requires}
            if visible or not _starts_sentence(text, match.start()):
                owner = min(visible or self._families[form])
                message = f"“{form}” is a term of {owner} but is not marked."
                remedy = f"Write [[{form}]], or another word."
                yield _warning("term-unmarked", clause, passage.line, message, remedy, form)


def _starts_sentence(text: str, position: int) -> bool:
    """There a capital letter means nothing."""
    before = text[:position].rstrip()
    return not before or before[-1] in ".?!:"


def _forms_used(clause: Clause) -> Iterator[str]:
    for passage in passages_of(clause):
        for inline in passage.inlines:
            if isinstance(inline, TermUse):
                yield inline.form
            elif isinstance(inline, ParameterUse):
                parameter = clause.parameters.get(inline.name)
                if parameter is not None and parameter.unit == BUSINESS_DAYS:
                    yield BUSINESS_DAY


def _unused_terms(clause: Clause, used: frozenset[str]) -> Iterator[Finding]:
    for term, passage in definitions_of(clause):
        if not used.intersection(forms_of(clause, term)):
            message = f"“{term}” is defined, but no clause uses it."
            yield _warning("term-unused", clause, passage.line, message, "Use it or remove it.", term)
