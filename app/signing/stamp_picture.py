"""A drawn or uploaded signature as an opaque image: flattened on white, no larger than it prints."""

from __future__ import annotations

import warnings
import zlib
from io import BytesIO

from PIL import Image
from pyhanko.pdf_utils import generic

from app.domain.errors import InvalidInput
from app.signing.pdf_object import array, dictionary, integer, name, stream
from app.signing.writer import RevisionWriter

END_OF_PNG = b"IEND\xaeB`\x82"
LARGEST_SIDE = 4000  # pixels that are accepted
PRINTED_SIDE = (900, 300)  # pixels that are kept: more than 300 dpi in the field
COLOURS = 64


def add_picture(
    writer: RevisionWriter,
    resources: generic.DictionaryObject,
    x: float,
    y: float,
    width: float,
    height: float,
    picture: bytes,
) -> bytes:
    """Add the PNG `picture` and draw it as large as it fits, left aligned on the box's floor.

    Raises InvalidInput if it is no PNG, too large or damaged.
    """
    image = _flatten(picture)
    scale = min(width / image.width, height / image.height)
    reference = writer.add_object(_image_object(image))
    resources[name("XObject")] = dictionary({"Signature": reference})
    matrix = (image.width * scale, image.height * scale, x, y)
    return b"q %.3f 0 0 %.3f %.2f %.2f cm /Signature Do Q\n" % matrix


def _flatten(picture: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if not picture.endswith(END_OF_PNG):  # Pillow can be set to fill up what is missing
                raise ValueError("it is not a whole PNG file")
            image = Image.open(BytesIO(picture), formats=("PNG",))
            if max(image.size) > LARGEST_SIDE:
                raise ValueError(f"it is larger than {LARGEST_SIDE} pixels")
            layers = image.convert("RGBA")
    except Exception as error:
        raise InvalidInput(
            "signature_picture",
            f"The picture of the signature cannot be used: {error}.",
            "Draw the signature again, or upload it as a PNG file.",
        ) from error
    layers.thumbnail(PRINTED_SIDE)
    flat = Image.new("RGB", layers.size, "white")
    flat.paste(layers, mask=layers.getchannel("A"))
    return flat.quantize(COLOURS)


def _image_object(image: Image.Image) -> generic.StreamObject:
    """An indexed image XObject (ISO 32000-1, 8.9.5), without mask and interpolation."""
    palette = bytes(image.getpalette("RGB") or b"")
    table = generic.ByteStringObject(palette)
    space = array((name("Indexed"), name("DeviceRGB"), integer(len(palette) // 3 - 1), table))
    entries: dict[str, generic.PdfObject] = {
        "Type": name("XObject"),
        "Subtype": name("Image"),
        "Width": integer(image.width),
        "Height": integer(image.height),
        "BitsPerComponent": integer(8),
        "ColorSpace": space,
        "Filter": name("FlateDecode"),
    }
    return stream(entries, zlib.compress(image.tobytes()))
