"""Whether a signer is trusted, offline, at a moment that may lie years ahead.

Long-term validation is pyHanko's (ETSI EN 319 102-1, clause 5.6.3): the document
timestamps prove what existed when, the revocation lists come from the file. Nothing
is ever fetched from a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import crl, pem, x509
from pyhanko.sign.ades.report import AdESStatus, AdESSubIndic
from pyhanko.sign.validation.ades import (
    ades_lta_validation,
    ades_timestamp_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import DocumentTimestampStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.domain.errors import InvalidInput
from app.domain.keys import TrustMaterial
from app.domain.verification import Trust
from app.signing.verification.cms_form import embedded_certificates, issuing_chain
from app.signing.verification.evidence import Evidence
from app.signing.verification.later_revocation import judge_revocations
from app.signing.verification.names import keep_prepared_names
from app.signing.verification.signatures import SignatureFinding
from app.signing.waiting import wait_for

_OFFLINE = RevocationInfoGatheringSpec(
    online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
    certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
)
_PASSED = "TOTAL-PASSED"
_FAILED = "TOTAL-FAILED"
_UNDECIDED = "INDETERMINATE"
NOTHING = TrustMaterial()
_UNKNOWN_SINCE = "Whether a timestamp authority was revoked after {:%Y-%m-%d} is not known here."
keep_prepared_names()


@dataclass(frozen=True, slots=True)
class TrustList:
    """own_root: of this installation. others: given by the user, or former. Both make trusted.

    timestamp_roots: trusted for timestamps alone. revocation_lists: known beside those in the file.
    """

    own_root: x509.Certificate | None
    others: tuple[x509.Certificate, ...]
    timestamp_roots: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[crl.CertificateList, ...] = ()

    @property
    def anchors(self) -> list[x509.Certificate]:
        """Without authorities that another one given vouches for: a chain is to be proven up to its root."""
        held = [*([self.own_root] if self.own_root is not None else []), *self.others]
        return [each for each in held if len(issuing_chain(each, held)) == 1]


@dataclass(frozen=True, slots=True)
class TrustFinding:
    """complete: revocation was proven too, from data in the file. remark: what else is to be said."""

    trust: Trust
    indication: str
    subindication: str
    complete: bool
    remark: str = ""


def load_trust_list(
    trust_roots: Sequence[bytes], own_root: bytes | None, besides: TrustMaterial = NOTHING
) -> TrustList:
    """Read trusted roots, each DER or PEM (a PEM file may hold several). Raises InvalidInput.

    besides: what else this installation trusts and knows; its roots are trusted like `trust_roots`.
    """
    own = _load_certificates(own_root) if own_root is not None else []
    given = (*trust_roots, *besides.roots)
    others = [certificate for root in given for certificate in _load_certificates(root)]
    for_time = [certificate for root in besides.timestamp_roots for certificate in _load_certificates(root)]
    lists = tuple(crl.CertificateList.load(each) for each in besides.revocation_lists)
    return TrustList(own[0] if own else None, tuple(others), tuple(for_time), lists)


def _load_certificates(data: bytes) -> list[x509.Certificate]:
    try:
        found = [body for _, _, body in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        certificates = [x509.Certificate.load(body, strict=True) for body in found]
        for certificate in certificates:
            certificate.native  # noqa: B018  # reads all of it, which raises ValueError on rubbish
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            "trust_root",
            "A trusted certificate could not be read.",
            "Give the certificate of the authority as a PEM or DER file.",
        ) from error
    return certificates


def evaluate_all(
    findings: Sequence[SignatureFinding], trust_list: TrustList, kept: Evidence, at: datetime
) -> list[TrustFinding]:
    """Trust in every signature and document timestamp at `at` (aware UTC), in the order given.

    kept: the validation data of the file. What can no longer be judged by today, because a
    certificate or a list has ended since, is judged by the time of a later document timestamp
    that holds and is trusted: it existed, as it is, then.
    """
    trusts: dict[int, TrustFinding] = {}
    protected_until = at
    for position in reversed(range(len(findings))):
        finding = findings[position]
        trust = _evaluate(finding, trust_list, kept, at)
        if trust.trust is not Trust.NOT_EVALUATED and not trust.complete and protected_until < at:
            earlier = _evaluate(finding, trust_list, kept, protected_until, existed=True)
            trust = earlier if earlier.complete or trust.trust is Trust.UNTRUSTED else trust
        if finding.is_timestamp and trust.trust is Trust.TRUSTED:
            stamped = _gen_time(finding)
            if not trust.complete:
                trust = _by_its_own_time(finding, trust, trust_list, kept, stamped)
            protected_until = min(protected_until, stamped)
        trusts[position] = trust
    judged = [trusts[position] for position in range(len(findings))]
    if not trust_list.revocation_lists:
        return judged
    return _with_revocations(findings, judged, trust_list, kept, at)


def _with_revocations(
    findings: Sequence[SignatureFinding],
    trusts: Sequence[TrustFinding],
    trust_list: TrustList,
    kept: Evidence,
    at: datetime,
) -> list[TrustFinding]:
    """What is known beside the file of revocations since (`later_revocation`)."""
    good = [trust.trust is Trust.TRUSTED for trust in trusts]
    known = [*kept.certificates, *trust_list.anchors]
    consequences = judge_revocations(findings, good, trust_list.revocation_lists, known, at)
    revoked = TrustFinding(Trust.UNTRUSTED, _UNDECIDED, "REVOKED_NO_POE", complete=False)
    return [
        revoked if consequence.revoked else replace(trust, remark=consequence.remark or trust.remark)
        for trust, consequence in zip(trusts, consequences, strict=True)
    ]


def _by_its_own_time(
    finding: SignatureFinding,
    trust: TrustFinding,
    trust_list: TrustList,
    kept: Evidence,
    stamped: datetime,
) -> TrustFinding:
    """The newest timestamp of an authority that the installation trusts for timestamps.

    Authorities renew their lists every few days, so that the one in the file is soon past its date.
    It did show the certificate good when it stamped; what was revoked since is not known offline.
    """
    known = [*embedded_certificates(finding.embedded.signed_data), *kept.certificates]
    chain = issuing_chain(finding.certificate, [*known, *trust_list.timestamp_roots])
    if not chain or chain[-1].dump() not in {root.dump() for root in trust_list.timestamp_roots}:
        return trust
    own = _evaluate(finding, trust_list, kept, stamped)
    return replace(own, remark=_UNKNOWN_SINCE.format(stamped)) if own.complete else trust


def _gen_time(finding: SignatureFinding) -> datetime:
    content = finding.embedded.signed_data["encap_content_info"]["content"]
    moment: datetime = content.parsed["gen_time"].native
    return moment


def _evaluate(
    finding: SignatureFinding,
    trust_list: TrustList,
    kept: Evidence,
    at: datetime,
    *,
    existed: bool = False,
) -> TrustFinding:
    """existed: a timestamp proves that the file existed at `at`, and so is judged by that time."""
    if finding.problems:
        return TrustFinding(Trust.NOT_EVALUATED, _FAILED, finding.failure, complete=False)
    if not trust_list.anchors:
        return TrustFinding(Trust.NOT_EVALUATED, _UNDECIDED, "NO_CERTIFICATE_CHAIN_FOUND", complete=False)
    strict = _run(finding.embedded, trust_list, kept, at, revocation=True, existed=existed)
    if strict.status == AdESStatus.PASSED:
        return TrustFinding(Trust.TRUSTED, _PASSED, "", complete=True)
    if strict.status == AdESStatus.INDETERMINATE and "REVOKED" not in _name(strict):
        # Without revocation data even a good chain is undecided; is that all that is missing?
        lenient = _run(finding.embedded, trust_list, kept, at, revocation=False)
        if lenient.status == AdESStatus.PASSED:
            return TrustFinding(Trust.TRUSTED, _UNDECIDED, "TRY_LATER", complete=False)
    failed = strict.status == AdESStatus.FAILED
    return TrustFinding(Trust.UNTRUSTED, _FAILED if failed else _UNDECIDED, _name(strict), complete=False)


def _name(subindication: AdESSubIndic) -> str:
    return str(getattr(subindication, "name", subindication))  # every member of it is an Enum's


def _run(
    embedded: EmbeddedPdfSignature,
    trust_list: TrustList,
    kept: Evidence,
    at: datetime,
    *,
    revocation: bool,
    existed: bool = False,
) -> AdESSubIndic:
    anchors = trust_list.anchors
    rule = CertRevTrustPolicy(REQUIRE_REVINFO if revocation else NO_REVOCATION)
    timing = ValidationTimingInfo(
        validation_time=at, best_signature_time=at, point_in_time_validation=False
    )
    spec = SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(SimpleTrustManager.build(anchors), rule),
        ts_cert_validation_policy=CertValidationPolicySpec(
            SimpleTrustManager.build([*anchors, *trust_list.timestamp_roots]), rule
        ),
        revinfo_gathering_policy=_OFFLINE,
        local_knowledge=LocalKnowledge(
            known_ocsps=kept.ocsp_containers(),
            known_crls=kept.crl_containers(),
            known_certs=list(kept.certificates),
        ),
    )
    # The differences between revisions were judged before, once for all signatures.
    embedded.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]  # pyHanko
    if embedded.sig_object_type == "/DocTimeStamp":
        return wait_for(_timestamp(embedded, spec, timing))
    if revocation and not existed:
        return wait_for(_signature(embedded, spec, timing))
    return wait_for(_signature_at_that_time(embedded, spec, timing))


async def _signature(
    embedded: EmbeddedPdfSignature, spec: SignatureValidationSpec, timing: ValidationTimingInfo
) -> AdESSubIndic:
    result = await ades_lta_validation(embedded, PdfSignatureValidationSpec(spec, diff_policy=None), timing)
    return result.ades_subindic


async def _signature_at_that_time(
    embedded: EmbeddedPdfSignature, spec: SignatureValidationSpec, timing: ValidationTimingInfo
) -> AdESSubIndic:
    # Clause 5.5 only: validation of the past (5.6) reasons with revocation data and later timestamps.
    result = await ades_with_time_validation(
        embedded.signed_data, spec, timing_info=timing, raw_digest=embedded.compute_digest()
    )
    return result.ades_subindic


async def _timestamp(
    embedded: EmbeddedPdfSignature, spec: SignatureValidationSpec, timing: ValidationTimingInfo
) -> AdESSubIndic:
    result = await ades_timestamp_validation(
        tst_signed_data=embedded.signed_data,
        validation_spec=spec,
        timing_info=timing,
        expected_tst_imprint=embedded.compute_digest,
        extra_status_kwargs={"coverage": embedded.coverage, "diff_result": None},
        status_cls=DocumentTimestampStatus,
    )
    return result.ades_subindic
