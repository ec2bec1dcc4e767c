"""How times are taken: interleaved rounds, and the median of each contender."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ratio: to the baseline beside it, 0 where there is none."""

    name: str
    milliseconds: float
    baseline: str = ""
    baseline_milliseconds: float = 0.0
    target: str = ""

    @property
    def ratio(self) -> float:
        return self.milliseconds / self.baseline_milliseconds if self.baseline_milliseconds else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "milliseconds": round(self.milliseconds, 2),
            "baseline": self.baseline,
            "baseline_milliseconds": round(self.baseline_milliseconds, 2),
            "ratio": round(self.ratio, 3),
            "target": self.target,
        }


def interleave(contenders: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each contender in milliseconds.

    One warm-up, then `rounds` rounds in which each runs once, so that a busy moment of the
    machine meets them all.
    """
    for run in contenders.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders.items())
        for name, run in order if number % 2 else reversed(order):
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(taken) for name, taken in times.items()}


def print_table(rows: list[Row]) -> str:
    """The table as README shows it."""
    lines = [
        "| What | ms | Baseline | ms | Ratio | Target |",
        "|---|---:|---|---:|---:|---|",
    ]
    for row in rows:
        baseline = f"{row.baseline_milliseconds:.1f}" if row.baseline else ""
        ratio = f"{row.ratio:.2f}" if row.baseline else ""
        lines.append(
            f"| {row.name} | {row.milliseconds:.1f} | {row.baseline} | {baseline} | {ratio} | {row.target} |"
        )
    return "\n".join(lines)
