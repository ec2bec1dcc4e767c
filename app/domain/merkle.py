"""The Merkle tree of RFC 6962 section 2.1, over the leaves of the audit log.

Hashes are raw SHA-256 digests of 32 bytes; trees are given by their leaf hashes, in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def hash_leaf(data: bytes) -> bytes:
    """MTH of one leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """MTH of the tree; the hash of the empty string for no leaves."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    # Pairing level by level and carrying an odd last node up gives the same tree as
    # splitting at the largest power of two (RFC 6962 section 2.1).
    while len(level) > 1:
        paired = [_hash_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (RFC 6962 section 2.1.1). Raises IndexError outside the tree."""
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} is not in a tree of {len(leaf_hashes)}")
    path: list[bytes] = []
    level = list(leaf_hashes)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [_hash_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
        index //= 2
    return path


def root_from_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to; None where the path has the wrong length."""
    if not 0 <= index < size:
        return None
    node, last, rest = leaf_hash, size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            node = _hash_node(sibling, node) if index % 2 == 1 else _hash_node(node, sibling)
        index //= 2
        last //= 2
    return node if not rest else None


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """PROOF(old_size, tree) of RFC 6962 section 2.1.2; empty for equal sizes and for size 0."""
    size = len(leaf_hashes)
    if not 0 <= old_size <= size:
        raise IndexError(f"no tree of {old_size} leaves lies in a tree of {size}")
    return [] if old_size in (0, size) else _subproof(leaf_hashes, old_size, complete=True)


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` grew out of the one of `old_size`."""
    if old_size == size:
        return old_root == root and not proof
    if old_size == 0:
        return not proof
    if old_size > size or not proof:
        return False
    node, last = old_size - 1, size - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    # RFC 9162 section 2.1.4.2: a complete old tree is its own first node.
    first, *rest = [old_root, *proof] if node == 0 else proof
    old = new = first
    for sibling in rest:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            old, new = _hash_node(sibling, old), _hash_node(sibling, new)
            while node % 2 == 0 and node != 0:
                node, last = node // 2, last // 2
        else:
            new = _hash_node(new, sibling)
        node, last = node // 2, last // 2
    return last == 0 and old == old_root and new == root


def _hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _subproof(leaves: Sequence[bytes], old_size: int, *, complete: bool) -> list[bytes]:
    size = len(leaves)
    if old_size == size:
        return [] if complete else [root_of(leaves)]
    split = 1 << (size - 1).bit_length() - 1
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, complete=complete), root_of(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, complete=False), root_of(leaves[:split])]
