"""The profiles of our X.509 certificates (RFC 5280), all with P-256 keys.

root (30 years) -> issuing (path length 0) -> seal and one-time credentials; root -> timestamp.
The timestamp authority hangs on the root because the issuing authority may only issue for
document signing (RFC 9336), and its key must be for timestamps alone (RFC 3161, 2.3).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from app.signing import identifiers

ROOT_LIFE = timedelta(days=30 * 365 + 7)
WORKING_LIFE = timedelta(days=25 * 365 + 6)  # issuing, seal, timestamp and the revocation lists
BACK_DATED = timedelta(minutes=5)  # a checker's clock may be a little behind ours
SERIAL_BITS = 79  # positive and at most ten octets, random throughout (RFC 5280, 4.1.2.2)
# RFC 9336 names what we do. NSS (Firefox, poppler's pdfsig) and older readers judge signers of
# documents by the purpose of e-mail protection and refuse a certificate that lacks it.
SIGNING_PURPOSES = x509.ExtendedKeyUsage(
    [x509.ObjectIdentifier(identifiers.DOCUMENT_SIGNING), ExtendedKeyUsageOID.EMAIL_PROTECTION]
)
UPPER_BOUND = 64  # of a common name, organisation or title (RFC 5280, appendix A), as UTF-8 bytes

FORBIDDEN_BY_DEFAULT = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key of the organisation with its certificate."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate


def generate_key() -> EllipticCurvePrivateKey:
    return generate_ec_key(SECP256R1())


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a key of the organisation names, and where its issuer publishes ("" for nowhere).

    generation: from 1; a later one is named, so that no two authorities share a name.
    published: the address of the issuer's list and certificate without their ending.
    """

    organisation: str
    country: str
    generation: int = 1
    published: str = ""

    def name(self, what: str) -> x509.Name:
        """C, O, CN. Raises ValueError for a country that is not two letters or an empty name."""
        ending = f" {what}" if self.generation == 1 else f" {what} {self.generation}"
        # What tells authorities apart must survive a long name of the business.
        common_name = shorten(self.organisation, UPPER_BOUND - len(ending)) + ending
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self.country),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, shorten(self.organisation)),
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            ]
        )


def issue_root(holder: Holder, now: datetime) -> KeyPair:
    key = generate_key()
    name = holder.name("Root CA")
    builder = _builder(name, name, key.public_key(), now, now + ROOT_LIFE, key.public_key())
    return KeyPair(key, _sign(_as_authority(builder, None), key))


def issue_issuing(holder: Holder, root: KeyPair, now: datetime) -> KeyPair:
    key = generate_key()
    builder = _issued_by(root, holder.name("Issuing CA"), key.public_key(), now, _working_end(root, now))
    builder = _as_authority(builder, 0).add_extension(SIGNING_PURPOSES, critical=False)
    return KeyPair(key, _sign(_pointing(builder, holder.published), root.key))


def issue_timestamp(holder: Holder, root: KeyPair, now: datetime) -> KeyPair:
    key = generate_key()
    name = holder.name("Timestamp (local clock)")
    builder = _issued_by(root, name, key.public_key(), now, _working_end(root, now))
    builder = _as_end_entity(builder, digital_signature=True)
    # RFC 3161, 2.3: the extension is critical and names timeStamping only.
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return KeyPair(key, _sign(_pointing(builder, holder.published), root.key))


def issue_seal(holder: Holder, issuing: KeyPair, now: datetime) -> KeyPair:
    key = generate_key()
    until = issuing.certificate.not_valid_after_utc
    builder = _document_signer(_issued_by(issuing, holder.name("Seal"), key.public_key(), now, until))
    return KeyPair(key, _sign(_pointing(builder, holder.published), issuing.key))


def where_published(address: str) -> tuple[x509.ExtensionType, ...]:
    """Where the issuer's revocation list and certificate can be fetched (RFC 5280, 4.2.1.13, 4.2.2.1).

    address: without ending; nothing is said for "".
    """
    if not address:
        return ()
    listed = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{address}.crl")], None, None, None)
    issuer = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{address}.crt")
    )
    return x509.CRLDistributionPoints([listed]), x509.AuthorityInformationAccess([issuer])


def issue_credential(
    issuing: KeyPair,
    public_key: EllipticCurvePublicKey,
    subject: x509.Name,
    extensions: tuple[x509.ExtensionType, ...],
    now: datetime,
    valid_until: datetime,
) -> x509.Certificate:
    """A one-time certificate; `extensions` (not critical) say who and under which policy."""
    builder = _document_signer(_issued_by(issuing, subject, public_key, now, valid_until))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return _sign(builder, issuing.key)


def serial_hex(certificate: x509.Certificate) -> str:
    """The serial number as lower-case hex with an even number of digits."""
    number = certificate.serial_number
    return number.to_bytes((number.bit_length() + 7) // 8, "big").hex()


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def shorten(text: str, room: int = UPPER_BOUND) -> str:
    """`text` within the upper bound of a name attribute; what is cut shows an ellipsis."""
    if len(text.encode()) <= room:
        return text
    return text.encode()[: room - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _working_end(root: KeyPair, now: datetime) -> datetime:
    """No certificate outlives its issuer: it could not be validated after that."""
    return min(now + WORKING_LIFE, root.certificate.not_valid_after_utc)


def _pointing(builder: x509.CertificateBuilder, address: str) -> x509.CertificateBuilder:
    for extension in where_published(address):
        builder = builder.add_extension(extension, critical=False)
    return builder


def _issued_by(
    issuer: KeyPair, name: x509.Name, key: EllipticCurvePublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return _builder(name, issuer.certificate.subject, key, now, until, issuer.key.public_key())


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePublicKey,
    now: datetime,
    until: datetime,
    issuer_key: EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(secrets.randbits(SERIAL_BITS) | 1 << (SERIAL_BITS - 1))
        .not_valid_before(now.astimezone(UTC) - BACK_DATED)
        .not_valid_after(until.astimezone(UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(**{**FORBIDDEN_BY_DEFAULT, "key_cert_sign": True, "crl_sign": True})
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _as_end_entity(builder: x509.CertificateBuilder, **allowed: bool) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(**{**FORBIDDEN_BY_DEFAULT, **allowed})
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _document_signer(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    builder = _as_end_entity(builder, digital_signature=True, content_commitment=True)
    return builder.add_extension(SIGNING_PURPOSES, critical=False)


def _sign(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())
