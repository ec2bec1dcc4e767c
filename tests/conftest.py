"""The order of the tests: browsers last. The demo, run once for all. What was not judged, counted.

Playwright keeps an event loop running in the main thread; what comes after it could not use
pyHanko's synchronous functions, which start one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.tools import unasked_judges

if TYPE_CHECKING:
    from tests.demo.finished import Demo


# The longest journeys first, so that side by side no process is left alone with one at the end.
LONGEST = ("test_whole_story.py", "test_signer_bad_line.py", "test_owner_drafts_and_sends.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, bool]:
    journey = "journeys" in item.path.parts
    return journey, journey and item.path.name not in LONGEST


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The whole main job, run once, for the tests of the demo and for the judges of its files."""
    from tests.demo.finished import finish_demo  # the application is loaded only where it is asked for

    return finish_demo(tmp_path_factory.mktemp("demo-instance"), tmp_path_factory.mktemp("demo-out"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    skipped = terminalreporter.stats.get("skipped", ())
    line = unasked_judges(str(report.longrepr[2]) for report in skipped)
    if line:
        terminalreporter.write_line(line, yellow=True)
