"""A real installation per test session; a database of its own and a web application per test."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import ROOT, Configuration, read_configuration
from app.domain.access_link import LinkPurpose
from app.domain.account import Account
from app.domain.actor import Part
from app.installation import Installation, open_installation
from app.jobs.worker import run_due_jobs
from app.mail.outbox import OutboxMailer
from app.persistence.database import open_database
from app.services.accounts import (
    NewAccount,
    add_account,
    choose_password,
    make_first_owner,
    reset_url,
    set_up_url,
)
from app.toolkit import Toolkit
from app.web import WebSettings, make_web
from app.web.account.security import hash_new_password
from app.web.limits import limiter

PASSWORD = "blue kettle sings at noon"
SECRET = "a secret of the pages, for tests"
OWNER = ("Nora Whitlow", "nora@larkfield.example")
LAWYER = ("Elena Marsh", "elena@marsh.example")
STAFF = ("Tom Averill", "tom@larkfield.example")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class MovableClock:
    """A clock that tests can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def first_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Keys, library and an empty database, made once."""
    folder = tmp_path_factory.mktemp("installation")
    installation = open_installation(settings_for(folder), organisation="Larkfield", country="GB")
    installation.database.close()
    return installation


def settings_for(folder: Path, **environment: str) -> Configuration:
    values = {f"COUNTERSIGN_{name}": value for name, value in environment.items()}
    return read_configuration(values, instance=folder)


@dataclass
class Site:
    """One web application and its toolkit."""

    web: Flask
    kit: Toolkit
    clock: MovableClock
    outbox: Path

    def browser(self) -> Browser:
        return Browser(self.web.test_client(), self)

    def set_up_path(self) -> str:
        url = set_up_url(self.kit)
        assert url is not None
        return url.removeprefix(self.kit.public_url)

    def make(self, part: Part) -> Account:
        """An account with PASSWORD."""
        with self.web.test_request_context():
            hashed = hash_new_password(PASSWORD)
        name, email = {Part.OWNER: OWNER, Part.LAWYER: LAWYER, Part.STAFF: STAFF}[part]
        if part is Part.OWNER:
            token = self.set_up_path().rpartition("/")[2]
            return make_first_owner(self.kit, token, NewAccount(name, email, hashed))
        add_account(self.kit, name, email, part)
        token = reset_url(self.kit, email).rpartition("/")[2]
        return choose_password(self.kit, token, hashed, LinkPurpose.RESET_PASSWORD)

    def account(self, email: str) -> Account:
        with self.kit.unit_of_work(read_only=True) as unit:
            found = unit.accounts.by_email(email)
        assert found is not None
        return found

    def events(self) -> list[str]:
        with self.kit.unit_of_work(read_only=True) as unit:
            return [leaf.name for leaf in unit.audit.leaves()]

    def run_jobs(self) -> None:
        run_due_jobs(self.kit)


@dataclass
class Browser:
    """A test client that fills forms as a browser does: with the token of the page."""

    client: FlaskClient
    site: Site

    def get(self, path: str, **options: object):
        return self.client.get(path, **options)

    def token_of(self, path: str) -> str:
        found = TOKEN.search(self.get(path).text)
        assert found, f"{path} has no form"
        return found.group(1)

    def post(self, path: str, page: str | None = None, **fields: str):
        """Submit a form that stands on `page` (by default the page of the same address)."""
        return self.client.post(path, data={"csrf_token": self.token_of(page or path), **fields})

    def sign_in(self, email: str = OWNER[1], password: str = PASSWORD):
        return self.post("/sign-in", email=email, password=password)

    def cookie(self, name: str = "session") -> str:
        held = self.client.get_cookie(name)
        return held.value if held else ""


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def make_site(first_installation: Installation, tmp_path: Path, clock: MovableClock):
    """Build a site at an address: `make_site("https://sign.example.com", trusted_proxies=1)`."""
    opened = []

    def make(public_url: str = "http://localhost", *, trusted_proxies: int = 0) -> Site:
        path = tmp_path / f"database-{len(opened)}.sqlite"
        shutil.copy(first_installation.configuration.instance / "countersign.sqlite", path)
        database = open_database(f"sqlite:///{path}", clock.now)
        opened.append(database)
        kit = replace(
            first_installation.toolkit,
            unit_of_work=database.unit_of_work,
            clock=clock,
            public_url=public_url,
            mailer=OutboxMailer(tmp_path / "outbox"),
        )
        samples = ROOT / "contract_templates" / "va-nda" / "sample_answers.toml"
        web = make_web(kit, WebSettings(public_url, trusted_proxies, SECRET, samples))
        web.testing = True
        limiter.reset()
        return Site(web, kit, clock, tmp_path / "outbox")

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def site(make_site) -> Site:
    return make_site()


@pytest.fixture
def visitor(site: Site) -> Browser:
    return site.browser()
