"""The whole way of a file, judged by programs that share no code with ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.signature import Level
from app.signing.office import SigningOffice
from tests.judges import (
    Judgement,
    mutool_verify,
    openssl_cms,
    openssl_ts,
    pdfsig,
    pyhanko_diff,
    pyhanko_ltv,
    qpdf_check,
)
from tests.signing.paper import agreement
from tests.signing.people import Signer
from tests.tools import needs_tool

THREE = ["seal", "signature-assistant", "signature-client"]
FOUR = [*THREE, "document-timestamp-1"]


def good_fields(judgements: list[Judgement]) -> list[str]:
    """The fields judged good; a bad one shows what was said of it."""
    return sorted(one.field if one.good else f"{one.field}: {one.says}" for one in judgements)


@needs_tool("pdfsig", "certutil")
def test_poppler_finds_every_signature_valid_and_trusted(archived: bytes, root_pem: bytes) -> None:
    assert good_fields(pdfsig(archived, root_pem)) == THREE


@needs_tool("pdfsig", "certutil")
def test_poppler_does_not_trust_another_root(
    archived: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    folder = tmp_path_factory.mktemp("stranger") / "keys"
    stranger = SigningOffice.create(folder, b"another passphrase", "Stranger", "DE", datetime.now(UTC))
    pem = x509.load_der_x509_certificate(stranger.root_certificate()).public_bytes(Encoding.PEM)
    assert not any(one.good for one in pdfsig(archived, pem))


@needs_tool("openssl")
def test_openssl_accepts_every_cms_as_cades(archived: bytes, root_pem: bytes) -> None:
    assert good_fields(openssl_cms(archived, root_pem)) == THREE


@needs_tool("openssl")
def test_openssl_accepts_every_timestamp(archived: bytes, root_pem: bytes) -> None:
    assert good_fields(openssl_ts(archived, root_pem)) == sorted(FOUR)


@needs_tool("qpdf")
def test_qpdf_has_no_complaint(archived: bytes) -> None:
    assert qpdf_check(archived) == ""


@needs_tool("mutool")
def test_mupdf_finds_every_digest_right(archived: bytes) -> None:
    assert len(mutool_verify(archived)) == len(THREE)


def test_pyhanko_explains_every_later_change(archived: bytes, root_pem: bytes) -> None:
    assert good_fields(pyhanko_diff(archived, root_pem)) == sorted(FOUR)


@pytest.mark.parametrize("days", [0, 3, 400, 2000])
def test_long_term_validation_holds_offline_for_years(archived: bytes, root_pem: bytes, days: int) -> None:
    later = datetime.now(UTC) + timedelta(days=days)
    assert good_fields(pyhanko_ltv(archived, root_pem, later)) == THREE


def test_one_flipped_bit_of_the_text_is_seen_by_the_judges(archived: bytes, root_pem: bytes) -> None:
    changed = bytearray(archived)
    changed[3000] ^= 1
    with pytest.raises(Exception):  # noqa: B017, PT011 - pyHanko stumbles in many ways
        assert all(one.good for one in pyhanko_diff(bytes(changed), root_pem))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_signers(office: SigningOffice, root_pem: bytes, count: int) -> None:
    roles = tuple(f"signer{number}" for number in range(count))
    base = agreement(signers=roles, initials=tuple((role, "take-home") for role in roles), clauses=1)
    file = office.certify(base).file
    for role in roles:
        one = Signer.with_credential(office, role, datetime.now(UTC) + timedelta(days=400))
        request = replace(one.request(), initials=((f"initials.{role}.take-home", "XY"),))
        prepared = office.prepare(file, request, one.credential)
        after = office.finish(prepared, one.value(prepared))
        assert after.file.startswith(file)
        assert after.level is Level.B_T
        file = after.file
    final = office.archive(file)
    assert final.level is Level.B_LTA
    assert final.file.startswith(file)
    assert len(good_fields(pyhanko_diff(final.file, root_pem))) == count + 2
    assert all(one.good for one in pyhanko_diff(final.file, root_pem))


def test_a_document_of_our_own_is_sealed_and_archived(office: SigningOffice, root_pem: bytes) -> None:
    sealed = office.seal_document(agreement(signers=(), initials=(), clauses=1, seal_box=True))
    assert sealed.level is Level.B_LTA
    assert sealed.timestamp_authority == "local clock"
    assert good_fields(pyhanko_ltv(sealed.file, root_pem, datetime.now(UTC))) == ["seal"]
