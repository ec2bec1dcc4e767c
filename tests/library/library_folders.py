"""Whole small libraries in a temporary folder."""

from __future__ import annotations

from pathlib import Path

from app.domain.finding import Finding
from app.library.loading import check_library
from tests.library.clause_texts import clause_text

NAMES = 'GB = { name = "the United Kingdom", law_name = "England and Wales" }\n'


class LibraryFolders:
    """`clauses/` and `contract_templates/` below a folder, filled file by file."""

    def __init__(self, root: Path) -> None:
        self.clauses = root / "clauses"
        self.contract_templates = root / "contract_templates"
        self.write("clauses/jurisdictions/names.toml", NAMES)

    def write(self, path: str, text: str) -> Path:
        target = self.clauses.parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        return target

    def clause(
        self, id_: str, *paragraphs: str, tables: str = "", title: str = "Title", **keys: str | None
    ) -> None:
        """Write a clause file; one paragraph is a text, more of them are labelled."""
        family, _, position = id_.partition(".")
        named = {"id": f'"{id_}"', "family": f'"{family}"', "position": f'"{position}"', **keys}
        texts = paragraphs or ("Text.",)
        body = "\n\n".join(texts) if len(texts) == 1 else _labelled(texts)
        self.write(f"clauses/{family}/{position}.md", clause_text(f"# {title}\n\n{body}\n", tables, **named))

    def findings(self) -> tuple[Finding, ...]:
        return check_library(self.clauses, self.contract_templates)[1]

    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings()]


def _labelled(texts: tuple[str, ...]) -> str:
    return "\n\n".join(f"({letter}) {text}" for letter, text in zip("abcdefgh", texts, strict=False))
