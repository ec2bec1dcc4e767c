"""Which outside tools the tests find here, and what happens where one is missing."""

from __future__ import annotations

import os
import shutil

import pytest

PACKAGES = {
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "certutil": "libnss3-tools",
    "mutool": "mupdf-tools",
    "qpdf": "qpdf",
    "openssl": "openssl",
    "soffice": "libreoffice-writer-nogui",
    "softhsm2-util": "softhsm2",
}


def needs_tool(*names: str) -> pytest.MarkDecorator:
    """Marks a test that asks `names`. Missing: skipped with the reason; with CI=true it fails."""
    missing = [name for name in names if shutil.which(name) is None]
    if os.environ.get("CI") == "true":
        missing = []  # the test runs and fails at the tool's call
    wanted = ", ".join(f"{name} (package {PACKAGES.get(name, name)})" for name in missing)
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {wanted}")
