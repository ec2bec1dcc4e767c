"""What each revision changed: every one compared once with the revision just before it.

pyHanko compares every signature's revision with every later one. Comparing neighbours
is at least as strict (what one revision may do to the last, the signatures before it
have in common) and is done once for all signatures; their own rules, DocMDP and
FieldMDP, are applied afterwards to the recorded differences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError, PdfStrictReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdate
from pyhanko.sign.diff_analysis.policies import _is_id
from pyhanko.sign.diff_analysis.rules.form_field_rules import is_field_visible
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule

from app.signing.verification.field_names import FieldNames, read_field_names
from app.signing.verification.opened_file import FormField, form_fields, value_of
from app.signing.verification.usages import UsageIndex
from app.signing.verification.validation_data import HarmlessFreeRule, UnusedObjectRule, ValidationDataRule

_ALL_ONCE = ModificationLevel.LTA_UPDATES
_HIDDEN = 0b10_0010  # annotation flags Hidden and NoView, ISO 32000-2 table 167


class FieldChange(StrEnum):
    """What happened to one form field in one revision."""

    SIGNED = "signed"  # an empty signature field was signed
    TIMESTAMPED = "timestamped"  # a document timestamp
    ADDED_SIGNED = "added and signed"  # a visible signature field that did not exist before
    ADDED_EMPTY = "added"
    FILLED = "filled"
    REDRAWN = "redrawn"  # looks different, same value


@dataclass(frozen=True, slots=True)
class ChangedField:
    """allowed_when_certified: as pyHanko's rule says of this very change."""

    name: str
    change: FieldChange
    allowed_when_certified: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What revision `revision` (counted from 0) did to the one before it.

    suspicious: why it is no change that a signed file may undergo, "" if it is one.
    places: where the objects stand that nothing explains, where that is the reason.
    """

    revision: int
    suspicious: str
    level: ModificationLevel = ModificationLevel.NONE
    fields: tuple[ChangedField, ...] = ()
    resources: bool = False  # fonts and the like of the form changed
    places: tuple[str, ...] = ()


class _RecordingFormRule(FormUpdatingRule):
    """Keeps what the form rules found, because the policy itself passes on names only."""

    recorded: list[tuple[ModificationLevel, FormUpdate]]

    def apply(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
        self.recorded = []
        for found in super().apply(old, new):
            self.recorded.append(found)
            yield found


class RevisionReview:
    """The differences of one file, computed when asked for and kept."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._usages = UsageIndex(reader)
        self._known: dict[int, Difference] = {}
        self._fields: dict[int, dict[str, FormField]] = {}
        self._form_rule = _RecordingFormRule(
            [
                SigFieldCreationRule(),  # type: ignore[no-untyped-call]  # pyHanko
                SigFieldModificationRule(),
                GenericFieldModificationRule(),
            ]
        )

    def since(self, revision: int, covered_to: int) -> tuple[Difference, ...]:
        """What every revision after `revision` did, oldest first.

        Left out are revisions that end within the first `covered_to` bytes: a file that is
        prepared for fast web view has two of them, and both are signed.
        """
        later = range(revision + 1, self._reader.total_revisions)
        return tuple(self._difference(each) for each in later if self._end(each) > covered_to)

    @cached_property
    def field_names(self) -> FieldNames:
        """The names of the file's fields in words."""
        return read_field_names(list(self._reader.embedded_signatures))

    def _end(self, revision: int) -> int:
        return int(self._reader.xrefs.get_xref_container_info(revision).end_location)

    def _difference(self, revision: int) -> Difference:
        if revision not in self._known:
            self._known[revision] = self._compare(revision)
        return self._known[revision]

    @cached_property
    def _policy(self) -> StandardDiffPolicy:
        return StandardDiffPolicy(
            global_rules=[
                CatalogModificationRule(),  # type: ignore[no-untyped-call]  # pyHanko
                DocInfoRule().as_qualified(_ALL_ONCE),
                XrefStreamRule().as_qualified(_ALL_ONCE),
                ObjectStreamRule().as_qualified(_ALL_ONCE),
                ValidationDataRule().as_qualified(_ALL_ONCE),
                _metadata_rule(),
                HarmlessFreeRule(),
                UnusedObjectRule(),
            ],
            form_rule=self._form_rule,
            reject_object_freeing=False,
            ignore_orphaned_objects=False,
        )

    def _compare(self, revision: int) -> Difference:
        old = self._reader.get_historical_resolver(revision - 1)
        new = self._reader.get_historical_resolver(revision)
        try:
            self._usages.load(old)
            result = self._policy.apply(old, new)
        except SuspiciousModification as suspicion:
            reason = str(suspicion) or "unexplained change"
            return Difference(revision, reason, places=tuple(_places(reason, old)))
        except PdfStrictReadError:
            raise  # the file is read again, tolerantly
        except PdfReadError as error:
            return Difference(revision, f"not to be compared: {error}")
        updates = [found for found in self._form_rule.recorded if _took_place(found[1], old, new)]
        fields = tuple(self._changed_fields(updates, revision))
        resources = any(
            update.field_name is None and level > ModificationLevel.LTA_UPDATES for level, update in updates
        )
        return Difference(revision, "", result.modification_level, fields, resources)

    def _changed_fields(
        self, updates: Iterable[tuple[ModificationLevel, FormUpdate]], revision: int
    ) -> Iterator[ChangedField]:
        allowed: dict[str, bool] = {}
        for _, update in updates:
            if update.field_name is not None and not update.valid_when_locked:
                name = str(update.field_name)
                allowed[name] = allowed.get(name, True) and bool(update.valid_when_certifying)
        before, after = self._fields_of(revision - 1), self._fields_of(revision)
        for name in sorted(allowed):
            for terminal in sorted(each for each in after if each == name or each.startswith(f"{name}.")):
                change = _kind_of_change(before.get(terminal), after[terminal])
                if change is not None:
                    yield ChangedField(terminal, change, allowed[name])

    def _fields_of(self, revision: int) -> dict[str, FormField]:
        if revision not in self._fields:
            handler = self._reader.get_historical_resolver(revision)
            self._fields[revision] = {field.name: field for field in form_fields(handler)}
        return self._fields[revision]


def _places(reason: str, old: HistoricalResolver) -> Iterator[str]:
    """Where the objects were used before that pyHanko's reason names; nothing for new ones."""
    if "unexplained xrefs" not in reason:
        return
    for number, generation in re.findall(r"Reference\(idnum=(\d+), generation=(\d+)", reason):
        reference = generic.Reference(int(number), int(generation), old)
        for path in old._get_usages_of_ref(reference):
            yield "".join(f"/{str(step).lstrip('/')}" for step in path.path)


def _metadata_rule() -> QualifiedWhitelistRule:
    rule = MetadataUpdateRule()  # type: ignore[no-untyped-call]  # pyHanko
    return rule.as_qualified(_ALL_ONCE)


def _took_place(update: FormUpdate, old: HistoricalResolver, new: HistoricalResolver) -> bool:
    """Whether the object named was really written differently in this revision."""
    reference = update.updated_ref
    if reference not in new.reader.xrefs.explicit_refs_in_revision(new.revision):
        return False
    if old.reader.xrefs.get_historical_ref(reference, old.revision) is None:
        return True
    return not _is_id(old(reference), new(reference))


def _kind_of_change(before: FormField | None, after: FormField) -> FieldChange | None:
    if after.kind == "/Sig":
        return _kind_of_signature_change(before, after)
    if before is None or value_of(before.dictionary, "/V") != value_of(after.dictionary, "/V"):
        return FieldChange.FILLED
    return FieldChange.REDRAWN


def _kind_of_signature_change(before: FormField | None, after: FormField) -> FieldChange | None:
    value = value_of(after.dictionary, "/V")
    if before is None and value is None:
        return FieldChange.ADDED_EMPTY
    if value is None or (before is not None and "/V" in before.dictionary):
        return None  # nothing that pyHanko's rules let pass changes such a field
    if isinstance(value, generic.DictionaryObject) and str(value_of(value, "/Type")) == "/DocTimeStamp":
        return FieldChange.ADDED_SIGNED if _is_shown(after) else FieldChange.TIMESTAMPED
    return FieldChange.ADDED_SIGNED if before is None and _is_shown(after) else FieldChange.SIGNED


def _is_shown(field: FormField) -> bool:
    hidden = int(field.dictionary.get("/F", 0)) & _HIDDEN
    return not hidden and bool(is_field_visible(field.dictionary))  # type: ignore[no-untyped-call]  # pyHanko
