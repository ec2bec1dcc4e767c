"""What we never claim of our signatures: in certificates, on pages, on paper, in mails.

A statute that asks for a qualified signature may be named (facts about countries); a signature
of ours is never called that, nor equal to one by hand.
"""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.signature import CredentialSubject, KeyHeldBy
from app.signing.office import SigningOffice

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
CLAIM = re.compile(
    r"(?<!fully )\bqualified\b(?! names?\b)|\beidas\b|legally equal"
    r"|(?:equal|equivalent|same) (?:to|as) (?:a )?hand\W?written"
    r"|\badvanced (?:electronic )?(?:signature|seal)",
    re.IGNORECASE,
)
PAGES = sorted(
    path
    for ending in ("html", "js", "txt", "css")
    for room in ("web", "rendering", "mail", "services", "signing")
    for path in (APP / room).rglob(f"*.{ending}")
)
ROOMS = ("web", "rendering", "mail", "services", "signing", "demo")
CODE = sorted(path for room in ROOMS for path in (APP / room).rglob("*.py"))
PAPER = sorted((ROOT / "contract_templates").rglob("expected*.md"))


def test_the_places_are_there():
    assert len(PAGES) > 40
    assert len(CODE) > 100
    assert PAPER


@pytest.mark.parametrize(
    "words", ["A qualified signature.", "eIDAS-compliant advanced", "Legally equal to handwritten"]
)
def test_the_words_would_be_found(words):
    assert CLAIM.search(words)


def test_no_page_or_script_claims_it():
    found = [f"{path.relative_to(ROOT)}" for path in PAGES if CLAIM.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_sentence_of_the_program_claims_it():
    """Every string literal: error messages, mails, notices, stamps, the certificate of completion."""
    found = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CLAIM.search(node.value):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_no_agreement_claims_it():
    found = []
    for path in PAPER:
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in CLAIM.finditer(text)]
    assert found == []


@pytest.mark.parametrize("holder", list(KeyHeldBy))
def test_no_certificate_claims_it(office, holder):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    subject = CredentialSubject(
        "Liza Santos", "for herself", "liza@example.com", "PH", ("e-mail link", "one-time code"), holder
    )
    issued = office.issue(public, subject, datetime.now(UTC) + timedelta(days=30)).certificate
    for der in (issued, *office.certificate_chain().values()):
        assert not CLAIM.search(der.decode("latin-1"))
        assert b"advanced" not in der.lower()
        assert bytes.fromhex("06082b06010505070103") not in der  # RFC 3739, 3.2.6: qcStatements


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> SigningOffice:
    folder = tmp_path_factory.mktemp("claims") / "keys"
    return SigningOffice.create(folder, b"correct horse battery staple", "Larkfield", "GB", datetime.now(UTC))
