"""The judges that are written in Java, each started once for many files.

veraPDF judges a file by the standards that its metadata claim: PDF/A-3a and PDF/UA-1. EU DSS, the
validator of the European Commission, judges signatures offline, under the validation policy that comes
with it, unchanged, with the roots given as the only trust anchors.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tools import NOT_JUDGED

ROOT = Path(__file__).resolve().parents[2]
VERAPDF = ROOT / ".tools" / "verapdf"
DSS = ROOT / ".tools" / "dss"
LONGEST_RUN = 240  # seconds
# The runs are short: compiling less and collecting in one thread saves a third of their time.
JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"]


def needs_verapdf() -> pytest.MarkDecorator:
    """Marks a test that asks veraPDF."""
    return _needs("veraPDF", VERAPDF)


def needs_dss() -> pytest.MarkDecorator:
    """Marks a test that asks EU DSS."""
    return _needs("EU DSS", DSS)


def _needs(name: str, folder: Path) -> pytest.MarkDecorator:
    missing = [] if shutil.which("java") else ["java"]
    if not any(folder.glob("*.jar")):
        missing.append(f".tools/{folder.name}, which ./run test fetches with Maven")
    return pytest.mark.skipif(bool(missing), reason=f"{NOT_JUDGED}{name}: no {' and no '.join(missing)}")


def verapdf(files: Mapping[str, bytes], folder: Path) -> dict[str, dict[str, str]]:
    """By file and profile ("3a", "ua1"): "PASS", or "FAIL" and the rules that were broken."""
    paths = _write(files, folder)
    main = "org.verapdf.apps.GreenfieldCliWrapper"
    options = ["-cp", f"{VERAPDF}/*", main, "--format", "text", "-v"]
    ran = _run([*JAVA, *options, *paths])
    verdicts: dict[str, dict[str, str]] = {name: {} for name in files}
    said: tuple[str, str] | None = None
    for line in ran.stdout.splitlines():
        found = re.match(r"(PASS|FAIL) .*?([^/\\]+)\.pdf (\w+)", line)
        if found is not None:
            said = found[2], found[3]
            verdicts[found[2]][found[3]] = found[1]
        elif said is not None:
            verdicts[said[0]][said[1]] += f" {line.strip()}"
    assert any(verdicts.values()), ran.stdout + ran.stderr
    return verdicts


@dataclass(frozen=True)
class Finding:
    """What EU DSS says of one signature or timestamp. name: the field, or the kind of timestamp."""

    name: str
    indication: str
    subindication: str
    level: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Opinion:
    """What EU DSS says of one file; error: why it could not read it, or ""."""

    signatures: tuple[Finding, ...]
    timestamps: tuple[Finding, ...]
    error: str

    def passed(self) -> list[str]:
        """The fields whose signatures are TOTAL-PASSED; others with what was said of them."""
        return [
            one.name if one.indication == "TOTAL-PASSED" else f"{one.name}: {one}" for one in self.signatures
        ]


def dss(files: Mapping[str, bytes], roots: Sequence[bytes], folder: Path) -> dict[str, Opinion]:
    """By file: the signatures and timestamps that DSS found, and what it says of them. roots: PEM."""
    trusted = [folder / f"root-{number}.pem" for number in range(len(roots))]
    for path, root in zip(trusted, roots, strict=True):
        path.write_bytes(root)
    judge = str(Path(__file__).with_name("DssJudge.java"))
    ran = _run([*JAVA, "-cp", f"{DSS}/*", judge, *map(str, trusted), *_write(files, folder)])
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(answers) == len(files), ran.stderr
    return {
        answer["file"].removesuffix(".pdf"): Opinion(
            tuple(_finding(one) for one in answer.get("signatures", ())),
            tuple(_finding(one) for one in answer.get("timestamps", ())),
            answer.get("error", ""),
        )
        for answer in answers
    }


def _finding(said: dict[str, object]) -> Finding:
    texts = {key: str(said.get(key, "")) for key in ("indication", "subindication", "level")}
    errors, warnings = (tuple(said[key]) for key in ("errors", "warnings"))  # type: ignore[call-overload]
    return Finding(str(said["field"]), **texts, errors=errors, warnings=warnings)


def _write(files: Mapping[str, bytes], folder: Path) -> list[str]:
    paths = [folder / f"{name}.pdf" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    return [str(path) for path in paths]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN, check=False)
