"""The inline grammar of clause texts: definitions, terms, parameters, references, role words, escapes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.clause import (
    Definition,
    FactUse,
    Guard,
    Inline,
    ParameterUse,
    Reference,
    ReferenceList,
    TermUse,
    Words,
)
from app.domain.role_words import has_role_word, misused_role_words, split_role_words
from app.library.findings import FindingList, shorten

# Every alternative starts with another character or stops at the next opening one, and lengths are
# bounded, so that the scan is linear in the length of the text.
_TOKEN = re.compile(
    r"""
      \\(?P<escaped>.?)
    | \*\*"(?P<definition>[^"*\[\]{}|\\]{1,80})"\*\*
    | \[\[(?P<form>[^"*\[\]{}|\\]{1,80})\]\]
    | \{\{(?P<name>[a-z][a-z0-9_]{0,60}(?:\.[a-z][a-z0-9_]{0,60})?)\}\}
    | \{(?P<kind>[Rr]efs?):(?P<target>[^{}]{0,400})\}
    | (?P<trailer>\{(?:when=|unless=|\#)[^{}]{0,80}\})
    | (?P<placeholder>\[[^\[\]]{0,80}\]|__+|\bTB[CD]\b)
    | (?P<brace>\{\{?[^{}]{0,80}\}{0,2}|\})
    | (?P<mark>[*_<|\[\]])
    """,
    re.VERBOSE | re.ASCII,
)
_ESCAPABLE = frozenset("[]{}*(|\\<_")
_FAMILY = r"[a-z][a-z0-9]*(?:-[a-z0-9]+){0,9}"
_REFERENCE = re.compile(rf"(?P<family>{_FAMILY})?(?:#(?P<anchor>{_FAMILY}))?", re.ASCII)
_LIST_ENTRY = re.compile(rf"(?P<family>{_FAMILY})(?P<optional>\?)?", re.ASCII)
ANCHOR = re.compile(_FAMILY, re.ASCII)

_TRAILER = re.compile(r"\{(?:(?P<word>when|unless)=(?P<condition>[^{}]*)|#(?P<anchor>[^{}]*))\}")
_MAX_TRAILERS = 8


@dataclass(frozen=True, slots=True)
class Trailers:
    """What stands at the end of a block: its conditions and its anchor."""

    guards: tuple[Guard, ...] = ()
    anchor: str = ""


def split_trailers(text: str, line: int, findings: FindingList) -> tuple[str, Trailers]:
    """Take the trailers off the end of a block's text."""
    guards: list[Guard] = []
    anchors: list[str] = []
    end = len(text.rstrip())
    while end and text[end - 1] == "}" and len(guards) + len(anchors) < _MAX_TRAILERS:
        start = text.rfind("{", 0, end)
        found = _TRAILER.fullmatch(text, start, end) if start >= 0 else None
        if found is None or text[start - 1 : start] == "\\":
            break
        if found["word"]:
            guards.insert(0, Guard(found["condition"].strip(), negated=found["word"] == "unless"))
        else:
            anchors.insert(0, found["anchor"])
        end = len(text[:start].rstrip())
    for anchor in anchors:
        if not ANCHOR.fullmatch(anchor):
            findings.error(
                "ref-syntax",
                line,
                f"The anchor {{#{shorten(anchor)}}} is no name.",
                "Use small letters and hyphens.",
            )
    if len(anchors) > 1:
        findings.error("anchor-twice", line, "The block has two anchors.", "Keep one of them.", anchors[0])
    return text[:end], Trailers(tuple(guards), anchors[0] if anchors else "")


def parse_inlines(text: str, line: int, findings: FindingList) -> tuple[Inline, ...]:
    """Parse a block's text. Faults become findings; the faulty piece stays as literal words."""
    return _InlineParser(line, findings).parse(text)


class _InlineParser:
    def __init__(self, line: int, findings: FindingList) -> None:
        self._line = line
        self._findings = findings
        self._inlines: list[Inline] = []
        self._literal: list[str] = []

    def parse(self, text: str) -> tuple[Inline, ...]:
        position = 0
        for token in _TOKEN.finditer(text):
            self._literal.append(text[position : token.start()])
            self._take(token)
            position = token.end()
        self._literal.append(text[position:])
        self._flush()
        return tuple(self._inlines)

    def _take(self, token: re.Match[str]) -> None:
        group = token.lastgroup
        if group == "definition":
            self._add(Definition(self._term(token["definition"])))
        elif group == "form":
            self._add(TermUse(self._term(token["form"])))
        elif group == "name":
            self._add_name(token["name"])
        elif group == "target":
            self._add_reference(token["kind"], token["target"].strip(), token.group())
        elif group == "escaped" and token["escaped"] in _ESCAPABLE and token["escaped"]:
            self._literal.append(token["escaped"])
        else:
            self._refuse(token.group(), group)
            self._literal.append(token.group())

    def _add(self, inline: Inline) -> None:
        self._flush()
        self._inlines.append(inline)

    def _flush(self) -> None:
        literal = "".join(self._literal)
        self._literal.clear()
        for form in misused_role_words(literal):
            self._error(
                "role-form",
                f"{form!r} cannot be printed: there is one Assistant and one Client.",
                'Write "the …".',
            )
        self._inlines.extend(split_role_words(literal))

    def _term(self, term: str) -> str:
        if has_role_word(term):
            self._error("role-form", f"The term {term!r} contains a role word.", "Choose another term.")
        if not term[0].isupper() or term != term.strip():
            self._error(
                "markup-unknown",
                f"The term {term!r} is not in Title Case.",
                "Begin it with a capital letter.",
            )
        return term

    def _add_name(self, name: str) -> None:
        owner, dot, fact = name.partition(".")
        if not dot:
            self._add(ParameterUse(name))
        elif owner == "deal":
            self._add(FactUse(fact))
        else:
            self._error(
                "brace-stray", f"{{{{{name}}}}} names nothing.", "Print own parameters or deal.… facts."
            )

    def _add_reference(self, kind: str, target: str, source: str) -> None:
        capital = kind[0] == "R"
        reference = _parse_list(target, capital) if kind.endswith("s") else _parse_reference(target, capital)
        if reference is None:
            self._error(
                "ref-syntax",
                f"{shorten(source)} is not a reference.",
                "Write {ref:family}, {ref:family#anchor}, {ref:#anchor}, {ref:this} or {refs:a, b?}.",
            )
        else:
            self._add(reference)

    def _refuse(self, source: str, group: str | None) -> None:
        shown = shorten(source, 40)
        if group == "trailer":
            self._error(
                "when-not-trailing", f"{shown} stands inside the text.", "Move it to the end of the block."
            )
        elif group == "placeholder":
            self._error("placeholder-left", f"{shown} looks like a blank.", "Make it a parameter: {{name}}.")
        elif group == "brace":
            self._error("brace-stray", f"{shown} has no meaning.", "Correct it, or write \\{ for a brace.")
        else:
            self._error("markup-unknown", f"{shown!r} is no markup here.", "Write a backslash before it.")

    def _error(self, rule: str, message: str, remedy: str) -> None:
        self._findings.error(rule, self._line, message, remedy)


def _parse_reference(target: str, capital: bool) -> Reference | None:
    if target == "this":
        return Reference(this=True, capital=capital)
    found = _REFERENCE.fullmatch(target)
    if found is None or not target:
        return None
    return Reference(found["family"] or "", found["anchor"] or "", capital=capital)


def _parse_list(target: str, capital: bool) -> ReferenceList | None:
    entries = [_LIST_ENTRY.fullmatch(entry.strip()) for entry in target.split(",")]
    targets = tuple((entry["family"], bool(entry["optional"])) for entry in entries if entry)
    return ReferenceList(targets, capital) if len(targets) == len(entries) else None


def literal_text(inlines: tuple[Inline, ...]) -> str:
    """The literal words of a text, a space where something is printed from elsewhere."""
    return "".join(inline.text if isinstance(inline, Words) else " " for inline in inlines)
