"""Seeded mutations of our own archived file: never green, never an exception, never slow."""

from __future__ import annotations

import random
import re
import time

import pytest

from app.domain.verification import Verdict
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import SignedChain

SECONDS = 3.0  # for each test here, however slow the machine
LONGEST = 10.0  # for one file


def flip(data: bytes, place: int, source: random.Random) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << source.randrange(8))]) + data[place + 1 :]


def mutate(data: bytes, source: random.Random) -> bytes:
    place = source.randrange(len(data))
    other = source.randrange(len(data))
    length = source.choice((1, 7, 64, 4096))
    match source.randrange(6):
        case 0:
            return flip(data, place, source)
        case 1:
            return data[:place] + data[place + length :]
        case 2:
            return data[:place] + data[other : other + length] + data[place:]
        case 3:
            return data[:place] + bytes(length) + data[place + length :]
        case 4:
            return data + data[place : place + length]
        case _:
            number = re.compile(rb"\d+").search(data, place)
            if number is None:
                return data[:place]
            return data[: number.start()] + str(source.randrange(10**6)).encode() + data[number.end() :]


@pytest.mark.parametrize("seed", [1, 2])
def test_mutations_are_never_green(seed: int, chain: SignedChain, judge: Judge) -> None:
    source = random.Random(seed)
    end, done = time.monotonic() + SECONDS, 0
    while time.monotonic() < end or done < 5:
        mutated = mutate(chain.archived, source)
        if mutated == chain.archived:
            continue
        started = time.monotonic()
        assert judge(mutated).verdict is not Verdict.GREEN
        assert time.monotonic() - started < LONGEST
        done += 1


def test_no_byte_of_the_last_timestamp_can_be_flipped(chain: SignedChain, judge: Judge) -> None:
    """No later signature covers it, so its own form has to."""
    start, end = list(re.finditer(rb"<[0-9a-f]{500,}>", chain.archived))[-1].span()
    source = random.Random(3)
    stop, done = time.monotonic() + SECONDS, 0
    while time.monotonic() < stop or done < 5:
        flipped = flip(chain.archived, source.randrange(start, end), source)
        assert judge(flipped).verdict in (Verdict.RED, Verdict.UNREADABLE)
        done += 1
