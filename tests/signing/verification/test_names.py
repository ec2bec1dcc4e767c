"""Names of certificates are compared as asn1crypto compares them, only faster."""

from __future__ import annotations

from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from app.signing.verification import names

OWN_EQUALITY = names._own_equality
KINDS = ("common_name", "organization_name", "country_name", "email_address", "serial_number")
TEXTS = st.one_of(
    st.sampled_from(["Larkfield", "larkfield", "LARK  FIELD", " Lark field",
                      "L\u00e4rk\u00ad", "\u1e9e", "ss"]),
    st.text("aAbB \u00a0\u00ad\u0130\u00df", min_size=1, max_size=6),
)
NAMES = st.dictionaries(st.sampled_from(KINDS[:2]), TEXTS, min_size=1, max_size=2)


def read_again(name: x509.Name) -> x509.Name:
    return x509.Name.load(name.dump())


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_two_names_are_equal_where_they_were(one: dict[str, str], other: dict[str, str]) -> None:
    left, right = read_again(x509.Name.build(one)), read_again(x509.Name.build(other))
    theirs = OWN_EQUALITY(left.chosen, right.chosen)
    for _ in range(2):  # anew, and from what is kept
        assert (left == right) is theirs
        assert (left != right) is not theirs
    assert left == read_again(left)


@settings(max_examples=100, deadline=None)
@given(NAMES)
def test_the_key_of_a_name_is_the_same(one: dict[str, str]) -> None:
    name = read_again(x509.Name.build(one))
    expected = names._own_hashable(read_again(x509.Name.build(one)).chosen)
    assert name.hashable == name.hashable == expected


def several(*values: tuple[str, str]) -> x509.RDNSequence:
    """One relative name with several values."""
    pairs = [x509.NameTypeAndValue({"type": kind, "value": x509.DirectoryString(
        name="utf8_string", value=x509.UTF8String(text))}) for kind, text in values]  # fmt: skip
    return x509.RDNSequence([x509.RelativeDistinguishedName(pairs)])


def test_relative_names_of_several_values() -> None:
    twice = several(("common_name", "A"), ("common_name", "A"))
    once = several(("common_name", "A"))
    pair, turned = (
        several(("common_name", "A"), ("organization_name", "B")),
        several(("organization_name", "b"), ("common_name", "a")),
    )
    for left in (twice, once, pair, turned):
        for right in (twice, once, pair, turned):
            assert (left == right) is OWN_EQUALITY(left, right)
    assert pair == turned
    assert once != "A"
