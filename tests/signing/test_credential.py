"""One-time credentials: whom they name, what they say, and what they do not claim."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from app.domain.errors import InvalidInput
from app.domain.signature import CredentialSubject, IssuedCredential, KeyHeldBy
from app.signing.office import SigningOffice
from tests.signing.people import PASSPHRASE
from tests.tools import needs_tool

UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=430)
SUBJECT = CredentialSubject(
    name="José Ñáñez 李",
    capacity="director of Larkfield Bookkeeping Ltd",
    email="jose@example.com",
    country="PH",
    identity_checks=("e-mail link", "one-time code by SMS"),
    key_held_by=KeyHeldBy.SIGNER_CLIENT,
)


def public_bytes(key: object) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def issue(office: SigningOffice, subject: CredentialSubject = SUBJECT) -> IssuedCredential:
    return office.issue(public_bytes(ec.generate_private_key(ec.SECP256R1())), subject, UNTIL)


def notices(certificate: x509.Certificate) -> list[str]:
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    return [str(notice.explicit_text) for policy in policies for notice in policy.policy_qualifiers or ()]


def test_it_names_the_person_and_their_capacity(office: SigningOffice) -> None:
    issued = issue(office)
    certificate = x509.load_der_x509_certificate(issued.certificate)

    def named(oid: x509.ObjectIdentifier) -> str:
        return str(certificate.subject.get_attributes_for_oid(oid)[0].value)

    assert named(NameOID.COMMON_NAME) == SUBJECT.name
    assert named(NameOID.TITLE) == SUBJECT.capacity
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert alternative.get_values_for_type(x509.RFC822Name) == ["jose@example.com"]
    assert certificate.not_valid_after_utc == UNTIL == issued.valid_until
    assert int(issued.serial, 16) == certificate.serial_number


def test_it_says_what_was_checked_and_who_held_the_key(office: SigningOffice) -> None:
    for holder in KeyHeldBy:
        issued = issue(office, replace(SUBJECT, key_held_by=holder))
        said = notices(x509.load_der_x509_certificate(issued.certificate))
        text = " ".join(said)
        assert "e-mail link; one-time code by SMS" in text
        assert "key" in text
        assert "Larkfield Bookkeeping Ltd, the organisation of a party" in text
        assert all(len(notice) <= 200 for notice in said)
        assert not any(word in text.lower() for word in ("qualified", "eidas", "handwritten", "equal"))


def test_nothing_else_is_allowed_to_it(office: SigningOffice) -> None:
    certificate = x509.load_der_x509_certificate(issue(office).certificate)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert "1.3.6.1.5.5.7.3.36" in [purpose.dotted_string for purpose in purposes]


def test_revocation_lists_are_pointed_at_only_where_they_are_published(
    office: SigningOffice, keys: Path
) -> None:
    with pytest.raises(x509.ExtensionNotFound):
        x509.load_der_x509_certificate(issue(office).certificate).extensions.get_extension_for_class(
            x509.CRLDistributionPoints
        )
    public = SigningOffice.open(keys, PASSPHRASE, trust_url="https://sign.larkfield.example/trust")
    extensions = x509.load_der_x509_certificate(issue(public).certificate).extensions
    points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value == "https://sign.larkfield.example/trust/issuing.crl"
    (access,) = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert access.access_location.value == "https://sign.larkfield.example/trust/issuing.crt"


@pytest.mark.parametrize(
    "public_key",
    [
        public_bytes(ec.generate_private_key(ec.SECP384R1())),
        public_bytes(rsa.generate_private_key(65537, 2048)),
        public_bytes(ed25519.Ed25519PrivateKey.generate()),
        b"",
        b"not a key",
    ],
    ids=["P-384", "RSA", "Ed25519", "empty", "nonsense"],
)
def test_only_p256_keys_are_certified(office: SigningOffice, public_key: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.issue(public_key, SUBJECT, UNTIL)
    assert caught.value.code == "public_key"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "Liza\nSantos"},
        {"name": "Liza \u202eSantos"},
        {"country": "Philippines"},
        {"email": "nobody"},
        {"email": "a b@example.com"},
        {"email": "a@example.com\r\n"},
    ],
)
def test_subjects_that_cannot_be_named_are_refused(office: SigningOffice, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        issue(office, replace(SUBJECT, **wrong))


@pytest.mark.parametrize("days", [-1, 26 * 365])
def test_validity_lies_ahead_and_within_that_of_the_issuer(office: SigningOffice, days: int) -> None:
    key = public_bytes(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(InvalidInput):
        office.issue(key, SUBJECT, datetime.now(UTC) + timedelta(days=days))


def test_long_and_international_names_survive(office: SigningOffice) -> None:
    long = "Maria " + "de la Cruz " * 8 + "Reyes"
    certificate = x509.load_der_x509_certificate(
        issue(office, replace(SUBJECT, name=long, email="maría@exámple.com")).certificate
    )
    assert any(long in notice for notice in notices(certificate))
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "maría@exámple.com".encode() in alternative.get_values_for_type(x509.OtherName)[0].value


@needs_tool("openssl")
def test_openssl_verifies_it(office: SigningOffice, keys: Path, tmp_path: Path) -> None:
    certificate = x509.load_der_x509_certificate(issue(office).certificate)
    (tmp_path / "leaf.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-policy_check", "-CAfile", str(keys / "root.crt")]
    command += ["-untrusted", str(keys / "issuing.crt"), str(tmp_path / "leaf.pem")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
