"""Assembling without an installation: an answers file becomes PDF, Word, JSON and coverage."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path

from app.domain.agreement_data import agreement_json
from app.domain.answers import Answers
from app.domain.errors import InvalidInput
from app.domain.finding import Finding
from app.rendering.pdf import render_pdf
from app.rendering.word import render_docx
from app.services.assessment import assess_answers
from app.services.stationery import stationery_for
from app.toolkit import LibrarySource


def read_answers_file(path: Path) -> Answers:
    """Read a TOML answers file. Raises InvalidInput that names the line."""
    try:
        return Answers.from_json(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise InvalidInput(
            "answers-unreadable",
            f"The answers file {path.name} cannot be read: {error}.",
            "See sample_answers.toml of the contract template for the form.",
        ) from error


def assemble_to_folder(
    source: LibrarySource, template_id: str, answers_file: Path, out: Path, at: datetime
) -> tuple[Finding, ...]:
    """Write agreement.pdf, .docx, .json and coverage.json; the findings are returned."""
    library = source.library()
    answers = read_answers_file(answers_file)
    text, findings, coverage = assess_answers(library, template_id, answers)
    stationery = stationery_for(answers)
    out.mkdir(parents=True, exist_ok=True)
    attachment = agreement_json(text)
    paper = render_pdf(text, attachment=attachment, created_at=at, draft=True, stationery=stationery)
    word = render_docx(text, source.word_frame(template_id), draft=True, stationery=stationery)
    (out / "agreement.pdf").write_bytes(paper)
    (out / "agreement.docx").write_bytes(word)
    (out / "agreement.json").write_bytes(attachment)
    (out / "coverage.json").write_text(
        json.dumps(coverage.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return findings
