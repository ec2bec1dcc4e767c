"""The check of an archived file: every signature and every change, by pyHanko, offline, fail closed.

A level is claimed only after this: intact and trusted with hard-fail revocation from the file's
own validation data, every difference between revisions explained, and the long-term validation
of EN 319 102-1, 5.6.3 passed for each signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

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
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.domain.errors import SigningFailed
from app.signing.own_revision import refused
from app.signing.waiting import wait_for


def check_archive(pdf: bytes, result: bytes, anchors: Sequence[bytes], now: datetime) -> None:
    """Raise SigningFailed unless `result` is `pdf` brought to level B-LTA.

    anchors: DER of the CA certificates to trust.
    """
    if not result.startswith(pdf):
        raise refused("it does not begin with the bytes it was made on")
    roots = [asn1_x509.Certificate.load(one) for one in anchors]
    try:
        wait_for(_check(PdfFileReader(BytesIO(result)), roots, now))
    except SigningFailed:
        raise
    except Exception as error:
        raise refused(f"it cannot be read back ({type(error).__name__}: {error})") from error


async def _check(reader: PdfFileReader, roots: list[asn1_x509.Certificate], now: datetime) -> None:
    store = DocumentSecurityStore.read_dss(reader)
    settings = {
        "trust_roots": roots,
        "moment": now,
        "allow_fetching": False,
        "revocation_mode": "hard-fail",
    }
    context = store.as_validation_context(settings)
    for signature in reader.embedded_regular_signatures:
        await _check_signature(signature, context)
        await _check_long_term(signature, roots, now)
    await _check_timestamp(reader.embedded_signatures[-1], context)


async def _check_signature(signature: EmbeddedPdfSignature, context: ValidationContext) -> None:
    status = await async_validate_pdf_signature(signature, context, context)
    timestamp = status.timestamp_validity
    if not status.bottom_line or timestamp is None or not (timestamp.valid and timestamp.trusted):
        raise refused(f"the signature in {signature.field_name} does not hold")


async def _check_timestamp(timestamp: EmbeddedPdfSignature, context: ValidationContext) -> None:
    status = await async_validate_pdf_timestamp(timestamp, context)
    if not (status.intact and status.valid and status.trusted):
        raise refused("the document timestamp does not verify")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise refused("the document timestamp does not cover the whole file")


async def _check_long_term(
    signature: EmbeddedPdfSignature, roots: list[asn1_x509.Certificate], now: datetime
) -> None:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    specification = PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=offline),
        diff_policy=None,  # the differences have been examined by _check_signature
    )
    timing = ValidationTimingInfo(
        validation_time=now, best_signature_time=now, point_in_time_validation=False
    )
    result = await ades_lta_validation(signature, specification, timing_info=timing)
    if result.ades_subindic != AdESPassed.OK:
        raise refused(f"long-term validation of {signature.field_name} gives {result.ades_subindic}")
