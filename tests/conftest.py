"""The order of the tests: browsers last.

Playwright keeps an event loop running in the main thread; what comes after it could not use
pyHanko's synchronous functions, which start one of their own.
"""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "journeys" in item.path.parts)
