"""One signature: prepared, finished and checked, beside plain pyHanko on the same file and key type."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.bench.measuring import Row, interleave
from app.bench.samples import MOMENT, SMALLER, read_sample
from app.clock import SystemClock
from app.config import Configuration
from app.domain.agreement_text import initials_field, signature_field
from app.domain.signature import (
    Appearance,
    CredentialSubject,
    IssuedCredential,
    KeyHeldBy,
    PreparedSignature,
    SignatureRequest,
)
from app.rendering.pdf import render_pdf
from app.signing.completion import complete_signature
from app.signing.office import SigningOffice
from app.signing.organisation import open_organisation
from app.signing.pades import Completed
from app.signing.timestamp import LocalClock
from app.signing.verification import verify_pdf

FIELD = "signature-assistant"


def bench_signing(configuration: Configuration) -> list[Row]:
    text = read_sample(configuration, SMALLER).assemble()
    with tempfile.TemporaryDirectory() as folder:
        bench = SigningBench(Path(folder))
        certified = bench.office.certify(render_pdf(text, created_at=MOMENT)).file
        families = tuple(place.family for place in text.initials if place.role == "assistant")
        bench.sign_once(certified, families)
        sealed = bench.seal(certified, families)
        root = bench.office.root_certificate()
        times = interleave(
            {
                "bare": lambda: bench.sign_bare(certified, families),
                "whole": lambda: bench.sign_once(certified, families),
                "pyhanko": lambda: bench.sign_with_pyhanko(certified),
                "limit": lambda: bench.sign_raw(certified),
                "verify": lambda: verify_pdf(sealed, "bench", trust_roots=[root], own_root=root),
            },
            rounds=9,
        )
    return [
        Row(
            "Signature: prepare and finish, with picture of it, initials and timestamp",
            times["bare"],
            "plain pyHanko, no appearance, no timestamp",
            times["pyhanko"],
            "1.0 x",
        ),
        Row(
            "The same with our own check of the result",
            times["whole"],
            "plain pyHanko, no appearance, no timestamp",
            times["pyhanko"],
        ),
        Row("Signature as above", times["bare"], "raw limit: SHA-256 and P-256", times["limit"]),
        Row("Verification of the archived file, 3 signatures", times["verify"]),
    ]


class SigningBench:
    """Keys and a signer of this run."""

    def __init__(self, folder: Path) -> None:
        clock = SystemClock()
        passphrase = b"a passphrase of the bench only"
        self.office = SigningOffice.create(folder / "keys", passphrase, "Bench Ltd", "GB", clock.now())
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        subject = CredentialSubject(
            "Liza Santos", "for herself", "liza@example.com", "PH", ("bench",), KeyHeldBy.DEMO_PROCESS
        )
        self.credential = self.office.issue(public, subject, clock.now() + timedelta(days=400))
        self.clock = clock
        opened = open_organisation(folder / "keys", passphrase, clock.now())
        self.issuing = opened.issuing.certificate
        self.authority = LocalClock(opened.timestamp, opened.root, clock)
        self._pyhanko = _plain_signer(self.key, self.credential, self.office)

    def prepare(self, pdf: bytes, families: tuple[str, ...], role: str = "assistant") -> PreparedSignature:
        appearance = Appearance(
            "Liza Santos", "for herself", self.clock.now(), KeyHeldBy.DEMO_PROCESS, "bench", "8 clauses"
        )
        initials = tuple((initials_field(role, family), "LS") for family in families)
        request = SignatureRequest(signature_field(role), appearance, initials, "I sign")
        return self.office.prepare(pdf, request, self.credential)

    def value(self, prepared: PreparedSignature) -> bytes:
        return self.key.sign(prepared.signed_attributes, ec.ECDSA(hashes.SHA256()))

    def sign_once(self, pdf: bytes, families: tuple[str, ...], role: str = "assistant") -> bytes:
        prepared = self.prepare(pdf, families, role)
        return self.office.finish(prepared, self.value(prepared)).file

    def sign_bare(self, pdf: bytes, families: tuple[str, ...]) -> Completed:
        """Without the check of the result, which plain pyHanko does not make either."""
        prepared = self.prepare(pdf, families)
        return complete_signature(prepared, self.value(prepared), self.issuing, (self.authority,))

    def seal(self, pdf: bytes, families: tuple[str, ...]) -> bytes:
        """The file signed by both and archived."""
        first = self.sign_once(pdf, families)
        prepared = self.prepare(first, (), role="client")
        return self.office.archive(self.office.finish(prepared, self.value(prepared)).file).file

    def sign_raw(self, pdf: bytes) -> bytes:
        return self.key.sign(pdf, ec.ECDSA(hashes.SHA256()))

    def sign_with_pyhanko(self, pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        out = signers.PdfSigner(metadata, self._pyhanko()).sign_pdf(writer, existing_fields_only=True)
        return bytes(out.getvalue())


def _plain_signer(
    key: ec.EllipticCurvePrivateKey, credential: IssuedCredential, office: SigningOffice
) -> Callable[[], signers.SimpleSigner]:
    def as_asn1(der: bytes) -> object:
        return translate_pyca_cryptography_cert_to_asn1(x509.load_der_x509_certificate(der))

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it so
    store.register(as_asn1(office.certificate_chain()["issuing"]))
    certificate = as_asn1(credential.certificate)
    private = translate_pyca_cryptography_key_to_asn1(key)
    return lambda: signers.SimpleSigner(signing_cert=certificate, signing_key=private, cert_registry=store)
