"""Sealed files are renewed: newer file in place, older one kept, event written, record still whole."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import TimestampUnavailable, WrongState
from app.jobs.sweep import sweep
from app.jobs.worker import run_due_jobs
from app.services.record import build_record
from app.services.renewal import RENEW_JOB, renew_due, run_renewal_job
from app.services.verification import verify_paths
from tests.web.office import send_out, sign_as

ALL = timedelta(days=26 * 365)  # the certificate of the built-in authority lives for 25 years


def test_what_is_due_is_renewed_once_and_kept(site, owner):
    sent = send_out(site, owner)
    for number in range(len(sent.signers)):
        with site.kit.unit_of_work(read_only=True) as unit:
            envelope = unit.envelopes.get(sent.id)
        sign_as(site.kit, envelope, envelope.signers[number])
    site.run_jobs()
    with site.kit.unit_of_work(read_only=True) as unit:
        before = unit.envelopes.get(sent.id)
    assert before.completion_digest
    assert renew_due(site.kit) == []  # nothing ends within half a year
    refuses_while_no_authority_answers(site)

    (renewal,) = renew_due(site.kit, ALL)
    assert (renewal.files, renewal.problem) == (2, "")
    with site.kit.unit_of_work(read_only=True) as unit:
        after = unit.envelopes.get(sent.id)
        events = [leaf for leaf in unit.audit.leaves() if leaf.name == "agreement.timestamp_renewed"]
    assert [leaf.details["kind"] for leaf in events] == ["signed", "certificate"]
    assert [leaf.digest for leaf in events] == [after.sealed_digest, after.completion_digest]
    for old, new in (
        (before.sealed_digest, after.sealed_digest),
        (before.completion_digest, after.completion_digest),
    ):
        assert site.kit.files.get(new).startswith(site.kit.files.get(old))

    record = build_record(site.kit, sent.agreement_id)
    root = site.kit.credentials.root_certificate()
    (report,) = verify_paths([("record.zip", record)], trust_roots=(), own_root=root)
    assert report.verdict == "green", report.reasons
    with zipfile.ZipFile(io.BytesIO(record)) as archive:
        readme, signed = archive.read("README.txt").decode(), archive.read("signed.pdf")
    length = int(events[0].details["begins_with_bytes"])
    assert f"head -c {length} signed.pdf" in readme
    assert hashlib.sha256(signed[:length]).hexdigest() == before.sealed_digest
    asks_once_a_month(site)


def refuses_while_no_authority_answers(site) -> None:
    class Silent:
        def proof_ends(self, pdf: bytes):
            return site.kit.clock.now()

        def archive(self, pdf: bytes):
            raise TimestampUnavailable("timestamp_unavailable", "None answers.", "Later.", retryable=True)

    silent = replace(site.kit, credentials=Silent())
    (renewal,) = renew_due(silent)
    assert (renewal.files, renewal.retryable) == (0, True)
    assert "None answers" in renewal.problem
    with pytest.raises(WrongState) as caught:
        run_renewal_job(silent, {})
    assert caught.value.retryable


def asks_once_a_month(site) -> None:
    for _ in range(2):
        sweep(site.kit)
        with site.kit.unit_of_work(read_only=True) as unit:
            waiting = [job.name for job in unit.jobs.waiting() if job.name == RENEW_JOB]
        assert len(waiting) <= 1
    assert run_due_jobs(site.kit) == 1
    sweep(site.kit)
    assert run_due_jobs(site.kit) == 0
    site.clock.ahead += timedelta(days=32)
    sweep(site.kit)
    with site.kit.unit_of_work(read_only=True) as unit:
        assert [job.name for job in unit.jobs.waiting()] == [RENEW_JOB]
