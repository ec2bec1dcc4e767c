"""Revocations that became known after a file was sealed: what do they mean for it?

The file holds the lists of its time. An installation also knows its present lists, and a
certificate that stands in them counts from the day of its revocation: what a timestamp
proves to be older stays good. For a timestamp authority RFC 3161, 4.1 holds: its earlier tokens
stay good only where the reason says that its key was not compromised, or where another
timestamp, good itself, proves that they existed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, x509
from cryptography import x509 as crypto_x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from app.signing.revocation import Entry, entries_of
from app.signing.verification.cms_form import embedded_certificates, issuing_chain
from app.signing.verification.signatures import SignatureFinding

_HARMLESS = frozenset(
    {
        crypto_x509.ReasonFlags.affiliation_changed,
        crypto_x509.ReasonFlags.superseded,
        crypto_x509.ReasonFlags.cessation_of_operation,
    }
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """revoked: nothing proves that it is older than the revocation. remark: what else is to be said."""

    revoked: bool = False
    remark: str = ""


def judge_revocations(
    findings: Sequence[SignatureFinding],
    trusted: Sequence[bool],
    lists: Sequence[crl.CertificateList],
    known: Sequence[x509.Certificate],
    at: datetime,
) -> list[Consequence]:
    """What the present lists say of each signature and timestamp, in the order given.

    trusted: which of them were found good by the file's own data; others prove nothing. known:
    certificates that can complete a chain. at: entries after this moment are not counted.
    """
    register = _Register(tuple(lists), tuple(known), at)
    consequences = [Consequence()] * len(findings)
    proven: datetime | None = None  # everything before the present finding existed then
    for position in reversed(range(len(findings))):
        finding = findings[position]
        if not trusted[position] or finding.certificate is None:
            continue
        entry = register.first_entry(finding.certificate, embedded_certificates(finding.embedded.signed_data))
        if finding.is_timestamp:
            stamped = finding.embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
            consequences[position] = _of_timestamp(entry, stamped, proven)
            if not consequences[position].revoked:
                proven = min(stamped, proven) if proven is not None else stamped
        else:
            tokens = [token for token in finding.tokens if not token.problem]
            times = [token.time for token in tokens if register.holds(token.certificate, token.time, proven)]
            consequences[position] = _of_signature(entry, [*times, *([proven] if proven else [])])
    return consequences


def _of_signature(entry: Entry | None, times: Sequence[datetime]) -> Consequence:
    if entry is None:
        return Consequence()
    if any(time < entry.revoked_at for time in times):
        return Consequence(
            remark=f"A signer's certificate was revoked on {entry.revoked_at:%Y-%m-%d}, after it had signed."
        )
    return Consequence(revoked=True)


def _of_timestamp(entry: Entry | None, stamped: datetime, proven: datetime | None) -> Consequence:
    if entry is None:
        return Consequence()
    if not _stays_good(entry, stamped, proven):
        return Consequence(revoked=True)
    day = f"{entry.revoked_at:%Y-%m-%d}"
    remark = f"A timestamp authority's certificate was revoked on {day}, after its timestamp."
    return Consequence(remark=remark)


def _stays_good(entry: Entry, stamped: datetime, proven: datetime | None) -> bool:
    if proven is not None and proven < entry.revoked_at:
        return True
    return entry.reason in _HARMLESS and stamped < entry.revoked_at


@dataclass(frozen=True, slots=True)
class _Register:
    """The entries of all lists, each believed only if the authority it speaks for signed it."""

    lists: tuple[crl.CertificateList, ...]
    known: tuple[x509.Certificate, ...]
    at: datetime

    def holds(self, certificate: x509.Certificate, stamped: datetime, proven: datetime | None) -> bool:
        """Whether a token of this authority still proves a time."""
        entry = self.first_entry(certificate, ())
        return entry is None or _stays_good(entry, stamped, proven)

    def first_entry(
        self, certificate: x509.Certificate, beside: Sequence[x509.Certificate]
    ) -> Entry | None:
        """The earliest revocation of a certificate or of an authority above it."""
        chain = issuing_chain(certificate, [*beside, *self.known])
        found = [
            entry
            for held, issuer in zip(chain, chain[1:], strict=False)
            for each in self.lists
            if each.issuer == issuer.subject
            for entry in _entries(each.dump(), issuer.dump())
            if entry.serial == held.serial_number and entry.revoked_at <= self.at
        ]
        return min(found, key=lambda entry: entry.revoked_at, default=None)


def _entries(revocation_list: bytes, issuer: bytes) -> tuple[Entry, ...]:
    try:
        loaded = crypto_x509.load_der_x509_crl(revocation_list)
        key = crypto_x509.load_der_x509_certificate(issuer).public_key()
        if isinstance(key, EllipticCurvePublicKey) and loaded.is_signature_valid(key):
            return entries_of(loaded)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ()
    return ()
