"""One clause file from text to `Clause`, with every fault of the file as a finding."""

from __future__ import annotations

from pathlib import PurePosixPath

from app.domain.clause import Clause, Jurisdictions, ParameterType, Position
from app.domain.digest import digest_of, digest_of_tree
from app.domain.finding import Finding
from app.library.body import Body, parse_body
from app.library.clause_checks import check_clause
from app.library.findings import FindingList
from app.library.front_matter import FrontMatter, SplitFile, read_front_matter, split_file
from app.library.source_text import check_source
from app.library.summary import parse_summary

# A new note or a better provenance is no other text, so a sign-off survives it.
OUTSIDE_DIGEST = frozenset({"lawyer_notes", "provenance", "version"})


def parse_clause(text: str, path: str) -> tuple[Clause | None, tuple[Finding, ...]]:
    """Parse the text of a clause file; `path` ends in `<family>/<position>.md`.

    Returns the clause, or None if the file has an error, and all findings by line. Never
    raises on the text, whatever it is.
    """
    findings = FindingList(path)
    clause = _parse(text, path, findings)
    found = findings.sorted_by_line()
    return (None if found else clause), found


def _parse(text: str, path: str, findings: FindingList) -> Clause | None:
    if not check_source(text, findings):
        return None
    parts = split_file(text, findings)
    if parts is None:
        return None
    front = read_front_matter(parts.front_matter, findings)
    if front is None:
        parse_body(parts.body, parts.body_line, (), findings)
        return None
    _check_identity(front, path, findings)
    tables = {name for name, value in front.parameters.items() if value.type is ParameterType.TABLE}
    body = parse_body(parts.body, parts.body_line, tables, findings)
    if front.file.position not in tuple(Position):
        return None
    clause = _build(front, body, parts, text, path, findings)
    check_clause(clause, front, findings)
    return clause


def _check_identity(front: FrontMatter, path: str, findings: FindingList) -> None:
    file = front.file
    place = PurePosixPath(path)
    expected = f"{place.parent.name}.{place.stem}"
    known = file.position in tuple(Position)  # an unknown one has its own finding
    if file.id != expected or file.family != place.parent.name or (known and file.position != place.stem):
        findings.error(
            "id-mismatch",
            front.lines.line_of("id"),
            f"The id {file.id!r}, family {file.family!r}, position {file.position!r} and place do not agree.",
            f"The file's place asks for {expected!r}.",
            file.id,
        )


def _build(
    front: FrontMatter, body: Body, parts: SplitFile, text: str, path: str, findings: FindingList
) -> Clause:
    file = front.file
    places = file.jurisdictions
    # A text in triple quotes begins on the line after its key.
    summary_line = front.lines.line_of("summary") + parts.front_matter.count('summary = """\n', 0)
    return Clause(
        id=file.id,
        family=file.family,
        position=Position(file.position),
        version=file.version,
        category=file.category,
        title=body.title,
        fallback_to=file.fallback_to,
        addresses=tuple(file.addresses),
        requires=tuple(file.requires),
        conflicts=tuple(file.conflicts),
        initials=file.initials,
        mandatory=file.mandatory,
        prominent=file.prominent,
        cites=tuple(file.cites),
        jurisdictions=Jurisdictions(tuple(places.fits), tuple(places.review), tuple(places.excluded)),
        summary=parse_summary(file.summary, summary_line, findings),
        lawyer_notes=file.lawyer_notes,
        provenance=dict(file.provenance),
        terms={term: tuple(forms) for term, forms in file.terms.items()},
        parameters=front.parameters,
        conditions=front.conditions,
        blocks=body.blocks,
        schedules=body.schedules,
        digest=clause_digest(front, parts.body),
        source=text,
        path=path,
    )


def clause_digest(front: FrontMatter, body: str) -> str:
    """The identity of a clause version: what is printed or decides what is printed."""
    kept = {key: value for key, value in front.data.items() if key not in OUTSIDE_DIGEST}
    # TOML that passed its checks holds what the faster way takes, but for keys in other letters.
    digest = digest_of_tree if _has_ascii_keys(kept) else digest_of
    return digest({"body": body, "front_matter": kept})


def _has_ascii_keys(value: object) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() and _has_ascii_keys(item) for key, item in value.items())
    return not isinstance(value, list) or all(_has_ascii_keys(item) for item in value)
