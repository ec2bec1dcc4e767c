"""The frame of the Word paper: a docxtpl template, filled in where it can do nothing but print.

docxtpl runs whatever Jinja a file contains. Here every part of the file is read by a small
allow-list of Jinja's grammar and rendered in its sandbox; the values are plain strings; and
files with macros, embedded objects or outside links are refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import docx.opc.exceptions
from docx.document import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.errors import RenderingFailed

FrameValues: TypeAlias = Mapping[str, str | Sequence[Mapping[str, str]]]

BODY_BOOKMARK = "agreement_body"
LARGEST_FRAME = 20_000_000  # bytes when unpacked
MOST_PARTS = 300
REPEATED = "signature_blocks"
_ALLOWED_NODES = frozenset(
    {
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Getattr,
        nodes.Const,
        nodes.Filter,
        nodes.For,
        nodes.If,
        nodes.Not,
        nodes.And,
        nodes.Or,
    }
)
_ALLOWED_FILTERS = frozenset({"upper", "lower", "title", "trim", "escape", "e"})
_FORBIDDEN_PARTS = ("vbaproject", "activex", "embeddings/", "oleobject", "attachedtoolbars")
_PASSIVE_LINKS = ("/hyperlink",)


class FrameEnvironment(ImmutableSandboxedEnvironment):
    """Jinja of which only printing, one loop over the signature blocks and `if` are left.

    Everything else is refused when the frame is read, before anything of it runs; the sandbox
    of Jinja stands behind that.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _ALLOWED_FILTERS}

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        tree = self.parse(source) if isinstance(source, str) else source
        _check_node(tree, inside_loop=False)
        return super().compile(tree, *args, **kwargs)


def _check_node(node: nodes.Node, *, inside_loop: bool) -> None:
    if type(node) not in _ALLOWED_NODES:
        raise SecurityError(f"line {node.lineno}: a frame cannot use {type(node).__name__.lower()}")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise SecurityError(f"line {node.lineno}: a frame cannot read {node.attr!r}")
    is_loop = isinstance(node, nodes.For)
    if isinstance(node, nodes.For):
        blocks = isinstance(node.iter, nodes.Name) and node.iter.name == REPEATED
        if inside_loop or not blocks or node.recursive:
            raise SecurityError(f"line {node.lineno}: a frame loops over {REPEATED} only, once")
    for child in node.iter_child_nodes():
        _check_node(child, inside_loop=inside_loop or is_loop)


def fill_frame(frame: bytes, values: FrameValues) -> Document:
    """Fill in headers, footers, notes and text. Raises RenderingFailed `frame-unusable`."""
    check_frame(frame)
    try:
        template = DocxTemplate(io.BytesIO(frame))
        template.render(dict(values), jinja_env=FrameEnvironment(), autoescape=True)
        out = io.BytesIO()
        template.save(out)
        return _open(out.getvalue())
    except (TemplateError, docx.opc.exceptions.OpcError, zipfile.BadZipFile) as error:
        raise _unusable(f"{type(error).__name__}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        # What docxtpl and lxml raise for XML that a hostile or damaged frame breaks.
        raise _unusable(f"it is damaged ({type(error).__name__})") from error


def check_frame(frame: bytes) -> None:
    """Refuse what a letterhead does not need. Raises RenderingFailed `frame-unusable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(frame)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_FRAME:
                raise _unusable("it is too large")
            for part in parts:
                _check_part(part.filename.lower(), package)
            for name in (part.filename for part in parts if part.filename.endswith((".xml", ".rels"))):
                _check_xml(name, package.read(name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _unusable("it is no Word file") from error


def _check_part(name: str, package: zipfile.ZipFile) -> None:
    if any(word in name for word in _FORBIDDEN_PARTS):
        raise _unusable(f"it holds {name}, which can run or hide something")
    if "[content_types].xml" not in (entry.lower() for entry in package.namelist()):
        raise _unusable("it is no Word file")


def _check_xml(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _unusable(f"{name} declares entities")
    if not name.endswith(".rels"):
        return
    for relationship in content.split(b"<Relationship ")[1:]:
        outside = b'TargetMode="External"' in relationship
        if outside and not any(kind.encode() in relationship for kind in _PASSIVE_LINKS):
            raise _unusable(f"{name} loads something from outside")


def _open(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def _unusable(reason: str) -> RenderingFailed:
    return RenderingFailed(
        "frame-unusable",
        f"The Word frame (paper.docx) cannot be used: {reason}.",
        "Take the shipped frame of the contract template, or correct yours.",
    )
