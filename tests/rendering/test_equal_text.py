"""PDF, Word and HTML give the same text as `reading_blocks`: blocks in order, white space normalised.

Furniture that only one paper has (list of contents, digest, the sentence about the seal) is
named here with its place, so that nothing else can come in.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest

from app.domain.agreement_text import AgreementText, TextTable, text_of
from app.domain.digest import group_by_four
from app.domain.plain_text import reading_blocks
from app.rendering.markup import render_html
from app.rendering.pdf import render_pdf
from tests.rendering import texts
from tests.rendering.papers import CREATED_AT, SAMPLES, opened, paper, run_tool, text, word
from tests.tools import needs_tool

NAMES = ("agreement", "small", "sectioned", "long-names", *SAMPLES)
SEALED = (
    "Sealed for {} at sending. After that only initials and signatures could be added. The proof is in "
    "this file, not in the drawings above: open it in any program that checks PDF signatures."
)


def normalise(content: str) -> str:
    return " ".join(content.split())


def with_furniture(
    agreement: AgreementText, *, pages: Mapping[str, int] | None = None, paper_only: bool = False
) -> Iterator[str]:
    """The reading blocks, with contents and digest before the body and the heading of the signatures.

    pages: where each listed anchor stands, printed in the contents of the PDF.
    """
    blocks = reading_blocks(agreement)
    first_of_body = next(i for i, block in enumerate(blocks) if block in body_starts(agreement))
    yield from blocks[:first_of_body]
    yield from contents_of(agreement, pages)
    yield f"Digest of the text (SHA-256): {group_by_four(agreement.digest)}"
    signatures = sum(1 for block in agreement.signature_blocks for part in parts(block) if part)
    yield from blocks[first_of_body : len(blocks) - signatures]
    yield "Signatures"
    yield from blocks[len(blocks) - signatures :]
    if paper_only:
        yield SEALED.format(agreement.owner_name)


def contents_of(agreement: AgreementText, pages: Mapping[str, int] | None) -> Iterator[str]:
    clauses = list(agreement.clauses())
    if len(clauses) < 8:
        return
    entries = [(clause.number, clause.title, clause.anchor) for clause in clauses]
    entries += [(f"S{item.number}", item.title, item.anchor) for item in agreement.schedules]
    yield "Contents"
    for number, title, anchor in entries:
        yield f"{number} {title}" + (f" {pages[anchor]}" if pages is not None else "")


def pages_of(pdf: bytes) -> dict[str, int]:
    """Named destination -> the number of its page."""
    document = opened(pdf)
    numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
    named = pikepdf.NameTree(document.Root.Names.Dests)
    return {str(name): numbers[place[0].objgen] for name, place in named.items()}


def parts(block: object) -> tuple[str, ...]:
    return tuple(str(getattr(block, name)) for name in ("label", "party", "name", "capacity"))


def body_starts(agreement: AgreementText) -> set[str]:
    section = agreement.sections[0]
    clause = section.clauses[0]
    return {section.title or f"{clause.number} {clause.title}"}


def body_of_pdf(pdf: bytes, agreement: AgreementText) -> str:
    """Text in the order of the content stream, without running heads and repeated table headers."""
    height = 690 - round(842 - float(opened(pdf).pages[0].mediabox[3]))
    box = ("-x", "0", "-y", "80", "-W", "612", "-H", str(height))
    output = run_tool("pdftotext", "-raw", "-enc", "UTF-8", *box, "{}", "-", content=pdf)
    headers = {
        normalise(" ".join(text_of(cell) for cell in block.header)) + " "
        for schedule in agreement.schedules
        for block in schedule.blocks
        if isinstance(block, TextTable)
    }
    pages = [normalise(page) for page in output.split("\f")]
    for number, page in enumerate(pages):
        repeated = next((header for header in headers if page.startswith(header)), "")
        pages[number] = page.removeprefix(repeated)
    return normalise(" ".join(pages))


@needs_tool("pdftotext")
@pytest.mark.parametrize("name", NAMES)
def test_pdf_has_the_text_of_the_tree(name: str) -> None:
    pages = pages_of(paper(name))
    expected = normalise(" ".join(with_furniture(text(name), pages=pages, paper_only=True)))
    found = body_of_pdf(paper(name), text(name))
    # A line may end after a hyphen that is in the text; nothing is hyphenated.
    expected, found = (re.sub(r"(?<=\w-) (?=\w)", "", words) for words in (expected, found))
    if name == "long-names":  # words longer than a line are broken there
        expected, found = expected.replace(" ", ""), found.replace(" ", "")
    assert found == expected


@needs_tool("pdftotext")
def test_no_amount_is_parted_in_a_narrow_column() -> None:
    sentence = "a reason of many words that asks for all the room that there is " * 4
    header = tuple(texts.plain(word) for word in ("Breach", "Agreed sum", "Reason", "Loss"))
    row = tuple(texts.plain(words) for words in (sentence, "USD\u00a01,234,567.00", sentence, sentence))
    schedule = texts.ScheduleText("1", "Sums", "s", "f", (texts.TextTable(header, (row,) * 3),))
    pdf = render_pdf(texts.agreement(1, schedules=(schedule,)), created_at=CREATED_AT)
    found = run_tool("pdftotext", "-raw", "-enc", "UTF-8", "{}", "-", content=pdf)
    assert normalise(found).count("USD 1,234,567.00") == 3


@needs_tool("pdftotext")
def test_text_from_right_to_left_reaches_the_pdf() -> None:
    found = run_tool("pdftotext", "-enc", "UTF-8", "{}", "-", content=paper("other-scripts"))
    bare = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", found)
    for words in ("דוד כהן", "ليلى حداد", "😀", "🎉", "☑", "👩🏽\u200d💻"):
        assert words in bare


class TextOfHtml(HTMLParser):
    """The text, with a space at the borders of blocks."""

    BLOCKS = frozenset(
        {"h1", "h2", "h3", "p", "ul", "ol", "li", "table", "tr", "td", "th", "section", "div"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.pieces.append(" " if tag in self.BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(" " if tag in self.BLOCKS else "")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


@pytest.mark.parametrize("name", [*NAMES, "other-scripts"])
def test_html_has_the_text_of_the_tree(name: str) -> None:
    parser = TextOfHtml()
    parser.feed(render_html(text(name)))
    found = normalise("".join(parser.pieces))
    header = "Key Terms Term Agreed Where"  # the header row that the paper does not print
    assert found.count(header) == 1
    expected = normalise(" ".join(with_furniture(text(name))))
    assert found.replace(header, "Key Terms") == expected


def contents_of_word(agreement: AgreementText) -> list[str]:
    """As a TOC field lists it: titled sections, clauses and schedules."""
    if sum(1 for _ in agreement.clauses()) < 8:
        return []
    entries = ["Contents"]
    for section in agreement.sections:
        entries += [section.title] if section.title else []
        entries += [f"{clause.number} {clause.title}" for clause in section.clauses]
    return entries + [f"Schedule {item.number} {item.title}" for item in agreement.schedules]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All Word files as text, by one run of LibreOffice with a profile of its own."""
    folder = tmp_path_factory.mktemp("word")
    for name in (*NAMES, "other-scripts"):
        (folder / f"{name}.docx").write_bytes(word(name))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    conversion = ["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder)]
    files = [str(path) for path in sorted(folder.glob("*.docx"))]
    subprocess.run(
        ["soffice", profile, *conversion, *files], check=True, capture_output=True, timeout=240
    )
    return folder


@needs_tool("soffice")
@pytest.mark.parametrize("name", [*NAMES, "other-scripts"])
def test_word_has_the_text_of_the_tree_after_libreoffice(name: str, converted: Path) -> None:
    agreement = text(name)
    blocks = list(reading_blocks(agreement))
    first_of_body = next(i for i, block in enumerate(blocks) if block in body_starts(agreement))
    blocks[first_of_body:first_of_body] = contents_of_word(agreement)
    signatures = sum(1 for block in agreement.signature_blocks for part in parts(block) if part)
    blocks.insert(len(blocks) - signatures, "Signatures")
    found = (converted / f"{name}.txt").read_text(encoding="utf-8-sig")
    assert normalise(found) == normalise(" ".join(blocks))
