"""The form of a CMS: what may differ without the signature noticing, judged for our own files.

A signature protects its signed attributes, not the envelope around them. We know how
we write that envelope (strict DER, one signer, the signer's chain and nothing else),
so under our own credentials anything else was put there later. Files of others are
often not strict DER and are only denied green (see `problems`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from asn1crypto import cms, core, parser, x509
from cryptography import exceptions as crypto_errors
from cryptography import x509 as crypto_x509

_SEQUENCE = 16
_SET = 17
_MOST_NESTING = 40
_TOKEN_ATTRIBUTE = cms.CMSAttributeType("signature_time_stamp_token").dump()
_UNSIGNED_ALLOWED = frozenset({"signature_time_stamp_token"})


def form_problem(contents: bytes, signed_data: cms.SignedData, known: Sequence[x509.Certificate]) -> str:
    """What in this CMS (DER, zero padding behind) is not as we write it, or "".

    known: further certificates (of the validation data) that may complete a chain.
    """
    encoded = contents[: parser.peek(contents)]
    if not is_strict_der(encoded):
        return "The signature's envelope was encoded again after signing."
    if len(signed_data["signer_infos"]) != 1 or signed_data["crls"] is not core.VOID:
        return "The signature's envelope holds more than the signature."
    signer = signed_data["signer_infos"][0]
    if not _fields_agree(signed_data, signer):
        return "The signature's envelope contradicts the signature inside it."
    certificates = embedded_certificates(signed_data)
    chain = issuing_chain(signer_certificate(signer, certificates), [*certificates, *known])
    if any(certificate not in chain for certificate in certificates):
        return "A certificate that has nothing to do with the signer was put into a signature."
    return _unsigned_problem(signer, known)


def is_strict_der(encoded: bytes, nesting: int = 0) -> bool:
    """Whether one ASN.1 element is DER: definite shortest lengths, SET OF in ascending order.

    The timestamp token beside a signature is left out: another authority may have made it.
    """
    if nesting > _MOST_NESTING:
        return False
    if not _has_shortest_header(encoded):
        return False
    _, method, tag, _, content, _ = parser.parse(encoded, strict=True)
    if not method:
        return True
    try:
        children = list(_elements(content))
    except ValueError:
        return False
    if children and children[0] == _TOKEN_ATTRIBUTE:
        return len(children) == 2 and _has_shortest_header(children[1])
    if not all(is_strict_der(child, nesting + 1) for child in children):
        return False
    return tag != _SET or encoded[0] != 0x31 or children == sorted(children)


def embedded_certificates(signed_data: cms.SignedData) -> list[x509.Certificate]:
    """The X.509 certificates inside a CMS; other kinds are left out."""
    choices = signed_data["certificates"]
    if choices is core.VOID:
        return []
    return [choice.chosen for choice in choices if isinstance(choice.chosen, x509.Certificate)]


def signer_certificate(
    signer: cms.SignerInfo, certificates: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """The certificate that the signer identifier names, or None."""
    identifier = signer["sid"]
    for certificate in certificates:
        if identifier.name == "subject_key_identifier":
            if certificate.key_identifier == identifier.native:
                return certificate
        elif (
            identifier.chosen["serial_number"].native == certificate.serial_number
            and identifier.chosen["issuer"] == certificate.issuer
        ):
            return certificate
    return None


def issuing_chain(
    certificate: x509.Certificate | None, candidates: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """The certificate and its issuers among the candidates, each proven by its signature."""
    chain: list[x509.Certificate] = []
    while certificate is not None and certificate not in chain:
        chain.append(certificate)
        certificate = next((each for each in candidates if _issued(each, chain[-1])), None)
    return chain


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    return issuer.subject == certificate.issuer and _signed_by(issuer.dump(), certificate.dump())


@lru_cache(maxsize=256)
def _signed_by(issuer: bytes, certificate: bytes) -> bool:
    try:
        loaded = crypto_x509.load_der_x509_certificate(certificate)
        loaded.verify_directly_issued_by(crypto_x509.load_der_x509_certificate(issuer))
    except (ValueError, TypeError, crypto_errors.InvalidSignature, crypto_errors.UnsupportedAlgorithm):
        return False
    return True


def _fields_agree(signed_data: cms.SignedData, signer: cms.SignerInfo) -> bool:
    detached = signed_data["encap_content_info"]["content_type"].native == "data"
    digests = [each.dump() for each in signed_data["digest_algorithms"]]
    return (
        signed_data["version"].native == ("v1" if detached else "v3")
        and signer["version"].native == "v1"
        and signer["sid"].name == "issuer_and_serial_number"
        and digests == [signer["digest_algorithm"].dump()]
    )


def _unsigned_problem(signer: cms.SignerInfo, known: Sequence[x509.Certificate]) -> str:
    attributes = signer["unsigned_attrs"]
    if attributes is core.VOID:
        return ""
    names = [attribute["type"].native for attribute in attributes]
    if len(names) > 1 or not set(names) <= _UNSIGNED_ALLOWED:
        return "Something other than its timestamp was put beside a signature."
    for attribute in attributes:
        if len(attribute["values"]) != 1:
            return "Something other than its timestamp was put beside a signature."
    return ""


def _elements(content: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(content):
        length = parser.peek(content[position:])
        yield content[position : position + length]
        position += length


def _has_shortest_header(encoded: bytes) -> bool:
    try:
        _, _, _, header, content, trailer = parser.parse(encoded, strict=True)
    except ValueError:
        return False
    return not trailer and bool(header == _shortest_header(header, len(content)))


def _shortest_header(header: bytes, length: int) -> bytes:
    identifier = header[:1]
    if header[0] & 0x1F == 0x1F:  # long tag numbers do not occur in CMS
        return b""
    if length < 0x80:
        return identifier + bytes((length,))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return identifier + bytes((0x80 | len(size),)) + size
