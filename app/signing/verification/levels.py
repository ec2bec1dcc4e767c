"""The PAdES level that a signature reaches, measured from the file (ETSI EN 319 142-1, 6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asn1crypto import core, x509

from app.domain.signature import Level
from app.signing.verification.cms_form import embedded_certificates, issuing_chain
from app.signing.verification.evidence import Evidence
from app.signing.verification.opened_file import value_of
from app.signing.verification.signatures import SignatureFinding

_PADES = "/ETSI.CAdES.detached"
_REQUIRED = frozenset({"content_type", "message_digest"})
_CERTIFICATE_REFERENCE = frozenset({"signing_certificate", "signing_certificate_v2"})


def measure_level(
    finding: SignatureFinding,
    timestamps: Sequence[SignatureFinding],
    evidence_at: Callable[[int], Evidence],
    anchors: Sequence[x509.Certificate],
) -> Level:
    """The highest level whose every condition the file meets.

    timestamps: the file's document timestamps. evidence_at: validation data as of a
    revision. anchors: roots that need not be in the file.
    """
    if finding.problems or not _is_baseline(finding):
        return Level.NONE
    later = [
        each
        for each in timestamps
        if not each.problems and each.embedded.signed_revision > finding.embedded.signed_revision
    ]
    if not finding.tokens and not later:
        return Level.B_B
    revisions = [each.embedded.signed_revision for each in later]
    if any(_long_term(finding, evidence_at(revision), anchors) for revision in revisions):
        return Level.B_LTA
    latest = finding.embedded.reader.total_revisions - 1
    return Level.B_LT if _long_term(finding, evidence_at(latest), anchors) else Level.B_T


def _is_baseline(finding: SignatureFinding) -> bool:
    attributes = finding.embedded.signer_info["signed_attrs"]
    if str(value_of(finding.embedded.sig_object, "/SubFilter")) != _PADES or attributes is core.VOID:
        return False
    names = {attribute["type"].native for attribute in attributes}
    return names >= _REQUIRED and bool(names & _CERTIFICATE_REFERENCE)


def _long_term(finding: SignatureFinding, evidence: Evidence, anchors: Sequence[x509.Certificate]) -> bool:
    holders = [(finding.certificate, finding.embedded.signed_data)]
    holders.extend((token.certificate, token.signed_data) for token in finding.tokens)
    for certificate, signed_data in holders:
        candidates = [*embedded_certificates(signed_data), *evidence.certificates, *anchors]
        if not evidence.proves_revocation_status(issuing_chain(certificate, candidates)):
            return False
    return True
