"""The validation data kept in the file (DSS): certificates, revocation lists, OCSP responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import crl, ocsp, x509
from cryptography import x509 as crypto_x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

_ISSUER_KEYS = (EllipticCurvePublicKey, RSAPublicKey, Ed25519PublicKey, Ed448PublicKey)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Validation data as of one revision; everything empty where the file holds none."""

    certificates: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[crl.CertificateList, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()

    def crl_containers(self) -> list[CRLContainer]:
        return [CRLContainer(crl_data=each) for each in self.revocation_lists]

    def ocsp_containers(self) -> list[OCSPContainer]:
        return [container for each in self.responses for container in OCSPContainer.load_multi(each)]

    def proves_revocation_status(self, chain: Sequence[x509.Certificate]) -> bool:
        """Whether there is revocation data for every certificate of a whole chain but its root."""
        if not chain or chain[-1].self_signed == "no":
            return False
        pairs = zip(chain, chain[1:], strict=False)
        return all(self._covers(certificate, issuer) for certificate, issuer in pairs)

    def _covers(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        if any(_lists(each, issuer) for each in self.revocation_lists if each.issuer == issuer.subject):
            return True
        return any(
            answer["cert_id"]["serial_number"].native == certificate.serial_number
            for each in self.responses
            if each["response_status"].native == "successful"
            for answer in each.response_data["responses"]
        )


def read_evidence(handler: PdfFileReader | HistoricalResolver) -> Evidence:
    """The DSS that this revision of the file shows. Raises pyHanko's errors where it is damaged."""
    try:
        store = DocumentSecurityStore.read_dss(handler)
    except NoDSSFoundError:
        return Evidence()
    return Evidence(
        certificates=tuple(store.load_certs()),
        revocation_lists=tuple(crl.CertificateList.load(_bytes_of(each)) for each in store.crls),
        responses=tuple(ocsp.OCSPResponse.load(_bytes_of(each)) for each in store.ocsps),
    )


def _bytes_of(reference: object) -> bytes:
    stream = reference.get_object()  # type: ignore[attr-defined]  # pyHanko does not type the DSS's lists
    data = stream.data
    if not isinstance(data, bytes):
        raise PdfError("the validation data of this file cannot be read")
    return data


def _lists(revocation_list: crl.CertificateList, issuer: x509.Certificate) -> bool:
    try:
        loaded = crypto_x509.load_der_x509_crl(revocation_list.dump())
        key = crypto_x509.load_der_x509_certificate(issuer.dump()).public_key()
        return isinstance(key, _ISSUER_KEYS) and loaded.is_signature_valid(key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
