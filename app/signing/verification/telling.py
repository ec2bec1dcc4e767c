"""Words for changes that no signature allows: from pyHanko's technical reason to what a reader understands.

The technical reason itself stays in the log. Where it only names objects, the places of these
objects in the file say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.signing.verification.field_names import FieldNames

_ADDED = "a program or other contents were added to it"
_PAGES = "pages were added, removed or replaced"
_FORM = "fields of its form were altered"
_STRUCTURE = "its structure, which is read aloud, was altered"
_VALIDATION = "its validation data were altered in a way that is not allowed"
_UNEXPLAINED = "its contents were replaced or added to in a way that cannot be explained"
_KEYS = {  # entries that were added to a dictionary, or removed from it
    "/AA": _ADDED,
    "/A": _ADDED,
    "/OpenAction": _ADDED,
    "/Names": _ADDED,
    "/AF": _ADDED,
    "/XFA": _FORM,
    "/OCProperties": "layers that can be shown and hidden were added to it",
    "/Perms": "its permissions were altered",
    "/StructTreeRoot": _STRUCTURE,
    "/MarkInfo": _STRUCTURE,
    "/Outlines": "its bookmarks were changed",
    "/DSS": _VALIDATION,
    "/AcroForm": _FORM,
}
_PLACES = (  # where a replaced object stands, the first that fits
    (r"^/Root/Pages(/Kids/\d+)*/Contents", "the contents of a page were replaced"),
    (r"^/Root/Pages(/Kids/\d+)*/Resources", "fonts or pictures of a page were replaced"),
    (r"^/Root/AcroForm/Fields/.*/AP", "a field was made to look different"),
    (r"^/Root/AcroForm/Fields/.*/V", "a signature or the value of a field was replaced"),
    (r"^/Root/AcroForm", _FORM),
    (r"^/Root/Pages(/Kids/\d+)*/Annots", "annotations were added or removed"),
    (r"^/Root/Pages(/Kids/\d+)*/(?!Kids/)[A-Z]", "something that a page shows was replaced"),
    (r"^/Root/Pages", f"{_PAGES}, or a page was altered"),
    (r"^/Root/DSS", _VALIDATION),
    (r"^/Root/(Names/EmbeddedFiles|AF)", "an attached file was replaced"),
    (r"^/Root/Outlines", "its bookmarks were changed"),
    (r"^/Root/StructTreeRoot", _STRUCTURE),
)
_REASONS = (  # pyHanko's own words, the first that fits
    (r"because the form field (?P<field>.+?) is locked",
     "{field} was changed although a signature locks it"),
    (r"Value of signature field (?P<field>.+?) in revision .*existing object",
     "{field} shows a signature that belongs to another field"),
    (r"dict key /Outlines", "its bookmarks were changed"),
    (r"dict key /(OpenAction|Names)|/JavaScript", _ADDED),
    (r"certification signature", "a visible signature field was put over its contents"),
    (r"/Pages|page tree", _PAGES),
    (r"Fields? .*deleted", "fields were removed from its form"),
    (r"More form fields added", "fields were added to its form"),
    (r"Annotations|annotations", "annotations were added or removed"),
    (r"appearance", "a field was made to look different"),
    (r"Values for dict key /(Rect|MK|T|F|Ff|P|BS|I|Opt)\b", _FORM),
    (r"DSS|VRI|validation data", _VALIDATION),
    (r"was removed", "parts of it were removed"),
)  # fmt: skip


def tell(suspicion: str, places: Sequence[str], names: FieldNames) -> str:
    """The end of a sentence that begins "This file was changed after it was signed:"."""
    keys = _different_keys(suspicion)
    if keys:
        other = _UNEXPLAINED if "'/Pages'" in suspicion else _FORM
        return next((_KEYS[key] for key in keys if key in _KEYS), other)
    own = [place for place in places if not re.search(r"/Pg?$", place)]  # a page named from outside its tree
    for pattern, words in _PLACES:
        if any(re.search(pattern, place) for place in own):
            return words
    for pattern, words in _REASONS if not places else ():
        found = re.search(pattern, suspicion)
        if found:
            return words.format(**{key: names.in_words(name) for key, name in found.groupdict().items()})
    return _UNEXPLAINED


def _different_keys(suspicion: str) -> list[str]:
    """The keys that only one of two dictionaries has, where that is what pyHanko complains about."""
    found = re.match(r"Dict keys differ: \{(.*?)\} vs\. \{(.*?)\}", suspicion)
    if found is None:
        return []
    before, after = (set(re.findall(r"/[^',\s]+", keys)) for keys in found.groups())
    return sorted(before ^ after)
