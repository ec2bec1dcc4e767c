"""The versions of a clause that were ever taken in, and what changed between any two of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.clause import Clause
from app.domain.errors import NotFound
from app.domain.redline import Redline, WordCount, compare_blocks, count_words
from app.domain.typography import typographic
from app.toolkit import UnitOfWork

_FENCE = "+++\n"
# Notes and provenance say nothing that is printed and are no part of the digest.
_PRINTED = re.compile(r"(?ms)^(?:lawyer_notes = \"\"\".*?^\"\"\"\n|provenance = .*?\n|version = .*?\n)")
_MARKS = (
    (re.compile(r"\[\[([^\]]+)\]\]"), r"\1"),
    (re.compile(r"\*\*\"([^\"]+)\"\*\*"), "\u201c\\1\u201d"),
    (re.compile(r"\{\{([^}]+)\}\}"), r"[\1]"),
    (re.compile(r"\{ref:this\}"), "this clause"),
    (re.compile(r"\{ref:#([^}]+)\}"), "[the paragraph \u201c\\1\u201d]"),
    (re.compile(r"\{refs?:([^}]+)\}"), r"[clause \1]"),
    (re.compile(r"\{(when|unless)=([^}]+)\}"), r"(\1 \2)"),
    (re.compile(r"\{#[^}]+\}"), ""),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version known to the database. number: as its front matter says it."""

    digest: str
    number: str
    current: bool


@dataclass(frozen=True, slots=True)
class VersionRedline:
    """What changed from one version to another, in the words and in the settings of the file."""

    before: Version
    after: Version
    words: tuple[Redline, ...]
    settings: tuple[Redline, ...]  # only the lines that differ
    count: WordCount


def list_versions(unit: UnitOfWork, clause: Clause) -> tuple[Version, ...]:
    """Oldest first."""
    return tuple(
        Version(digest, _number(unit.clause_versions.source(digest)), digest == clause.digest)
        for digest in unit.clause_versions.digests_of(clause.id)
    )


def compare_versions(
    unit: UnitOfWork, versions: Sequence[Version], before: str, after: str
) -> VersionRedline:
    """Raises NotFound for a digest that is none of `versions`."""
    known = {version.digest: version for version in versions}
    if before not in known or after not in known:
        raise NotFound(
            "clause-version-not-found",
            "One of the two versions is not among those of this clause.",
            "Choose both from the list.",
        )
    old, new = (_split(unit.clause_versions.source(digest)) for digest in (before, after))
    words = compare_blocks(old[1], new[1])
    settings = tuple(line for line in compare_blocks(old[0], new[0]) if not count_words([line]).nothing)
    return VersionRedline(known[before], known[after], words, settings, count_words(words))


def _split(source: str) -> tuple[list[str], list[str]]:
    """The lines of the front matter that the digest covers, and the paragraphs of the body, readable."""
    _, front, body = source.split(_FENCE, 2)
    lines = [line for line in _PRINTED.sub("", front).splitlines() if line.strip()]
    paragraphs = [" ".join(_readable(part).split()) for part in re.split(r"\n\s*\n", body)]
    return lines, [paragraph.lstrip("# ") for paragraph in paragraphs if paragraph]


def _readable(text: str) -> str:
    for pattern, printed in _MARKS:
        text = pattern.sub(printed, text)
    return typographic(text)


def _number(source: str) -> str:
    return str(tomllib.loads(source.split(_FENCE, 2)[1]).get("version", ""))
