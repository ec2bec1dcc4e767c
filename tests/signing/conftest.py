"""One office for the whole folder (its keys cost half a second), and the steps of a signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.office import SigningOffice
from tests.signing.paper import agreement
from tests.signing.people import PASSPHRASE, Signer


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys made at first start."""
    directory = tmp_path_factory.mktemp("organisation") / "keys"
    SigningOffice.create(directory, PASSPHRASE, "Larkfield Bookkeeping Ltd", "GB", datetime.now(UTC))
    return directory


@pytest.fixture(scope="session")
def office(keys: Path) -> SigningOffice:
    return SigningOffice.open(keys, PASSPHRASE)


@pytest.fixture(scope="session")
def root_pem(office: SigningOffice) -> bytes:
    return x509.load_der_x509_certificate(office.root_certificate()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="session")
def certified(office: SigningOffice) -> bytes:
    """An agreement for two signers with the organisation's seal."""
    return office.certify(agreement()).file


@pytest.fixture
def signer(office: SigningOffice) -> Callable[..., Signer]:
    """Makes a signer with a fresh key and credential."""

    def make(role: str = "assistant", **changes: str) -> Signer:
        return Signer.with_credential(office, role, datetime.now(UTC) + timedelta(days=400), **changes)

    return make


@pytest.fixture(scope="session")
def signed(office: SigningOffice, certified: bytes) -> bytes:
    """The agreement after both signatures."""
    until = datetime.now(UTC) + timedelta(days=400)
    file = certified
    for role in ("assistant", "client"):
        file = Signer.with_credential(office, role, until).sign(office, file).file
    return file


@pytest.fixture(scope="session")
def archived(office: SigningOffice, signed: bytes) -> bytes:
    return office.archive(signed).file
