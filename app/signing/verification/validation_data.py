"""Differences that archiving makes: validation data (DSS), harmless frees, unused objects.

These rules replace or narrow three of pyHanko's. Its rule for the DSS refuses genuine
files of several makers that renew a VRI entry; its rule for freed objects refuses
writers that free numbers never used; its rule for unused objects accepts an object
that an earlier revision already points at, which is how a shadow attack is prepared.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.commons import compare_key_refs
from pyhanko.sign.diff_analysis.rules.form_field_rules import _validate_dss_substructure
from pyhanko.sign.diff_analysis.rules_api import (
    Context,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    WhitelistRule,
)

_DSS_STREAMS = {"/Certs", "/CRLs", "/OCSPs"}
_VRI_STREAMS = {"/Cert", "/CRL", "/OCSP"}
_VRI_KEYS = {"/Type", "/TU", "/TS"} | _VRI_STREAMS


class ValidationDataRule(WhitelistRule):
    """The document security store may grow and be renewed (ETSI EN 319 142-1, 5.4.2)."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
        path = RawPdfPath("/Root", "/DSS")
        before, after = yield from _compared("/DSS", old, old.root, new.root, path)
        if after is None:
            return
        _expect_keys(after, {"/Type", "/VRI"} | _DSS_STREAMS)
        if not set(after.keys()) >= set(before.keys()) - {"/Type", "/VRI"}:
            raise SuspiciousModification("validation data were taken out of the DSS")
        context = Context.from_absolute(old, path)
        yield from _validate_dss_substructure(old, new, before, after, _DSS_STREAMS, False, context)
        vri_path = RawPdfPath("/Root", "/DSS", "/VRI")
        old_vri, new_vri = yield from _compared("/VRI", old, before, after, vri_path)
        if new_vri is None:
            return
        for key in new_vri:
            if key != "/Type":
                yield from _entry(old, new, old_vri, new_vri, key)


class HarmlessFreeRule(QualifiedWhitelistRule):
    """A number may be declared free where no object had it; freeing an object is suspicious."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        for reference in new.reader.xrefs.refs_freed_in_revision(new.revision):
            if _exists(old, reference):
                raise SuspiciousModification(f"object {reference.idnum} was removed")
            yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(reference)


class UnusedObjectRule(QualifiedWhitelistRule):
    """New objects that nothing uses are harmless, unless the old revision pointed at their number."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        for reference in _unused(new):
            if not old._get_usages_of_ref(reference):
                yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(reference)


def _unused(new: HistoricalResolver) -> set[Reference]:
    """Objects created in this revision that neither its trailer nor a rewritten object leads to."""
    previous = new.reader.get_historical_resolver(new.revision - 1)
    xrefs = new.reader.xrefs
    written = xrefs.explicit_refs_in_revision(new.revision) - xrefs.refs_freed_in_revision(new.revision)
    unused = {reference for reference in written if previous.is_ref_unassignable(reference)}
    rewritten = written - unused
    starts = [new.trailer_view, *(new(reference) for reference in rewritten)] if unused else []
    for start in starts:
        unused -= new.collect_dependencies(start, since_revision=new.revision)
    return unused


def _compared(
    key: str,
    old: HistoricalResolver,
    old_dictionary: generic.DictionaryObject,
    new_dictionary: generic.DictionaryObject,
    path: RawPdfPath,
) -> Generator[ReferenceUpdate, None, tuple[generic.DictionaryObject, generic.DictionaryObject | None]]:
    """Both values of a key as dictionaries (the generator's return value); None: there is none now."""
    before, after = yield from misc.map_with_return(
        compare_key_refs(key, old, old_dictionary, new_dictionary),
        ReferenceUpdate.curry_ref(context_checked=Context.from_absolute(old, path)),
    )
    if after is not None and not isinstance(after, generic.DictionaryObject):
        raise SuspiciousModification(f"{key} is not a dictionary")
    if not isinstance(before, generic.DictionaryObject):
        before = generic.DictionaryObject()  # type: ignore[no-untyped-call]  # pyHanko
    return before, after


def _entry(
    old: HistoricalResolver,
    new: HistoricalResolver,
    old_vri: generic.DictionaryObject,
    new_vri: generic.DictionaryObject,
    key: str,
) -> Iterator[ReferenceUpdate]:
    path = RawPdfPath("/Root", "/DSS", "/VRI", key)
    before, after = yield from _compared(key, old, old_vri, new_vri, path)
    if after is None:
        return
    _expect_keys(after, _VRI_KEYS)
    context = Context.from_absolute(old, path)
    yield from _validate_dss_substructure(old, new, before, after, _VRI_STREAMS, True, context)
    stamp = after.get_value_as_reference("/TS", optional=True)
    if stamp is not None and old.is_ref_unassignable(stamp):
        yield ReferenceUpdate(stamp)


def _expect_keys(dictionary: generic.DictionaryObject, allowed: set[str]) -> None:
    unexpected = set(dictionary.keys()) - allowed
    if unexpected:
        raise SuspiciousModification(f"unexpected entries among the validation data: {sorted(unexpected)}")


def _exists(old: HistoricalResolver, reference: Reference) -> bool:
    try:
        found = old(reference)
    except misc.PdfReadError:
        return False
    return not isinstance(found, generic.NullObject)
