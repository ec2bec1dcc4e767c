"""A running site and people with browsers. Every page looked at passes axe and is kept as a picture."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from app.config import ROOT
from tests.journeys.site import RunningSite, running_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARTEFACTS = ROOT / "test-artefacts"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 45_000  # milliseconds; the machine may be busy


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, for the fixtures of pytest-playwright."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this system: the journeys need one")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@dataclass
class Person:
    """Somebody at a browser. `problems`: violations of the page's own policy, and errors of scripts."""

    page: Page
    context: BrowserContext
    name: str
    problems: list[str] = field(default_factory=list)
    looked: int = 0

    def look(self, what: str, *, full_page: bool = True) -> None:
        """Axe finds nothing, nothing sticks out to the right, and a picture is kept."""
        self.looked += 1
        report = Axe().run(self.page)
        assert report.violations_count == 0, f"{what}: {report.generate_report()}"
        widest = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert widest <= 0, f"{what} is {widest} px too wide"
        ARTEFACTS.mkdir(exist_ok=True)
        name = f"{self.name}-{self.looked:02d}-{what}.png".replace(" ", "-")
        self.page.screenshot(path=ARTEFACTS / name, full_page=full_page)


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Make a person: `person("va-phone", PHONE, color_scheme="dark", java_script_enabled=False)`."""
    made: list[Person] = []

    def make(name: str, viewport: dict[str, int], **options: Any) -> Person:
        context = browser.new_context(viewport=viewport, locale="en-GB", **options)
        context.set_default_timeout(PATIENCE)
        one = Person(context.new_page(), context, name)
        one.page.on("console", lambda message: _note(one, message))
        one.page.on("pageerror", lambda error: one.problems.append(str(error)))
        made.append(one)
        return one

    yield make
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.context.close()
    assert not problems, problems


def _note(one: Person, message: ConsoleMessage) -> None:
    if "Content Security Policy" in message.text:
        one.problems.append(message.text)


def artefact(name: str) -> Path:
    """A path for a file that is kept beside the pictures."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS / name
