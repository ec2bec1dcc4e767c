"""The performance table: our work beside the raw libraries, in one run.

Purpose: `./run bench` times assembly, rendering, signing and verification, and prints ratios, because times
of different machines cannot be compared. It names WeasyPrint and pyHanko to have them as
baselines; nothing of the product imports it.
Imports: everything.
Entry: `run_bench(configuration) -> rows`, `print_table(rows)`.
"""

from __future__ import annotations

from app.bench.ceremony import bench_ceremony
from app.bench.dashboard import bench_dashboard
from app.bench.growth import bench_growth
from app.bench.library import bench_library
from app.bench.measuring import Row, print_table
from app.bench.papers import bench_assembly, bench_rendering
from app.bench.signatures import bench_signing
from app.bench.verification import bench_verification
from app.config import Configuration

__all__ = ["Row", "print_table", "run_bench"]


def run_bench(configuration: Configuration) -> list[Row]:
    """All measurements, in order. Takes some minutes."""
    return [
        *bench_assembly(configuration),
        *bench_library(configuration),
        *bench_rendering(configuration),
        *bench_signing(configuration),
        *bench_verification(configuration),
        *bench_growth(configuration),
        *bench_dashboard(configuration),
        *bench_ceremony(configuration),
    ]
