"""A credential is issued only to who proves to hold the key; the server's own key is gone after use."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from app.domain.errors import InvalidInput, SigningFailed
from app.signing.one_time_key import one_time_key
from app.signing.possession import PREFIX, verify_possession

CHALLENGE = bytes(range(32))


def spki(key):
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def raw(key, message):
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


def test_the_holder_of_the_key_is_believed(key):
    assert verify_possession(spki(key), CHALLENGE, raw(key, PREFIX + CHALLENGE)) == spki(key)


def test_a_compressed_point_gives_the_one_der_form(key):
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    assert verify_possession(compressed, CHALLENGE, raw(key, PREFIX + CHALLENGE)) == spki(key)


@pytest.mark.parametrize(
    "proof",
    [
        lambda key: raw(key, CHALLENGE),
        lambda key: raw(key, PREFIX + bytes(32)),
        lambda key: raw(ec.generate_private_key(ec.SECP256R1()), PREFIX + CHALLENGE),
        lambda key: bytes(64),
        lambda key: raw(key, PREFIX + CHALLENGE)[:-1],
        lambda key: b"",
    ],
    ids=["without the prefix", "of another challenge", "of another key", "zeros", "cut", "empty"],
)
def test_a_wrong_proof_is_refused(key, proof):
    with pytest.raises(InvalidInput) as raised:
        verify_possession(spki(key), CHALLENGE, proof(key))
    assert raised.value.code == "possession-unproved"


@pytest.mark.parametrize(
    "public_key",
    [
        spki(ec.generate_private_key(ec.SECP384R1())),
        spki(ed25519.Ed25519PrivateKey.generate()),
        spki(rsa.generate_private_key(65537, 2048)),
        b"no key",
        b"",
    ],
    ids=["P-384", "Ed25519", "RSA", "garbage", "empty"],
)
def test_only_p256_keys_are_taken(public_key):
    with pytest.raises(InvalidInput) as raised:
        verify_possession(public_key, CHALLENGE, bytes(64))
    assert raised.value.code == "public-key"


def test_a_proof_can_never_be_the_signature_of_a_document():
    assert PREFIX[0] != 0x31, "signed attributes begin with the tag of a SET"


def test_the_servers_key_signs_inside_its_block_only():
    with one_time_key() as held:
        value = held.sign(b"attributes")
        public = load_der_public_key(held.public_key)
        public.verify(value, b"attributes", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(SigningFailed):
        held.sign(b"attributes")


def test_the_servers_key_is_gone_after_a_fault_too():
    with pytest.raises(RuntimeError), one_time_key() as held:
        raise RuntimeError
    with pytest.raises(SigningFailed):
        held.sign(b"attributes")
