"""Papers rendered once for all tests, and ways to look into them."""

from __future__ import annotations

import io
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from app.domain.agreement_text import AgreementText, RunKind
from app.domain.answer_file import read_answers
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.contract_template import Library
from app.library.loading import load_library
from app.rendering.certificate_of_completion import render_certificate_of_completion
from app.rendering.pdf import render_pdf
from app.rendering.stationery import PLAIN, Logo, PageSize, Stationery, choose_page_size, clean_logo
from app.rendering.word import render_docx
from app.rendering.word.make_frame import make_frame
from tests.rendering import texts
from tests.rendering.evidence import evidence

CREATED_AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ATTACHMENT = b'{"schema": 1}'

ROOT = Path(__file__).resolve().parents[2]


@cache
def library() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


def shipped(name: str) -> AgreementText:
    """The agreement that a sample of a shipped contract template gives: "va-nda", "va-nda_2"."""
    template = library().contract_templates[name.partition("_")[0]]
    note = "not reviewed by a lawyer"
    return assemble(library(), template, sample_answers(name), number="LB-2026-014", review_note=note)


def sample_answers(name: str) -> Answers:
    template_id, _, which = name.partition("_")
    file = f"sample_answers_{which}.toml" if which else "sample_answers.toml"
    path = ROOT / "contract_templates" / template_id / file
    answers, _ = read_answers(
        library(), library().contract_templates[template_id], tomllib.loads(path.read_text(encoding="utf-8"))
    )
    return answers


SAMPLES = tuple(
    path.parent.name + path.stem.removeprefix("sample_answers")
    for path in sorted(ROOT.glob("contract_templates/*/sample_answers*.toml"))
)
TEXTS = {
    "agreement": texts.agreement,
    "small": texts.small,
    "sixty": lambda: texts.agreement(60),
    "long-names": texts.long_names,
    "other-scripts": texts.other_scripts,
    "sectioned": texts.sectioned,
}


@cache
def text(name: str) -> AgreementText:
    return TEXTS[name]() if name in TEXTS else shipped(name)


def stationery(name: str) -> Stationery:
    """Samples on the page that is usual in the Client's country; the others on A4."""
    if name in TEXTS:
        return PLAIN
    return Stationery(choose_page_size(str(sample_answers(name).facts["client_country"])))


@cache
def paper(name: str = "agreement") -> bytes:
    return render_pdf(
        text(name), attachment=ATTACHMENT, created_at=CREATED_AT, stationery=stationery(name)
    )


@cache
def draft() -> bytes:
    return render_pdf(text("small"), created_at=CREATED_AT, draft=True)


@cache
def logo() -> Logo:
    """A logo with a transparent ground, as organisations have them."""
    image = Image.new("RGBA", (600, 150), (0, 0, 0, 0))
    ImageDraw.Draw(image).rounded_rectangle((10, 10, 590, 140), 40, fill=(20, 90, 90, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return clean_logo(out.getvalue(), "Larkfield Bookkeeping Ltd")


def stamped() -> AgreementText:
    """Under the strict position of the marking clause, with a label of the owner's own."""
    answered = (texts.run("The label is "), texts.run("Larkfield – SECRET", RunKind.ANSWER, "marking.label"))
    clauses = list(texts.agreement(9).clauses())
    paragraph = replace(clauses[2].paragraphs[0], runs=answered)
    clauses[2] = replace(
        clauses[2], anchor="marking", family="marking", position="strict", paragraphs=(paragraph,)
    )
    return texts.agreement(9, sections=(texts.SectionText("", tuple(clauses)),))


@cache
def letter_paper(*, draft: bool = False) -> bytes:
    """On US Letter with a logo, stamped; or the draft of it."""
    return render_pdf(
        stamped(),
        attachment=ATTACHMENT,
        created_at=CREATED_AT,
        draft=draft,
        stationery=Stationery(PageSize.LETTER, logo()),
    )


@cache
def certificate() -> bytes:
    return render_certificate_of_completion(evidence(), created_at=CREATED_AT)


@cache
def word(name: str) -> bytes:
    return render_docx(text(name), frame(), stationery=stationery(name))


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
