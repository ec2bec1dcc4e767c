"""What a signature looks like, and that its look breaks neither PDF/A nor anyone's reader."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.domain.errors import InvalidInput
from app.signing.glyph_run import ITALIC, GlyphRuns, drawable
from app.signing.office import SigningOffice
from app.signing.stamp_font import Subset, face
from tests.signing.paper import agreement
from tests.signing.people import Signer
from tests.tools import needs_tool


def picture(mode: str = "RGBA", size: tuple[int, int] = (420, 120)) -> bytes:
    """A PNG of a stroke, transparent where nothing is drawn."""
    image = Image.new(mode, size)
    ImageDraw.Draw(image).line([(10, 100), (120, 20), (220, 90), (400, 30)], fill=(20, 30, 120, 255), width=6)
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def stamp_fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The descendant fonts of every stamp in the file."""
    for found in pdf.objects:
        is_font = isinstance(found, pikepdf.Dictionary) and found.get("/Subtype") == "/CIDFontType2"
        if is_font and "CountersignStamp" in str(found.BaseFont):
            yield found


def page_with(file: bytes, field: str) -> Image.Image:
    """The field's rectangle as a reader draws it, at 144 dpi."""
    pdf = pikepdf.open(BytesIO(file))
    number, rectangle = next(
        (index, [float(value) for value in widget.Rect])
        for index, page in enumerate(pdf.pages)
        for widget in page.get("/Annots", [])
        if str(widget.get("/T", "")) == field
    )
    document = pypdfium2.PdfDocument(file)
    document.init_forms()
    drawn = document[number].render(scale=2, may_draw_forms=True).to_pil().convert("L")
    left, bottom, right, top = (2 * value for value in rectangle)
    return drawn.crop((int(left), int(drawn.height - top), int(right), int(drawn.height - bottom)))


def text_of(file: bytes, folder: Path) -> str:
    """The file's text as poppler reads it, stamps included."""
    (folder / "file.pdf").write_bytes(file)
    command = ["pdftotext", "-layout", str(folder / "file.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def ink(image: Image.Image) -> int:
    """How many pixels are dark."""
    return sum(image.histogram()[:128])


@needs_tool("pdftotext")
def test_the_stamp_can_be_read_and_copied(signed: bytes, tmp_path: Path) -> None:
    text = text_of(signed, tmp_path)
    for wanted in ("Liza Santos", "Nora Whitlow", "held by signer’s browser, used once", "LS", "Credential"):
        assert wanted in text


def test_it_is_drawn_where_the_field_is(certified: bytes, signed: bytes) -> None:
    before, after = page_with(certified, "signature-client"), page_with(signed, "signature-client")
    assert ink(after) > ink(before) + 1000


def test_fonts_are_embedded_with_the_widths_of_their_programs(signed: bytes) -> None:
    """pyHanko writes /W in font units; here they are thousandths of an em, as ISO 32000 wants."""
    pdf = pikepdf.open(BytesIO(signed))
    fonts = list(stamp_fonts(pdf))
    assert len(fonts) == 5  # initials of one signer; name and facts of two
    for font in fonts:
        program = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert program["head"].unitsPerEm == 1000
        names = program.getGlyphOrder()
        assert [int(width) for width in font.W[1]] == [program["hmtx"][name][0] for name in names]
        assert font.CIDToGIDMap == "/Identity"


def test_a_revision_embeds_only_the_glyphs_it_uses(signed: bytes) -> None:
    pdf = pikepdf.open(BytesIO(signed))
    sizes = [len(font.FontDescriptor.FontFile2.read_raw_bytes()) for font in stamp_fonts(pdf)]
    assert min(sizes) > 200
    assert max(sizes) < 9_000


def test_nothing_is_transparent(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    file = signer().sign(office, certified, picture=picture()).file
    pdf = pikepdf.open(BytesIO(file))
    streams = [found for found in pdf.objects if isinstance(found, pikepdf.Stream)]
    assert sum(1 for found in streams if found.get("/Subtype") == "/Image") == 1
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            assert not {"/SMask", "/Mask", "/ca", "/CA"} & set(found.keys())
            assert not found.get("/Interpolate", False)


def test_catalog_and_metadata_stay_as_the_first_revision_wrote_them(archived: bytes) -> None:
    base, final = pikepdf.open(BytesIO(agreement())), pikepdf.open(BytesIO(archived))
    assert "/Version" not in final.Root
    assert set(final.Root.Extensions.keys()) == {"/ESIC"}
    assert final.Root.Metadata.read_raw_bytes() == base.Root.Metadata.read_raw_bytes()
    assert final.Root.Metadata.objgen == base.Root.Metadata.objgen
    assert {key: str(value) for key, value in final.docinfo.items()} == {
        key: str(value) for key, value in base.docinfo.items()
    }


def test_a_picture_is_drawn_on_white(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    typed = signer().sign(office, certified).file
    drawn = signer().sign(office, certified, picture=picture()).file
    corner = page_with(drawn, "signature-assistant")
    assert ink(corner) > 500
    assert drawn != typed
    assert corner.getpixel((30, 12)) > 250


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P"])
def test_pictures_of_every_kind_are_taken(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], mode: str
) -> None:
    image = Image.open(BytesIO(picture())).convert("RGB").convert(mode)
    output = BytesIO()
    image.save(output, "PNG")
    one = signer()
    assert office.prepare(certified, one.request(picture=output.getvalue()), one.credential).file


@pytest.mark.parametrize(
    "bad",
    [b"", b"not a picture", picture()[:200], b"GIF89a" + bytes(50), picture(size=(5000, 10))],
    ids=["empty", "text", "cut short", "gif", "huge"],
)
def test_pictures_that_are_none_are_refused(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], bad: bytes
) -> None:
    one = signer()
    with pytest.raises(InvalidInput) as caught:
        office.prepare(certified, one.request(picture=bad), one.credential)
    assert caught.value.code == "signature_picture"


@pytest.mark.parametrize(
    "name",
    ["José Ñáñez", "Nguyễn Thị Hồng", "Łukasz Żółć", "Ιωάννης Παππάς", "Олена Їжак", "Արամ Ազնավուր", "გია"],
)
def test_names_of_other_scripts_are_written_with_real_glyphs(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], name: str
) -> None:
    file = signer(name=name).sign(office, certified).file
    pdf = pikepdf.open(BytesIO(file))
    for font in stamp_fonts(pdf):
        program = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        notdef = program["glyf"][program.getGlyphOrder()[0]]
        assert all(program["glyf"][glyph] != notdef for glyph in program.getGlyphOrder()[1:])
    before = ink(page_with(certified, "signature-assistant"))
    assert ink(page_with(file, "signature-assistant")) > before + 1000


@pytest.mark.parametrize("name", ["محمد علي", "李小龙", "สมชาย", "दीपक", "😀", "שרה"])
def test_what_cannot_be_written_rightly_is_drawn_by_hand(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], name: str
) -> None:
    one = signer(name=name)
    with pytest.raises(InvalidInput) as caught:
        office.prepare(certified, one.request(), one.credential)
    assert caught.value.code == "signature_not_drawable"
    assert office.prepare(certified, one.request(picture=picture()), one.credential).file


def test_a_long_name_stays_in_its_half(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    long = "Maria Concepción de la Santísima Trinidad Fernández y Gutiérrez de los Ríos"
    file = signer(name=long).sign(office, certified).file
    image = page_with(file, "signature-assistant")
    middle = image.crop((int(image.width * 0.445), 4, int(image.width * 0.495), image.height - 4))
    assert ink(middle) == 0


def test_small_boxes_hold_the_signature_alone(office: SigningOffice, signer: Callable[..., Signer]) -> None:
    pdf = pikepdf.open(BytesIO(agreement(initials=(), clauses=1)))
    for field in pdf.Root.AcroForm.Fields:
        if str(field.T) == "signature-client":
            left, bottom, _, _ = field.Rect
            field.Rect = pikepdf.Array([left, bottom, float(left) + 110, float(bottom) + 20])
    output = BytesIO()
    pdf.save(output)
    one = signer("client")
    file = one.sign(office, office.certify(output.getvalue()).file).file
    assert ink(page_with(file, "signature-client")) > 100


def test_upright_and_italic_differ(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer]
) -> None:
    italic = page_with(signer().sign(office, certified, style="italic").file, "signature-assistant")
    upright = page_with(signer().sign(office, certified, style="upright").file, "signature-assistant")
    assert italic.tobytes() != upright.tobytes()


LETTERS = st.text(st.sampled_from(sorted(map(chr, face("fallback").characters))), min_size=1, max_size=40)


@given(LETTERS)
def test_every_drawable_text_is_drawn_whole(text: str) -> None:
    try:
        text = drawable(text)
    except InvalidInput:
        return
    shown = GlyphRuns().show(text, 10, 0, 0, ITALIC)
    digits = sum(len(part.split(b">")[0]) for part in shown.split(b"<")[1:])
    assert digits == 4 * len(text)


@given(st.text(st.sampled_from(sorted(map(chr, face("regular").characters))), min_size=1, max_size=60))
def test_a_subset_is_a_font_with_the_outlines_of_the_whole(text: str) -> None:
    whole = face("regular")
    subset = Subset(whole)
    subset.encode(text)
    font = TTFont(BytesIO(subset.program()), checkChecksums=2)
    assert font["maxp"].numGlyphs == len(set(text)) + 1 == len(subset.widths)
    for number, character in subset.characters().items():
        name = font.getGlyphName(number)
        assert font["hmtx"][name] == whole.metrics[whole.characters[ord(character)]]
        outline = whole.glyphs[whole.characters[ord(character)]]
        assert font["glyf"].glyphs[name].compile(font["glyf"]).rstrip(b"\0") == outline.rstrip(b"\0")


def test_initials_are_text_and_picture_of_their_field(signed: bytes) -> None:
    pdf = pikepdf.open(BytesIO(signed))
    parent = next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "initials")
    filled = {str(kid.T): kid for role in parent.Kids for kid in role.Kids}
    assert {name: str(kid.V) for name, kid in filled.items()} == {"take-home": "LS", "credentials": "LS"}
    assert all("/Font" in kid.AP.N.Resources for kid in filled.values())
    assert all(int(kid.Ff) == 1 for kid in filled.values())


def test_a_seal_with_room_says_who_sealed(office: SigningOffice) -> None:
    base = agreement(signers=(), initials=(), clauses=1, seal_box=True)
    assert ink(page_with(office.certify(base).file, "seal")) > ink(page_with(base, "seal")) + 300


@needs_tool("pdftotext")
def test_times_are_shown_in_utc(
    office: SigningOffice, certified: bytes, signer: Callable[..., Signer], tmp_path: Path
) -> None:
    manila = datetime(2026, 11, 22, 18, 4, 17, tzinfo=timezone(timedelta(hours=8)))
    text = text_of(signer().sign(office, certified, signed_at=manila).file, tmp_path)
    assert "22 November 2026, 10:04:17 UTC" in text
