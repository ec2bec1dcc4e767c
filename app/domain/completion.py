"""The evidence of a completed envelope: what the certificate of completion prints.

Plain strings and tuples, already worded for a reader, so that the paper needs no rules.
Digests are SHA-256 hex and are grouped by the paper; times are worded with their zone,
"22 November 2026, 10:04:17 UTC".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignerEvidence:
    """One signer: who, how identified, what accepted, initialled and signed, and when.

    party: whom the signer acted for ("herself", "Larkfield Bookkeeping Ltd").
    initialled: "clauses 2, 4 and 7" or "not asked for".
    signature_kind: "typed", "drawn" or "uploaded".
    key_held_by: a sentence part: "key held by the signer's browser, used once".
    seen_from: "" in every copy but the signer's own, where IP address and device may stand.
    """

    name: str
    capacity: str
    party: str
    email: str
    identity_checks: tuple[str, ...]
    consent_version: str
    consent_digest: str
    consented_at: str
    initialled: str
    signed_at: str
    timestamped_at: str
    timestamp_authority: str
    signature_kind: str
    key_held_by: str
    seen_from: str = ""


@dataclass(frozen=True, slots=True)
class EventEvidence:
    """One audit event of the agreement. `leaf` is the leaf hash in hex."""

    sequence: int
    at: str
    event: str
    who: str
    leaf: str


@dataclass(frozen=True, slots=True)
class CheckpointEvidence:
    """The signed tree head over the audit log that the proofs lead to.

    origin, size and root are those of the C2SP checkpoint; signature: base64.
    timestamped: "" or when and by whom the checkpoint was timestamped.
    """

    origin: str
    size: int
    root: str
    signature: str
    at: str
    timestamped: str = ""


@dataclass(frozen=True, slots=True)
class InclusionEvidence:
    """The RFC 6962 audit path of one event: sibling hashes in hex, from the leaf upwards."""

    sequence: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompletionEvidence:
    """Everything that the certificate of completion says.

    level: "B-LTA"; timestamp_authority: its name, or "local clock, not independent".
    sealed_at: worded. review_state: "approved as a whole by Elena Marsh, solicitor, ..." or
    "not reviewed by a lawyer". remarks: limits of the evidence, one sentence each
    ("delivered to the sender's own computer; signer not identified").
    how_to_check: sentences. language: BCP 47.
    """

    agreement_number: str
    agreement_title: str
    pages: int
    sent_by: str
    sent_at: str
    sealed_at: str
    original_digest: str
    signed_digest: str
    text_digest: str
    level: str
    timestamp_authority: str
    review_state: str
    signers: tuple[SignerEvidence, ...]
    events: tuple[EventEvidence, ...]
    checkpoint: CheckpointEvidence
    proofs: tuple[InclusionEvidence, ...]
    how_to_check: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    language: str = "en-GB"
    copies: tuple[str, ...] = ()  # "Dana Reyes, dana@reyes.example": signed nothing, was sent a copy
