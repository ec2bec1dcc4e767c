"""How the cost of signing grows: with the signatures that a file holds, and with its pages."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from app.bench.measuring import Row, interleave
from app.bench.samples import MOMENT, SMALLER, read_sample
from app.bench.signatures import SigningBench
from app.config import Configuration
from app.domain.answers import SignerAnswer
from app.domain.clause import Role
from app.domain.contract_template import SignerRole
from app.rendering.pages import count_pages
from app.rendering.pdf import render_pdf

SIGNATURES = (1, 5, 10, 20)
OF_SEVERAL_LENGTHS = ("amendment", "mutual-nda", "va-nda", "bpo-services")


def bench_growth(configuration: Configuration) -> list[Row]:
    """One more signature (prepare, finish and check) on files that hold more and more already."""
    with tempfile.TemporaryDirectory() as folder:
        bench = SigningBench(Path(folder))
        return [*_by_signatures(configuration, bench), *_by_pages(configuration, bench)]


def _by_signatures(configuration: Configuration, bench: SigningBench) -> list[Row]:
    """Each row beside the first: what the signatures before cost."""
    names = [f"signer-{number}" for number in range(1, max(SIGNATURES) + 1)]
    sample = read_sample(configuration, SMALLER)
    roles = tuple(SignerRole(name, Role.CLIENT, name, 1) for name in names)
    signers = {name: SignerAnswer(f"Person {name}", f"{name}@example.com", "") for name in names}
    several = replace(
        sample,
        contract_template=replace(sample.contract_template, signer_roles=roles),
        answers=replace(sample.answers, signers=signers),
    )
    file = bench.office.certify(render_pdf(several.assemble(), created_at=MOMENT)).file
    files = []
    for name in names:
        files.append((name, file))
        file = bench.sign_once(file, (), name)
    contenders = {
        str(count): (lambda name=name, file=file: bench.sign_once(file, (), name))
        for count, (name, file) in enumerate(files, start=1)
        if count in SIGNATURES
    }
    times = interleave(contenders, rounds=5)
    first = times[str(SIGNATURES[0])]
    return [
        Row(f"Signature number {count} of a file", times[str(count)], "the first one", first)
        for count in SIGNATURES[1:]
    ]


def _by_pages(configuration: Configuration, bench: SigningBench) -> list[Row]:
    """Each row beside the shortest file."""
    contenders, pages = {}, {}
    for template_id in OF_SEVERAL_LENGTHS:
        text = read_sample(configuration, template_id).assemble()
        pdf = render_pdf(text, created_at=MOMENT)
        pages[template_id] = count_pages(pdf)
        certified, role = bench.office.certify(pdf).file, text.signature_blocks[0].role
        families = tuple(place.family for place in text.initials if place.role == role)
        contenders[template_id] = lambda file=certified, families=families, role=role: bench.sign_once(
            file, families, role
        )
    times = interleave(contenders, rounds=5)
    shortest = OF_SEVERAL_LENGTHS[0]
    return [
        Row(
            f"Signature on {pages[one]} pages",
            times[one],
            f"on {pages[shortest]} pages",
            times[shortest],
        )
        for one in OF_SEVERAL_LENGTHS[1:]
    ]
