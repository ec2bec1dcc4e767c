"""Independent judges of signed PDFs: poppler with NSS, OpenSSL, qpdf, MuPDF, and pyHanko over time.

None of them shares code with what the application writes signatures with, but pyHanko, which
judges with its own reader. Certificates are given as PEM, files as bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

LONGEST_RUN = 60  # seconds


@dataclass(frozen=True)
class Judgement:
    """What a judge says of one signature."""

    field: str
    good: bool
    says: str


def pdfsig(file: bytes, root_pem: bytes) -> list[Judgement]:
    """poppler: valid, and trusted under the root in an NSS database. Document timestamps are left out,
    which pdfsig does not know."""
    with tempfile.TemporaryDirectory() as folder:
        database = _nss_database(Path(folder), root_pem)
        (Path(folder) / "file.pdf").write_bytes(file)
        output = _run(["pdfsig", "-nssdir", database, str(Path(folder) / "file.pdf")]).stdout
    judgements = []
    for block in re.split(r"^Signature #\d+:$", output, flags=re.MULTILINE)[1:]:
        facts = dict(re.findall(r"^  - ([^:\n]+): (.*)$", block, flags=re.MULTILINE))
        if facts.get("Signature Type") == "unknown":
            continue
        good = facts.get("Signature Validation") == "Signature is Valid." and facts.get(
            "Certificate Validation"
        ) == "Certificate is Trusted."
        judgements.append(Judgement(facts["Signature Field Name"], good, block))
    return judgements


def openssl_cms(file: bytes, root_pem: bytes) -> list[Judgement]:
    """OpenSSL: each signature's CMS with its signing-certificate attribute (CAdES)."""
    judgements = []
    for signature in _regular(file):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "cms").write_bytes(cms_of(signature))
            (folder / "content").write_bytes(_signed_bytes(file, signature))
            (folder / "root").write_bytes(root_pem)
            ran = _run(
                ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
                + ["-in", f"{folder}/cms", "-content", f"{folder}/content", "-CAfile", f"{folder}/root"]
                + ["-out", "/dev/null"]
            )
        judgements.append(Judgement(signature.field_name, ran.returncode == 0, ran.stdout + ran.stderr))
    return judgements


def openssl_ts(file: bytes, root_pem: bytes) -> list[Judgement]:
    """OpenSSL: the timestamp of every signature over its value, and every document timestamp."""
    judgements = []
    for signature in PdfFileReader(BytesIO(file)).embedded_signatures:
        if signature.sig_object_type == "/DocTimeStamp":
            token, data = cms_of(signature), _signed_bytes(file, signature)
        else:
            token, data = _signature_token(signature), signature.signer_info["signature"].native
        judgements.append(openssl_token(token, data, root_pem, signature.field_name))
    return judgements


def openssl_token(token: bytes, data: bytes, root_pem: bytes, field: str = "") -> Judgement:
    """OpenSSL: one RFC 3161 token over `data`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, content in (("token", token), ("data", data), ("root", root_pem)):
            (folder / part).write_bytes(content)
        ran = _run(
            ["openssl", "ts", "-verify", "-token_in", "-in", f"{folder}/token", "-data", f"{folder}/data"]
            + ["-CAfile", f"{folder}/root"]
        )
    return Judgement(field, ran.returncode == 0, ran.stdout + ran.stderr)


def qpdf_check(file: bytes) -> str:
    """qpdf's complaint about the file's structure, "" if it has none."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as stream:
        stream.write(file)
        stream.flush()
        ran = _run(["qpdf", "--check", stream.name])
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def mutool_verify(file: bytes) -> list[str]:
    """MuPDF: what it says of each signature's digest. Its certificate verdict always fails offline."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as stream:
        stream.write(file)
        stream.flush()
        output = _run(["mutool", "sign", "-v", stream.name]).stdout
    return [line.strip() for line in output.splitlines() if "signature is valid" in line.lower()]


def pyhanko_diff(file: bytes, root_pem: bytes) -> list[Judgement]:
    """pyHanko: intact, trusted, and every later change explained, for each signature and timestamp."""
    root = _certificate(root_pem)
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail")
    return asyncio.run(_diff(PdfFileReader(BytesIO(file)), context))


def pyhanko_ltv(file: bytes, root_pem: bytes, at: datetime) -> list[Judgement]:
    """pyHanko, as if it were `at`: long-term validation of EN 319 102-1, 5.6.3, offline, hard-fail."""
    return asyncio.run(_long_term(file, _certificate(root_pem), at))


async def _diff(reader: PdfFileReader, context: ValidationContext) -> list[Judgement]:
    judgements = []
    for signature in reader.embedded_signatures:
        if signature.sig_object_type == "/DocTimeStamp":
            status = await async_validate_pdf_timestamp(signature, context)
            good = status.intact and status.valid and status.trusted
        else:
            status = await async_validate_pdf_signature(signature, context, context)
            good = status.bottom_line and status.docmdp_ok is not False
        says = f"{status.coverage} {status.modification_level}"
        judgements.append(Judgement(signature.field_name, bool(good), says))
    return judgements


async def _long_term(file: bytes, root: asn1_x509.Certificate, at: datetime) -> list[Judgement]:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root]), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    specification = PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=offline)
    )
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=False)
    reader = PdfFileReader(BytesIO(file))
    DocumentSecurityStore.read_dss(reader)
    judgements = []
    for signature in reader.embedded_regular_signatures:
        result = await ades_lta_validation(signature, specification, timing_info=timing)
        good = result.ades_subindic == AdESPassed.OK
        judgements.append(Judgement(signature.field_name, good, str(result.ades_subindic)))
    return judgements


def _regular(file: bytes) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(BytesIO(file)).embedded_regular_signatures)


def cms_of(signature: EmbeddedPdfSignature) -> bytes:
    """The CMS without the zeros that fill its room."""
    padded = bytes(signature.pkcs7_content)
    content = cms.ContentInfo.load(padded)
    return content.dump()


def _signed_bytes(file: bytes, signature: EmbeddedPdfSignature) -> bytes:
    first, length, second, rest = (int(number) for number in signature.byte_range)
    return file[first : first + length] + file[second : second + rest]


def _signature_token(signature: EmbeddedPdfSignature) -> bytes:
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0].dump()
    raise AssertionError(f"the signature in {signature.field_name} has no timestamp")


def _certificate(pem: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(asn1_pem.unarmor(pem)[2])


def _nss_database(folder: Path, root_pem: bytes) -> str:
    (folder / "root.pem").write_bytes(root_pem)
    database = f"sql:{folder}"
    _run(["certutil", "-N", "-d", database, "--empty-password"])
    name = hashlib.sha256(root_pem).hexdigest()[:12]
    _run(["certutil", "-A", "-d", database, "-n", name, "-t", "CT,C,C", "-i", str(folder / "root.pem")])
    return database


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN, check=False)
