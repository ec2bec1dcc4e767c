"""The story of the demo: draft, review, send, two signers sign, seal, record, verify."""

from __future__ import annotations

import json
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.config import Configuration
from app.demo import office
from app.demo.mailbox import Mailbox
from app.demo.signing import finish_ceremony, sign_by_link
from app.demo.site import Site, running_site
from app.demo.visitor import Visitor
from app.domain.answers import Answers
from app.domain.errors import AppError
from app.domain.finding import Severity
from app.domain.verification import FileReport, Verdict
from app.memory import TreeMemory, give_back_memory, seconds_since_start
from app.services import drafting
from app.services.assessment import Assessment
from app.signing.verification import VerifierProcess

TEMPLATE = "va-nda"
KINDS = {
    "agreement.docx": "word",
    "signed.pdf": "signed",
    "certificate_of_completion.pdf": "certificate",
    "record.zip": "record",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What the summary is made of, beside the verifier's report."""

    number: str
    title: str
    assessment: Assessment


def run_demo(configuration: Configuration, out: Path) -> dict[str, Any]:
    """Do the whole job and write its files to `out`. Returns the summary that is printed."""
    out.mkdir(parents=True, exist_ok=True)
    with TreeMemory() as memory, ExitStack() as stack:
        with running_site(configuration) as site:
            verifier = _start_verifier(site, stack)
            answers = _sample_answers(configuration)
            owner = office.enter_workspace(site)
            agreement_id = office.draft_agreement(owner, TEMPLATE, answers)
            _have_signed_off(site, owner, agreement_id)
            _sign_all(site, owner, agreement_id, answers)
            result = _collect(site, owner, agreement_id, out)
        give_back_memory()
        # The record as a whole, both PDFs in it included.
        (report,) = verifier.judge([out / "record.zip"])
    return _summary(result, report, out, memory.peak_megabytes)


def _start_verifier(site: Site, stack: ExitStack) -> VerifierProcess:
    """It loads its libraries on the other core while the people work."""
    root = site.root_certificate
    verifier = stack.enter_context(VerifierProcess(trust_roots=[root], own_root=root))
    verifier.start()
    return verifier


def _sample_answers(configuration: Configuration) -> Answers:
    sample = configuration.contract_templates / TEMPLATE / "sample_answers.toml"
    return Answers.from_json(tomllib.loads(sample.read_text(encoding="utf-8")))


def _have_signed_off(site: Site, owner: Visitor, agreement_id: str) -> None:
    waiting = drafting.assess(site.installation.toolkit, agreement_id).review.waiting
    if waiting:
        office.sign_off(office.invite_lawyer(site, owner), waiting)


def _sign_all(site: Site, owner: Visitor, agreement_id: str, answers: Answers) -> None:
    """Both sign, and the assistant finds the sealed copies in the mail."""
    mailbox = Mailbox(site.outbox, answers.signers["assistant"].email)
    office.send(owner, agreement_id)
    sign_by_link(Visitor(site.url), mailbox)
    finish_ceremony(owner, office.begin_signing(owner, agreement_id))
    mailbox.wait_for("certificate of completion")


def _collect(site: Site, owner: Visitor, agreement_id: str, out: Path) -> Result:
    kit = site.installation.toolkit
    for name, kind in KINDS.items():
        (out / name).write_bytes(office.download(owner, agreement_id, kind))
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        envelope = unit.envelopes.get(agreement.current_envelope)
    assessment = drafting.assess(kit, agreement_id)
    (out / "agreement.pdf").write_bytes(kit.files.get(envelope.original_digest))
    coverage = json.dumps(assessment.coverage.to_json(), indent=2, ensure_ascii=False)
    (out / "coverage.json").write_text(coverage + "\n", encoding="utf-8")
    return Result(agreement.number, agreement.title, assessment)


def _summary(result: Result, report: FileReport, out: Path, megabytes: float) -> dict[str, Any]:
    """The JSON that is printed last. Raises AppError if the demo's own files are not green."""
    if report.verdict is not Verdict.GREEN:
        reasons = " ".join(report.reasons)
        raise AppError(
            "demo-not-green", f"The demo's own record did not verify: {reasons}", "Report this fault."
        )
    findings = result.assessment.findings
    return {
        "agreement": result.number,
        "title": result.title,
        "clauses": len(list(result.assessment.text.clauses())),
        "findings": {str(one): sum(f.severity is one for f in findings) for one in Severity},
        "covered": sorted(entry.code for entry in result.assessment.coverage.entries if entry.covered),
        "review": "SAMPLE sign-off; no lawyer has read this",
        "signatures": [
            {"field": s.field, "signer": s.signer, "level": s.level, "key_held_by": s.key_held_by}
            for s in report.signatures
        ],
        "verdict": str(report.verdict),
        "integrity": str(report.integrity),
        "files": sorted(path.name for path in out.iterdir() if path.is_file()),
        "seconds": round(seconds_since_start(), 2),
        "peak_megabytes": round(megabytes, 1),
    }
