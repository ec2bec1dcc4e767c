"""Whatever is done to our own archived file, the verifier sees it and says so in words."""

from __future__ import annotations

import re

import pytest
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.domain.verification import Integrity, Verdict
from tests.signing.verification import attacks, catalog_attacks
from tests.signing.verification.byte_attacks import BYTE_ATTACKS
from tests.signing.verification.catalog_attacks import CATALOG_ATTACKS
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import SignedChain


@pytest.mark.parametrize(
    "attack", [*attacks.APPENDED_REVISIONS, *attacks.CHANGED_BYTES], ids=lambda attack: attack.__name__
)
def test_attack_is_red(attack: attacks.Attack, chain: SignedChain, judge: Judge) -> None:
    report = judge(attack(chain.archived))
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN), report.reasons
    assert report.reasons
    assert all(re.fullmatch(r"[A-Z].*[.]", reason) for reason in report.reasons)


@pytest.mark.parametrize("name", CATALOG_ATTACKS)
def test_attack_on_catalog_or_page_is_red_and_named(name: str, chain: SignedChain, judge: Judge) -> None:
    attack, words = CATALOG_ATTACKS[name]
    attacked = attack(chain.archived)
    assert attacked.startswith(chain.archived)
    assert len(attacked) > len(chain.archived)
    report = judge(attacked)
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN), report.reasons
    assert any(re.search(words, reason) for reason in report.reasons), report.reasons


@pytest.mark.parametrize("name", BYTE_ATTACKS)
def test_attack_on_bytes_is_never_intact(name: str, chain: SignedChain, judge: Judge) -> None:
    attack, words = BYTE_ATTACKS[name]
    report = judge(attack(chain.archived))
    assert report.verdict in (Verdict.RED, Verdict.UNREADABLE, Verdict.UNSIGNED), report.reasons
    assert report.integrity not in (Integrity.INTACT, Integrity.PERMITTED_CHANGES)
    if words:
        assert report.verdict is Verdict.RED
        assert any(re.search(words, reason) for reason in report.reasons), report.reasons


def test_edited_metadata_is_no_forgery_but_costs_green(chain: SignedChain, judge: Judge) -> None:
    """Title and author may be kept up to date (ISO 32000-2, 12.8.2.2); no timestamp covers that."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.set_info(writer.add_object(catalog_attacks.dictionary(Title=pdf_string("Another"))))

    report = judge(attacks.append_revision(chain.archived, change))
    assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.INTACT)
    assert "No document timestamp covers the whole file to its last byte." in report.reasons


def test_validation_data_cut_off_or_unsigned_end_is_amber(chain: SignedChain, judge: Judge) -> None:
    """The archive's last two revisions taken away: nothing signed is missing, proof is."""
    report = judge(chain.complete)
    assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.INTACT)
    assert "No document timestamp covers the whole file to its last byte." in report.reasons


@pytest.mark.parametrize("attack", attacks.DESTROYING, ids=lambda attack: attack.__name__)
def test_destroyed_file_is_nothing_better_than_unsigned(
    attack: attacks.Attack, chain: SignedChain, judge: Judge
) -> None:
    report = judge(attack(chain.archived))
    assert report.verdict in (Verdict.RED, Verdict.UNREADABLE, Verdict.UNSIGNED)


@pytest.mark.parametrize("attack", attacks.MOST_DIFFERENT, ids=lambda attack: attack.__name__)
def test_new_timestamp_does_not_heal_an_attack(
    attack: attacks.Attack, chain: SignedChain, judge: Judge
) -> None:
    """The attacker gets a trusted document timestamp over the manipulated file."""
    attacked = chain.timestamped(attack(chain.complete))
    assert judge(attacked).verdict is Verdict.RED


def test_reason_names_the_field(chain: SignedChain, judge: Judge) -> None:
    report = judge(attacks.other_initials(chain.archived))
    words = "initials of Maria Santos on clause take-home"
    assert any(words in reason for reason in report.reasons), report.reasons


def test_every_stage_but_the_last_is_amber(chain: SignedChain, judge: Judge) -> None:
    for stage, signed in ((chain.sealed, 1), (chain.first, 2), (chain.complete, 3)):
        report = judge(stage)
        assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.INTACT)
        assert report.signed_by == f"{signed} of 3 fields"
    assert judge(chain.archived).verdict is Verdict.GREEN


def test_cut_anywhere_it_is_never_green(chain: SignedChain, judge: Judge) -> None:
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n?", chain.archived)]
    for end in (*ends[:-1], *range(1000, len(chain.archived), 20_011), len(chain.archived) - 2):
        assert judge(chain.archived[:end]).verdict is not Verdict.GREEN
