"""The organisation's keys, for whoever runs the installation: list, rotate, revoke, hand out.

Every change is an event of the audit log, written in the unit of work in which it is made.
"""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.actor import Actor
from app.domain.audit import AuditEvent, AuditLeaf
from app.domain.errors import NotFound, StorageFailed
from app.domain.keys import KeyChange, Revocation, RevocationReason
from app.domain.signature import KeyState
from app.toolkit import Toolkit, UnitOfWork

ROTATED = "key.rotated"
REVOKED = "credential.revoked"
ISSUED = "credential.issued"
AUTHORITIES = ("root", "issuing")


@dataclass(frozen=True, slots=True)
class ExportedAuthority:
    name: str
    fingerprint: str  # SHA-256 hex


def list_keys(kit: Toolkit) -> Sequence[KeyState]:
    """Those in use and those that were replaced."""
    return kit.credentials.every_key()


def rotate_keys(
    kit: Toolkit, actor: Actor, purpose: str, root_folder: Path | None = None
) -> Sequence[KeyChange]:
    """New keys for `purpose` and what hangs on it; what was signed under the former ones stays good.

    root_folder: where the root's private key lies, if it was moved away. Raises InvalidInput,
    KeysUnavailable, StorageFailed.
    """
    with kit.unit_of_work() as unit:
        changes = kit.credentials.rotate(purpose, root_folder)
        for change in changes:
            unit.audit.append(
                AuditEvent(
                    name=ROTATED,
                    actor=actor,
                    subject=change.name,
                    digest=change.fingerprint,
                    details={
                        "serial": change.serial,
                        "replaces": change.replaces,
                        "valid_until": change.valid_until.isoformat(),
                    },
                )
            )
    return changes


def revoke_certificate(
    kit: Toolkit, actor: Actor, wanted: str, reason: RevocationReason, root_folder: Path | None = None
) -> Revocation:
    """Revoke a key of the organisation (by name or serial number) or a one-time certificate (by number).

    Raises NotFound, InvalidInput, WrongState (revoked already), KeysUnavailable.
    """
    with kit.unit_of_work() as unit:
        leaf: AuditLeaf | None = None
        try:
            certificate = kit.credentials.find_certificate(wanted)
        except NotFound:
            leaf = _issued(unit, wanted)
            certificate = kit.files.get(leaf.digest)
        revocation = kit.credentials.revoke(certificate, reason, root_folder)
        unit.audit.append(
            AuditEvent(
                name=REVOKED,
                actor=actor,
                agreement_id=leaf.agreement_id if leaf else "",
                envelope_id=leaf.envelope_id if leaf else "",
                subject=leaf.subject if leaf else revocation.name,
                digest=hashlib.sha256(certificate).hexdigest(),
                details={
                    "serial": revocation.serial,
                    "reason": str(reason),
                    "issuer": revocation.issuer,
                    "list_number": str(revocation.list_number),
                },
            )
        )
    return revocation


def missing_revocations(kit: Toolkit) -> Sequence[str]:
    """Serial numbers that the audit log says were revoked, and that stand in no list (any more)."""
    with kit.unit_of_work(read_only=True) as unit:
        logged = [leaf for leaf in unit.audit.leaves() if leaf.name == REVOKED]
    if not logged:
        return []
    listed = kit.credentials.revoked_serials()
    serials = [str(leaf.details["serial"]) for leaf in logged]
    return [serial for serial in serials if int(serial, 16) not in listed]


def export_authorities(kit: Toolkit, path: Path) -> Sequence[ExportedAuthority]:
    """Write every root and issuing authority, present and former, to the new PEM file `path`.

    Raises StorageFailed if it exists or cannot be written.
    """
    chain = authorities(kit)
    content = "".join(as_pem(der) for der in chain.values())
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(content)
    except OSError as error:
        raise StorageFailed(
            "export-failed",
            f"{path} was not written: {error.strerror or error}.",
            "Name a new file in a folder that you can write to.",
        ) from error
    return [ExportedAuthority(name, hashlib.sha256(der).hexdigest()) for name, der in chain.items()]


def authorities(kit: Toolkit) -> Mapping[str, bytes]:
    """DER of every root and issuing authority, present and former, by name."""
    chain = kit.credentials.certificate_chain()
    return {name: der for name, der in chain.items() if name.partition("-")[0] in AUTHORITIES}


def as_pem(der: bytes) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def _issued(unit: UnitOfWork, wanted: str) -> AuditLeaf:
    """The event with which a one-time certificate was issued. Raises NotFound."""
    serial = wanted.strip().lower().removeprefix("0x").replace(":", "")
    for leaf in unit.audit.leaves():
        if leaf.name == ISSUED and str(leaf.details.get("serial")) == serial:
            return leaf
    raise NotFound(
        "certificate-unknown",
        f"There is no key and no one-time certificate \u201c{wanted}\u201d.",
        "Use a name or serial number of ./run keys list, or the number in the audit log or the record.",
    )
