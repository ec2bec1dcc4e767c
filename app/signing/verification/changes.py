"""Words for differences: which later changes a signature allows, and how they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from app.signing.verification.revisions import ChangedField, Difference, FieldChange

_SIGNATURES = frozenset({FieldChange.SIGNED, FieldChange.TIMESTAMPED})
_TELLING = (  # the first that fits pyHanko's technical reason; the rest of it stays in the log
    (r"/Pages|page tree", "pages were added, removed or replaced"),
    (r"/OpenAction|/AA\b|/JavaScript|/Names", "a program or other contents were added to it"),
    (r"/Outlines", "its bookmarks were changed"),
    (r"certification signature", "a visible signature field was put over its contents"),
    (r"because the form field (?P<field>.+?) is locked",
     "the field {field} was changed although a signature locks it"),
    (r"Value of signature field (?P<field>.+?) in revision .*existing object",
     "the field {field} shows a signature that belongs to another field"),
    (r"Fields? .*deleted", "fields were removed from its form"),
    (r"More form fields added", "fields were added to its form"),
    (r"Annotations|annotations", "annotations were added or removed"),
    (r"appearance", "a field was made to look different"),
    (r"Dict keys differ|Values for dict key /(Rect|MK|T|F|Ff|P|BS|I|Opt)\b",
     "fields of its form were altered"),
    (r"was removed", "parts of it were removed"),
    (r"DSS|VRI|validation data", "its validation data were altered in a way that is not allowed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """violations: changes that the signature forbids. permitted: allowed ones, beside signatures, took place.

    changes: all allowed ones in words, signatures too.
    """

    violations: tuple[str, ...]
    changes: tuple[str, ...]
    permitted: bool


def judge_changes(
    embedded: EmbeddedPdfSignature,
    differences: Sequence[Difference],
    signatures: Sequence[EmbeddedPdfSignature],
) -> Judgement:
    """Apply DocMDP and FieldMDP of one signature to everything that came after it."""
    violations: list[str] = []
    changes: list[str] = []
    permitted = False
    for difference in differences:
        violations.extend(_violations(embedded, difference))
        if difference.suspicious or violations:
            continue
        for changed in difference.fields:
            changes.append(_words_for(changed))
            permitted = permitted or not _belongs_to_signature(changed, difference.revision, signatures)
        if difference.resources and not difference.fields:
            changes.append("Fonts of the form were changed.")
            permitted = True
    return Judgement(tuple(dict.fromkeys(violations)), tuple(dict.fromkeys(changes)), permitted)


def _violations(embedded: EmbeddedPdfSignature, difference: Difference) -> Iterator[str]:
    if difference.suspicious:
        yield f"This file was changed after it was signed: {_telling(difference.suspicious)}."
        return
    certified: MDPPerm | None = embedded.docmdp_level
    if certified is not None and difference.level > ModificationLevel(certified.value):
        yield "This file was changed after it was signed, although the signature forbids any change."
    locked: FieldMDPSpec | None = embedded.fieldmdp
    for changed in difference.fields:
        if changed.change is FieldChange.TIMESTAMPED:
            continue
        if locked is not None and locked.is_locked(changed.name):
            yield f"The field {changed.name} was changed although a signature locks it."
        elif certified is not None and not changed.allowed_when_certified:
            yield f"The field {changed.name} was added although the first signature forbids it."
        elif changed.change is FieldChange.REDRAWN:
            yield f"The field {changed.name} was made to look different while its value stayed the same."


def _belongs_to_signature(
    changed: ChangedField, revision: int, signatures: Sequence[EmbeddedPdfSignature]
) -> bool:
    """True for a signature, and for initials filled and locked by the signature of the same revision."""
    if changed.change in _SIGNATURES:
        return True
    if changed.change is not FieldChange.FILLED:
        return False
    locks = (each.fieldmdp for each in signatures if each.signed_revision == revision)
    return any(lock is not None and lock.is_locked(changed.name) for lock in locks)


def _words_for(changed: ChangedField) -> str:
    return {
        FieldChange.SIGNED: f"The field {changed.name} was signed.",
        FieldChange.TIMESTAMPED: "A document timestamp was added.",
        FieldChange.ADDED_SIGNED: f"A visible signature {changed.name} was added in a place of its own.",
        FieldChange.ADDED_EMPTY: f"An empty signature field {changed.name} was added.",
        FieldChange.FILLED: f"The field {changed.name} was filled in.",
        FieldChange.REDRAWN: f"The field {changed.name} was redrawn.",
    }[changed.change]


def _telling(suspicion: str) -> str:
    for pattern, words in _TELLING:
        found = re.search(pattern, suspicion)
        if found:
            return words.format(**found.groupdict())
    return "its contents were replaced or added to in a way that cannot be explained"
