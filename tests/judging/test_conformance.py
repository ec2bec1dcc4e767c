"""PDF/A-3a and PDF/UA-1 by veraPDF: of every kind of paper, and in every state of a signed file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf
import pypdfium2
import pytest

from tests.demo.finished import Demo
from tests.judging.conftest import Files
from tests.judging.java_judges import needs_verapdf, verapdf
from tests.rendering.papers import certificate, draft, letter_paper, paper, structure

PASSED = {"3a": "PASS", "ua1": "PASS"}
PAPERS: dict[str, Callable[[], bytes]] = {
    "agreement": paper,
    "other-scripts": lambda: paper("other-scripts"),
    "sectioned": lambda: paper("sectioned"),
    "va-nda": lambda: paper("va-nda"),
    "draft": draft,
    "letter-logo-watermark": letter_paper,
    "letter-draft": lambda: letter_paper(draft=True),
    "certificate": certificate,
}
STAGES = ("fresh", "certified", "partly", "signed", "archived")
OF_DEMO = ("agreement", "signed", "certificate_of_completion")
SIGNERS = (1, 2, 5, 10)


@pytest.fixture(scope="module")
def judged(files: Files, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """One run of veraPDF over everything."""
    asked = {f"paper-{name}": make() for name, make in PAPERS.items()}
    asked |= {f"stage-{name}": file for name, file in files.chain(2).stages().items()}
    asked |= {f"archived-{count}": files.chain(count).archived for count in SIGNERS}
    asked |= {f"demo-{name}": demo.read(f"{name}.pdf") for name in OF_DEMO}
    asked |= {"sealed-certificate": files.certificate(), "broken": without_marking(paper("small"))}
    return verapdf(asked, tmp_path_factory.mktemp("verapdf"))


def without_marking(pdf: bytes) -> bytes:
    """No longer said to be tagged, which both standards ask for."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.Root.MarkInfo
        opened.save(output)
    return output.getvalue()


@needs_verapdf()
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_conforms(name: str, judged: dict[str, dict[str, str]]) -> None:
    assert judged[f"paper-{name}"] == PASSED


@needs_verapdf()
@pytest.mark.parametrize("stage", STAGES)
def test_a_file_with_initials_conforms_in_every_state(stage: str, judged: dict[str, dict[str, str]]) -> None:
    assert judged[f"stage-{stage}"] == PASSED


@needs_verapdf()
@pytest.mark.parametrize("count", SIGNERS)
def test_an_archived_file_conforms_with_any_number_of_signers(
    count: int, judged: dict[str, dict[str, str]]
) -> None:
    assert judged[f"archived-{count}"] == PASSED


@needs_verapdf()
@pytest.mark.parametrize("name", OF_DEMO)
def test_the_files_of_the_demo_conform(name: str, judged: dict[str, dict[str, str]]) -> None:
    assert judged[f"demo-{name}"] == PASSED


@needs_verapdf()
def test_the_sealed_certificate_of_completion_conforms(judged: dict[str, dict[str, str]]) -> None:
    assert judged["sealed-certificate"] == PASSED


@needs_verapdf()
def test_the_judge_can_say_no(judged: dict[str, dict[str, str]]) -> None:
    assert set(judged["broken"]) == set(PASSED)
    assert all(verdict.startswith("FAIL") for verdict in judged["broken"].values())


def test_text_and_tags_survive_every_update(files: Files) -> None:
    stages = files.chain(2).stages()
    expected = text_of(stages["fresh"]), tags_of(stages["fresh"])
    assert len(expected[0]) > 1
    assert len(expected[1]) > 100
    for name, file in stages.items():
        assert (text_of(file), tags_of(file)) == expected, name


def test_the_paper_is_a4_in_every_state(files: Files) -> None:
    for name, file in files.chain(2).stages().items():
        sizes = {page.get_size() for page in pypdfium2.PdfDocument(file)}
        assert {(round(width), round(height)) for width, height in sizes} == {(595, 842)}, name


def text_of(file: bytes) -> list[str]:
    """What the pages themselves say, without the appearances of fields."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]


def tags_of(file: bytes) -> list[tuple[str, str]]:
    """The kinds of all elements of the structure tree with their alternative texts, in its order."""

    def described() -> Iterator[tuple[str, str]]:
        with pikepdf.open(io.BytesIO(file)) as opened:
            for element in structure(opened):
                yield str(element.S), str(element.get("/Alt", "")) + str(element.get("/ActualText", ""))

    return list(described())
