"""The last look before a paper leaves this room: nothing in it may act, hide or surprise.

Shadow attacks prepare a file before it is signed (optional content, scripts, open fields,
hidden files). A paper that has none of these cannot be prepared.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pikepdf

from app.domain.errors import RenderingFailed

ALLOWED_FILE = "agreement.json"
DEEPEST_FIELD = 4  # initials.<role>.<family>
_ACTING_KEYS = ("/AA", "/JS", "/JavaScript", "/OpenAction", "/XFA", "/RichMediaContent", "/OC")
_FORBIDDEN_CATALOG = ("/OCProperties", "/OpenAction", "/AA", "/Collection", "/URI", "/NeedsRendering")
_FORBIDDEN_FORM = ("/XFA", "/NeedAppearances", "/DR", "/CO")
_FORBIDDEN_TYPES = frozenset({"/OCG", "/OCMD", "/Action"})
_ACTIONS = frozenset(
    {
        "/GoToE",
        "/GoToR",
        "/Hide",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Named",
        "/Rendition",
        "/ResetForm",
        "/SetOCGState",
        "/SubmitForm",
        "/URI",
    }
)
_ALLOWED_ANNOTATIONS = frozenset({"/Widget", "/Link"})


def assert_clean_paper(
    pdf: bytes,
    *,
    fields: frozenset[str] | None = None,
    filled: frozenset[str] = frozenset(),
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Refuse a paper with anything but text, declared fields and agreement.json.

    fields: the fully qualified names that must be there, no more and no fewer; None: any.
    filled: those of them that have a value, as the seal has in a certified file.
    files: exactly the embedded files with their contents; None: agreement.json or none.
    Raises RenderingFailed `paper-unclean` that names everything found.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            faults = list(_faults(document, fields, filled, files))
    except pikepdf.PdfError as error:
        raise RenderingFailed(
            "paper-unclean", f"The PDF cannot be read: {error}.", "Report this as a defect."
        ) from error
    if faults:
        raise RenderingFailed(
            "paper-unclean",
            f"The PDF has what a paper must not have: {'; '.join(faults)}.",
            "Nothing was kept. Report this as a defect.",
        )


def field_names(document: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """The terminal fields with their fully qualified names."""
    form = document.Root.get("/AcroForm", pikepdf.Dictionary())
    yield from _walk_fields(form.get("/Fields", pikepdf.Array()), "", 0)


def _walk_fields(
    fields: pikepdf.Object, prefix: str, depth: int
) -> Iterator[tuple[str, pikepdf.Object]]:
    if depth > DEEPEST_FIELD:
        raise RenderingFailed(
            "paper-unclean", "Form fields are nested too deeply.", "Report this as a defect."
        )
    for field in fields:
        name = prefix + str(field.get("/T", ""))
        if "/Kids" in field:
            yield from _walk_fields(field.Kids, f"{name}.", depth + 1)
        else:
            yield name, field


def _faults(
    document: pikepdf.Pdf,
    fields: frozenset[str] | None,
    filled: frozenset[str],
    files: Mapping[str, bytes] | None,
) -> Iterator[str]:
    root = document.Root
    if document.is_encrypted:
        yield "encryption"
    yield from (f"{key} in the catalog" for key in _FORBIDDEN_CATALOG if key in root)
    form = root.get("/AcroForm", pikepdf.Dictionary())
    yield from (f"{key} in the form" for key in _FORBIDDEN_FORM if key in form)
    yield from _field_faults(document, fields, filled)
    yield from _file_faults(document, files)
    for number, page in enumerate(document.pages, start=1):
        yield from (f"{fault} on page {number}" for fault in _page_faults(page.obj))
    for item in document.objects:
        yield from _object_faults(item)


def _field_faults(
    document: pikepdf.Pdf, declared: frozenset[str] | None, filled: frozenset[str]
) -> Iterator[str]:
    names = [name for name, _ in field_names(document)]
    if len(names) != len(set(names)):
        yield "two fields of one name"
    if declared is not None:
        yield from (f"undeclared field {name!r}" for name in sorted(set(names) - declared))
        yield from (f"missing field {name!r}" for name in sorted(declared - set(names)))
    for name, field in field_names(document):
        if field.get("/FT") not in ("/Sig", "/Tx"):
            yield f"field {name!r} of another kind"
        elif ("/V" in field) != (name in filled):
            yield f"field {name!r} is {'not ' if name in filled else ''}filled"
        elif field.FT == "/Tx" and not int(field.get("/Ff", 0)) & 1:
            yield f"field {name!r} can be filled by anybody"


def _file_faults(document: pikepdf.Pdf, declared: Mapping[str, bytes] | None) -> Iterator[str]:
    for name, embedded in document.attachments.items():
        if name != ALLOWED_FILE or (declared is not None and name not in declared):
            yield f"embedded file {name!r}"
        elif declared is not None and embedded.get_file().read_bytes() != declared[name]:
            yield f"other content in the embedded file {name!r}"
        # ISO 19005-3, 6.8: every embedded file says how it relates to the document that names it.
        if embedded.obj.get("/AFRelationship") != "/Data" or embedded.obj not in _associated(document):
            yield f"embedded file {name!r} without its relationship"
    for name in declared or {}:
        if name not in document.attachments:
            yield f"missing embedded file {name!r}"
    specifications = sum(
        1 for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/EF" in item
    )
    if specifications > len(document.attachments):
        yield "an embedded file that no list names"


def _associated(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    return list(document.Root.get("/AF", pikepdf.Array()))


def _page_faults(page: pikepdf.Object) -> Iterator[str]:
    if "/AA" in page:
        yield "an action"
    for annotation in page.get("/Annots", pikepdf.Array()):
        if annotation.get("/Subtype") not in _ALLOWED_ANNOTATIONS:
            yield f"annotation {annotation.get('/Subtype')}"
        if "/A" in annotation:
            yield "an annotation with an action"
        if int(annotation.get("/F", 0)) != 4:
            yield "an annotation that is hidden or does not print"


def _object_faults(item: pikepdf.Object) -> Iterator[str]:
    """Faults of one indirect object and of all that lies directly in it."""
    for part in _with_direct_parts(item):
        yield from (f"{key} in an object" for key in _ACTING_KEYS if key in part)
        if isinstance(part, pikepdf.Stream) and ("/F" in part or part.get("/Subtype") == "/PS"):
            yield "a stream with content from outside or a program"
        if part.get("/Type") in _FORBIDDEN_TYPES:
            yield f"an object of type {part.Type}"
        if part.get("/S") in _ACTIONS:
            yield f"an action {part.S}"


def _with_direct_parts(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The dictionaries and streams of an indirect object; what it refers to has its own turn."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            values = [value for _, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            values = list(part)
        else:
            continue
        waiting += [
            value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect
        ]
