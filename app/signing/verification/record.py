"""A record (ZIP): is it complete, is every file the listed one, and what do its PDFs say?

The list of digests, `manifest.json`, is `{"files": {"signed.pdf": "<sha256 hex>", ...}}` or
has an object with "sha256" per file; it names every file but itself. CA certificates in
the record give no trust: whoever makes a record chooses them.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.verification import FileReport, Integrity, SignatureReport, Trust, Verdict
from app.signing.verification.report import judge_pdf, unreadable
from app.signing.verification.trust import TrustList

_LOG = logging.getLogger(__name__)
MAGIC = b"PK\x03\x04"
MANIFEST = "manifest.json"
SIGNED = "signed.pdf"
COMPLETION = "certificate_of_completion.pdf"
_MOST_FILES = 200
_MOST_BYTES = 100 * 1024 * 1024  # all files together, unpacked
_MOST_EXPANSION = 200  # unpacked size by packed size, of a file over 1 MB
_SMALL = 1024 * 1024

_WORST_VERDICT = (Verdict.RED, Verdict.UNREADABLE, Verdict.UNSIGNED, Verdict.AMBER, Verdict.GREEN)
_WORST_INTEGRITY = (
    Integrity.BROKEN,
    Integrity.UNREADABLE,
    Integrity.UNSIGNED,
    Integrity.PERMITTED_CHANGES,
    Integrity.INTACT,
)
_WORST_TRUST = (Trust.UNTRUSTED, Trust.NOT_EVALUATED, Trust.TRUSTED)


class _NotARecord(ValueError):
    """The message says why."""


def verify_record(data: bytes, name: str, trust_list: TrustList, at: datetime) -> FileReport:
    """One report for the whole record; those of its PDFs are in its signatures and reasons."""
    try:
        files = _unpack(data)
        listed = _read_manifest(files)
    except _NotARecord as reason:
        return unreadable(name, data, str(reason))
    except Exception as error:  # noqa: BLE001  # a damaged ZIP makes zipfile and zlib raise many things
        _LOG.info("the record %s could not be unpacked: %r", name, error)
        return unreadable(name, data, "The ZIP file is damaged or of a kind that cannot be read.")
    problems = list(_differences(files, listed))
    reports = [judge_pdf(files[each], each, trust_list, at) for each in (SIGNED, COMPLETION) if each in files]
    return _combine(name, data, problems, reports, len(listed))


def _unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_entries(entries)
        files: dict[str, bytes] = {}
        room = _MOST_BYTES
        for entry in entries:
            with archive.open(entry) as stream:
                content = stream.read(room + 1)
            room -= len(content)
            if room < 0:
                raise _NotARecord("The ZIP file unpacks to more than a record may hold.")
            files[entry.filename] = content
    return files


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise _NotARecord("The ZIP file unpacks to more than a record may hold.")
    if len(set(names)) < len(names):
        raise _NotARecord("The ZIP file holds two files of the same name; which one counts cannot be told.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise _NotARecord("The ZIP file is locked with a password.")
        if entry.file_size > _SMALL and entry.file_size > _MOST_EXPANSION * entry.compress_size:
            raise _NotARecord("The ZIP file unpacks to more than a record may hold.")


def _read_manifest(files: Mapping[str, bytes]) -> dict[str, str]:
    if MANIFEST not in files:
        raise _NotARecord("This ZIP file is not a record: it holds no manifest.json.")
    try:
        listed = json.loads(files[MANIFEST])["files"]
        digests = {str(name): _digest_of(entry) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _NotARecord("The list of files in this record, manifest.json, cannot be read.") from error
    return digests


def _digest_of(entry: object) -> str:
    digest = entry["sha256"] if isinstance(entry, dict) else entry
    if not isinstance(digest, str):
        raise TypeError("no digest")
    return digest.lower()


def _differences(files: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name, digest in sorted(listed.items()):
        if name not in files:
            yield f"The record lacks {name}, which its list of files names."
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name} is not the file that was put into the record."
    for name in sorted(set(files) - set(listed) - {MANIFEST}):
        yield f"The record holds {name}, which its list of files does not name."
    for name in (SIGNED, COMPLETION):
        if name not in files and name not in listed:
            yield f"The record lacks {name}."


def _combine(
    name: str, data: bytes, problems: list[str], reports: list[FileReport], listed: int
) -> FileReport:
    verdicts = [report.verdict for report in reports] + [Verdict.RED] * bool(problems)
    integrities = [report.integrity for report in reports] + [Integrity.BROKEN] * bool(problems)
    trusts = [report.trust for report in reports] or [Trust.NOT_EVALUATED]
    reasons = problems or [f"All {listed} files are the ones that the record's own list names."]
    for report in reports:
        reasons.extend(f"{report.file}: {report.verdict}. {reason}" for reason in report.reasons)
    signed = next((report.signed_by for report in reports if report.file == SIGNED), "0 of 0 fields")
    return FileReport(
        file=name,
        verdict=min(verdicts, key=_WORST_VERDICT.index),
        integrity=min(integrities, key=_WORST_INTEGRITY.index),
        trust=min(trusts, key=_WORST_TRUST.index),
        signed_by=signed,
        signatures=tuple(each for report in reports for each in _placed(report)),
        reasons=tuple(reasons),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _placed(report: FileReport) -> Iterator[SignatureReport]:
    for signature in report.signatures:
        named = signature.field if report.file == SIGNED else f"{report.file}: {signature.field}"
        yield replace(signature, field=named)
