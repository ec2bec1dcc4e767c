"""The fields of the paper: names, places, locks, structure; and that later signatures stay valid."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.domain.agreement_text import initials_field, signature_field
from app.rendering.clean_paper import field_names
from tests.rendering.papers import draft, opened, paper, text

MILLIMETRE = 72 / 25.4


def named(pdf: bytes) -> dict[str, pikepdf.Object]:
    return dict(field_names(opened(pdf)))


def test_fields_are_the_seal_signatures_and_initials() -> None:
    agreement = text("agreement")
    expected = {"seal", "signature-assistant", "signature-client"}
    expected |= {initials_field(place.role, place.family) for place in agreement.initials}
    assert len(agreement.initials) == 6
    assert set(named(paper())) == expected


def test_signature_fields_are_flat_and_empty_and_wait_in_their_block() -> None:
    found = named(paper())
    for role in ("assistant", "client"):
        field = found[signature_field(role)]
        assert field.FT == "/Sig"
        assert "/V" not in field
        assert "/Parent" not in field
        left, bottom, right, top = (float(value) / MILLIMETRE for value in field.Rect)
        assert right - left == pytest.approx(150, abs=0.5)
        assert top - bottom == pytest.approx(26, abs=0.5)
        assert left == pytest.approx(24 + 5.7, abs=0.5)
    assert str(found["signature-client"].TU) == "Signature of Nora Whitlow"


def test_initials_are_read_only_text_fields_of_two_parents() -> None:
    field = named(paper())["initials.assistant.family-2"]
    assert field.FT == "/Tx"
    assert field.Ff == 1
    assert "/V" not in field
    assert "/DA" not in field
    assert str(field.Parent.T) == "assistant"
    assert str(field.Parent.Parent.T) == "initials"
    assert str(field.TU) == "Initials of Liza Santos to clause 2"
    left, bottom, right, top = (float(value) / MILLIMETRE for value in field.Rect)
    assert 210 - 24 - 18.5 < left < right < 210 - 24 + 0.5
    assert top - bottom == pytest.approx(10.5, abs=0.5)


def test_two_signers_initial_in_boxes_one_below_the_other() -> None:
    found = named(paper("sectioned"))
    first, second = (found[f"initials.{role}.two"].Rect for role in ("assistant", "client"))
    assert float(first[0]) == float(second[0])
    assert float(first[1]) > float(second[3])


def test_each_signature_locks_exactly_the_initials_of_its_role() -> None:
    found = named(paper("sectioned"))
    for role in ("assistant", "client"):
        lock = found[signature_field(role)].Lock
        assert lock.is_indirect
        assert (lock.Type, lock.Action) == ("/SigFieldLock", "/Include")
        assert [str(name) for name in lock.Fields] == [f"initials.{role}.two"]
    assert "/Lock" not in found["seal"]
    assert "/Lock" not in named(paper())["signature-client"]


def test_the_form_says_append_only_and_nothing_that_viewers_act_upon() -> None:
    form = opened(paper()).Root.AcroForm
    assert set(form.keys()) == {"/Fields", "/SigFlags"}
    assert form.SigFlags == 3


def test_widgets_print_have_an_empty_appearance_and_an_alternative_text() -> None:
    for name, field in named(paper()).items():
        assert field.F == 4, name
        appearance = field.AP.N
        assert appearance.read_bytes() == b""
        assert appearance.Subtype == "/Form"
        assert "/Resources" in appearance
        assert str(field.TU)


def test_form_elements_refer_to_their_widget_directly() -> None:
    document = opened(paper())
    elements = [
        item
        for item in document.objects
        if isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == "/StructElem"
        and item.S == "/Form"
    ]
    assert len(elements) == len(named(paper()))
    for element in elements:
        assert isinstance(element.K, pikepdf.Dictionary)
        assert element.K.Type == "/OBJR"
        parents = document.Root.StructTreeRoot.ParentTree.Nums
        assert parents[2 * int(element.K.Obj.StructParent) + 1].objgen == element.objgen


def test_a_draft_has_no_field() -> None:
    assert "/AcroForm" not in opened(draft()).Root


def test_initials_boxes_stand_on_the_page_of_their_clause() -> None:
    document = opened(paper("sixty"))
    pages = {page.objgen: number for number, page in enumerate(document.pages)}
    destinations = document.Root.Names.Dests.Names
    starts = {str(destinations[i]): destinations[i + 1] for i in range(0, len(destinations), 2)}
    checked = 0
    for name, field in named(paper("sixty")).items():
        if name.startswith("initials."):
            page, _, _, top, _ = starts[name.rsplit(".", 1)[1]]
            assert pages[field.P.objgen] == pages[page.objgen]
            assert abs(float(field.Rect[3]) - float(top)) < 12
            checked += 1
    assert checked == 20


def make_signer() -> tuple[signers.SimpleSigner, ValidationContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    encoded = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    holder = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    signer = signers.SimpleSigner(
        holder, asn1_keys.PrivateKeyInfo.load(encoded), SimpleCertificateStore()
    )
    return signer, ValidationContext(trust_roots=[holder], allow_fetching=False)


def fill_initials(writer: IncrementalPdfFileWriter, role: str) -> None:
    for top in writer.root["/AcroForm"]["/Fields"]:
        for parent in top.get_object().get("/Kids", ()):
            if parent.get_object()["/T"] == role:
                for kid in parent.get_object()["/Kids"]:
                    write_initials(writer, kid)


def write_initials(writer: IncrementalPdfFileWriter, kid: generic.IndirectObject) -> None:
    appearance = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): kid.get_object()["/AP"]["/N"]["/BBox"],
            pdf_name("/Resources"): generic.DictionaryObject(),
        },
        stream_data=b"2 2 m 30 10 l S",
    )
    kid.get_object()["/V"] = generic.pdf_string("LS")
    kid.get_object()["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(appearance)})
    writer.mark_update(kid)


def sign(file: bytes, signer: signers.SimpleSigner, field: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(file))
    fill_initials(writer, field.removeprefix("signature-"))
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        certify=field == "seal",
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, signer=signer).sign_pdf(writer, existing_fields_only=True, output=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["small", "sectioned"])
def test_seal_and_signatures_with_initials_accept_one_another(name: str) -> None:
    signer, trust = make_signer()
    file = paper(name)
    for field in ("seal", "signature-assistant", "signature-client"):
        file = sign(file, signer, field)
    assert file.startswith(paper(name))
    found = PdfFileReader(io.BytesIO(file)).embedded_signatures
    assert len(found) == 3
    for signature in found:
        status = validate_pdf_signature(signature, trust)
        assert status.bottom_line, (signature.field_name, status.summary())
