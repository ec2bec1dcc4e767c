"""Anyone at the verify page: a good, a tampered, an unsigned and an unreadable file, on both widths."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.site import RunningSite
from tests.signing.paper import agreement
from tests.web.signed_files import SignedFiles, sign_files

PATIENCE = 20_000  # ms; the answer comes on the same page, so no navigation is waited for


@pytest.fixture(scope="module")
def files(site: RunningSite) -> SignedFiles:
    # In a thread of its own: Playwright has an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(sign_files, site.kit).result()


def check(someone: Person, site: RunningSite, path: Path) -> None:
    someone.page.goto(f"{site.url}/verify")
    someone.page.get_by_label("Signed PDF, or record").set_input_files(path)
    someone.page.get_by_role("button", name="Check the file").click()
    expect(someone.page.locator(".checked")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("name", "viewport"), [("verify-desk", DESKTOP), ("verify-phone", PHONE)])
def test_anyone_understands_the_answer(
    site: RunningSite,
    files: SignedFiles,
    person: Callable[..., Person],
    tmp_path: Path,
    name: str,
    viewport: dict[str, int],
) -> None:
    cases = {
        "good": (files.good, "All signatures are valid, the file is unchanged"),
        "tampered": (files.tampered, "This file was changed after it was signed"),
        "half signed": (files.half, "Unchanged, but not everybody has signed"),
        "unsigned": (agreement(), "This file has no signature"),
        "unreadable": (b"no pdf at all", "We could not read this file, so we cannot vouch for it"),
    }
    visitor = person(name, viewport)
    visitor.page.goto(f"{site.url}/verify")
    visitor.look("empty")
    for case, (content, title) in cases.items():
        path = tmp_path / f"LB-2026-014 {case}.pdf"
        path.write_bytes(content)
        check(visitor, site, path)
        expect(visitor.page.get_by_role("heading", level=2).first).to_have_text(title)
        visitor.look(case)


def test_a_file_is_dropped_and_an_empty_one_refused_at_once(
    site: RunningSite, files: SignedFiles, person: Callable[..., Person], tmp_path: Path
) -> None:
    visitor = person("verify-drop", DESKTOP, color_scheme="dark")
    page = visitor.page
    page.goto(f"{site.url}/verify")
    drop = """(zone, [name, size]) => {
        const held = new DataTransfer();
        held.items.add(new File([new Uint8Array(size)], name, { type: "application/pdf" }));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
    }"""
    page.locator("[data-drop]").evaluate(drop, ["empty.pdf", 0])
    expect(page.get_by_role("alert")).to_contain_text("This file is empty")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verify a signed file")
    visitor.look("empty file dropped")
    page.locator("[data-drop]").evaluate(drop, ["zeros.pdf", 100])
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("We could not read this file")).to_be_visible(timeout=PATIENCE)


def test_the_part_that_somebody_signed_is_cut_out_on_the_device(
    site: RunningSite, files: SignedFiles, person: Callable[..., Person], tmp_path: Path
) -> None:
    path = tmp_path / "LB-2026-014.pdf"
    path.write_bytes(files.good)
    visitor = person("verify-part", DESKTOP)
    page = visitor.page
    check(visitor, site, path)
    expect(page.get_by_role("img", name="Page 1 of")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Save what Maria Santos signed").click()
    assert arriving.value.suggested_filename == "LB-2026-014 signature 2.pdf"
    assert Path(arriving.value.path()).read_bytes() == files.half
    assert not [url for url in sent if not url.startswith("blob:")]
    page.get_by_label("Signed PDF, or record").set_input_files(arriving.value.path())
    page.get_by_role("button", name="Check the file").click()
    answer = page.get_by_text("Unchanged, but not everybody has signed")
    expect(answer).to_be_visible(timeout=PATIENCE)


def test_without_scripts_and_by_keyboard(
    site: RunningSite, files: SignedFiles, person: Callable[..., Person], tmp_path: Path
) -> None:
    visitor = person("verify-plain", PHONE, java_script_enabled=False)
    path = tmp_path / "signed.pdf"
    path.write_bytes(files.good)
    page = visitor.page
    page.goto(f"{site.url}/verify")
    page.get_by_label("Signed PDF, or record").set_input_files(path)
    page.get_by_role("button", name="Check the file").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("All signatures are valid, the file is unchanged")).to_be_visible()
