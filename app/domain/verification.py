"""What the verifier says of a file: verdict, integrity, trust and each signature.

The words are those of `./run verify --json`. Integrity never depends on trust; the
verdict is made of both (docs: README, "Verdicts").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"


class Integrity(StrEnum):
    INTACT = "intact"
    PERMITTED_CHANGES = "permitted_changes"
    BROKEN = "broken"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"


class Trust(StrEnum):
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature or document timestamp. Times are ISO 8601 UTC strings, "" where none.

    indication and subindication are those of ETSI EN 319 102-1 (TOTAL-PASSED, ...).
    """

    field: str
    kind: str  # "signature", "seal" or "document_timestamp"
    signer: str
    signed_at: str
    level: str
    timestamped_at: str
    timestamp_authority: str  # "local clock" for the built-in authority
    indication: str
    subindication: str
    key_held_by: str  # KeyHeldBy, or "unknown" on files of others
    integrity: Integrity
    trust: Trust
    changes: tuple[str, ...] = ()  # what later revisions changed, in words
    covered_to: int = 0  # the file's first so many bytes are what was signed; 0: not to be told


@dataclass(frozen=True, slots=True)
class FileReport:
    """The answer for one file."""

    file: str
    verdict: Verdict
    integrity: Integrity
    trust: Trust
    signed_by: str  # "2 of 2 fields"
    signatures: tuple[SignatureReport, ...]
    reasons: tuple[str, ...]
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        """The object that `./run verify --json` prints for a file."""
        return {
            "file": self.file,
            "verdict": str(self.verdict),
            "integrity": str(self.integrity),
            "trust": str(self.trust),
            "signed_by": self.signed_by,
            "sha256": self.sha256,
            "signatures": [_signature_json(signature) for signature in self.signatures],
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FileReport:
        """Read back what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            file=str(value["file"]),
            verdict=Verdict(value["verdict"]),
            integrity=Integrity(value["integrity"]),
            trust=Trust(value["trust"]),
            signed_by=str(value["signed_by"]),
            signatures=tuple(_signature_from_json(signature) for signature in value["signatures"]),
            reasons=tuple(str(reason) for reason in value["reasons"]),
            sha256=str(value["sha256"]),
        )


def _signature_from_json(value: Mapping[str, Any]) -> SignatureReport:
    fixed = {"integrity", "trust", "changes", "covered_to"}
    return SignatureReport(
        **{key: str(text) for key, text in value.items() if key not in fixed},
        integrity=Integrity(value["integrity"]),
        trust=Trust(value["trust"]),
        changes=tuple(str(change) for change in value["changes"]),
        covered_to=int(value["covered_to"]),
    )


def _signature_json(signature: SignatureReport) -> dict[str, Any]:
    return {
        "field": signature.field,
        "kind": signature.kind,
        "signer": signature.signer,
        "signed_at": signature.signed_at,
        "level": signature.level,
        "timestamped_at": signature.timestamped_at,
        "timestamp_authority": signature.timestamp_authority,
        "indication": signature.indication,
        "subindication": signature.subindication,
        "key_held_by": signature.key_held_by,
        "integrity": str(signature.integrity),
        "trust": str(signature.trust),
        "changes": list(signature.changes),
        "covered_to": signature.covered_to,
    }
