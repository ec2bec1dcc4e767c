"""The check of an archived file: what we write must be green to our own verifier, fail closed.

A level is claimed only after this. The verifier is the one that strangers' files meet: every
difference between revisions explained, revocation from the file's own validation data in
hard-fail mode, the long-term validation of EN 319 102-1, 5.6.3 for each signature, offline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.signature import Level
from app.domain.verification import Verdict
from app.signing.own_revision import refused
from app.signing.verification import verify_pdf


def check_archive(
    pdf: bytes, result: bytes, anchors: Sequence[bytes], own_root: bytes, now: datetime
) -> None:
    """Raise SigningFailed unless `result` is `pdf`, completely signed, brought to level B-LTA.

    anchors: DER of the CA certificates to trust, for timestamps of others. own_root: DER.
    """
    if not result.startswith(pdf):
        raise refused("it does not begin with the bytes it was made on")
    report = verify_pdf(result, "the archived file", trust_roots=anchors, own_root=own_root, at=now)
    if report.verdict is not Verdict.GREEN:
        raise refused(" ".join(report.reasons))
    levels = {one.level for one in report.signatures if one.kind != "document_timestamp"}
    if levels != {str(Level.B_LTA)}:
        raise refused(f"the level reached is {', '.join(sorted(levels))}")
