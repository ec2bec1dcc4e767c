"""The library as it lies in files: read once, and again when asked to."""

from __future__ import annotations

import threading
from pathlib import Path

from app.domain.contract_template import Library
from app.domain.errors import NotFound
from app.library.loading import load_library

WORD_FRAME = "paper.docx"


class FileLibrary:
    """Holds the loaded library. Safe for several threads."""

    def __init__(self, clauses: Path, contract_templates: Path) -> None:
        self._clauses = clauses
        self._contract_templates = contract_templates
        self._lock = threading.Lock()
        self._loaded: Library | None = None

    def library(self) -> Library:
        """The library, loaded at the first call. Raises LibraryBroken; nothing is loaded half."""
        with self._lock:
            if self._loaded is None:
                self._loaded = load_library(self._clauses, self._contract_templates)
            return self._loaded

    def reload(self) -> Library:
        """Read the files again. If they are broken, the library loaded before stays in use."""
        fresh = load_library(self._clauses, self._contract_templates)
        with self._lock:
            self._loaded = fresh
        return fresh

    def word_frame(self, contract_template: str) -> bytes:
        """The docxtpl frame of a contract template. Raises NotFound."""
        if contract_template not in self.library().contract_templates:
            raise NotFound(
                "contract-template-not-found",
                f"There is no contract template \u201c{contract_template}\u201d.",
                "Choose one from the list.",
            )
        return (self._contract_templates / contract_template / WORD_FRAME).read_bytes()
