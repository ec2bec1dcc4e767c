"""Conformance by veraPDF, where it is at hand in `.tools/verapdf/` (jar files; git-ignored)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rendering.papers import certificate, draft, paper

JARS = Path(__file__).resolve().parents[2] / ".tools" / "verapdf"
PAPERS = {
    "agreement": paper,
    "other-scripts": lambda: paper("other-scripts"),
    "sectioned": lambda: paper("sectioned"),
    "draft": draft,
    "certificate": certificate,
}

pytestmark = pytest.mark.skipif(
    not list(JARS.glob("greenfield-apps-*.jar")) or shutil.which("java") is None,
    reason=f"{len(PAPERS)} papers under 2 profiles not judged: no veraPDF in .tools/verapdf/, or no java",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verapdf")
    for name, make in PAPERS.items():
        (folder / f"{name}.pdf").write_bytes(make())
    broken = paper("small").replace(b'pdfaid:conformance="A"', b'pdfaid:conformance="X"')
    (folder / "broken.pdf").write_bytes(broken.replace(b"<pdfuaid:part>1<", b"<pdfuaid:part>7<"))
    return folder


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_every_paper_conforms_and_a_broken_one_does_not(flavour: str, folder: Path) -> None:
    files = sorted(str(path) for path in folder.glob("*.pdf"))
    main = "org.verapdf.apps.GreenfieldCliWrapper"
    ran = subprocess.run(
        ["java", "-cp", f"{JARS}/*", main, "--flavour", flavour, "--format", "text", "-v", *files],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    verdicts = {
        name: verdict
        for verdict, name in re.findall(r"^(PASS|FAIL) .*?([\w-]+)\.pdf", ran.stdout, flags=re.MULTILINE)
    }
    assert verdicts == {**dict.fromkeys(PAPERS, "PASS"), "broken": "FAIL"}, ran.stdout
