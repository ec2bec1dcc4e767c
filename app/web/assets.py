"""Static files: named with the digest of their content, kept for a year, text sent compressed.

Only these files are compressed, never a page: a page holds secrets beside what a stranger can
put in, and its compressed length would give them away (BREACH).
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")
YEAR = 365 * 24 * 3600
VERSION = "v"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent. compressed: its gzip form, b"" where that is no smaller."""

    data: bytes
    compressed: bytes
    media_type: str
    digest: str


def register(web: Flask) -> None:
    folders = {"static": web.static_folder, "bootstrap.static": web.blueprints["bootstrap"].static_folder}

    def make_view(folder: Path) -> Any:
        return lambda filename: serve(folder, filename)

    for endpoint, folder in folders.items():
        web.view_functions[endpoint] = make_view(Path(folder or ""))

    @web.url_defaults
    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in folders and VERSION not in values:
            asset = find_asset(Path(folders[endpoint] or ""), values["filename"])
            if asset is not None:
                values[VERSION] = asset.digest[:12]


def serve(folder: Path, filename: str) -> ResponseReturnValue:
    """The file, or 404. Asked for under its present version it may be kept for a year."""
    asset = find_asset(folder, filename)
    if asset is None:
        abort(404)
    zipped = bool(asset.compressed) and request.accept_encodings.quality("gzip") > 0
    response = Response(asset.compressed if zipped else asset.data, content_type=asset.media_type)
    if zipped:
        response.content_encoding = "gzip"
    if asset.compressed:
        response.vary.add("Accept-Encoding")
    current = request.args.get(VERSION) == asset.digest[:12]
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    response.set_etag(f"{asset.digest[:32]}{'-gzip' if zipped else ''}")
    return response.make_conditional(request)


def find_asset(folder: Path, filename: str) -> Asset | None:
    """None for what is no file below the folder."""
    path = safe_join(str(folder), filename)
    if path is None:
        return None
    try:
        changed = Path(path).stat().st_mtime_ns
        return read_asset(path, changed)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=500)
def read_asset(path: str, _changed: int) -> Asset:
    """Raises OSError. Read once for each state of the file."""
    data = Path(path).read_bytes()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    compressed = b""
    if media_type.startswith(COMPRESSIBLE):
        compressed = gzip.compress(data, compresslevel=9, mtime=0)
        if media_type.startswith("text/"):
            media_type += "; charset=utf-8"
    return Asset(
        data, compressed if len(compressed) < len(data) else b"", media_type, hashlib.sha256(data).hexdigest()
    )
