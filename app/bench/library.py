"""The clause library: loaded cold, the largest agreement, and how assembly grows with its clauses.

A synthetic contract of many clauses is made of the clauses of one sample, taken several times: each
copy has families and terms of its own and refers to itself, so that it costs what real clauses cost.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tomllib
from dataclasses import replace

from app.bench.copies import copy_sample
from app.bench.measuring import Row, interleave
from app.bench.samples import Sample, read_sample
from app.config import Configuration
from app.domain.answers import Answers
from app.server import freeze_what_stays

CHILDREN = 7
LOAD = """
import json, sys, time
from pathlib import Path
from app.library.loading import load_library
started, before = time.perf_counter(), time.process_time()
library = load_library(Path(sys.argv[1]), Path(sys.argv[2]))
taken, worked = time.perf_counter() - started, time.process_time() - before
print(json.dumps([taken * 1000, worked * 1000, len(library.clauses)]))
"""
GROWING = "bpo-services"  # its sample has exactly fifty clauses
COPIES = (1, 2, 4, 8)


def bench_library(configuration: Configuration) -> list[Row]:
    return [_cold(configuration), _largest(configuration), *_growing(configuration)]


def _cold(configuration: Configuration) -> Row:
    """Each time in a fresh process, after its imports: the files are parsed, checked and linked.

    Beside it the processor time of the same loads: what is above it was waiting for a busy machine.
    """
    folders = (str(configuration.clauses), str(configuration.contract_templates))
    command = [sys.executable, "-c", LOAD, *folders]
    found = [_load_once(command) for _ in range(CHILDREN)]
    taken, worked = (statistics.median(one[part] for one in found) for part in (0, 1))
    name = f"Cold load of the library, {found[0][2]:.0f} clauses"
    return Row(name, taken, "its processor time", worked, "300 ms")


def _load_once(command: list[str]) -> tuple[float, float, float]:
    """Milliseconds of the clock and of the processor, and the number of clauses."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own text)
    taken, worked, clauses = json.loads(done.stdout)
    return taken, worked, clauses


def _largest(configuration: Configuration) -> Row:
    """Of all samples the one with the most clauses."""
    samples = [
        (path.parent.name, path.stem, _with_answers(configuration, path.parent.name, path.name))
        for path in sorted(configuration.contract_templates.glob("*/sample_answers*.toml"))
    ]
    count, template_id, stem, sample = max(
        ((_count(sample), template_id, stem, sample) for template_id, stem, sample in samples),
        key=lambda one: one[0],
    )
    taken = interleave({"assemble": sample.assemble}, rounds=25)["assemble"]
    return Row(f"Largest agreement: {template_id}, {stem}, {count} clauses", taken, target="30 ms")


def _growing(configuration: Configuration) -> list[Row]:
    """Each size beside the smallest one times as many: 1.00 is linear."""
    base = read_sample(configuration, GROWING)
    samples = {copies: copy_sample(base, copies) for copies in COPIES}
    freeze_what_stays()  # as the server does
    times = interleave({str(copies): sample.assemble for copies, sample in samples.items()}, rounds=9)
    gc.unfreeze()
    first = times["1"]
    rows = []
    for copies, sample in samples.items():
        count, taken = _count(sample), times[str(copies)]
        name = f"Assembly of {count} clauses, {taken / count:.3f} ms each"
        beside = ("", 0.0) if copies == 1 else (f"{copies} times {count // copies} clauses", copies * first)
        rows.append(Row(name, taken, *beside))
    return rows


def _with_answers(configuration: Configuration, template_id: str, file_name: str) -> Sample:
    sample = read_sample(configuration, template_id)
    path = configuration.contract_templates / template_id / file_name
    answers = Answers.from_json(tomllib.loads(path.read_text(encoding="utf-8")))
    return replace(sample, answers=answers)


def _count(sample: Sample) -> int:
    return len(list(sample.assemble().clauses()))
