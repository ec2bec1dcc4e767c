"""One PDF, judged: everything that is found is put together into a FileReport."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStrictReadError

from app.domain.signature import KeyHeldBy
from app.domain.verification import FileReport, Integrity, SignatureReport, Trust, Verdict
from app.signing.verification.byte_ranges import tail_problem, unlisted_problem
from app.signing.verification.covered_part import beyond_problem
from app.signing.verification.evidence import Evidence, read_evidence
from app.signing.verification.field_names import common_name
from app.signing.verification.levels import measure_level
from app.signing.verification.opened_file import (
    NOT_STRICT,
    FormField,
    NotVerifiable,
    OpenedFile,
    end_of_tables,
    form_fields,
    open_pdf,
)
from app.signing.verification.own_files import OwnFamily, authority_of, find_family, judge_form, key_holder
from app.signing.verification.policy import FileFindings, integrity_of, trust_of, verdict_of
from app.signing.verification.revisions import RevisionReview
from app.signing.verification.signatures import SignatureFinding, examine_signature, reported_time
from app.signing.verification.trust import TrustFinding, TrustList, evaluate_all, load_trust_list

_LOG = logging.getLogger(__name__)
for _noisy in ("pyhanko", "pyhanko_certvalidator"):  # what they log with stack traces is in the report
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)
NOT_AS_WRITTEN = "This file is damaged: we write files strictly, and this one can only be read with repairs."
UNEXPECTED = "The file is damaged or built in a way that cannot be checked."


def verify_pdf(
    data: bytes,
    name: str,
    *,
    trust_roots: Sequence[bytes],
    own_root: bytes | None,
    at: datetime | None = None,
) -> FileReport:
    """Judge one PDF in this process, offline.

    data: the whole file. name: what the report calls it. trust_roots: DER or PEM of
    further trusted roots. own_root: DER of this installation's root. at: moment of
    validation, aware; None: now. Whatever a file does, the answer is a report.
    Raises InvalidInput for a trust root that is no certificate.
    """
    return judge_pdf(data, name, load_trust_list(trust_roots, own_root), at or datetime.now(UTC))


def judge_pdf(data: bytes, name: str, trust_list: TrustList, moment: datetime) -> FileReport:
    """As `verify_pdf`, with the trusted roots already read. A moment without a zone is UTC."""
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        try:
            return _judge(open_pdf(data), name, trust_list, moment)
        except PdfStrictReadError:
            return _judge(open_pdf(data, tolerant=True), name, trust_list, moment)
    except NotVerifiable as reason:
        return unreadable(name, data, str(reason))
    except Exception as error:  # noqa: BLE001  # a hostile file may make any library raise anything
        _LOG.info("verification of %s gave up: %r", name, error)
        return unreadable(name, data, UNEXPECTED)


def unreadable(name: str, data: bytes | None, reason: str) -> FileReport:
    """The report of a file that could not be judged."""
    digest = hashlib.sha256(data).hexdigest() if data is not None else ""
    return FileReport(
        file=name,
        verdict=Verdict.UNREADABLE,
        integrity=Integrity.UNREADABLE,
        trust=Trust.NOT_EVALUATED,
        signed_by="0 of 0 fields",
        signatures=(),
        reasons=(reason,),
        sha256=digest,
    )


def _judge(opened: OpenedFile, name: str, trust_list: TrustList, at: datetime) -> FileReport:
    fields = [field for field in form_fields(opened.reader) if field.kind == "/Sig"]
    filled = [field for field in fields if "/V" in field.dictionary]
    if not filled:
        return _unsigned(opened, name, len(fields))
    findings = _examine(opened)

    @cache
    def evidence_at(revision: int) -> Evidence:
        return read_evidence(opened.reader.get_historical_resolver(revision))

    kept = read_evidence(opened.reader)
    family = find_family(findings, kept.certificates, trust_list.own_root, trust_list.others)
    findings = [judge_form(finding, family) for finding in findings]
    trusts = evaluate_all(findings, trust_list, kept, at)
    timestamps = [finding for finding in findings if finding.is_timestamp]
    reports = tuple(
        _signature_report(
            finding, trust, family, str(measure_level(finding, timestamps, evidence_at, trust_list.anchors))
        )
        for finding, trust in zip(findings, trusts, strict=True)
    )
    found = _file_findings(
        opened, fields, filled, findings, trusts, reports, bool(trust_list.anchors), family
    )
    if len(findings) < len(filled) and integrity_of(found) is not Integrity.BROKEN:
        raise NotVerifiable("The file holds a signature of a kind that cannot be checked.")
    verdict, reasons = verdict_of(found)
    return FileReport(
        file=name,
        verdict=verdict,
        integrity=integrity_of(found),
        trust=trust_of(found),
        signed_by=f"{found.signed} of {found.fields} fields",
        signatures=reports,
        reasons=reasons,
        sha256=hashlib.sha256(opened.data).hexdigest(),
    )


def _examine(opened: OpenedFile) -> list[SignatureFinding]:
    """Every signature by itself; the objects of each revision are read once for all of them."""
    embedded = list(opened.reader.embedded_signatures)
    review = RevisionReview(opened.reader)
    first = 0
    judged: list[SignatureFinding] = []
    for signature in embedded:
        finding = examine_signature(opened.data, signature, review, embedded)
        last = signature.signed_revision
        problem = "" if finding.problems else beyond_problem(opened, finding.covered_to, first, last)
        judged.append(finding.broken(problem) if problem else finding)
        first = first if finding.problems else last + 1
    return judged


def _file_findings(
    opened: OpenedFile,
    fields: Sequence[FormField],
    filled: Sequence[FormField],
    findings: Sequence[SignatureFinding],
    trusts: Sequence[TrustFinding],
    reports: Sequence[SignatureReport],
    anchored: bool,
    family: OwnFamily,
) -> FileFindings:
    timestamp_fields = {finding.embedded.field_name for finding in findings if finding.is_timestamp}
    covered_to = max((finding.covered_to for finding in findings), default=0)
    own = any(family.includes(finding.certificate) for finding in findings)
    problems = [
        tail_problem(opened.data, covered_to, own=own),
        unlisted_problem(opened.data, end_of_tables(opened)),
        _shared_signature(filled),
        NOT_AS_WRITTEN if own and opened.tolerant == NOT_STRICT else "",
    ]
    return FileFindings(
        size=len(opened.data),
        tolerant=opened.tolerant,
        problems=tuple(problem for problem in problems if problem),
        signatures=tuple(zip(findings, trusts, strict=True)),
        authorities=tuple(report.timestamp_authority for report in reports),
        signed=sum(field.name not in timestamp_fields for field in filled),
        fields=sum(field.name not in timestamp_fields for field in fields),
        anchored=anchored,
    )


def _shared_signature(filled: Sequence[FormField]) -> str:
    values = [field.dictionary.raw_get("/V") for field in filled]
    numbers = [each.idnum for each in values if isinstance(each, generic.IndirectObject)]
    if len(set(numbers)) < len(numbers):
        return "Two signature fields show one and the same signature."
    return ""


def _signature_report(
    finding: SignatureFinding, trust: TrustFinding, family: OwnFamily, level: str
) -> SignatureReport:
    holder = key_holder(finding, family)
    kind = "seal" if holder == KeyHeldBy.ORGANISATION else "signature"
    stamped, authority = _timestamp(finding, family)
    return SignatureReport(
        field=str(finding.embedded.field_name),
        kind="document_timestamp" if finding.is_timestamp else kind,
        signer=common_name(finding.certificate),
        signed_at=stamped if finding.is_timestamp else _iso(reported_time(finding.embedded)),
        level="" if finding.is_timestamp else level,
        timestamped_at=stamped,
        timestamp_authority=authority,
        indication=trust.indication,
        subindication=trust.subindication,
        key_held_by=holder,
        integrity=finding.integrity,
        trust=trust.trust,
        changes=finding.changes,
        covered_to=finding.signed_part,
    )


def _timestamp(finding: SignatureFinding, family: OwnFamily) -> tuple[str, str]:
    """(time, authority) of the timestamp beside a signature, or of a document timestamp itself."""
    if finding.is_timestamp:
        certificate: x509.Certificate | None = finding.certificate
        if certificate is None or finding.problems:
            return "", ""
        info = finding.embedded.signed_data["encap_content_info"]["content"].parsed
        return _iso(info["gen_time"].native), authority_of(finding.embedded.signed_data, certificate, family)
    held = [token for token in finding.tokens if not token.problem]
    if not held:
        return "", ""
    first = min(held, key=lambda token: token.time)
    return _iso(first.time), authority_of(first.signed_data, first.certificate, family)


def _unsigned(opened: OpenedFile, name: str, empty_fields: int) -> FileReport:
    reason = "The file is not signed."
    if b"/ByteRange" in opened.data:
        reason = "The file is not signed; it holds remains of a signature that belong to no signature field."
    digest = hashlib.sha256(opened.data).hexdigest()
    return FileReport(
        name,
        Verdict.UNSIGNED,
        Integrity.UNSIGNED,
        Trust.NOT_EVALUATED,
        f"0 of {empty_fields} fields",
        (),
        (reason,),
        digest,
    )


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else ""
