"""One organisation, and the files of 1, 2, 5 and 10 signers, made once for all judges."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.office import SigningOffice
from tests.judging.chains import Chain, sign_chain
from tests.rendering.papers import certificate
from tests.signing.people import PASSPHRASE


class Files:
    """The signed files of one organisation, made when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        self.office = SigningOffice.create(folder, PASSPHRASE, "Larkfield Bookkeeping Ltd", "GB", now)
        root = x509.load_der_x509_certificate(self.office.root_certificate())
        self.root_pem = root.public_bytes(Encoding.PEM)
        self.chain = cache(self._chain)
        self.certificate = cache(self._certificate)

    def _chain(self, count: int) -> Chain:
        return sign_chain(self.office, count)

    def _certificate(self) -> bytes:
        """The certificate of completion, sealed."""
        return self.office.seal_document(certificate()).file


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("judged") / "keys")
