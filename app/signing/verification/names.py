"""Comparison of names in certificates, each name prepared once instead of at every comparison.

Long-term validation of a file with twenty signatures compares some ten thousand pairs of names.
asn1crypto 1.5.1 prepares both anew each time (RFC 5280, 7.1, RFC 4518). A name that was read from
a certificate does not change, so what it compares by is kept with it. The answers are the same;
a test holds them against asn1crypto's own. The version is pinned for this.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from asn1crypto.x509 import NameTypeAndValue, RDNSequence

Prepared: TypeAlias = tuple[tuple[int, frozenset[tuple[str, str]]], ...]

_KEPT_TEXTS = 4096
_own_equality = RDNSequence.__eq__
_own_hashable = RDNSequence.hashable.fget
_own_preparation = NameTypeAndValue._ldap_string_prep


def keep_prepared_names() -> None:
    """Let asn1crypto compare and hash names by what is kept. Doing it again changes nothing."""
    RDNSequence.__eq__ = equal_names
    RDNSequence.hashable = property(hashable_name)
    NameTypeAndValue._ldap_string_prep = prepared_text


def equal_names(name: RDNSequence, other: object) -> bool:
    """Equality as RFC 5280, 7.1 defines it: the same relative names in the same order."""
    if not isinstance(other, RDNSequence):
        return False
    return prepared_name(name) == prepared_name(other)


def prepared_name(name: RDNSequence) -> Prepared:
    """What a name is compared by: of each relative name how many values it has, and their set."""
    kept: Prepared | None = name.__dict__.get("_countersign_prepared")
    if kept is None:
        kept = tuple((len(each), frozenset(each._get_values(each).items())) for each in name)
        name.__dict__["_countersign_prepared"] = kept
    return kept


def hashable_name(name: RDNSequence) -> str:
    """The text that asn1crypto uses as a key for a name."""
    kept: str | None = name.__dict__.get("_countersign_hashable")
    if kept is None:
        kept = str(_own_hashable(name))
        name.__dict__["_countersign_hashable"] = kept
    return kept


def prepared_text(part: NameTypeAndValue, text: str) -> str:
    """The text of one part of a name, prepared for comparison."""
    return _prepared(text)


@lru_cache(maxsize=_KEPT_TEXTS)
def _prepared(text: str) -> str:
    return str(_own_preparation(NameTypeAndValue(), text))
