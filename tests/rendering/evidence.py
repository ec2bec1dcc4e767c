"""Evidence of a completed envelope, made by hand."""

from __future__ import annotations

import hashlib

from app.domain.completion import (
    CheckpointEvidence,
    CompletionEvidence,
    EventEvidence,
    InclusionEvidence,
    SignerEvidence,
)


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def signer(name: str, **changes: object) -> SignerEvidence:
    values: dict[str, object] = {
        "name": name,
        "capacity": "for herself",
        "party": "herself",
        "email": "liza@santos.example",
        "identity_checks": ("link to liza@santos.example", "one-time code by e-mail"),
        "consent_version": "3",
        "consent_digest": digest("consent"),
        "consented_at": "22 Nov 2026, 09:41:02 UTC",
        "initialled": "clauses 2, 4, 7, 9, 11",
        "signed_at": "22 Nov 2026, 10:04:17 UTC",
        "timestamped_at": "22 Nov 2026, 10:04:18 UTC",
        "timestamp_authority": "local clock, not independent",
        "signature_kind": "typed",
        "key_held_by": "key held by signer’s browser, used once",
    }
    return SignerEvidence(**(values | changes))  # type: ignore[arg-type]


def evidence(**changes: object) -> CompletionEvidence:
    names = (
        (1187, "12 Nov 08:20:11", "agreement.approved", "Elena Marsh"),
        (1188, "12 Nov 08:31:46", "agreement.sent", "Nora Whitlow"),
        (1194, "22 Nov 09:40:28", "signer.identified", "Liza Santos"),
        (1197, "22 Nov 10:04:17", "signature.applied", "Liza Santos"),
        (1202, "22 Nov 10:53:05", "agreement.sealed", "the application"),
    )
    events = tuple(
        EventEvidence(n, at, event, who, digest(event + str(n))) for n, at, event, who in names
    )
    values: dict[str, object] = {
        "agreement_number": "LB-2026-014",
        "agreement_title": "Confidentiality and Services Agreement",
        "pages": 11,
        "sent_by": "Nora Whitlow, Larkfield Bookkeeping Ltd",
        "sent_at": "12 November 2026, 08:31 UTC",
        "sealed_at": "22 November 2026 at 10:53:05 UTC",
        "original_digest": digest("original"),
        "signed_digest": digest("signed"),
        "text_digest": digest("text"),
        "level": "B-LTA",
        "timestamp_authority": "local clock, not independent",
        "review_state": "approved as a whole by Elena Marsh, solicitor, 12 November 2026, 08:20 UTC",
        "signers": (
            signer("Liza Santos"),
            signer("Nora Whitlow", party="Larkfield Bookkeeping Ltd", capacity="director"),
        ),
        "events": events,
        "checkpoint": CheckpointEvidence(
            "sign.larkfield.example/log",
            1204,
            digest("root"),
            "bXkgc2lnbmF0dXJl" * 5,
            "22 November 2026, 11:00 UTC",
        ),
        "proofs": tuple(
            InclusionEvidence(e.sequence, tuple(digest(f"{e.sequence}-{n}") for n in range(11)))
            for e in events
        ),
        "how_to_check": (
            "Compare the SHA-256 of your file with the one above.",
            "Then open it in any program that checks PDF signatures.",
            "The record ZIP has a README with the commands. This certificate carries its own seal.",
        ),
    }
    return CompletionEvidence(**(values | changes))  # type: ignore[arg-type]
