"""The fast digest of our own trees is the digest of their canonical JSON."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.digest import digest_of, digest_of_tree

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = TEXTS | st.booleans() | st.integers(0, 2**53 - 1)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(TREES)
def test_both_digests_agree(tree: object):
    assert digest_of_tree(tree) == digest_of(tree)
