"""The device's own check of what it is asked to sign: each lie of a server is refused, one by one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from app.domain.actor import Actor, Part
from app.domain.digest import sha256_hex
from app.domain.disclosure import DISCLOSURE
from app.domain.signature import KeyHeldBy
from app.services import ceremony
from tests.journeys.conftest import DESKTOP
from tests.journeys.signer_steps import send_to_a_va
from tests.services.sent_agreement import Device

CHECK = """async ([displayed, rest, baseLength, attributes, documentDigest]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const module = await import("/static/js/signer/prepared_file.js");
  try {
    await module.checkPrepared({
      displayed: bytes(displayed), rest: bytes(rest), baseLength,
      attributes: bytes(attributes), documentDigest: bytes(documentDigest),
    });
    return "accepted";
  } catch (error) {
    return String(error.message);
  }
}"""
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Asked:
    """What a server hands to the device."""

    displayed: bytes
    rest: bytes
    base_length: int
    attributes: bytes
    document_digest: bytes

    def consistent(self) -> Asked:
        """With digest and attributes of the file as it is now: a lie that is told consistently."""
        file = self.displayed + self.rest
        _, start, end, length = map(int, BYTE_RANGE.findall(file)[-1])
        digest = hashlib.sha256(file[:start] + file[end : end + length]).digest()
        attributes = self.attributes.replace(self.document_digest, digest)
        return replace(self, attributes=attributes, document_digest=digest)


@pytest.fixture(scope="module")
def asked(site):
    envelope, _ = send_to_a_va(site)
    signer = envelope.signers[0]
    actor, ids = Actor(Part.SIGNER, signer.id, signer.name, signer.email), (envelope.id, signer.id)
    kit, device = site.kit, Device()
    ceremony.identify(kit, actor, *ids, ("link by e-mail",))
    ceremony.accept_disclosure(kit, actor, *ids, DISCLOSURE.digest)
    ceremony.begin_reading(kit, actor, *ids)
    for family in signer.asked_initials:
        ceremony.give_initials(kit, *ids, family)
    ceremony.adopt_typed(kit, *ids)
    ceremony.issue_credential(kit, actor, *ids, device.public_key, KeyHeldBy.SIGNER_CLIENT)
    view = ceremony.prepare_adopted(kit, actor, *ids, sha256_hex(device.public_key))
    displayed = kit.files.get(envelope.original_digest)
    rest = view.file[len(displayed) :]
    return Asked(displayed, rest, view.base_length, view.signed_attributes, view.document_digest)


def judge(site, person, case: Asked) -> str:
    one = person("device-check", DESKTOP)
    one.page.goto(f"{site.url}/sign/thanks")
    values = [case.displayed, case.rest, case.base_length, case.attributes, case.document_digest]
    given = [base64.b64encode(value).decode() if isinstance(value, bytes) else value for value in values]
    return str(one.page.evaluate(CHECK, given))


def test_the_honest_file_is_accepted(site, person, asked):
    assert judge(site, person, asked) == "accepted"
    assert judge(site, person, asked.consistent()) == "accepted"


def changed_rest(case: Asked, old: bytes, new: bytes) -> Asked:
    assert old in case.rest
    return replace(case, rest=case.rest.replace(old, new, 1))


def changed_page(case: Asked) -> Asked:
    """Another number for the first new object: an object of the displayed file is written over."""
    number = re.search(rb"(?:^|\n)(\d+) 0 obj\n<<\n/Length1", case.rest)
    assert number is not None
    return changed_rest(case, number[1] + b" 0 obj", b"0003 0 obj").consistent()


def flipped(case: Asked) -> Asked:
    displayed = bytearray(case.displayed)
    displayed[5000] ^= 1
    return replace(case, displayed=bytes(displayed))


LIES: dict[str, tuple[Callable[[Asked], Asked], str]] = {
    "other pages": (flipped, "is not this file"),
    "other changes than those digested": (
        lambda case: changed_rest(case, b"/Subtype /Widget", b"/Subtype /Wodget"),
        "is not this file",
    ),
    "no form field": (
        lambda case: changed_rest(case, b"/Subtype /Widget", b"/Subtype /Wodget").consistent(),
        "is changed",
    ),
    "an object written over": (changed_page, "is changed"),
    "attributes of another file": (
        lambda case: replace(case, attributes=case.attributes.replace(case.document_digest, bytes(32))),
        "is not this file",
    ),
    "digest of another file": (lambda case: replace(case, document_digest=bytes(32)), "is not this file"),
    "damaged attributes": (lambda case: replace(case, attributes=case.attributes[:-1]), "beyond the end"),
    "more after the end": (lambda case: replace(case, rest=case.rest + b"\n1 0 obj"), "whole file"),
    "a base before the displayed end": (
        lambda case: replace(case, base_length=len(case.displayed) - 1),
        "shorter than the one displayed",
    ),
    "something in the signature's room": (
        lambda case: changed_rest(case, b"0" * 400, b"0" * 399 + b"a"),
        "room for the signature is not empty",
    ),
    "no signature at all": (
        lambda case: changed_rest(case, b"/ByteRange", b"/ByteRenga"),
        "no place for the signature",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused(site, person, asked, lie):
    tell, said = LIES[lie]
    assert said in judge(site, person, tell(asked))


def test_a_revision_that_is_no_signature_is_refused(site, person, asked):
    """An update between the displayed bytes and the signature that signs nothing."""
    update = b"3 0 obj\n<< /Type /Page >>\nendobj\nstartxref\n0\n%%EOF\n"

    def shift(found: re.Match[bytes]) -> bytes:
        _, start, end, length = (int(number) for number in found.groups())
        moved = b"/ByteRange [0 %d %d %d]" % (start + len(update), end + len(update), length)
        return moved + b" " * (len(found[0]) - len(moved))

    rest = update + BYTE_RANGE.sub(shift, asked.rest)
    lie = replace(asked, rest=rest, base_length=asked.base_length + len(update)).consistent()
    assert "a revision is no signature" in judge(site, person, lie)
