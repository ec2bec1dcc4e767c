"""The form of a CMS: strict DER, only the signer's chain, nothing beside the signature."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from asn1crypto import cms, core, keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.domain.verification import Integrity, Verdict
from app.signing import certificate as profiles
from app.signing import der, identifiers
from app.signing.signed_data import attribute, signed_data
from app.signing.verification.cms_form import (
    embedded_certificates,
    form_problem,
    is_strict_der,
    signer_certificate,
)
from app.signing.verification.opened_file import open_pdf
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import SignedChain


def foreign_certificate() -> x509.Certificate:
    pair = profiles.issue_root(profiles.Holder("Somebody Else", "DE"), datetime.now(UTC))
    return x509.Certificate.load(profiles.der_of(pair.certificate))


def contents_of(pdf: bytes, position: int) -> bytes:
    return bytes(open_pdf(pdf).reader.embedded_signatures[position].pkcs7_content)


def test_our_own_signatures_have_our_form(chain: SignedChain) -> None:
    known = [x509.Certificate.load(chain.root)]
    for signature in open_pdf(chain.archived).reader.embedded_signatures:
        assert form_problem(signature.pkcs7_content, signature.signed_data, known) == ""


def rebuilt(
    contents: bytes, extra_certificates: Sequence[bytes] = (), extra_unsigned: Sequence[bytes] = ()
) -> bytes:
    """The CMS composed again from its parts, with more certificates or unsigned attributes."""
    content = cms.ContentInfo.load(contents)["content"]
    signer = content["signer_infos"][0]
    held = [each.dump() for each in embedded_certificates(content)]
    unsigned = signer["unsigned_attrs"]
    beside = [] if unsigned is core.VOID else [each.dump() for each in unsigned]
    signing = signer_certificate(signer, embedded_certificates(content))
    assert signing is not None
    ordered = sorted([*held, *extra_certificates], key=lambda each: each != signing.dump())
    return signed_data(
        attributes=signer["signed_attrs"].untag().dump(),
        signature=signer["signature"].native,
        certificates=[load_der_x509_certificate(each) for each in ordered],
        unsigned=[*beside, *extra_unsigned],
    )


def add_certificate(contents: bytes) -> bytes:
    return rebuilt(contents, extra_certificates=[foreign_certificate().dump()])


def add_unsigned_attribute(contents: bytes) -> bytes:
    return rebuilt(contents, extra_unsigned=[attribute("1.2.3.4", der.integer(1))])


def other_version(contents: bytes) -> bytes:
    return rebuilt(contents).replace(der.integer(1), der.integer(3), 1)


def other_digest_list(contents: bytes) -> bytes:
    sha_512 = der.object_identifier("2.16.840.1.101.3.4.2.3")
    return rebuilt(contents).replace(der.object_identifier(identifiers.SHA_256), sha_512, 1)


def test_composing_again_changes_nothing(chain: SignedChain) -> None:
    contents = contents_of(chain.complete, 1)
    assert contents.rstrip(b"\x00") == rebuilt(contents).rstrip(b"\x00")


@pytest.mark.parametrize(
    "change",
    [add_certificate, add_unsigned_attribute, other_version, other_digest_list],
    ids=lambda each: each.__name__,
)
def test_anything_put_into_the_envelope_is_seen(
    change: Callable[[bytes], bytes], chain: SignedChain
) -> None:
    changed = change(contents_of(chain.complete, 1))
    content = cms.ContentInfo.load(changed)["content"]
    assert form_problem(changed, content, [x509.Certificate.load(chain.root)])


@pytest.mark.parametrize(
    "encoded",
    [
        b"\x30\x81\x03\x02\x01\x01",  # length not in its shortest form
        b"\x30\x80\x02\x01\x01\x00\x00",  # indefinite length
        b"\x31\x06\x02\x01\x02\x02\x01\x01",  # SET OF out of order
        b"\x30\x03\x02\x01",  # cut short
        b"\x30\x03\x02\x01\x01\x00",  # something behind it
    ],
)
def test_what_is_not_der(encoded: bytes) -> None:
    assert not is_strict_der(encoded)
    assert is_strict_der(b"\x30\x06\x02\x01\x01\x02\x01\x02")


@given(st.binary(max_size=64))
def test_der_check_takes_anything(data: bytes) -> None:
    assert is_strict_der(data) in (True, False)


def with_room(chain: SignedChain) -> bytes:
    """A file signed with a certificate of ours by other software, which leaves room behind the CMS."""
    pair = chain.organisation.seal
    key = keys.PrivateKeyInfo.load(
        pair.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(profiles.der_of(chain.organisation.issuing.certificate)))
    signer = SimpleSigner(x509.Certificate.load(profiles.der_of(pair.certificate)), key, store)
    writer = IncrementalPdfFileWriter(io.BytesIO(chain.paper))
    append_signature_field(writer, SigFieldSpec("theirs", 0))
    meta = PdfSignatureMetadata(field_name="theirs", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    signed = bytes(signers.sign_pdf(writer, meta, signer, bytes_reserved=16_384).getvalue())
    signature = open_pdf(signed).reader.embedded_signatures[0]
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    return signed[:start] + signed[start:end].lower() + signed[end:]


def test_foreign_certificate_in_a_file_under_our_root_is_red(chain: SignedChain, judge: Judge) -> None:
    signed = with_room(chain)
    assert judge(signed).integrity is Integrity.INTACT
    signature = open_pdf(signed).reader.embedded_signatures[0]
    start, end = int(signature.byte_range[1]) + 1, int(signature.byte_range[2]) - 1
    hexadecimal = add_certificate(bytes(signature.pkcs7_content)).hex().encode().ljust(end - start, b"0")
    report = judge(signed[:start] + hexadecimal + signed[end:])
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)
    assert "A certificate that has nothing to do with the signer was put into a signature." in report.reasons


def test_other_notation_of_the_hexadecimal_digits_is_red(chain: SignedChain, judge: Judge) -> None:
    signed = with_room(chain)
    signature = open_pdf(signed).reader.embedded_signatures[0]
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    assert judge(signed[:start] + signed[start:end].upper() + signed[end:]).verdict is Verdict.RED
