"""The files that lie beside the paper, and the fetcher that gives WeasyPrint nothing else."""

from __future__ import annotations

from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PAPER = Path(__file__).parent / "paper"
FONTS = PAPER / "fonts"

SCHEME = "paper:"
_MIME_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}


class BundledAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Answers `paper:name` with a file of the paper folder and refuses every other address.

    No handler of the network or of local files is ever reached: `fetch` and `open` are the
    only ways in (WeasyPrint 70, `weasyprint.urls.fetch`).
    """

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bundled file that `url` names. Raises FatalURLFetchingError for anything else."""
        name = url.removeprefix(SCHEME)
        asset = PAPER / name
        if not url.startswith(SCHEME) or asset.parent != PAPER or asset.suffix not in _MIME_TYPES:
            raise FatalURLFetchingError(f"the paper uses bundled files only, not {url[:200]!r}")
        mime_type = _MIME_TYPES[asset.suffix]
        return URLFetcherResponse(url, asset.read_bytes(), {"Content-Type": mime_type})

    def open(self, url: object, data: object = None, timeout: object = None) -> URLFetcherResponse:
        return self.fetch(str(getattr(url, "full_url", url)))
