"""The Merkle tree against the recursive definition of RFC 6962 and its published test roots."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    hash_leaf,
    inclusion_proof,
    is_consistent,
    root_from_inclusion,
    root_of,
)

# Inputs and roots of the test vectors published with Certificate Transparency.
CT_LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(count: int) -> list[bytes]:
    return [hash_leaf(str(number).encode()) for number in range(count)]


def recursive_root(leaves: list[bytes]) -> bytes:
    """MTH written as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


@pytest.mark.parametrize(("size", "root"), CT_ROOTS.items())
def test_certificate_transparency_vectors(size, root):
    assert root_of([hash_leaf(leaf) for leaf in CT_LEAVES[:size]]).hex() == root


def test_empty_tree():
    assert root_of([]) == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 40))
def test_every_leaf_is_included_and_no_other(size):
    leaves = leaves_of(size)
    root = root_of(leaves)
    assert root == recursive_root(leaves)
    for index in range(size):
        path = inclusion_proof(leaves, index)
        assert root_from_inclusion(leaves[index], index, size, path) == root
        assert root_from_inclusion(hash_leaf(b"forged"), index, size, path) != root
        assert root_from_inclusion(leaves[index], index, size, [*path, b"\0" * 32]) != root
        if path:
            assert root_from_inclusion(leaves[index], index, size, path[:-1]) != root


@pytest.mark.parametrize("size", range(1, 24))
def test_every_earlier_tree_is_consistent(size):
    leaves = leaves_of(size)
    for old in range(size + 1):
        proof = consistency_proof(leaves, old)
        assert is_consistent(old, root_of(leaves[:old]), size, root_of(leaves), proof)
        if 0 < old < size:
            forged = [*leaves[: old - 1], hash_leaf(b"forged")]
            assert not is_consistent(old, root_of(forged), size, root_of(leaves), proof)
            assert not is_consistent(
                old, root_of(leaves[:old]), size, root_of([*leaves[:-1], b"\1" * 32]), proof
            )
            assert not is_consistent(old, root_of(leaves[:old]), size, root_of(leaves), [*proof, b"\0" * 32])


@given(st.integers(1, 200), st.data())
def test_altered_leaf_changes_the_root(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    altered = [*leaves[:index], hash_leaf(b"altered"), *leaves[index + 1 :]]
    assert root_of(altered) != root_of(leaves)


def test_proofs_outside_the_tree_are_refused():
    with pytest.raises(IndexError):
        inclusion_proof(leaves_of(3), 3)
    with pytest.raises(IndexError):
        consistency_proof(leaves_of(3), 4)
    assert root_from_inclusion(leaves_of(3)[0], 3, 3, []) is None
