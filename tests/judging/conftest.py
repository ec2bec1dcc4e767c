"""One organisation, and the files of 1, 2, 5 and 10 signers, made once for all judges."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.office import SigningOffice
from app.signing.timestamp_client import HttpTimestampAuthority
from tests.judging.chains import Chain, sign_chain
from tests.rendering.papers import certificate
from tests.signing.people import PASSPHRASE
from tests.signing.responder import running_responder


class Files:
    """The signed files of one organisation, made when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        self._folder = folder
        self.office = SigningOffice.create(folder, PASSPHRASE, "Larkfield Bookkeeping Ltd", "GB", now)
        root = x509.load_der_x509_certificate(self.office.root_certificate())
        self.root_pem = root.public_bytes(Encoding.PEM)
        self.chain = cache(self._chain)
        self.certificate = cache(self._certificate)

    def _chain(self, count: int) -> Chain:
        return sign_chain(self.office, count)

    def timestamped_by_another(self, folder: Path) -> tuple[Chain, bytes]:
        """A file whose times come from an authority of somebody else, and that authority's root as PEM."""
        with running_responder(folder) as responder:
            authority = HttpTimestampAuthority("external", responder.url, (responder.ca,), timeout=5)
            office = SigningOffice.open(self._folder, PASSPHRASE, timestamp_authorities=(authority,))
            return sign_chain(office, 1), responder.ca.public_bytes(Encoding.PEM)

    def _certificate(self) -> bytes:
        """The certificate of completion, sealed."""
        return self.office.seal_document(certificate()).file


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("judged") / "keys")
