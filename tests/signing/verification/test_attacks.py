"""Whatever is done to our own archived file, the verifier sees it and says so in words."""

from __future__ import annotations

import re

import pytest

from app.domain.verification import Integrity, Verdict
from tests.signing.verification import attacks
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
