"""The record: complete, consistent with itself, and checkable from nothing else."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.audit import AuditLeaf, PersonalValue, commit_to
from app.domain.checkpoint import key_id, read_note
from app.domain.clause import COVERAGE_CODES
from app.domain.merkle import root_from_inclusion
from tests import judges
from tests.tools import needs_tool

FILES = {
    "signed.pdf",
    "certificate_of_completion.pdf",
    "agreement.json",
    "audit.jsonl",
    "coverage.json",
    "manifest.json",
    "README.txt",
    "checkpoint.txt",
    "checkpoint.tsr",
    "ca/root.pem",
    "ca/issuing.pem",
    "ca/seal.pem",
    "ca/timestamp.pem",
    "ca/log_key.txt",
    "verify.py",
}


def test_everything_is_in_it_with_its_digest(demo):
    with demo.record() as record:
        assert set(record.namelist()) == FILES
        for name, digest in demo.manifest()["files"].items():
            assert hashlib.sha256(record.read(name)).hexdigest() == digest, name
    assert set(demo.manifest()["files"]) == FILES - {"manifest.json"}


def test_the_matrix_of_what_was_sent_is_in_it(demo):
    with demo.record() as record:
        matrix = json.loads(record.read("coverage.json"))
        clauses = {one["id"] for one in json.loads(record.read("agreement.json"))["clauses"]}
    assert [entry["code"] for entry in matrix["entries"]] == list(COVERAGE_CODES)
    named = {clause["clause_id"] for entry in matrix["entries"] for clause in entry["clauses"]}
    assert named
    assert named <= clauses
    assert matrix["gaps"] == [entry["code"] for entry in matrix["entries"] if entry["state"] == "gap"]


def test_every_event_is_included_in_the_signed_checkpoint(demo):
    with demo.record() as record:
        lines = [json.loads(line) for line in record.read("audit.jsonl").splitlines()]
        note = read_note(record.read("checkpoint.txt").decode())
        public_key = base64.b64decode(record.read("ca/log_key.txt"))
    Ed25519PublicKey.from_public_bytes(public_key).verify(note.signature, note.body)
    assert note.key_id == key_id(note.key_name, public_key)
    events = [line for line in lines if "columns" in line]
    for event in events:
        leaf = AuditLeaf(**event["columns"])
        path = [bytes.fromhex(step) for step in event["inclusion_proof"]]
        assert leaf.leaf_hash == event["leaf_hash"]
        assert root_from_inclusion(bytes.fromhex(leaf.leaf_hash), leaf.sequence, note.size, path) == note.root
        for name, opened in event["personal"].items():
            assert commit_to(PersonalValue(name, opened["value"], opened["salt"])) == leaf.commitments[name]
    names = [event["columns"]["name"] for event in events]
    assert names.count("signature.applied") == 2
    assert {"agreement.drafted", "agreement.sent", "consent.given", "agreement.sealed"} <= set(names)


@needs_tool("openssl")
def test_openssl_accepts_the_timestamp_of_the_checkpoint(demo):
    with demo.record() as record:
        token, note = record.read("checkpoint.tsr"), record.read("checkpoint.txt")
    assert judges.openssl_token(token, note, demo.root_pem).good


def test_agreement_json_is_the_attachment_and_tells_nothing_else(demo):
    with demo.record() as record:
        data = json.loads(record.read("agreement.json"))
    assert set(data) == {
        "schema",
        "number",
        "title",
        "language",
        "contract_template",
        "text_digest",
        "clauses",
        "key_terms",
        "answers",
        "signers",
    }
    assert data["text_digest"] == demo.manifest()["text_digest"]


def test_what_the_record_claims_is_what_happened(demo):
    manifest = demo.manifest()
    assert manifest["level"] == "B-LTA"
    assert manifest["timestamp_authority"] == "local clock"
    assert "signer not identified" in manifest["delivery"]
    assert {signer["key_held_by"] for signer in manifest["signers"]} == {"demo_process"}
    assert manifest["review"]["sample"] is True


def test_the_summary_names_time_and_memory(demo):
    assert demo.summary["seconds"] > 0
    assert demo.summary["peak_megabytes"] > 0
    assert demo.summary["findings"]["error"] == 0
