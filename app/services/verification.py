"""Verification: what is to be said of PDFs and records that somebody brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.domain.verification import FileReport
from app.signing.verification import verify_files


def verify_paths(
    paths: Sequence[Path], *, trust_roots: Sequence[bytes], own_root: bytes | None, at: datetime | None = None
) -> list[FileReport]:
    """Judge each file in a limited child process. Nothing is kept. `trust_roots`: DER."""
    return verify_files(paths, trust_roots=trust_roots, own_root=own_root, at=at)
