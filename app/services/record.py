"""The record: everything that proves one agreement, in one ZIP, checkable without us.

Deterministic: the same agreement gives the same bytes (fixed order, no clock).
"""

from __future__ import annotations

import base64
import io
import json
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.audit import AuditLeaf, Checkpoint, PersonalValue
from app.domain.coverage import coverage_of_record
from app.domain.digest import canonical_json, group_by_four, sha256_hex
from app.domain.envelope import Envelope
from app.domain.errors import WrongState
from app.domain.merkle import inclusion_proof
from app.domain.workflow import Action
from app.services.audit import make_checkpoint
from app.services.signer_view import read_frozen_text
from app.signing.verification import OFFLINE_VERIFIER
from app.toolkit import Toolkit

SCHEMA = "record/1"
# ZIP knows no earlier date; a fixed one keeps the bytes the same.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
TRIAL_NOTE = "Delivered to the sender's own computer; signer not identified."


def export_record(kit: Toolkit, actor: Actor, agreement_id: str) -> bytes:
    """The record ZIP of a sealed agreement, and the event of its download.

    Raises WrongState before the certificate of completion exists.
    """
    record = build_record(kit, agreement_id)
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        same, event = agreement.take(
            Action.DOWNLOAD, actor, kit.clock.now(), digest=sha256_hex(record), details={"kind": "record"}
        )
        unit.agreements.save(same, event)
    return record


def build_record(kit: Toolkit, agreement_id: str) -> bytes:
    """The bytes of the record, without an event."""
    checkpoint = make_checkpoint(kit)
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        envelope = unit.envelopes.get(agreement.current_envelope) if agreement.current_envelope else None
        if envelope is None or not envelope.completion_digest:
            raise WrongState(
                "record-not-ready",
                "The agreement is not sealed yet, so there is no record of it.",
                "Wait until everybody has signed and the certificate of completion is made.",
            )
        hashes = list(unit.audit.leaf_hashes())[: checkpoint.size]
        leaves = [leaf for leaf in unit.audit.of_agreement(agreement_id) if leaf.sequence < checkpoint.size]
        opened = unit.audit.opened([leaf.sequence for leaf in leaves])
    files: dict[str, bytes] = {
        "signed.pdf": kit.files.get(envelope.sealed_digest),
        "certificate_of_completion.pdf": kit.files.get(envelope.completion_digest),
        "agreement.json": kit.files.get(envelope.agreement_json_digest),
        "audit.jsonl": _audit_lines(leaves, opened, hashes, checkpoint),
        "checkpoint.txt": checkpoint.note.encode(),
        "checkpoint.tsr": base64.b64decode(checkpoint.timestamp_token),
        **_certificates(kit),
        "verify.py": OFFLINE_VERIFIER.read_bytes(),
        **_coverage(kit, agreement, envelope),
    }
    files["README.txt"] = _readme(agreement, envelope, leaves).encode()
    files["manifest.json"] = _manifest(kit, agreement, envelope, leaves, files)
    return _zip(files)


def _audit_lines(
    leaves: Sequence[AuditLeaf],
    opened: Mapping[int, Sequence[PersonalValue]],
    hashes: Sequence[bytes],
    checkpoint: Checkpoint,
) -> bytes:
    lines: list[dict[str, Any]] = [
        {
            "columns": leaf.to_columns(),
            "leaf_hash": leaf.leaf_hash,
            "inclusion_proof": [step.hex() for step in inclusion_proof(hashes, leaf.sequence)],
            "personal": {
                value.field: {"value": value.value, "salt": value.salt}
                for value in opened.get(leaf.sequence, ())
            },
        }
        for leaf in leaves
    ]
    lines.append(
        {
            "checkpoint": {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": checkpoint.root,
                "at": checkpoint.at,
            }
        }
    )
    return b"".join(canonical_json(line) + b"\n" for line in lines)


def _coverage(kit: Toolkit, agreement: Agreement, envelope: Envelope) -> dict[str, bytes]:
    """The matrix of the text that was sent, with the reasons for its gaps; nothing of today's library."""
    if not envelope.text_file_digest:
        return {}
    content = coverage_of_record(read_frozen_text(kit, envelope), agreement.accepted_gaps)
    return {"coverage.json": json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"}


def _certificates(kit: Toolkit) -> dict[str, bytes]:
    files = {
        f"ca/{name}.pem": _pem(der, "CERTIFICATE")
        for name, der in kit.credentials.certificate_chain().items()
    }
    files["ca/log_key.txt"] = base64.b64encode(kit.credentials.log_public_key()) + b"\n"
    return files


def _pem(der: bytes, label: str) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n".encode()


def _manifest(
    kit: Toolkit,
    agreement: Agreement,
    envelope: Envelope,
    leaves: Sequence[AuditLeaf],
    files: Mapping[str, bytes],
) -> bytes:
    content = {
        "schema": SCHEMA,
        "number": agreement.number,
        "title": agreement.title,
        "text_digest": envelope.text_digest,
        "original_file": envelope.original_digest,
        "level": str(envelope.level),
        "timestamp_authority": envelope.timestamp_authority,
        "sealed_at": envelope.sealed_at.isoformat() if envelope.sealed_at else "",
        "review": _review(agreement, leaves),
        "delivery": TRIAL_NOTE if kit.mailer.is_trial else "Handed over by e-mail.",
        "signers": [
            {
                "role": signer.role,
                "name": signer.name,
                "capacity": signer.capacity,
                "identity_checks": list(signer.identity_checks),
                "key_held_by": str(signer.signature.key_held_by),
                "signed_at": signer.signature.signed_at.isoformat(),
                "timestamped_at": signer.signature.timestamped_at.isoformat(),
                "credential_serial": signer.signature.credential_serial,
                "initialled": list(signer.signature.initialled),
            }
            for signer in envelope.active_signers()
            if signer.signature is not None
        ],
        "files": {name: sha256_hex(data) for name, data in sorted(files.items())},
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _review(agreement: Agreement, leaves: Sequence[AuditLeaf]) -> dict[str, Any]:
    """The state of the review when the agreement was sent, as the log has it."""
    sent = next(leaf for leaf in reversed(leaves) if leaf.name == "agreement.sent").details
    sample = bool(sent["sample_review"])
    if sent["overridden"]:
        return {"state": "not reviewed by a lawyer", "override_reason": agreement.override_reason}
    if sent["text_approved"] and agreement.approval is not None:
        return {
            "state": "text approved by a lawyer",
            "lawyer": agreement.approval.lawyer_name,
            "sample": agreement.approval.sample,
        }
    return {
        "state": "SAMPLE: no lawyer has read it" if sample else "every clause signed off",
        "sample": sample,
    }


def _readme(agreement: Agreement, envelope: Envelope, leaves: Sequence[AuditLeaf]) -> str:
    return README.format(
        renewed=_renewed(leaves),
        number=agreement.number,
        title=agreement.title,
        signed=group_by_four(envelope.sealed_digest),
        authority=envelope.timestamp_authority,
    )


def _renewed(leaves: Sequence[AuditLeaf]) -> str:
    """How the files of today are led back to those that were first sealed; "" if they are the same."""
    first: dict[str, AuditLeaf] = {}
    for leaf in leaves:
        if leaf.name == RENEWED:
            first.setdefault(str(leaf.details["kind"]), leaf)
    return "".join(
        RENEWAL_NOTE.format(
            name=RENEWED_FILES[kind],
            day=leaf.at[:10],
            bytes=leaf.details["begins_with_bytes"],
            digest=group_by_four(str(leaf.details["replaces"])),
        )
        for kind, leaf in first.items()
    )


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


RENEWED = "agreement.timestamp_renewed"
RENEWED_FILES = {"signed": "signed.pdf", "certificate": "certificate_of_completion.pdf"}
RENEWAL_NOTE = """\
On {day} a newer timestamp was added to {name}, before the one in it could age.
Its first {bytes} bytes are the file as it was first sealed, with this SHA-256
(the certificate of completion names the one of signed.pdf):
  {digest}
     head -c {bytes} {name} | sha256sum
"""
README = """\
Record of agreement {number}
{title}

This folder proves who signed what and when. You can check it without the
application that made it, and without the internet.

What is in it
  signed.pdf                     the agreement as everybody signed it
  certificate_of_completion.pdf  the evidence, on paper; sealed like the agreement
  agreement.json                 clauses with versions and digests, and the answers
  coverage.json                  which clause answers which risk, and why a gap was accepted
  audit.jsonl                    what happened: one event on each line, with proofs
  checkpoint.txt, checkpoint.tsr the signed head of the audit log, and its timestamp
  ca/                            the certificates of the organisation
  verify.py                      checks all of this; needs Python and pyHanko only
  manifest.json                  SHA-256 of every file here

SHA-256 of signed.pdf
  {signed}
{renewed}Timestamps come from: {authority}
("local clock" means the clock of the sender's own computer, which is no independent witness.)

How to check it, all at once
     pip install pyhanko
     python -I verify.py --trust root.pem
   where root.pem is the sender's root certificate that you got another way. Without --trust it
   takes ca/root.pem; then compare the SHA-256 that it prints. It is one file that you can read
   first; it says at its beginning what it does not check. Or step by step, with tools of others:
1. The files are unchanged: compare with manifest.json
     sha256sum signed.pdf certificate_of_completion.pdf
2. The signatures, with pdfsig (poppler-utils)
     mkdir nss && certutil -N -d sql:nss --empty-password
     certutil -A -d sql:nss -n root -t "CT,C,C" -i ca/root.pem
     pdfsig -nssdir sql:nss signed.pdf
   It does not judge the last entry, the document timestamp; step 4 does.
3. The same in any PDF reader that shows signatures: take ca/root.pem into its list
   of trusted certificates first.
4. The timestamps of checkpoint.txt, with openssl
     openssl ts -verify -data checkpoint.txt -in checkpoint.tsr -token_in -CAfile ca/root.pem
5. The whole file with the application's own verifier
     countersign verify signed.pdf --trust ca/root.pem

Who vouches for the names
The certificates were issued by the sender's own organisation (ca/root.pem). They prove that
the file was not changed and that all signatures belong to it. Whether the right person held
the device is shown by the identity checks in the certificate of completion.
"""
