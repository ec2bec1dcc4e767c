"""One signature in the file: does it hold, and may the file look as it does after it?

Only cryptography and form are judged here; who signed, and whether to trust them, is
`trust.py`. Integrity never depends on trust.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from asn1crypto import cms, core, tsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import CMSExtractionError, byte_range_digest
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_tst_data_iter,
    validate_sig_integrity,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from app.domain.verification import Integrity
from app.signing.verification.algorithms import judge_algorithms
from app.signing.verification.byte_ranges import examine_byte_range, has_tail
from app.signing.verification.changes import Judgement, judge_changes
from app.signing.verification.revisions import RevisionReview

FORMAT_FAILURE = "FORMAT_FAILURE"
HASH_FAILURE = "HASH_FAILURE"
SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"


@dataclass(frozen=True, slots=True)
class TokenFinding:
    """One timestamp token (RFC 3161): its CMS, its time, and why it does not hold ("" if it does).

    encoded: the ContentInfo exactly as it lies in the file, where it stands beside a signature.
    """

    signed_data: cms.SignedData
    time: datetime
    certificate: x509.Certificate
    problem: str
    encoded: bytes = b""


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """What was found of one signature or document timestamp.

    problems: sentences why it is broken, empty if it is not; failure: the ETSI
    subindication that goes with the first. weaknesses: why it is never green.
    """

    embedded: EmbeddedPdfSignature
    certificate: x509.Certificate | None
    covered_to: int
    plain_hex: bool
    problems: tuple[str, ...] = ()
    failure: str = ""
    weaknesses: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    permitted: bool = False  # later changes that are allowed, but are no signatures
    tokens: tuple[TokenFinding, ...] = field(default=())
    signed_part: int = 0  # so many bytes from the first on hold what was signed; 0: they do not

    @property
    def is_timestamp(self) -> bool:
        return bool(self.embedded.sig_object_type == "/DocTimeStamp")

    @property
    def integrity(self) -> Integrity:
        if self.problems:
            return Integrity.BROKEN
        return Integrity.PERMITTED_CHANGES if self.permitted else Integrity.INTACT

    def broken(self, problem: str, failure: str = FORMAT_FAILURE) -> SignatureFinding:
        return replace(self, problems=(*self.problems, problem), failure=self.failure or failure)

    def weaker(self, weakness: str) -> SignatureFinding:
        return replace(self, weaknesses=(*self.weaknesses, weakness)) if weakness else self


def examine_signature(
    data: bytes,
    embedded: EmbeddedPdfSignature,
    review: RevisionReview,
    signatures: Sequence[EmbeddedPdfSignature],
) -> SignatureFinding:
    """Judge one signature. Errors of pyHanko on hostile files pass through to the caller."""
    coverage = examine_byte_range(data, embedded.byte_range, embedded.pkcs7_content)
    finding = SignatureFinding(embedded, None, coverage.covered_to, coverage.plain_hex)
    if coverage.problem:
        finding = finding.broken(coverage.problem)
    finding = _with_cryptography(finding)
    finding = _with_tokens(finding)
    finding = replace(finding, signed_part=0 if finding.problems else finding.covered_to)
    return _with_changes(finding, data, review, signatures)


def _with_cryptography(finding: SignatureFinding) -> SignatureFinding:
    embedded = finding.embedded
    try:
        certificate = extract_certs_for_validation(embedded.signed_data).signer_cert
        intact, valid = _verify(embedded, certificate)
    except (SignatureValidationError, CMSExtractionError) as error:
        return finding.broken("A signature does not fit the certificate that comes with it.", _code_of(error))
    finding = replace(finding, certificate=certificate)
    algorithms = judge_algorithms(embedded.signer_info, certificate)
    if not intact:
        finding = finding.broken("The signed content was changed after it was signed.", HASH_FAILURE)
    if not valid:
        finding = finding.broken("A signature was not made with the key it names.", SIG_CRYPTO_FAILURE)
    if algorithms.forbidden:
        finding = finding.broken(
            f"A signature cannot be relied on. {algorithms.forbidden}", CRYPTO_CONSTRAINTS_FAILURE
        )
    return finding.weaker(algorithms.weak)


def _verify(embedded: EmbeddedPdfSignature, certificate: x509.Certificate) -> tuple[bool, bool]:
    """(the content is the one signed, the signature is the key's)."""
    signed_data, signer = embedded.signed_data, embedded.signer_info
    if embedded.sig_object_type == "/DocTimeStamp":
        token = examine_token(signed_data, embedded.compute_digest())
        return token.problem != _OTHER_CONTENT, token.problem in ("", _OTHER_CONTENT)
    if signed_data["encap_content_info"]["content"].native is not None:
        raise SignatureValidationError("a detached signature holds content")
    intact, valid = validate_sig_integrity(signer, certificate, "data", embedded.compute_digest())
    return bool(intact), bool(valid)


_OTHER_CONTENT = "A timestamp belongs to something else."


def examine_token(signed_data: cms.SignedData, imprint: bytes | None, imprinted: bytes = b"") -> TokenFinding:
    """Judge one timestamp token against the digest it must bear.

    imprint: that digest; None: the token's own digest algorithm over `imprinted`.
    Raises SignatureValidationError where this is no timestamp token.
    """
    content = signed_data["encap_content_info"]["content"]
    info = content.parsed
    if not isinstance(info, tsp.TSTInfo):
        raise SignatureValidationError("no timestamp token")
    certificate = extract_certs_for_validation(signed_data).signer_cert
    signer = signed_data["signer_infos"][0]
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    intact, valid = validate_sig_integrity(signer, certificate, "tst_info", digest)
    stated = info["message_imprint"]
    if imprint is None:
        imprint = hashlib.new(stated["hash_algorithm"]["algorithm"].native, imprinted).digest()
    problem = judge_algorithms(signer, certificate).forbidden
    if stated["hashed_message"].native != imprint:
        problem = _OTHER_CONTENT
    if not (intact and valid):
        problem = "A timestamp was changed after it was issued."
    return TokenFinding(signed_data, info["gen_time"].native, certificate, problem)


def _with_tokens(finding: SignatureFinding) -> SignatureFinding:
    """Every timestamp beside a signature must hold and belong to that signature."""
    if finding.is_timestamp:
        return finding
    embedded, signer = finding.embedded, finding.embedded.signer_info
    try:
        signature = signer["signature"].native
        beside = [
            replace(examine_token(each["content"], None, signature), encoded=encoded)
            for each, encoded in _tokens_beside(signer)
        ]
        inside = [
            examine_token(each, _content_digest(embedded, each))
            for each in extract_tst_data_iter(signer, signed=True)
        ]
    except (SignatureValidationError, CMSExtractionError) as error:
        return finding.broken("The timestamp of a signature cannot be read.", _code_of(error))
    for token in (*beside, *inside):
        if token.problem:
            problem = f"The timestamp of a signature does not hold. {token.problem}"
            finding = finding.broken(problem, HASH_FAILURE)
    return replace(finding, tokens=tuple(beside))


def _tokens_beside(signer: cms.SignerInfo) -> Iterator[tuple[cms.ContentInfo, bytes]]:
    if signer["unsigned_attrs"] is core.VOID:
        return
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            values = attribute["values"]
            for value in values:
                yield value, values.contents if len(values) == 1 else value.dump()


def _content_digest(embedded: EmbeddedPdfSignature, token: cms.SignedData) -> bytes:
    info = token["encap_content_info"]["content"].parsed
    algorithm = info["message_imprint"]["hash_algorithm"]["algorithm"].native
    stream = embedded.reader.stream
    return bytes(byte_range_digest(stream, byte_range=embedded.byte_range, md_algorithm=algorithm)[1])


def _with_changes(
    finding: SignatureFinding,
    data: bytes,
    review: RevisionReview,
    signatures: Sequence[EmbeddedPdfSignature],
) -> SignatureFinding:
    if any(number < 0 for number in finding.embedded.byte_range) or finding.covered_to == 0:
        return finding
    coverage = finding.embedded.evaluate_signature_coverage()
    if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return finding.broken("A signature does not cover the whole of the file it was made on.")
    differences = review.since(finding.embedded.signed_revision, finding.covered_to)
    if not differences and has_tail(data, finding.covered_to):
        return finding.broken("Bytes were added after the end of the signed file.")
    judgement: Judgement = judge_changes(
        finding.embedded, differences, signatures, review.field_names
    )
    for problem in judgement.violations:
        finding = finding.broken(problem)
    permitted = judgement.permitted and all(each.level < ModificationLevel.OTHER for each in differences)
    return replace(finding, changes=(*judgement.violations, *judgement.changes), permitted=permitted)


def _code_of(error: SignatureValidationError | CMSExtractionError) -> str:
    code = getattr(error, "ades_subindication", None)
    return str(code.name) if code is not None else FORMAT_FAILURE


def reported_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """The signing time that the signer's computer claims, None where none can be read."""
    try:
        claimed = embedded.self_reported_timestamp
    except (ValueError, PdfError):
        return None
    return claimed if isinstance(claimed, datetime) and claimed.tzinfo is not None else None
