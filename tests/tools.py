"""Which outside tools the tests find here, and what happens where one is missing."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable

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
# How the reasons of skipped tests begin that lack somebody else's program; the end of the run counts them.
NOT_INSTALLED = "not installed: "
NOT_JUDGED = "not judged by "


def needs_tool(*names: str) -> pytest.MarkDecorator:
    """Marks a test that asks `names`. Missing: skipped with the reason; with CI=true it fails."""
    missing = [name for name in names if shutil.which(name) is None]
    if os.environ.get("CI") == "true":
        missing = []  # the test runs and fails at the tool's call
    wanted = ", ".join(f"{name} (package {PACKAGES.get(name, name)})" for name in missing)
    return pytest.mark.skipif(bool(missing), reason=f"{NOT_INSTALLED}{wanted}")


def unasked_judges(reasons: Iterable[str]) -> str:
    """One line that counts the tests skipped because a judge or tool is missing, "" if none is.

    reasons: of all skipped tests, as pytest gives them.
    """
    said = [reason.removeprefix("Skipped: ") for reason in reasons]
    missing = Counter(reason for reason in said if reason.startswith((NOT_INSTALLED, NOT_JUDGED)))
    listed = "; ".join(f"{count} {reason}" for reason, count in sorted(missing.items()))
    return f"Tests of independent judges skipped: {missing.total()} ({listed})" if missing else ""
