"""What a paper must not have: one bad example for each rule."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from app.domain.errors import RenderingFailed
from app.rendering.clean_paper import assert_clean_paper
from app.rendering.pdf import render_pdf
from app.signing.office import SigningOffice
from tests.rendering.papers import ATTACHMENT, CREATED_AT, certificate, draft, letter_paper, paper, text
from tests.signing.people import PASSPHRASE

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def spoiled(change: Callable[[Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(paper("small"))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def add_open_action(document: Pdf) -> None:
    document.Root.OpenAction = SCRIPT


def add_named_script(document: Pdf) -> None:
    document.Root.Names.JavaScript = Dictionary(Names=Array([String("x"), SCRIPT]))


def add_page_action(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)


def add_link_action(document: Pdf) -> None:
    link = next(a for a in document.pages[0].obj.Annots if a.Subtype == "/Link")
    link.A = Dictionary(S=Name.URI, URI=String("http://127.0.0.1/"))


def add_optional_content(document: Pdf) -> None:
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())


def add_file(document: Pdf) -> None:
    document.attachments["other.txt"] = b"hidden"


def add_unlisted_file(document: Pdf) -> None:
    stream = document.make_stream(b"hidden")
    document.Root.AF.append(
        document.make_indirect(Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=stream)))
    )


def add_field(document: Pdf) -> None:
    field = Dictionary(FT=Name.Sig, T=String("extra"))
    document.Root.AcroForm.Fields.append(document.make_indirect(field))


def remove_field(document: Pdf) -> None:
    del document.Root.AcroForm.Fields[0]


def double_field(document: Pdf) -> None:
    document.Root.AcroForm.Fields.append(document.Root.AcroForm.Fields[0])


def open_text_field(document: Pdf) -> None:
    document.Root.AcroForm.Fields[0].FT = Name.Tx


def fill_field(document: Pdf) -> None:
    document.Root.AcroForm.Fields[0].V = String("already here")


def add_button(document: Pdf) -> None:
    document.Root.AcroForm.Fields[0].FT = Name.Btn


def add_xfa(document: Pdf) -> None:
    document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")


def ask_for_appearances(document: Pdf) -> None:
    document.Root.AcroForm.NeedAppearances = True


def add_note(document: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 9, 9]), F=4)
    document.pages[0].obj.Annots.append(document.make_indirect(note))


def hide_annotation(document: Pdf) -> None:
    document.pages[0].obj.Annots[0].F = 6


def add_launch(document: Pdf) -> None:
    document.Root.Surprise = document.make_indirect(Dictionary(S=Name.Launch, F=String("x.exe")))


def change_file(document: Pdf) -> None:
    document.attachments["agreement.json"] = b"{}"


def hide_relationship(document: Pdf) -> None:
    del document.attachments["agreement.json"].obj.AFRelationship


def leave_file_out(document: Pdf) -> None:
    del document.attachments["agreement.json"]


def switch_layer(document: Pdf) -> None:
    document.pages[0].obj.Resources.XObject = Dictionary()
    document.pages[0].obj.Resources.XObject.x = document.make_stream(
        b"", Subtype=Name.Form, OC=Dictionary(Name=String("x"))
    )


def add_outside_stream(document: Pdf) -> None:
    document.Root.Surprise = document.make_stream(b"", F=String("http://127.0.0.1/"))


FILES = {"agreement.json": ATTACHMENT}
FIELDS = frozenset({"seal", "signature-assistant", "signature-client"})


@pytest.mark.filterwarnings("ignore:This document has 1 form widget")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (add_open_action, "/OpenAction in the catalog"),
        (add_named_script, "/JavaScript"),
        (add_page_action, "an action on page 1"),
        (add_link_action, "an annotation with an action on page 1"),
        (add_optional_content, "/OCProperties"),
        (add_file, "embedded file 'other.txt'"),
        (add_unlisted_file, "no list names"),
        (add_field, "undeclared field 'extra'"),
        (remove_field, "missing field 'signature-assistant'"),
        (double_field, "two fields of one name"),
        (open_text_field, "can be filled by anybody"),
        (fill_field, "is filled"),
        (add_button, "of another kind"),
        (add_xfa, "/XFA"),
        (ask_for_appearances, "/NeedAppearances"),
        (add_note, "annotation /FreeText on page 1"),
        (hide_annotation, "hidden or does not print"),
        (add_launch, "an action /Launch"),
        (change_file, "other content in the embedded file"),
        (hide_relationship, "without its relationship"),
        (leave_file_out, "missing embedded file"),
        (switch_layer, "/OC in an object"),
        (add_outside_stream, "content from outside"),
    ],
)
def test_a_spoiled_paper_is_refused(change: Callable[[Pdf], None], named: str) -> None:
    with pytest.raises(RenderingFailed) as caught:
        assert_clean_paper(spoiled(change), fields=FIELDS, files=FILES)
    assert caught.value.code == "paper-unclean"
    assert named in caught.value.message


def test_our_papers_are_clean() -> None:
    assert_clean_paper(paper("small"), fields=FIELDS, files=FILES)
    assert_clean_paper(spoiled(lambda document: None), fields=FIELDS, files=FILES)
    assert_clean_paper(draft(), fields=frozenset(), files={})
    assert_clean_paper(letter_paper(), files=FILES)
    assert_clean_paper(certificate(), fields=frozenset({"seal"}), files={})


def test_a_certified_file_has_nothing_more_than_the_filled_seal(tmp_path: Path) -> None:
    office = SigningOffice.create(tmp_path / "keys", PASSPHRASE, "Larkfield", "GB", datetime.now(UTC))
    certified = office.certify(paper("small")).file
    assert certified.startswith(paper("small"))
    assert_clean_paper(certified, fields=FIELDS, filled=frozenset({"seal"}), files=FILES)
    with pytest.raises(RenderingFailed, match="'seal' is filled"):
        assert_clean_paper(certified, fields=FIELDS, files=FILES)


@pytest.mark.parametrize("change", [add_open_action, add_file, change_file, add_field, add_optional_content])
@pytest.mark.filterwarnings("ignore:This document has 1 form widget")
def test_what_the_layout_adds_never_reaches_the_seal(
    change: Callable[[Pdf], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`render_pdf` is the only source of what is certified; it looks through what it returns."""
    monkeypatch.setattr("app.rendering.pdf.typeset", lambda sheet: spoiled(change))
    with pytest.raises(RenderingFailed) as caught:
        render_pdf(text("small"), attachment=ATTACHMENT, created_at=CREATED_AT)
    assert caught.value.code == "paper-unclean"


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(RenderingFailed, match="cannot be read"):
        assert_clean_paper(b"%PDF-1.7 rubbish")
