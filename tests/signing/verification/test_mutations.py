"""The fuzzer: seeded mutations of our own archived file. Never green, never an exception, never slow.

It runs for SECONDS, or for as many as COUNTERSIGN_LONG says (a number; anything else: ten minutes).
What it says when it fails names the seed and the turn, and so the file.
"""

from __future__ import annotations

import os
import random
import re
import time

from app.domain.verification import Verdict
from tests.signing.verification.conftest import Judge
from tests.signing.verification.mutations import MUTATIONS, flip, mutate
from tests.signing.verification.signed_chain import SignedChain

SECONDS = 8.0  # for the fuzzer, however slow the machine
FLIPPING_SECONDS = 2.0
LONGEST = 10.0  # for one file
SEED = 20_261_122


def duration() -> float:
    asked = os.environ.get("COUNTERSIGN_LONG", "")
    if not asked or asked == "0":
        return SECONDS
    return float(asked) if asked.isdecimal() and int(asked) > 1 else 600.0


def assert_never_green(data: bytes, judge: Judge, which: str) -> None:
    started = time.monotonic()
    report = judge(data)
    assert report.verdict is not Verdict.GREEN, which
    assert report.reasons, which
    assert time.monotonic() - started < LONGEST, which


def test_mutations_are_never_green(chain: SignedChain, judge: Judge) -> None:
    end, turn = time.monotonic() + duration(), 0
    while time.monotonic() < end or turn < len(MUTATIONS):
        source = random.Random(f"{SEED} {turn}")
        name, mutated = mutate(chain.archived, source)
        turn += 1
        if mutated != chain.archived:
            assert_never_green(mutated, judge, f"seed {SEED}, turn {turn - 1}: {name}")


def test_every_mutation_once(chain: SignedChain, judge: Judge) -> None:
    for mutation in MUTATIONS:
        mutated = mutation(chain.archived, random.Random(mutation.__name__))
        assert mutated != chain.archived
        assert_never_green(mutated, judge, mutation.__name__)


def test_no_byte_of_the_last_timestamp_can_be_flipped(chain: SignedChain, judge: Judge) -> None:
    """No later signature covers it, so its own form has to."""
    start, end = list(re.finditer(rb"<[0-9a-f]{500,}>", chain.archived))[-1].span()
    source = random.Random(3)
    stop, done = time.monotonic() + FLIPPING_SECONDS, 0
    while time.monotonic() < stop or done < 5:
        flipped = chain.archived[:start] + flip(chain.archived[start:end], source) + chain.archived[end:]
        assert judge(flipped).verdict in (Verdict.RED, Verdict.UNREADABLE)
        done += 1
