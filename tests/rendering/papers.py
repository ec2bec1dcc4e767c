"""Papers rendered once for all tests, and ways to look into them."""

from __future__ import annotations

import io
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf

from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.library.loading import load_library
from app.rendering.certificate_of_completion import render_certificate_of_completion
from app.rendering.pdf import render_pdf
from app.rendering.word import render_docx
from app.rendering.word.make_frame import make_frame
from tests.rendering import texts
from tests.rendering.evidence import evidence

CREATED_AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ATTACHMENT = b'{"schema": 1}'

ROOT = Path(__file__).resolve().parents[2]


def shipped(template_id: str) -> AgreementText:
    """The agreement that the sample answers of a shipped contract template give."""
    library = load_library(ROOT / "clauses", ROOT / "contract_templates")
    sample = ROOT / "contract_templates" / template_id / "sample_answers.toml"
    answers = Answers.from_json(tomllib.loads(sample.read_text(encoding="utf-8")))
    template = library.contract_templates[template_id]
    return assemble(
        library, template, answers, number="LB-2026-014", review_note="not reviewed by a lawyer"
    )


TEXTS = {
    "va-nda": lambda: shipped("va-nda"),
    "outsourcing-services": lambda: shipped("outsourcing-services"),
    "agreement": texts.agreement,
    "small": texts.small,
    "sixty": lambda: texts.agreement(60),
    "long-names": texts.long_names,
    "other-scripts": texts.other_scripts,
    "sectioned": texts.sectioned,
}


@cache
def text(name: str) -> AgreementText:
    return TEXTS[name]()


@cache
def paper(name: str = "agreement") -> bytes:
    return render_pdf(text(name), attachment=ATTACHMENT, created_at=CREATED_AT)


@cache
def draft() -> bytes:
    return render_pdf(text("small"), created_at=CREATED_AT, draft=True)


@cache
def certificate() -> bytes:
    return render_certificate_of_completion(evidence(), created_at=CREATED_AT)


@cache
def word(name: str) -> bytes:
    return render_docx(text(name), frame())


@cache
def frame() -> bytes:
    return make_frame()


@cache
def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def structure(document: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """All structure elements that the tree reaches."""
    waiting = [document.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop()
        yield element
        kids = element.get("/K", pikepdf.Array())
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def run_tool(*command: str, content: bytes, name: str = "paper.pdf") -> str:
    """Output of a tool that reads the file `{}`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        words = [str(path) if word == "{}" else word for word in command]
        ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
