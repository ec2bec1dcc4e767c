"""The second step: what must not become a signature does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.domain.errors import InvalidInput, SigningFailed, TimestampUnavailable
from app.domain.signature import PreparedSignature
from app.signing.certificate import generate_key
from app.signing.office import SigningOffice
from app.signing.timestamp import TimestampToken
from app.signing.writer import byte_range_digest
from tests.judges import pyhanko_diff
from tests.signing.paper import agreement
from tests.signing.people import PASSPHRASE, Signer


class Unavailable:
    """A timestamp authority that never answers."""

    name = "nobody"
    token_size = 1000
    trusted = ()

    def stamp(self, digest: bytes) -> TimestampToken:
        raise TimestampUnavailable("down", "Nobody answered.", "Try again.", retryable=True)


def test_raw_and_der_values_are_both_accepted(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], root_pem: bytes
) -> None:
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    r, s = decode_dss_signature(one.value(prepared))
    signed = office.finish(prepared, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert all(judgement.good for judgement in pyhanko_diff(signed.file, root_pem))


def test_the_prepared_file_is_the_shown_file_and_an_update(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    end = prepared.contents_offset + prepared.contents_length
    assert prepared.file[: prepared.base_length] == certified
    assert prepared.file[prepared.contents_offset : end].strip(b"<0>") == b""
    assert byte_range_digest(prepared.file, prepared.contents_offset, end) == prepared.document_digest
    assert prepared.document_digest in prepared.signed_attributes


@pytest.mark.parametrize("value", [b"", b"\x00" * 64, b"\x30\x00", b"x" * 70, b"\xff" * 64])
def test_nonsense_is_no_signature_value(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], value: bytes
) -> None:
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    with pytest.raises(SigningFailed) as caught:
        office.finish(prepared, value)
    assert caught.value.code == "signature_wrong"


def test_the_value_of_another_key_is_refused(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    foreign = generate_key().sign(prepared.signed_attributes, ECDSA(hashes.SHA256()))
    with pytest.raises(SigningFailed, match="does not belong"):
        office.finish(prepared, foreign)


def _flip(prepared: PreparedSignature, at: int) -> PreparedSignature:
    changed = bytearray(prepared.file)
    changed[at] ^= 1
    return replace(prepared, file=bytes(changed))


def _flipped(data: bytes) -> bytes:
    """With another last byte, whatever it was."""
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("where", ["base", "update", "room", "attributes", "digest", "certificate"])
def test_a_prepared_signature_that_was_changed_is_refused(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], where: str
) -> None:
    one, other = signer(), signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    changed = {
        "base": lambda: _flip(prepared, 500),
        "update": lambda: _flip(prepared, prepared.base_length + 40),
        "room": lambda: _flip(prepared, prepared.contents_offset + 9),
        "attributes": lambda: replace(prepared, signed_attributes=_flipped(prepared.signed_attributes)),
        "digest": lambda: replace(prepared, document_digest=bytes(32)),
        "certificate": lambda: replace(prepared, certificate=other.credential.certificate),
    }[where]()
    with pytest.raises(SigningFailed) as caught:
        office.finish(changed, one.value(prepared))
    assert caught.value.code == "prepared_changed"


def test_a_changed_base_is_refused_even_with_a_fitting_signature(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    """Whoever controls the key can sign any update, but no other than a permitted one goes out."""
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    smuggled = replace(prepared, base_length=prepared.base_length - 1000)
    with pytest.raises(SigningFailed):
        office.finish(replace(smuggled, field="signature-client"), one.value(prepared))


def test_a_certificate_of_another_organisation_is_refused(
    office: SigningOffice,
    certified: bytes,
    signer: Callable[..., Signer],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("other") / "keys"
    other = SigningOffice.create(folder, b"another passphrase", "Other Ltd", "IE", datetime.now(UTC))
    one = Signer.with_credential(other, "assistant", datetime.now(UTC) + timedelta(days=30))
    with pytest.raises(SigningFailed, match="not issued here"):
        office.prepare(certified, one.request(), one.credential)
    prepared = other.prepare(certified, one.request(), one.credential)
    with pytest.raises(SigningFailed, match="not issued here"):
        office.finish(prepared, one.value(prepared))


def test_no_authority_means_not_signed_and_try_again(
    keys: Path, office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    one = signer()
    prepared = office.prepare(certified, one.request(), one.credential)
    cut_off = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(Unavailable(),))
    with pytest.raises(TimestampUnavailable) as caught:
        cut_off.finish(prepared, one.value(prepared))
    assert caught.value.retryable
    assert office.finish(prepared, one.value(prepared)).file.startswith(certified)


def test_no_authority_means_no_archive_and_no_seal(
    keys: Path, signed: bytes, certified: bytes
) -> None:
    cut_off = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(Unavailable(),))
    with pytest.raises(TimestampUnavailable):
        cut_off.archive(signed)
    with pytest.raises(TimestampUnavailable):
        cut_off.certify(agreement())


def test_a_field_is_signed_once(
    office: SigningOffice, signed: bytes, signer: Callable[..., Signer]
) -> None:
    one = signer()
    with pytest.raises(SigningFailed) as caught:
        office.prepare(signed, one.request(), one.credential)
    assert caught.value.code == "field_signed"


def test_a_file_is_sealed_once_and_first(office: SigningOffice, certified: bytes) -> None:
    with pytest.raises(SigningFailed):
        office.certify(certified)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"no PDF at all", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"])
def test_what_is_no_form_is_refused(office: SigningOffice, pdf: bytes) -> None:
    with pytest.raises(SigningFailed):
        office.certify(pdf)
    with pytest.raises(SigningFailed):
        office.archive(pdf)


@pytest.mark.parametrize(
    "initials",
    [
        (),
        (("initials.assistant.take-home", "LS"),),
        (("initials.assistant.take-home", "LS"), ("initials.assistant.credentials", " ")),
        (("initials.assistant.take-home", "LS"), ("initials.client.take-home", "LS")),
    ],
)
def test_initials_are_exactly_those_of_the_lock(
    office: SigningOffice,
    certified: bytes,
    signer: Callable[..., Signer],
    initials: tuple[tuple[str, str], ...],
) -> None:
    one = signer()
    with pytest.raises(InvalidInput):
        office.prepare(certified, replace(one.request(), initials=initials), one.credential)


def test_an_archived_file_that_was_tampered_with_before_is_not_archived(
    office: SigningOffice, signed: bytes
) -> None:
    changed = bytearray(signed)
    changed[2000] ^= 1
    with pytest.raises(SigningFailed):
        office.archive(bytes(changed))


def test_an_update_between_the_signatures_is_not_archived(office: SigningOffice, signed: bytes) -> None:
    """Shadow attacks are updates after a signature: here somebody replaces a page's content."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    page = writer.find_page_for_modification(0)[0].get_object()
    evil = generic.StreamObject(stream_data=b"BT ET")
    page["/Contents"] = writer.add_object(evil)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)
    with pytest.raises(SigningFailed):
        office.archive(output.getvalue())
