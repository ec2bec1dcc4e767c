"""Fixtures of the library's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.library_folders import LibraryFolders


@pytest.fixture
def folders(tmp_path: Path) -> LibraryFolders:
    return LibraryFolders(tmp_path)
