"""Verification: what is to be said of PDFs and records that somebody brings. Nothing is kept.

Neither the verifier nor what draws the pages runs in this process: both have one of their own, with limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.domain.keys import TrustMaterial
from app.domain.verification import FileReport, Trust, Verdict
from app.rendering.foreign_pages import ForeignPages, picture_foreign_pages
from app.signing import read_trust, timestamp_roots
from app.signing.verification import verify_files

NOTHING = TrustMaterial()
DEMO_REASON = "It was signed by the demo of this installation, under the demo\u2019s own root certificate."


def verify_paths(
    files: Sequence[Path | tuple[str, bytes]],
    *,
    trust_roots: Sequence[bytes],
    own_root: bytes | None,
    demo_root: bytes | None = None,
    at: datetime | None = None,
    besides: TrustMaterial = NOTHING,
) -> list[FileReport]:
    """Judge each file (a path, or a name with its bytes) in a limited child process.

    trust_roots: DER or PEM. own_root: the installation's, trusted by itself. demo_root: that of
    the demo beside it, tried where nobody else vouches for the file, and then named in the reasons.
    besides: what else the installation trusts and knows (former roots, present revocation lists,
    authorities trusted for timestamps alone).
    """
    reports = verify_files(files, trust_roots=trust_roots, own_root=own_root, at=at, besides=besides)
    if demo_root is None or demo_root == own_root:
        return reports
    return [
        _by_demo(file, trust_roots, demo_root, at) or report
        if report.trust is not Trust.TRUSTED
        else report
        for file, report in zip(files, reports, strict=True)
    ]


def verify_and_picture(
    name: str,
    file: bytes,
    *,
    trust_roots: Sequence[bytes],
    own_root: bytes | None,
    besides: TrustMaterial = NOTHING,
) -> tuple[FileReport, ForeignPages]:
    """The report on one file as `verify_paths` gives it, and the first pages as the file shows them.

    Both are made at the same time. No pages of a file that could not even be judged.
    """
    with ThreadPoolExecutor(1) as pool:
        drawing = pool.submit(picture_foreign_pages, file)
        (report,) = verify_paths(
            [(name, file)], trust_roots=trust_roots, own_root=own_root, besides=besides
        )
        shown = drawing.result()
    return report, ForeignPages() if report.verdict is Verdict.UNREADABLE else shown


def installed_trust(keys: Path, roots: Path | None, urls: Sequence[str]) -> TrustMaterial:
    """What an installation trusts, read from its folder of keys; no passphrase is needed.

    roots, urls: as set for timestamp authorities. Raises KeysUnavailable or InvalidInput for files
    that cannot be read.
    """
    return read_trust(keys, timestamp_roots(roots, urls))


def _by_demo(
    file: Path | tuple[str, bytes], trust_roots: Sequence[bytes], demo_root: bytes, at: datetime | None
) -> FileReport | None:
    """The report under the demo's root, if it is the demo that signed the file."""
    report = verify_files([file], trust_roots=trust_roots, own_root=demo_root, at=at)[0]
    if report.trust is not Trust.TRUSTED:
        return None
    return replace(report, reasons=(*report.reasons, DEMO_REASON))
