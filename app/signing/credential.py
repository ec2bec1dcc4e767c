"""One-time credentials: a certificate for a key that signs one document once.

It says in plain words, as user notices (RFC 5280, 4.2.1.4), whom it names, what was checked
before it was issued, who held the key, and that the issuer is a party's organisation. It
claims no more than that.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509.oid import NameOID

from app.domain.errors import InvalidInput, SigningFailed
from app.domain.signature import CredentialSubject, IssuedCredential, KeyHeldBy
from app.signing import der, identifiers
from app.signing.certificate import der_of, issue_credential, serial_hex, shorten, where_published
from app.signing.organisation import Organisation

LONGEST_NOTICE = 200  # characters (RFC 5280, 4.2.1.4)

KEY_HELD_BY_WORDS = {
    KeyHeldBy.SIGNER_CLIENT: "The signer's own device made and held the private key, for one signature",
    KeyHeldBy.SERVER_ONE_TIME: "The issuer's server made the private key and destroyed it after signing",
    KeyHeldBy.ORGANISATION: "The issuing organisation holds the private key",
    KeyHeldBy.DEMO_PROCESS: "A demonstration program held the private key; nobody was identified",
}


def issue(
    organisation: Organisation,
    public_key: bytes,
    subject: CredentialSubject,
    now: datetime,
    valid_until: datetime,
    published: str = "",
) -> IssuedCredential:
    """Issue the certificate for `public_key` (DER of its SubjectPublicKeyInfo, P-256 only).

    Raises InvalidInput for another kind of key, a subject that cannot be named, or a time of
    validity that has passed or outlives the issuing authority. published: address of the
    issuer's list and certificate without their ending, "" for nowhere.
    """
    key = _p256_key(public_key)
    _check_validity(organisation, now, valid_until)
    try:
        extensions = _extensions(organisation, subject, published)
        held = issue_credential(organisation.issuing, key, _name(subject), extensions, now, valid_until)
    except ValueError as error:
        raise InvalidInput(
            "credential_subject",
            f"No credential can be issued to {subject.name!r} <{subject.email}>: {error}.",
            "Correct the signer's name, e-mail address or country.",
        ) from error
    return IssuedCredential(der_of(held), serial_hex(held), held.not_valid_after_utc)


def load(certificate: bytes) -> x509.Certificate:
    """The certificate of an issued credential. Raises SigningFailed."""
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise SigningFailed(
            "credential_damaged", "The signer's certificate cannot be read.", "Issue a new credential."
        ) from error


def _p256_key(public_key: bytes) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise InvalidInput(
            "public_key", "The signer's public key is not a P-256 key.", "Make a new key and ask again."
        )
    return key


def _check_validity(organisation: Organisation, now: datetime, valid_until: datetime) -> None:
    if not now < valid_until <= organisation.issuing.certificate.not_valid_after_utc:
        raise InvalidInput(
            "credential_validity",
            f"A credential valid until {valid_until:%Y-%m-%d} cannot be issued today.",
            "Choose a time after now and before the issuing certificate expires.",
        )


def _name(subject: CredentialSubject) -> x509.Name:
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, subject.country),
        x509.NameAttribute(NameOID.COMMON_NAME, shorten(_printable(subject.name))),
    ]
    if subject.capacity.strip():
        attributes.append(x509.NameAttribute(NameOID.TITLE, shorten(_printable(subject.capacity))))
    return x509.Name(attributes)


def _extensions(
    organisation: Organisation, subject: CredentialSubject, published: str
) -> tuple[x509.ExtensionType, ...]:
    return (
        x509.SubjectAlternativeName([_email_name(subject.email)]),
        x509.CertificatePolicies([_policy(organisation, subject)]),
        *where_published(published),
    )


def _policy(organisation: Organisation, subject: CredentialSubject) -> x509.PolicyInformation:
    checks = "; ".join(subject.identity_checks) or "none"
    notices = (
        f"Signer: {_printable(subject.name)}, {_printable(subject.capacity)}",
        f"Identity checks passed: {checks}",
        KEY_HELD_BY_WORDS[subject.key_held_by],
        f"Issued by {organisation.name}, the organisation of a party to the signed document",
    )
    qualifiers = [x509.UserNotice(None, _notice(text)) for text in notices]
    return x509.PolicyInformation(x509.ObjectIdentifier(identifiers.CREDENTIAL_POLICY), qualifiers)


def _notice(text: str) -> str:
    return text if len(text) <= LONGEST_NOTICE else text[: LONGEST_NOTICE - 1].rstrip() + "…"


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("a name must not hold control characters")
    return text.strip()


def _email_name(email: str) -> x509.GeneralName:
    local, at, domain = _printable(email).rpartition("@")
    if not local or not at or not domain or " " in email:
        raise ValueError("that is not an e-mail address")
    if local.isascii():
        return x509.RFC822Name(f"{local}@{domain.encode('idna').decode('ascii')}")
    # RFC 9598, 3: an internationalised local part has a name form of its own.
    mailbox = der.element(0x0C, f"{local}@{domain}".encode())
    return x509.OtherName(x509.ObjectIdentifier(identifiers.SMTP_UTF8_MAILBOX), mailbox)
