"""Which algorithms a signature may use: forbidden ones break it, weak ones cost green.

Forbidden are digests with practical collisions for chosen content (MD2, MD4, MD5),
algorithms we do not know, and a digest other than the one the signature algorithm
implies (RFC 8933, RFC 8419 for Ed448). Weak are SHA-1, RSA keys under 2048 bits and
DSA: a genuine old file is still intact, but proves too little today.
"""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import algos, cms, core, x509

_KNOWN_DIGESTS = frozenset(
    {"sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512",
     "shake256", "shake256_len"}
)  # fmt: skip
_IMPLIED_DIGESTS = {
    "ed448": frozenset({"shake256", "shake256_len"}),  # RFC 8419 section 3.1
    "ed25519": frozenset({"sha512"}),
}
_SMALLEST_RSA_KEY = 2048  # bits


@dataclass(frozen=True, slots=True)
class AlgorithmFinding:
    """forbidden: why the signature cannot count, "" if it can. weak: why it is never green."""

    forbidden: str = ""
    weak: str = ""


def judge_algorithms(signer_info: cms.SignerInfo, certificate: x509.Certificate) -> AlgorithmFinding:
    """Judge digest, signature algorithm and key size of one CMS signer."""
    digest = str(signer_info["digest_algorithm"]["algorithm"].native)
    if digest not in _KNOWN_DIGESTS:
        return AlgorithmFinding(forbidden=f"It uses the digest {_plain(digest)}, which proves nothing today.")
    mechanism = signer_info["signature_algorithm"]
    if not _digest_fits(mechanism, digest):
        return AlgorithmFinding(
            forbidden=f"It combines {_plain(mechanism['algorithm'].native)} with the digest "
            f"{_plain(digest)}, which the standard does not allow."
        )
    if signer_info["signed_attrs"] is core.VOID or not len(signer_info["signed_attrs"]):
        return AlgorithmFinding(weak="Its signed attributes are missing, so it does not say what it signs.")
    return AlgorithmFinding(weak=_weakness(digest, certificate))


def _digest_fits(mechanism: algos.SignedDigestAlgorithm, digest: str) -> bool:
    implied = _IMPLIED_DIGESTS.get(mechanism["algorithm"].native)
    if implied is not None:
        return digest in implied
    try:
        return bool(mechanism.hash_algo == digest)
    except ValueError:  # plain RSA or ECDSA: the mechanism names no digest
        return True


def _weakness(digest: str, certificate: x509.Certificate) -> str:
    key = certificate.public_key
    if digest == "sha1":
        return "It uses the digest SHA-1, which is too weak today."
    if key.algorithm == "dsa":
        return "It uses a DSA key, which is too weak today."
    if key.algorithm.startswith("rsa") and key.bit_size < _SMALLEST_RSA_KEY:
        return f"Its RSA key of {key.bit_size} bits is too short today."
    return ""


def _plain(name: str) -> str:
    return name.upper().replace("_", "-")
