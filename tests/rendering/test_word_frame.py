"""Frames of strangers: whatever a paper.docx contains, nothing of it runs."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from app.domain.errors import RenderingFailed
from app.rendering.word import render_docx
from app.rendering.word.make_frame import make_frame
from tests.rendering import texts
from tests.rendering.papers import frame

ROOT = Path(__file__).resolve().parents[2]
MARK = "RAN-49-RAN"

PAYLOADS = (
    "{{ 7 * 7 }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ title.__class__ }}",
    "{{ title|attr('__class__') }}",
    "{{ title['__class__'] }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ dict.mro() }}",
    "{{ range(10**9)|list }}",
    "{{ '{0.__class__}'.format(title) }}",
    "{{ title.format(title) }}",
    "{{ title.upper() }}",
    "{{ 'a' * 10**9 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{% for a in 'xx' %}{% for b in 'xx' %}x{% endfor %}{% endfor %}",
    "{% for a in signature_blocks %}{% for b in signature_blocks %}x{% endfor %}{% endfor %}",
    "{% for a in signature_blocks recursive %}{{ loop(signature_blocks) }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% extends 'x' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set x = title %}{{ x }}",
    "{{ url_for.__globals__ }}",
    "{{ undefined_name }}",
    "{{ title|pprint }}",
    "{{ title|map('upper') }}",
    "{{ 'RAN-49-RAN' ~ title }}",
    "{% filter upper %}x{% endfilter %}",
    "{% call title() %}{% endcall %}",
    "{{ title[:1] }}",
    "{{ caller() }}",
)


def with_part(frame_file: bytes, name: str, change: object) -> bytes:
    """The frame with one part replaced by `change(content)`, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(frame_file)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        for entry in names:
            content = source.read(entry)
            target.writestr(entry, change(content) if entry == name else content)  # type: ignore[operator]
        if name not in names:
            target.writestr(name, change(b""))  # type: ignore[operator]
    return out.getvalue()


def escaped(payload: str) -> bytes:
    return payload.replace("&", "&amp;").replace("<", "&lt;").encode()


def in_body(payload: str) -> bytes:
    return with_part(
        frame(), "word/document.xml", lambda xml: xml.replace(b"{{ subtitle }}", escaped(payload))
    )


def in_header(payload: str) -> bytes:
    return with_part(
        frame(), header_name("header"), lambda xml: xml.replace(b"{{ parties }}", escaped(payload))
    )


def in_footer(payload: str) -> bytes:
    return with_part(
        frame(), header_name("footer"), lambda xml: xml.replace(b"{{ footer }}", escaped(payload))
    )


def in_properties(payload: str) -> bytes:
    title = b"<dc:title>" + escaped(payload) + b"</dc:title>"
    return with_part(
        frame(),
        "docProps/core.xml",
        lambda xml: re.sub(rb"<dc:title>.*?</dc:title>", lambda _: title, xml),
    )


def in_footnote(payload: str) -> bytes:
    """A frame with a footnotes part that holds the payload."""
    note = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b'<w:footnote w:id="2"><w:p><w:r><w:t>'
        + escaped(payload)
        + b"</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = b'<Relationship Id="rId99" Type="' + kind + b'" Target="footnotes.xml"/></Relationships>'
    content_type = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = b'<Override PartName="/word/footnotes.xml" ContentType="' + content_type + b'"/></Types>'
    file = with_part(frame(), "word/footnotes.xml", lambda _: note)
    file = with_part(
        file, "word/_rels/document.xml.rels", lambda xml: xml.replace(b"</Relationships>", relation)
    )
    return with_part(file, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", override))


def header_name(kind: str) -> str:
    with zipfile.ZipFile(io.BytesIO(frame())) as package:
        return next(name for name in package.namelist() if re.fullmatch(rf"word/{kind}\d*\.xml", name))


@pytest.mark.parametrize("place", [in_body, in_header, in_footer, in_properties, in_footnote])
def test_no_payload_runs(place: object) -> None:
    agreement = texts.small()
    for payload in PAYLOADS:
        with pytest.raises(RenderingFailed) as caught:
            render_docx(agreement, place(payload))  # type: ignore[operator]
        assert caught.value.code == "frame-unusable", payload


@pytest.mark.parametrize("place", [in_body, in_header, in_footer, in_properties, in_footnote])
def test_the_places_are_rendered_at_all(place: object) -> None:
    docx = render_docx(texts.small(), place("[{{ number }}]"))  # type: ignore[operator]
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"{{ number }}" not in everything
    if place is not in_properties:  # the title is set anew from the agreement
        assert b"[LB-2026-014]" in everything


def test_a_letterhead_may_use_conditions_and_upper_case() -> None:
    docx = render_docx(
        texts.small(), in_body("{% if review_note %}N{% else %}{{ number|lower }}{% endif %}")
    )
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        assert b"lb-2026-014" in package.read("word/document.xml")


def refuse(file: bytes, reason: str) -> None:
    with pytest.raises(RenderingFailed, match=reason) as caught:
        render_docx(texts.small(), file)
    assert caught.value.code == "frame-unusable"


def test_macros_objects_and_outside_links_are_refused() -> None:
    refuse(with_part(frame(), "word/vbaProject.bin", lambda _: b"x"), "vbaproject")
    refuse(with_part(frame(), "word/embeddings/oleObject1.bin", lambda _: b"x"), "embeddings")
    outside = (
        b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://127.0.0.1/x.dotm" TargetMode="External"/></Relationships>'
    )
    rels = "word/_rels/document.xml.rels"
    refuse(
        with_part(frame(), rels, lambda xml: xml.replace(b"</Relationships>", outside)), "from outside"
    )


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    refuse(
        with_part(frame(), "word/document.xml", lambda xml: xml.replace(b"?>", b"?>" + bomb, 1)),
        "entities",
    )


def test_what_is_no_frame_is_refused() -> None:
    refuse(b"", "no Word file")
    refuse(b"PK\x03\x04 rubbish", "no Word file")
    refuse(frame()[: len(frame()) // 2], "no Word file")
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as package:
        package.writestr("a.txt", "x")
    refuse(plain.getvalue(), "no Word file")
    refuse(with_part(frame(), "word/document.xml", lambda xml: xml[:200]), "damaged|cannot be used")


def test_a_zip_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "x")
        package.writestr("word/document.xml", b"0" * 30_000_000)
    refuse(out.getvalue(), "too large")


def test_the_bookmark_must_be_there_once() -> None:
    mark = b'w:name="agreement_body"'
    refuse(
        with_part(frame(), "word/document.xml", lambda xml: xml.replace(mark, b'w:name="x"')),
        "0 bookmarks",
    )


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("contract_templates/*/paper.docx")), ids=lambda p: p.parent.name
)
def test_shipped_frames_are_what_the_script_makes(path: Path) -> None:
    assert path.read_bytes() == make_frame()


def test_every_contract_template_has_a_frame() -> None:
    templates = sorted(ROOT.glob("contract_templates/*/template.toml"))
    assert templates
    assert all((template.parent / "paper.docx").exists() for template in templates)
