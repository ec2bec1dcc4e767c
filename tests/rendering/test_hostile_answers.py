"""Answers are data: no markup, no address, no formula in them ever takes effect."""

from __future__ import annotations

import http.server
import io
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx as python_docx
import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from app.domain.errors import RenderingFailed
from app.domain.plain_text import reading_blocks
from app.rendering.assets import BundledAssets
from app.rendering.clean_paper import field_names
from app.rendering.markup import render_html
from app.rendering.pages import extract_text
from app.rendering.pdf import render_pdf
from app.rendering.typesetting import Sheet, typeset
from app.rendering.word import render_docx
from tests.rendering import texts
from tests.rendering.papers import CREATED_AT, frame, opened
from tests.rendering.test_equal_text import TextOfHtml, normalise


class Elements(HTMLParser):
    """Every element with its attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def elements(html: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("value", texts.HOSTILE)
def test_html_keeps_its_elements_and_prints_the_answer(value: str) -> None:
    harmless = re.sub(r"\S", "h", value)  # words as long: long ones have a class of their own
    html = render_html(texts.hostile(value))
    assert elements(html) == elements(render_html(texts.hostile(harmless)))
    parser = TextOfHtml()
    parser.feed(html)
    shown = normalise("".join(parser.pieces))
    assert shown.count(normalise(value)) >= 14


def test_preview_has_no_script_style_form_or_event() -> None:
    for tag, attributes in elements(render_html(texts.sectioned())):
        assert tag not in {"script", "style", "input", "form", "link", "iframe", "object", "img"}
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def squeeze(content: str) -> str:
    return "".join(content.split())


@pytest.mark.parametrize("value", [texts.HOSTILE[2], texts.HOSTILE[7], texts.HOSTILE[8]])
def test_pdf_prints_the_answer_and_keeps_its_fields(value: str) -> None:
    pdf = render_pdf(texts.hostile(value), created_at=CREATED_AT)
    pages = extract_text(pdf)
    assert squeeze(value)[:20] in squeeze(pages[0])
    assert squeeze(value) in squeeze(pages[-1])
    names = [name for name, _ in field_names(opened(pdf))]
    assert sorted(names) == [
        "initials.assistant.family-2",
        "seal",
        "signature-assistant",
        "signature-client",
    ]


def test_word_prints_the_answer_literally() -> None:
    for value in texts.HOSTILE:
        docx = render_docx(texts.hostile(value), frame())
        assert docx == render_docx(texts.hostile(value), frame())
        assert text_of_word(docx).count(value) >= len(
            [block for block in reading_blocks(texts.hostile(value)) if block == normalise(value)]
        )


def text_of_word(docx: bytes) -> str:
    document = python_docx.Document(io.BytesIO(docx))
    found = document.element.body.xpath(".//w:p")
    return "\n".join("".join(piece.text or "" for piece in p.xpath(".//w:t")) for p in found)


class Listener(http.server.BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    hits: list[str] = []
    handler = type("Handler", (Listener,), {"hits": hits})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join()


OUTSIDE = {
    "img": '<img src="{}/a.png" alt="x">',
    "attachment": '<link rel="attachment" href="{}/a.txt">',
    "attachment link": '<a rel="attachment" href="{}/a.txt">x</a>',
    "stylesheet": '<link rel="stylesheet" href="{}/a.css">',
    "import": "<style>@import url({}/a.css);</style>",
    "font": "<style>@font-face {{ font-family: x; src: url({}/a.ttf) }} </style><p>x</p>",
    "background": "<style>p {{ background: url({}/a.png) }}</style><p>x</p>",
    "list image": "<style>li {{ list-style-image: url({}/a.png) }}</style><ul><li>x</li></ul>",
    "content": "<style>p::before {{ content: url({}/a.png) }}</style><p>x</p>",
    "svg": '<svg width="9" height="9"><image href="{}/a.png" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><use href="{}/a.svg#x"/></svg>',
    "object": '<object data="{}/a.svg">x</object>',
    "embed": '<embed src="{}/a.svg">',
    "iframe": '<iframe src="{}/a.html"></iframe>',
    "base": '<base href="{}/"><img src="a.png" alt="x">',
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_no_address_is_ever_asked(kind: str, listener: tuple[str, list[str]]) -> None:
    address, hits = listener
    try_to_typeset(OUTSIDE[kind].format(address))
    assert hits == []


def test_the_listener_would_be_hit_without_our_fetcher(listener: tuple[str, list[str]]) -> None:
    address, hits = listener
    HTML(string=OUTSIDE["img"].format(address)).render()
    assert hits == ["/a.png"]


def try_to_typeset(content: str) -> bool:
    html = f'<!doctype html><html lang="en"><head><title>x</title></head><body>{content}</body></html>'
    try:
        typeset(Sheet(html, ("page.css",), CREATED_AT, {}))
    except RenderingFailed as error:
        return error.code != "foreign-asset"
    return True


def test_files_of_the_machine_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert not try_to_typeset(f'<img src="{secret.as_uri()}" alt="x">')


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.css",
        "file:///etc/hostname",
        "data:text/css,p{}",
        "paper:../assets.py",
        "paper:fonts/SourceSerifPro-Regular.ttf",
        "paper:/etc/passwd",
        "paper:agreement.html",
        "PAPER:page.css",
        "",
    ],
)
def test_the_fetcher_refuses_what_is_not_bundled(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        BundledAssets().fetch(address)
    with pytest.raises(FatalURLFetchingError):
        BundledAssets().open(address)


def test_the_fetcher_gives_bundled_files() -> None:
    assert b"<svg" in BundledAssets().fetch("paper:seal.svg").read()
