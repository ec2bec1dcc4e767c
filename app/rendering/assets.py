"""The files that lie beside the paper, and the fetcher that gives WeasyPrint nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PAPER = Path(__file__).parent / "paper"
FONTS = PAPER / "fonts"

SCHEME = "paper:"
_MIME_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class BundledAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Answers `paper:name` with a file of the paper folder and refuses every other address.

    made: files that were made for this one paper (a logo, a watermark), by name; they come first.
    No handler of the network or of local files is ever reached: `fetch` and `open` are the
    only ways in (WeasyPrint 70, `weasyprint.urls.fetch`).
    """

    def __init__(self, *, made: Mapping[str, bytes] | None = None, fail_on_errors: bool = False) -> None:
        super().__init__(fail_on_errors=fail_on_errors)
        self._made = dict(made or {})

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The file that `url` names. Raises FatalURLFetchingError for anything else."""
        name = url.removeprefix(SCHEME)
        asset = PAPER / name
        if not url.startswith(SCHEME) or asset.parent != PAPER or asset.suffix not in _MIME_TYPES:
            raise FatalURLFetchingError(f"the paper uses bundled files only, not {url[:200]!r}")
        content = self._made[name] if name in self._made else asset.read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": _MIME_TYPES[asset.suffix]})

    def open(self, url: object, data: object = None, timeout: object = None) -> URLFetcherResponse:
        return self.fetch(str(getattr(url, "full_url", url)))
