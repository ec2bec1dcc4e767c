"""PDF/A-3a and PDF/UA-1 as far as they can be read back without a validator; see tests/judging."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest

from tests.rendering.papers import (
    ATTACHMENT,
    CREATED_AT,
    certificate,
    draft,
    letter_paper,
    opened,
    paper,
    run_tool,
    structure,
    text,
)
from tests.tools import needs_tool

PAPERS = {
    "agreement": paper,
    "other-scripts": lambda: paper("other-scripts"),
    "letter": letter_paper,
    "draft": draft,
    "certificate": certificate,
}
ROOT = Path(__file__).resolve().parents[2]
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@pytest.fixture(params=PAPERS, scope="module")
def pdf(request: pytest.FixtureRequest) -> bytes:
    return PAPERS[request.param]()


def test_one_rdf_root_declares_both_standards(pdf: bytes) -> None:
    stream = opened(pdf).Root.Metadata
    assert "/Filter" not in stream
    root = ElementTree.fromstring(stream.read_bytes().strip())
    assert [child.tag for child in root] == [f"{RDF}RDF"]
    content = stream.read_bytes().decode()
    assert 'pdfaid:part="3"' in content
    assert 'pdfaid:conformance="A"' in content
    assert "<pdfuaid:part>1</pdfuaid:part>" in content
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in content


def test_catalog_says_language_title_and_version(pdf: bytes) -> None:
    document = opened(pdf)
    root = document.Root
    assert document.pdf_version == "1.7"
    assert "/Version" not in root
    assert "/Extensions" not in root
    assert str(root.Lang) == "en-GB"
    assert root.MarkInfo.Marked is True
    assert root.ViewerPreferences.DisplayDocTitle is True
    assert str(document.docinfo.Title)
    assert root.OutputIntents[0].S == "/GTS_PDFA1"


def test_object_streams_hold_at_most_a_hundred_objects(pdf: bytes) -> None:
    sizes = [int(count) for count in re.findall(rb"/Type /ObjStm [^>]*/N (\d+)", pdf)]
    assert sizes
    assert max(sizes) <= 100


def test_all_fonts_are_embedded_with_text_and_widths(pdf: bytes) -> None:
    fonts = [
        item
        for item in opened(pdf).objects
        if isinstance(item, pikepdf.Dictionary) and "/DescendantFonts" in item
    ]  # fmt: skip
    assert fonts
    for font in fonts:
        inner = font.DescendantFonts[0]
        assert "/FontFile2" in inner.FontDescriptor
        assert "/ToUnicode" in font
        assert len(inner.W) > 0


@needs_tool("pdffonts")
def test_only_bundled_fonts_are_used() -> None:
    names = set()
    for name in ("agreement", "other-scripts"):
        lines = run_tool("pdffonts", "{}", content=paper(name)).splitlines()[2:]
        names |= {line.split()[0].split("+")[1] for line in lines}
    assert names == {
        "Source-Serif-Pro", "Source-Serif-Pro-Semi-Bold", "DejaVu-Sans", "DejaVu-Sans-Mono", "Noto-Emoji",
    }  # fmt: skip


@needs_tool("qpdf")
def test_qpdf_finds_no_fault(pdf: bytes) -> None:
    assert "No syntax or stream encoding errors" in run_tool("qpdf", "--check", "{}", content=pdf)


def test_running_heads_are_artifacts_and_all_else_hangs_in_the_tree(pdf: bytes) -> None:
    document = opened(pdf)
    tree = {element.objgen for element in structure(document)}
    parents = document.Root.StructTreeRoot.ParentTree.Nums
    for number, page in enumerate(document.pages):
        content = page.obj.Contents.read_bytes()
        assert re.search(rb"/Artifact\s+<</Type /Pagination>>\s+BDC", content)
        assert parents[2 * number] == number
        used = {int(mcid) for mcid in re.findall(rb"/MCID (\d+)", content)}
        for mcid, element in enumerate(parents[2 * number + 1]):
            assert (element is not None) == (mcid in used)
            assert element is None or element.objgen in tree


def test_headings_skip_no_level() -> None:
    for name in ("agreement", "sectioned"):
        levels = [0] + [
            int(str(e.S)[2]) for e in in_order(paper(name)) if re.fullmatch(r"/H[1-6]", str(e.S))
        ]
        assert levels[1] == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_list_items_have_their_number_as_label() -> None:
    items = [e for e in in_order(paper("small")) if e.S == "/LI"]
    assert [[str(kid.S) for kid in item.K] for item in items] == [["/Lbl", "/LBody"]] * len(items)
    assert len(items) == 4  # two paragraphs, two items


def test_tables_have_headers_with_scope() -> None:
    cells = [e for e in in_order(paper()) if e.S == "/TD"]
    assert cells
    assert all(len(cell.A.Headers) for cell in cells)


def test_only_agreement_json_is_attached() -> None:
    document = opened(paper())
    assert list(document.attachments) == ["agreement.json"]
    assert document.attachments["agreement.json"].get_file().read_bytes() == ATTACHMENT
    specification = document.Root.AF[0]
    assert specification.AFRelationship == "/Data"
    assert specification.EF.F.Subtype == "/application/json"
    assert len(document.Root.AF) == 1
    assert len(opened(draft()).attachments) == 0


def test_bookmarks_lead_to_every_clause() -> None:
    with opened(paper()).open_outline() as outline:
        titles = [child.title for top in outline.root for child in top.children] + [
            item.title for top in outline.root for child in top.children for item in child.children
        ]
    for clause in text("agreement").clauses():
        assert f"{clause.number} {clause.title}" in titles


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys, hashlib; from tests.rendering import papers; "
        "sys.stdout.write(hashlib.sha256(papers.paper('small')).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT), "TZ": "Asia/Manila"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=True, cwd=ROOT, timeout=120
    )
    assert ran.stdout == hashlib.sha256(paper("small")).hexdigest()


def test_creation_time_is_the_one_given() -> None:
    assert str(opened(paper("small")).docinfo.CreationDate) == CREATED_AT.strftime("D:%Y%m%d%H%M%SZ")


def in_order(pdf: bytes) -> list[pikepdf.Dictionary]:
    found: list[pikepdf.Dictionary] = []

    def visit(element: pikepdf.Dictionary) -> None:
        found.append(element)
        kids = element.get("/K", pikepdf.Array())
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                visit(kid)

    visit(opened(pdf).Root.StructTreeRoot.K[0])
    return found
