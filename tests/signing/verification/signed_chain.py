"""One agreement signed by our own office, with every stage of it kept, for the tests to attack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.signature import Appearance, CredentialSubject, KeyHeldBy, SignatureRequest
from app.signing.archive import archive_file
from app.signing.office import SigningOffice
from app.signing.organisation import Organisation, open_organisation
from app.signing.timestamp import LocalClock, SystemClock
from tests.signing.paper import agreement

PASSPHRASE = b"correct horse battery staple"
INITIALS = (("initials.assistant.take-home", "MS"), ("initials.assistant.credentials", "MS"))
SIGNERS = (
    ("assistant", "Maria Santos", "for herself", INITIALS),
    ("client", "Erin Lark", "director of Larkfield Books Ltd", ()),
)


@dataclass(frozen=True)
class SignedChain:
    """All states of one file, from the paper to the archived file, and the root to trust."""

    office: SigningOffice
    root: bytes
    paper: bytes
    sealed: bytes
    first: bytes
    complete: bytes
    archived: bytes
    organisation: Organisation

    def timestamped(self, pdf: bytes) -> bytes:
        """Validation data and a document timestamp of ours on any file, without our own checks."""
        clock = LocalClock(self.organisation.timestamp, self.organisation.root, SystemClock())
        return archive_file(pdf, self.organisation, (clock,), datetime.now(UTC)).completed.file


def sign_chain(directory: Path) -> SignedChain:
    keys, now = directory / "keys", datetime.now(UTC)
    office = SigningOffice.create(keys, PASSPHRASE, "Larkfield Books Ltd", "GB", now)
    paper = agreement()
    stages = [office.certify(paper).file]
    for role, name, capacity, initials in SIGNERS:
        stages.append(sign(office, stages[-1], role, name, capacity, initials))
    archived = office.archive(stages[-1]).file
    organisation = open_organisation(keys, PASSPHRASE, now)
    return SignedChain(office, office.root_certificate(), paper, *stages, archived, organisation)


def sign(
    office: SigningOffice,
    pdf: bytes,
    role: str,
    name: str,
    capacity: str,
    initials: tuple[tuple[str, str], ...] = (),
) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    held = KeyHeldBy.SIGNER_CLIENT if role == "assistant" else KeyHeldBy.SERVER_ONE_TIME
    subject = CredentialSubject(name, capacity, f"{role}@example.org", "PH", ("e-mail link",), held)
    now = datetime.now(UTC)
    credential = office.issue(public, subject, now + timedelta(days=430))
    appearance = Appearance(name, capacity, now, held, "e-mail link", "not asked for")
    request = SignatureRequest(f"signature-{role}", appearance, initials, f"I sign as {capacity}")
    prepared = office.prepare(pdf, request, credential)
    value = key.sign(prepared.signed_attributes, ec.ECDSA(hashes.SHA256()))
    return office.finish(prepared, value).file
