"""Files that an installation signed, and what people do to them: for the tests of the verify page."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

from app.toolkit import Toolkit
from tests.signing.paper import agreement
from tests.signing.verification.signed_chain import SIGNERS, sign


@dataclass(frozen=True)
class SignedFiles:
    """good: everybody signed, sealed. half: one of two. tampered: a page's text changed afterwards."""

    good: bytes
    half: bytes
    tampered: bytes


def sign_files(kit: Toolkit) -> SignedFiles:
    """A small agreement, signed by two with the keys of this installation."""
    office = kit.credentials
    stages = [office.certify(agreement()).file]
    for role, name, capacity, initials in SIGNERS:
        stages.append(sign(office, stages[-1], role, name, capacity, initials))  # type: ignore[arg-type]
    good = office.archive(stages[-1]).file
    return SignedFiles(good, stages[1], tamper(good))


def tamper(pdf: bytes) -> bytes:
    """A word of what was signed is another one: the capacity in which Maria Santos signs."""
    changed = pdf.replace(b"for herself", b"for nobody!", 1)
    assert changed != pdf
    return changed


def record_of(files: dict[str, bytes], **listed: bytes) -> bytes:
    """A ZIP with a manifest of digests; `listed` are digests that do not fit."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in {**files, **listed}.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps({"files": digests}))
    return out.getvalue()


def zip_bomb() -> bytes:
    """Half a kilobyte that unpacks to far more than a record may hold."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(4):
            archive.writestr(f"{number}.bin", b"\0" * (30 * 1024 * 1024))
    return out.getvalue()
