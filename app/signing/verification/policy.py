"""From what was found to a verdict: the one place that says green, amber or red."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.verification import Integrity, Trust, Verdict
from app.signing.verification.own_files import LOCAL_CLOCK
from app.signing.verification.signatures import SignatureFinding
from app.signing.verification.trust import TrustFinding

_UNCONTRADICTED = "Nothing that was signed was changed."
_OWN_CLOCK = "The times come from the clock of the organisation's own server, which is not independent."
_GREEN = "Every signature holds, every signer is trusted, and a timestamp covers the whole file."


@dataclass(frozen=True, slots=True)
class FileFindings:
    """Everything that the verdict is made of.

    problems: sentences about the file as a whole that break it.
    signed, fields: how many of the signature fields are signed, without document timestamps.
    anchored: a trust list was there to judge by.
    """

    size: int
    tolerant: str
    problems: tuple[str, ...]
    signatures: tuple[tuple[SignatureFinding, TrustFinding], ...]
    authorities: tuple[str, ...]
    signed: int
    fields: int
    anchored: bool


def integrity_of(findings: FileFindings) -> Integrity:
    each = {finding.integrity for finding, _ in findings.signatures}
    if findings.problems or Integrity.BROKEN in each:
        return Integrity.BROKEN
    return Integrity.PERMITTED_CHANGES if Integrity.PERMITTED_CHANGES in each else Integrity.INTACT


def trust_of(findings: FileFindings) -> Trust:
    each = {trust.trust for _, trust in findings.signatures}
    if not findings.anchored:
        return Trust.NOT_EVALUATED
    if Trust.UNTRUSTED in each:
        return Trust.UNTRUSTED
    return Trust.NOT_EVALUATED if Trust.NOT_EVALUATED in each else Trust.TRUSTED


def verdict_of(findings: FileFindings) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict and the sentences that explain it."""
    if integrity_of(findings) is Integrity.BROKEN:
        problems = [problem for finding, _ in findings.signatures for problem in finding.problems]
        return Verdict.RED, _distinct((*findings.problems, *problems))
    missing = _distinct(_missing_for_green(findings))
    if missing:
        return Verdict.AMBER, _distinct((_UNCONTRADICTED, *missing, *_remarks(findings)))
    return Verdict.GREEN, _distinct((_GREEN, *_remarks(findings)))


def _missing_for_green(findings: FileFindings) -> list[str]:
    missing: list[str] = []
    for finding, trust in findings.signatures:
        if finding.integrity is Integrity.PERMITTED_CHANGES:
            missing.extend(f"After a signature, which allows it: {change}" for change in finding.changes)
        missing.extend(finding.weaknesses)
        missing.extend(_trust_missing(finding, trust))
    if findings.signed < findings.fields:
        missing.append(f"Only {findings.signed} of {findings.fields} signature fields are signed.")
    if not _whole_file_timestamped(findings):
        missing.append("No document timestamp covers the whole file to its last byte.")
    if findings.tolerant:
        missing.append(findings.tolerant)
    return missing


def _trust_missing(finding: SignatureFinding, trust: TrustFinding) -> list[str]:
    who = "A timestamp authority" if finding.is_timestamp else "A signer"
    if trust.trust is Trust.NOT_EVALUATED:
        return ["There was no list of trusted authorities to check the signers by."]
    if trust.trust is Trust.UNTRUSTED:
        if "REVOKED" in trust.subindication:
            return [f"{who}'s certificate was revoked."]
        return [f"{who} is not trusted here: the certificate does not come from a trusted authority."]
    if not trust.complete:
        return [f"The file does not prove that the certificate of {who.lower()} was not revoked."]
    return []


def _whole_file_timestamped(findings: FileFindings) -> bool:
    if not findings.signatures:
        return False
    last = max((finding for finding, _ in findings.signatures), key=lambda finding: finding.covered_to)
    return last.is_timestamp and last.covered_to == findings.size


def _remarks(findings: FileFindings) -> list[str]:
    remarks = [trust.remark for _, trust in findings.signatures if trust.remark]
    if LOCAL_CLOCK in findings.authorities:
        remarks.append(_OWN_CLOCK)
    return remarks


def _distinct(sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))
