"""The site of the web tests serves the services' tests too: a real database, real keys, the outbox."""

from __future__ import annotations

import pytest

from app.domain.account import Account
from app.domain.actor import Part
from tests.web.conftest import Site, clock, first_installation, make_site, site
from tests.web.office import remember_papers

__all__ = ["clock", "first_installation", "make_site", "owner", "site", "staff"]


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_papers(monkeypatch)


@pytest.fixture
def owner(site: Site) -> Account:
    return site.make(Part.OWNER)


@pytest.fixture
def staff(site: Site, owner: Account) -> Account:
    return site.make(Part.STAFF)
