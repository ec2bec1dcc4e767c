"""DER and CMS as we write them, read back by asn1crypto, which knows nothing of our writer."""

from __future__ import annotations

from io import BytesIO

from asn1crypto import cms, core
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from app.signing import der
from tests.judges import cms_of
from tests.signing.strict_der import assert_strict


@given(st.integers(min_value=-(2**200), max_value=2**200))
def test_integers(value: int) -> None:
    assert der.integer(value) == core.Integer(value).dump()


@given(st.binary(max_size=70_000))
def test_octet_strings_of_every_length(content: bytes) -> None:
    assert der.octet_string(content) == core.OctetString(content).dump()
    assert der.content_of(der.octet_string(content)) == content


@given(st.lists(st.integers(min_value=0, max_value=2**128), min_size=1, max_size=8))
def test_object_identifiers(arcs: list[int]) -> None:
    dotted = ".".join(map(str, (2, 25, *arcs)))
    assert core.ObjectIdentifier.load(der.object_identifier(dotted)).dotted == dotted


@given(st.lists(st.binary(max_size=9), max_size=6))
def test_sets_are_sorted(contents: list[bytes]) -> None:
    parts = [der.octet_string(content) for content in contents]
    assert der.set_of(*parts) == der.set_of(*reversed(parts))


def test_every_cms_is_strict_der_and_its_padding_is_zero(archived: bytes) -> None:
    for signature in PdfFileReader(BytesIO(archived)).embedded_signatures:
        padded = bytes(signature.pkcs7_content)
        encoded = cms_of(signature)
        assert_strict(encoded)
        assert padded == encoded + bytes(len(padded) - len(encoded))
        certificates = cms.ContentInfo.load(encoded)["content"]["certificates"]
        assert len(certificates) == (1 if signature.sig_object_type == "/DocTimeStamp" else 2)


def test_pades_attributes_and_no_signing_time(archived: bytes) -> None:
    for signature in PdfFileReader(BytesIO(archived)).embedded_regular_signatures:
        attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
        assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert str(signature.sig_object["/M"]).startswith("D:20")
