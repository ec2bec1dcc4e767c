"""A site on a sent agreement, and the steps of its VA by plain requests."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

from app.domain.envelope import Envelope
from app.jobs.worker import run_due_jobs
from app.mail.outbox import OutboxMailer
from app.persistence.database import open_database
from app.web import WebSettings, make_web
from app.web.limits import limiter
from tests.services.sent_agreement import Model, MovableClock
from tests.web.conftest import SECRET, Browser, Site

VA = "liza@santos.example"
LINK = re.compile(r"http://localhost(/s/[A-Za-z0-9_-]{43})")
CODE = re.compile(r"(?<!\d)(\d{3}) (\d{3})(?!\d)")
SECRETS_OF_THE_AGREEMENT = ("Confidentiality", "Mabolo", "14 Tanner Row", "LB-", "CS-2", "Tom Averill")


class SignerSite(Site):
    """`envelope_id`: of the one agreement that was sent."""

    envelope_id: str

    def envelope(self) -> Envelope:
        with self.kit.unit_of_work(read_only=True) as unit:
            return unit.envelopes.get(self.envelope_id)

    def newest_mail(self, to: str, subject: str) -> str:
        run_due_jobs(self.kit)
        for path in sorted(self.outbox.glob("*.eml"), reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if to in mail["To"] and subject in mail["Subject"]:
                return mail.get_body(("plain",)).get_content()
        raise AssertionError(f"no mail about {subject} to {to}")

    def link(self) -> str:
        return LINK.search(self.newest_mail(VA, "asks you to sign"))[1]

    def code(self) -> str:
        found = CODE.search(self.newest_mail(VA, "code"))
        return found[1] + found[2]

    def leaves(self) -> int:
        return len(self.events())


@contextmanager
def open_site(model: Model, folder: Path) -> Iterator[SignerSite]:
    """A site on a copy of the model's database."""
    path = folder / "copy.sqlite"
    shutil.copy(model.database, path)
    clock = MovableClock()
    database = open_database(f"sqlite:///{path}", clock.now)
    kit = replace(
        model.kit,
        unit_of_work=database.unit_of_work,
        clock=clock,
        public_url="http://localhost",
        mailer=OutboxMailer(folder / "outbox"),
    )
    web = make_web(kit, WebSettings("http://localhost", 0, SECRET))
    web.testing = True
    limiter.reset()
    site = SignerSite(web, kit, clock, folder / "outbox")
    site.envelope_id = model.envelope.id
    yield site
    database.close()


def start(browser: Browser, link: str):
    return browser.post(f"{link}/start", page=link)


def seated(site: SignerSite) -> Browser:
    """A browser whose signer passed the code."""
    browser = site.browser()
    start(browser, site.link())
    answer = browser.post("/sign/code", code=site.code())
    assert answer.headers["Location"] == "/sign/consent"
    return browser


def at_final(site: SignerSite) -> Browser:
    """A browser on the last page before the act."""
    browser = seated(site)
    give_consent(browser)
    for family in site.envelope().signers[0].asked_initials:
        browser.post(f"/sign/initials/{family}", page="/sign/read")
    browser.post("/sign/signature", kind="typed", style="italic")
    return browser


def give_consent(browser: Browser):
    page = browser.get("/sign/consent").text
    digest = re.search(r'name="text_digest" value="([0-9a-f]{64})"', page)[1]
    return browser.post("/sign/consent", agreed="y", text_digest=digest)


SEATED_PAGES = [
    "/sign",
    "/sign/consent",
    "/sign/read",
    "/sign/pages",
    "/sign/pages/1.webp",
    "/sign/signature",
    "/sign/picture.png",
    "/sign/final",
    "/sign/done",
    "/sign/file",
    "/sign/prepared/" + "0" * 64,
    "/sign/more",
    "/sign/change",
    "/sign/decline",
    "/sign/paper",
    "/sign/not-me",
    "/sign/paused",
    "/sign/closed",
    "/sign/waiting",
]
