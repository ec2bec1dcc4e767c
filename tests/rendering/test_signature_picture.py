"""Pictures of signatures: cleaned where they can be used, refused with the reason where they cannot."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from app.domain.errors import InvalidInput
from app.rendering.signature_picture import KEPT, clean_picture
from app.rendering.uploaded_picture import LARGEST_BYTES


def written(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def strokes(image, colour="black", width=6):
    draw = ImageDraw.Draw(image)
    w, h = image.size
    draw.line([(w * 0.2, h * 0.7), (w * 0.4, h * 0.3), (w * 0.6, h * 0.7), (w * 0.8, h * 0.3)], colour, width)
    return image


def opened(data):
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert image.mode == "RGBA"
    return image


def code_of(data):
    with pytest.raises(InvalidInput) as raised:
        clean_picture(data)
    return raised.value.code


@pytest.mark.parametrize(
    "data",
    [
        written(strokes(Image.new("RGBA", (900, 400), (0, 0, 0, 0)))),
        written(strokes(Image.new("RGB", (900, 400), "white"))),
        written(strokes(Image.new("L", (900, 400), 255), 0)),
        written(strokes(Image.new("RGB", (900, 400), "white"), "navy"), "JPEG", quality=85),
        written(strokes(Image.new("RGB", (3600, 1600), (176, 170, 160)), (40, 40, 60), 24), "JPEG"),
    ],
    ids=["transparent", "white", "grey scale", "JPEG", "photograph of grey paper"],
)
def test_the_ink_stays_and_the_paper_goes(data):
    image = opened(clean_picture(data))
    assert image.width <= KEPT[0]
    assert image.height <= KEPT[1]
    assert 1.5 < image.width / image.height < 4.5, "trimmed to the ink"
    alpha = image.getchannel("A")
    assert alpha.getpixel((image.width // 2, 1)) == 0, "the ground is transparent"
    assert alpha.getextrema()[1] > 150, "the ink is not"


def test_blue_ink_stays_blue():
    image = opened(clean_picture(written(strokes(Image.new("RGB", (900, 400), "white"), "blue"))))
    red, _, blue, _ = next(pixel for pixel in image.get_flattened_data() if pixel[3] > 200)
    assert blue > red + 60


def test_nothing_of_the_file_but_its_pixels_survives():
    image = strokes(Image.new("RGB", (900, 400), "white"))
    exif = Image.Exif()
    exif[0x010E] = "GPS 10.3157 N"
    cleaned = clean_picture(written(image, "JPEG", exif=exif) + b"<script>alert(1)</script>")
    assert b"GPS" not in cleaned
    assert b"script" not in cleaned


def test_a_picture_lying_on_its_side_is_turned():
    image = strokes(Image.new("RGB", (400, 900), "white"))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = opened(clean_picture(written(image, "JPEG", exif=exif)))
    assert turned.width > turned.height


def png_that_says(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00 an executable",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        written(strokes(Image.new("RGB", (90, 40), "white")))[:100],
        b"\xff\xd8\xff\xe0" + bytes(50),
        png_that_says(60_000, 60_000),
        png_that_says(13_000, 10),
    ],
    ids=["empty", "exe", "svg", "gif", "pdf", "cut png", "cut jpeg", "bomb", "too wide"],
)
def test_what_is_no_picture_is_refused(data):
    assert code_of(data) == "picture-unreadable"


def test_a_heavy_file_is_refused_unread():
    assert code_of(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_BYTES)) == "picture-large"


@pytest.mark.parametrize("colour", ["white", "#f4f4f0"])
def test_an_empty_sheet_is_no_signature(colour):
    assert code_of(written(Image.new("RGB", (900, 400), colour))) == "picture-empty"
    assert code_of(written(Image.new("RGBA", (900, 400), (0, 0, 0, 0)))) == "picture-empty"
