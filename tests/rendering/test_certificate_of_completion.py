"""The certificate of completion, read back."""

from __future__ import annotations

import re

import pytest

from app.domain.digest import group_by_four
from app.domain.errors import RenderingFailed
from app.rendering.certificate_of_completion import render_certificate_of_completion
from app.rendering.clean_paper import field_names
from app.rendering.pages import extract_text
from tests.rendering.evidence import digest, evidence, signer
from tests.rendering.papers import CREATED_AT, certificate, opened


def squeeze(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(extract_text(pdf)))


def test_it_says_who_signed_what_and_when() -> None:
    found = squeeze(certificate())
    for words in (
        "LB-2026-014, Confidentiality and Services Agreement, 11 pages",
        group_by_four(digest("original")),
        group_by_four(digest("signed")),
        "PAdES B-LTA; timestamp by local clock, not independent",
        "Larkfield Bookkeeping Ltd; director",
        "liza@santos.example",
        "link to liza@santos.example; one-time code by e-mail",
        "clauses 2, 4, 7, 9, 11",
        "typed; key held by signer’s browser, used once",
        "signature.applied",
        "over 1,204 audit events",
    ):
        assert re.sub(r"\s+", "", words) in found


def test_every_hash_of_the_proofs_is_there_in_full() -> None:
    found = squeeze(certificate())
    known = evidence()
    hashes = [event.leaf for event in known.events]
    hashes += [sibling for proof in known.proofs for sibling in proof.path]
    hashes += [known.checkpoint.root, known.checkpoint.signature]
    assert all(value in found for value in hashes)


def test_its_only_field_is_the_seal() -> None:
    assert [name for name, _ in field_names(opened(certificate()))] == ["seal"]
    assert not opened(certificate()).attachments


def test_addresses_of_devices_stand_only_where_given() -> None:
    assert "Seenfrom" not in squeeze(certificate())
    signers = (
        signer("Liza Santos", seen_from="203.0.113.24, browser on Android"),
        signer("Nora Whitlow"),
    )
    found = squeeze(render_certificate_of_completion(evidence(signers=signers), created_at=CREATED_AT))
    assert "203.0.113.24" in found
    assert "notshowninthiscopy" in found


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_any_number_of_signers(count: int) -> None:
    signers = tuple(signer(f"Signer Number {n}") for n in range(count))
    found = squeeze(render_certificate_of_completion(evidence(signers=signers), created_at=CREATED_AT))
    assert all(f"SignerNumber{n}" in found for n in range(count))


def test_limits_of_the_evidence_are_printed() -> None:
    remark = "Delivered to the sender’s own computer; signer not identified."
    found = squeeze(render_certificate_of_completion(evidence(remarks=(remark,)), created_at=CREATED_AT))
    assert re.sub(r"\s+", "", remark) in found


def test_hostile_names_are_printed_and_nothing_more() -> None:
    name = "<input type=checkbox name=x><b>Eve</b>"
    pdf = render_certificate_of_completion(evidence(signers=(signer(name),)), created_at=CREATED_AT)
    assert re.sub(r"\s+", "", name) in squeeze(pdf)
    assert [field for field, _ in field_names(opened(pdf))] == ["seal"]


def test_a_letter_that_no_font_has_is_refused_with_its_place() -> None:
    with pytest.raises(RenderingFailed, match="certificate of completion, signers, name"):
        render_certificate_of_completion(evidence(signers=(signer("中"),)), created_at=CREATED_AT)


def test_the_same_evidence_gives_the_same_bytes() -> None:
    assert render_certificate_of_completion(evidence(), created_at=CREATED_AT) == certificate()
