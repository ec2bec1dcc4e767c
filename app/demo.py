"""`./run demo`: the whole main job, unattended, from answers to a verified record.

The owner of a bookkeeping firm in Bristol engages a VA in the Philippines. It has an
installation of its own (`instance/demo/`) with its own root; the sign-offs are marked
SAMPLE, and the keys are made by this process and recorded so.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.config import Configuration
from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.answers import Answers
from app.domain.disclosure import DISCLOSURE
from app.domain.envelope import Envelope, Signer
from app.domain.errors import AppError, SigningFailed
from app.domain.finding import Severity
from app.domain.review import Decision
from app.domain.signature import KeyHeldBy
from app.installation import Installation, open_installation, record_first_start
from app.jobs.worker import run_due_jobs
from app.memory import TreeMemory, seconds_since_start
from app.rendering.word import render_docx
from app.services import ceremony, drafting, record, review, sending, verification
from app.services.assessment import Assessment
from app.toolkit import Toolkit

TEMPLATE = "va-nda"
OWNER = Actor(Part.OWNER, "demo-owner", "Nora Whitlow", "nora@larkfield.example")
LAWYER = Actor(Part.LAWYER, "demo-lawyer", "SAMPLE sign-off, no lawyer has read this")
ORGANISATION = "Larkfield Bookkeeping Ltd"


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What the demo leaves in its folder."""

    agreement_pdf: bytes
    agreement_docx: bytes
    signed_pdf: bytes
    certificate_of_completion: bytes
    record: bytes
    coverage: bytes


def run_demo(configuration: Configuration, out: Path) -> dict[str, Any]:
    """Do the whole job and write its files to `out`. Returns the summary that is printed."""
    with TreeMemory() as memory:
        installation = open_installation(configuration, organisation=ORGANISATION, country="GB")
        record_first_start(installation, ORGANISATION)
        kit = installation.toolkit
        agreement, assessment = _draft(kit, configuration)
        envelope = _send_and_sign(kit, agreement)
        _finish(installation, envelope)
        files = _collect(kit, agreement.id, assessment)
        _write(out, files)
        reports = verification.verify_paths(
            [out / "signed.pdf", out / "record.zip"],
            trust_roots=[kit.credentials.root_certificate()],
            own_root=kit.credentials.root_certificate(),
        )
    return _summary(agreement, assessment, reports, out, seconds_since_start(), memory.peak_megabytes)


def _draft(kit: Toolkit, configuration: Configuration) -> tuple[Agreement, Assessment]:
    sample = configuration.contract_templates / TEMPLATE / "sample_answers.toml"
    answers = Answers.from_json(tomllib.loads(sample.read_text(encoding="utf-8")))
    agreement = drafting.start_draft(kit, OWNER, TEMPLATE, answers)
    waiting = drafting.assess(kit, agreement.id)
    clauses = [
        (clause.clause_id, clause.digest)
        for clause in waiting.text.clauses()
        if clause.clause_id in waiting.review.waiting
    ]
    if clauses:
        review.sign_off_clauses(
            kit,
            LAWYER,
            clauses,
            review.DecisionForm(decision=Decision.APPROVED, comment="SAMPLE", sample=True),
        )
    return agreement, drafting.assess(kit, agreement.id)


def _send_and_sign(kit: Toolkit, agreement: Agreement) -> Envelope:
    envelope = sending.send(kit, OWNER, agreement.id, sending.SendingForm(message="Please read and sign."))
    for signer in envelope.signers:
        envelope = _sign(kit, envelope, signer)
    return envelope


def _sign(kit: Toolkit, envelope: Envelope, signer: Signer) -> Envelope:
    """One signer goes through all steps; the key lives in this function only."""
    part = Part.OWNER if signer.side == "client" else Part.SIGNER
    actor = Actor(part, signer.id, signer.name, signer.email, "127.0.0.1", "demo")
    key = ec.generate_private_key(ec.SECP256R1())
    public_key = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    ceremony.identify(kit, actor, envelope.id, signer.id, ("demo: no identity check was made",))
    ceremony.accept_disclosure(kit, actor, envelope.id, signer.id, DISCLOSURE.digest)
    ceremony.issue_credential(kit, actor, envelope.id, signer.id, public_key, KeyHeldBy.DEMO_PROCESS)
    view = ceremony.prepare_signature(
        kit, actor, envelope.id, signer.id, ceremony.Adoption("typed"), signer.asked_initials
    )
    value = key.sign(view.signed_attributes, ec.ECDSA(hashes.SHA256()))
    return ceremony.apply_signature(kit, actor, envelope.id, signer.id, view.prepared_digest, value)


def _finish(installation: Installation, envelope: Envelope) -> None:
    """Run the jobs: seal, certificate of completion, copies. Raises SigningFailed if one gave up."""
    kit = installation.toolkit
    run_due_jobs(kit)
    with kit.unit_of_work() as unit:
        finished = unit.envelopes.get(envelope.id)
        troubles = [f"{job.name}: {job.last_error}" for job in (*unit.jobs.dead(), *unit.jobs.waiting())]
    if not finished.completion_digest:
        raise SigningFailed(
            "demo-unfinished",
            f"The agreement was not completed. {' '.join(troubles)}",
            "Run ./run doctor, then the demo again.",
        )


def _collect(kit: Toolkit, agreement_id: str, assessment: Assessment) -> DemoFiles:
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        envelope = unit.envelopes.get(agreement.current_envelope)
    return DemoFiles(
        agreement_pdf=kit.files.get(envelope.original_digest),
        agreement_docx=render_docx(assessment.text, kit.library.word_frame(agreement.contract_template)),
        signed_pdf=kit.files.get(envelope.sealed_digest),
        certificate_of_completion=kit.files.get(envelope.completion_digest),
        record=record.export_record(kit, OWNER, agreement_id),
        coverage=json.dumps(assessment.coverage.to_json(), indent=2, ensure_ascii=False).encode(),
    )


def _write(out: Path, files: DemoFiles) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "agreement.pdf").write_bytes(files.agreement_pdf)
    (out / "agreement.docx").write_bytes(files.agreement_docx)
    (out / "signed.pdf").write_bytes(files.signed_pdf)
    (out / "certificate_of_completion.pdf").write_bytes(files.certificate_of_completion)
    (out / "record.zip").write_bytes(files.record)
    (out / "coverage.json").write_bytes(files.coverage)


def _summary(
    agreement: Agreement,
    assessment: Assessment,
    reports: list[Any],
    out: Path,
    seconds: float,
    megabytes: float,
) -> dict[str, Any]:
    signed = reports[0]
    if any(str(report.verdict) != "green" for report in reports):
        reasons = " ".join(reason for report in reports for reason in report.reasons)
        raise AppError(
            "demo-not-green", f"The demo's own files did not verify: {reasons}", "Report this fault."
        )
    count = {severity: sum(f.severity is severity for f in assessment.findings) for severity in Severity}
    return {
        "agreement": agreement.number,
        "title": agreement.title,
        "clauses": len(list(assessment.text.clauses())),
        "findings": {str(severity): number for severity, number in count.items()},
        "review": "SAMPLE sign-off; no lawyer has read this",
        "signatures": [
            {"field": s.field, "signer": s.signer, "level": s.level, "key_held_by": s.key_held_by}
            for s in signed.signatures
        ],
        "verdict": str(signed.verdict),
        "integrity": str(signed.integrity),
        "record_verdict": str(reports[1].verdict),
        "files": sorted(path.name for path in out.iterdir() if path.is_file()),
        "seconds": round(seconds, 2),
        "peak_megabytes": round(megabytes, 1),
    }
