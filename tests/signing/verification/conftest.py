"""What the tests of the verifier share: one signed agreement, and one question to ask of a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.domain.verification import FileReport
from app.signing.verification import verify_pdf
from tests.signing.verification.signed_chain import SignedChain, sign_chain

Judge = Callable[..., FileReport]


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> SignedChain:
    return sign_chain(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def judge(chain: SignedChain) -> Judge:
    """Verify as the installation does that signed the file: its own root is trusted."""

    def verify(data: bytes, at: datetime | None = None) -> FileReport:
        return verify_pdf(data, "file.pdf", trust_roots=[], own_root=chain.root, at=at)

    return verify
