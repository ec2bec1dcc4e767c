"""Words for differences: which later changes a signature allows, and how they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from app.signing.verification.field_names import FieldNames
from app.signing.verification.revisions import ChangedField, Difference, FieldChange
from app.signing.verification.telling import tell

_SIGNATURES = frozenset({FieldChange.SIGNED, FieldChange.TIMESTAMPED})


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
    names: FieldNames,
) -> Judgement:
    """Apply DocMDP and FieldMDP of one signature to everything that came after it."""
    violations: list[str] = []
    changes: list[str] = []
    permitted = False
    for difference in differences:
        violations.extend(_violations(embedded, difference, names))
        if difference.suspicious or violations:
            continue
        changes.extend(_words_for(difference.fields, names))
        for changed in difference.fields:
            permitted = permitted or not _belongs_to_signature(changed, difference.revision, signatures)
        if difference.resources and not difference.fields:
            changes.append("Fonts of the form were changed.")
            permitted = True
    return Judgement(tuple(dict.fromkeys(violations)), tuple(dict.fromkeys(changes)), permitted)


def _violations(
    embedded: EmbeddedPdfSignature, difference: Difference, names: FieldNames
) -> Iterator[str]:
    if difference.suspicious:
        words = tell(difference.suspicious, difference.places, names)
        yield f"This file was changed after it was signed: {words}."
        return
    certified: MDPPerm | None = embedded.docmdp_level
    if certified is not None and difference.level > ModificationLevel(certified.value):
        yield "This file was changed after it was signed, although the signature forbids any change."
    locked: FieldMDPSpec | None = embedded.fieldmdp
    for changed in difference.fields:
        if changed.change is FieldChange.TIMESTAMPED:
            continue
        if locked is not None and locked.is_locked(changed.name):
            yield names.sentence(changed.name, "changed although a signature forbids it")
        elif certified is not None and not changed.allowed_when_certified:
            yield names.sentence(changed.name, "added although the first signature forbids it")
        elif changed.change is FieldChange.REDRAWN:
            yield names.sentence(changed.name, "made to look different without another value")


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


def _words_for(fields: Sequence[ChangedField], names: FieldNames) -> Iterator[str]:
    """What one revision did; what it filled in comes last, the initials of one person together."""
    for changed in fields:
        match changed.change:
            case FieldChange.SIGNED:
                yield names.sentence(changed.name, "signed")
            case FieldChange.TIMESTAMPED:
                yield "A document timestamp was added."
            case FieldChange.ADDED_SIGNED:
                yield f"A visible signature {changed.name} was added in a place of its own."
            case FieldChange.ADDED_EMPTY:
                yield f"An empty signature field {changed.name} was added."
            case FieldChange.REDRAWN:
                yield names.sentence(changed.name, "redrawn")
    yield from names.filled([each.name for each in fields if each.change is FieldChange.FILLED])
