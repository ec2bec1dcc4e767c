"""The check of a revision that we have just written, before anyone gets it: fail closed.

Three questions, answered from the written bytes alone. Does it begin with exactly the bytes it
was made on? Do the changed objects differ only where a signature may change them, so that no
earlier signature is touched? Does the new signature, read by pyHanko, verify with its timestamp?
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.domain.errors import SigningFailed
from app.signing.certificate import der_of
from app.signing.pdf_object import entry
from app.signing.verification.object_streams import StreamReader
from app.signing.waiting import wait_for

DEEPEST_NESTING = 16
FIELD_KEYS = frozenset(("/V", "/AP"))
CATALOG_KEYS = frozenset(("/Extensions",))
CERTIFYING_KEYS = CATALOG_KEYS | {"/Perms"}


def check_revision(
    base: memoryview,
    result: bytes,
    field: str,
    trusted: Sequence[x509.Certificate],
    now: datetime,
    *,
    certifying: bool = False,
) -> None:
    """Raise SigningFailed unless `result` is `base` and one good signature revision in `field`.

    base: the bytes that the revision was made on. trusted: roots of the signer and of the
    timestamp authorities. The revision may fill the field and the initials that its /Lock names.
    """
    if memoryview(result)[: len(base)] != base:
        raise refused("it does not begin with the bytes it was made on")
    try:
        reader = StreamReader(BytesIO(result))
        signature = _last_signature(reader, field)
        keys = CERTIFYING_KEYS if certifying else CATALOG_KEYS
        _check_changes(reader, {field, *_locked_by(signature)}, keys)
        _check_signature(signature, trusted, now)
    except SigningFailed:
        raise
    except Exception as error:
        raise refused(f"it cannot be read back ({type(error).__name__}: {error})") from error


def refused(reason: str) -> SigningFailed:
    return SigningFailed(
        "own_output",
        f"The signed file was not accepted by our own check: {reason}.",
        "Nothing was stored. Try again; if it happens again, report it.",
    )


def validation_context(trusted: Sequence[x509.Certificate], now: datetime) -> ValidationContext:
    """Offline validation at `now` under the given roots."""
    roots = [asn1_x509.Certificate.load(der_of(one)) for one in trusted]
    return ValidationContext(trust_roots=roots, moment=now, allow_fetching=False, revocation_mode="soft-fail")


def _last_signature(reader: PdfFileReader, field: str) -> EmbeddedPdfSignature:
    signature: EmbeddedPdfSignature = reader.embedded_signatures[-1]
    if signature.field_name != field:
        raise refused(f"the last signature is not in {field}")
    return signature


def _locked_by(signature: EmbeddedPdfSignature) -> set[str]:
    lock = entry(signature.sig_field, "Lock")
    return {str(name) for name in entry(lock, "Fields") or ()} if lock is not None else set()


def _check_signature(
    signature: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], now: datetime
) -> None:
    context = validation_context(trusted, now)
    status = wait_for(async_validate_pdf_signature(signature, context, context, skip_diff=True))
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise refused("the signature does not cover the whole file")
    if not (status.intact and status.valid and status.trusted):
        raise refused("the signature does not verify")
    timestamp = status.timestamp_validity
    if timestamp is None or not (timestamp.intact and timestamp.valid and timestamp.trusted):
        raise refused("its timestamp does not verify")


def _check_changes(reader: PdfFileReader, fields: set[str], catalog_keys: frozenset[str]) -> None:
    last = reader.xrefs.total_revisions - 1
    before = reader.get_historical_resolver(last - 1)
    catalog = reader.trailer.raw_get("/Root").reference
    for reference in reader.xrefs.explicit_refs_in_revision(last):
        if reader.xrefs.get_introducing_revision(reference) == last:
            continue
        old = before.get_object(reference)
        new = reader.get_object(reference)  # type: ignore[no-untyped-call]
        if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
            raise refused(f"object {reference.idnum} was changed")
        changed = {key for key in {*old, *new} if _written(old, key) != _written(new, key)}
        allowed = catalog_keys if reference.idnum == catalog.idnum else FIELD_KEYS
        if not changed <= allowed:
            raise refused(f"object {reference.idnum} was changed in {sorted(changed - allowed)}")
        if reference.idnum != catalog.idnum:
            _check_field(old, new, fields)


def _check_field(old: generic.DictionaryObject, new: generic.DictionaryObject, fields: set[str]) -> None:
    name = _qualified_name(new)
    if name not in fields:
        raise refused(f"the field {name} was changed")
    if entry(old, "V") is not None:
        raise refused(f"the field {name} had a value already")


def _qualified_name(field: generic.DictionaryObject) -> str:
    names: list[str] = []
    node = field
    while len(names) < DEEPEST_NESTING:
        if "/T" in node:
            names.append(str(node["/T"]))
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return ".".join(reversed(names))


def _written(dictionary: generic.DictionaryObject, key: str) -> bytes:
    if key not in dictionary:
        return b""
    written = BytesIO()
    dictionary.raw_get(key).write_to_stream(written, None)
    return written.getvalue()
