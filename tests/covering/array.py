"""The greedy generator: bit masks over levels, one row at a time, always for a pair not yet met.

A level is one value of one factor, such as ("country", "PH"). Which levels may stand in one row is
the business of `Rules`, so that the generator knows nothing of contracts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

TRIES = 40  # rows begun for one pair before it is given up

Level: TypeAlias = tuple[str, str]
Row: TypeAlias = dict[str, str]
Factors: TypeAlias = Mapping[str, Sequence[str]]


class Rules(Protocol):
    def stages(self, row: Mapping[str, str]) -> Sequence[Factors]:
        """The factors of a row in the order in which they are decided; the first stage is always known."""

    def allows(self, row: Mapping[str, str], factor: str, level: str) -> bool:
        """Whether the level may stand beside those of `row`."""


@dataclass(slots=True)
class Pairs:
    """Which pairs of levels are wanted, which were met: for each level a mask of its partners."""

    numbers: dict[Level, int] = field(default_factory=dict)
    names: list[Level] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    met: list[int] = field(default_factory=list)

    def number(self, level: Level) -> int:
        if level not in self.numbers:
            self.numbers[level] = len(self.names)
            self.names.append(level)
            self.wanted.append(0)
            self.met.append(0)
        return self.numbers[level]

    def mask(self, levels: Iterator[Level]) -> int:
        return sum(1 << self.number(level) for level in levels)

    def want(self, factors: Factors, *, but: tuple[str, str] = ("", "")) -> None:
        """Every pair of levels of two different ones of these factors, apart from the two of `but`."""
        masks = {
            factor: self.mask((factor, level) for level in levels) for factor, levels in factors.items()
        }
        everything = sum(masks.values())
        beside = {factor: everything & ~masks[factor] for factor in factors}
        for one, other in (but, but[::-1]):
            if one in factors and other in factors:
                beside[one] &= ~masks[other]
        for factor, levels in factors.items():
            for level in levels:
                self.wanted[self.number((factor, level))] |= beside[factor]

    def meet(self, row: Row) -> None:
        mask = self.mask(iter(row.items()))
        for level in row.items():
            self.met[self.number(level)] |= mask

    def give_up(self, first: int, second: int) -> None:
        self.wanted[first] &= ~(1 << second)
        self.wanted[second] &= ~(1 << first)

    def open(self, number: int) -> int:
        return self.wanted[number] & ~self.met[number]


def cover_pairs(
    rules: Rules, pairs: Pairs, chance: random.Random, given_up: list[tuple[Level, Level]]
) -> Iterator[Row]:
    """Rows until every wanted pair is met; pairs for which no row was found go to `given_up`."""
    while True:
        first = max(range(len(pairs.names)), key=lambda number: pairs.open(number).bit_count())
        if not pairs.open(first):
            return
        second = max(_bits(pairs.open(first)), key=lambda number: pairs.open(number).bit_count())
        start = dict((pairs.names[first], pairs.names[second]))
        rows = (_fill(rules, pairs, chance, start) for _ in range(TRIES))
        row = next((row for row in rows if row is not None), None)
        if row is None:
            pairs.give_up(first, second)
            given_up.append((pairs.names[first], pairs.names[second]))
        else:
            pairs.meet(row)
            yield row


def _fill(rules: Rules, pairs: Pairs, chance: random.Random, start: Row) -> Row | None:
    """A row with `start` in it; each other level is one that meets as many open pairs as it can."""
    row = dict(start)
    mask = pairs.mask(iter(start.items()))
    done = 0
    while done < len(stages := rules.stages(row)):
        factors = stages[done]
        done += 1
        for factor in chance.sample(list(factors), len(factors)):
            if factor in row:
                if row[factor] not in factors[factor] or not rules.allows(row, factor, row[factor]):
                    return None
                continue
            able = [level for level in factors[factor] if rules.allows(row, factor, level)]
            if not able:
                return None
            level = max(able, key=lambda one: _gain(pairs, pairs.number((factor, one)), mask, chance))
            row[factor] = level
            mask |= 1 << pairs.number((factor, level))
    return row if set(start) <= {factor for factors in stages for factor in factors} else None


def _gain(pairs: Pairs, number: int, mask: int, chance: random.Random) -> tuple[int, int, float]:
    fresh = pairs.open(number)
    return (fresh & mask).bit_count(), fresh.bit_count(), chance.random()


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
