"""Our verifier on damaged files of 1, 2, 5 and 10 signers: never intact, never green."""

from __future__ import annotations

import random

import pytest

from app.domain.verification import FileReport, Integrity, Verdict
from app.signing.verification import verify_pdf
from tests.judging.conftest import Files
from tests.signing.verification import attacks

SIGNERS = (1, 2, 5, 10)
FLIPS = 4
FLIPS_OF_TABLE = 2
BAD = (Integrity.BROKEN, Integrity.UNREADABLE)
UPDATES = (attacks.other_page_content, attacks.new_signature_field, attacks.open_action)

with_signers = pytest.mark.parametrize("count", SIGNERS)


def judge(files: Files, data: bytes) -> FileReport:
    root = files.office.root_certificate()
    return verify_pdf(data, "file.pdf", trust_roots=[], own_root=root)


def test_whole_it_is_green(files: Files) -> None:
    """The others are too, or `archive` would not have handed them out."""
    report = judge(files, files.chain(2).archived)
    assert (report.verdict, report.integrity) == (Verdict.GREEN, Integrity.INTACT)
    assert report.signed_by == "3 of 3 fields"


@with_signers
def test_sampled_flips_are_broken_or_unreadable(count: int, files: Files) -> None:
    file = files.chain(count).archived
    for position in random.Random(count).sample(range(last_table(file)), FLIPS):
        changed = bytearray(file)
        changed[position] ^= 0x01
        report = judge(files, bytes(changed))
        assert report.integrity in BAD, (position, report.reasons)
        assert report.verdict in (Verdict.RED, Verdict.UNREADABLE)


@with_signers
def test_flips_in_the_last_table_of_contents_are_never_green(count: int, files: Files) -> None:
    """A reader that repairs what it can may leave the last revision out there: it is less, never more."""
    file = files.chain(count).archived
    for position in random.Random(count).sample(range(last_table(file), len(file)), FLIPS_OF_TABLE):
        changed = bytearray(file)
        changed[position] ^= 0x01
        assert judge(files, bytes(changed)).verdict is not Verdict.GREEN, position


def last_table(file: bytes) -> int:
    """Where the last cross-reference stream begins."""
    return int(file[file.rindex(b"startxref") + len(b"startxref") :].split()[0])


@with_signers
@pytest.mark.parametrize("update", UPDATES, ids=lambda update: update.__name__)
def test_an_appended_update_is_broken(count: int, update: attacks.Attack, files: Files) -> None:
    report = judge(files, update(files.chain(count).archived))
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)


@with_signers
@pytest.mark.parametrize("tail", [b"\n", b"\n%more\n"], ids=repr)
def test_appended_bytes_are_broken(count: int, tail: bytes, files: Files) -> None:
    assert judge(files, files.chain(count).archived + tail).integrity in BAD
