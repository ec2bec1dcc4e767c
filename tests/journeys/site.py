"""The real application under a real server, and what people find in their mailboxes."""

from __future__ import annotations

import email
import email.policy
import re
import socket
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

from waitress.server import create_server

from app import create_app
from app.config import ROOT, read_configuration
from app.domain.account import Account
from app.domain.actor import Actor, Part
from app.domain.answers import Answers
from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope
from app.domain.review import Decision
from app.domain.verification import FileReport
from app.installation import Installation, open_installation
from app.jobs.worker import work
from app.server import _first_words
from app.services import drafting, review, sending
from app.services.accounts import NewAccount, make_first_owner, set_up_url
from app.services.settings import change_business
from app.signing.verification import verify_pdf
from app.toolkit import Toolkit
from app.web.account.security import hash_new_password

SAMPLE = ROOT / "contract_templates" / "va-nda" / "sample_answers.toml"
OWNER_NAME, OWNER_EMAIL = "Nora Whitlow", "nora@larkfield.example"
VA_NAME, VA_EMAIL = "Liza Santos", "liza@santos.example"
PASSWORD = "blue kettle sings at noon"
LAWYER = Actor(Part.LAWYER, "sample-lawyer", "SAMPLE sign-off, no lawyer has read this")
LINK = re.compile(r"https?://[^\s<>\"]+/(?:s|details|join|set-up)/[A-Za-z0-9_-]+")
CODE = re.compile(r"(?<!\d)(\d{3})\s(\d{3})(?!\d)")
PATIENCE = 40.0  # seconds; the machine may be busy


@dataclass
class RunningSite:
    """One application on a port of 127.0.0.1, with its worker; trial mode, so mail lies in the outbox."""

    url: str
    installation: Installation
    outbox: Path

    @property
    def kit(self) -> Toolkit:
        return self.installation.toolkit

    @property
    def owner(self) -> Account:
        with self.kit.unit_of_work(read_only=True) as unit:
            return next(account for account in unit.accounts.list() if account.part is Part.OWNER)

    def printed_set_up_link(self) -> str:
        """The link that the terminal shows at a first start."""
        lines = _first_words(self.installation.configuration, set_up_url(self.kit))
        found = LINK.search("\n".join(lines))
        assert found is not None, lines
        return found[0]

    @property
    def owner_actor(self) -> Actor:
        return self.owner.as_actor("127.0.0.1", "test")

    # --- agreements ---------------------------------------------------------------------

    def send(self, *, signers: Sequence[tuple[str, str, str]] = ()) -> Envelope:
        """Send the sample NDA, with its clauses signed off as SAMPLE. signers: (role, name, e-mail)."""
        answers = Answers.from_json(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
        people = dict(answers.signers)
        for role, name, address in signers:
            people[role] = replace(people[role], name=name, email=address)
        answers = replace(answers, signers=people)
        agreement = drafting.start_draft(self.kit, self.owner_actor, "va-nda", answers)
        self._sign_off(agreement.id)
        return sending.send(self.kit, self.owner_actor, agreement.id, sending.SendingForm())

    def _sign_off(self, agreement_id: str) -> None:
        assessment = drafting.assess(self.kit, agreement_id)
        waiting = [
            (clause.clause_id, clause.digest)
            for clause in assessment.text.clauses()
            if clause.clause_id in assessment.review.waiting
        ]
        if waiting:
            form = review.DecisionForm(decision=Decision.APPROVED, comment="SAMPLE", sample=True)
            review.sign_off_clauses(self.kit, LAWYER, waiting, form)

    def envelope(self, envelope_id: str) -> Envelope:
        with self.kit.unit_of_work(read_only=True) as unit:
            return unit.envelopes.get(envelope_id)

    def verify(self, file: bytes) -> FileReport:
        """What our verifier says of a file, trusting this installation's root."""
        root = self.kit.credentials.root_certificate()
        # In a thread of its own: Playwright has an event loop in this one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(
                verify_pdf, file, sha256_hex(file), trust_roots=[root], own_root=root
            ).result()

    def events(self, envelope_id: str = "") -> list[str]:
        """The names of all events, or of those of one envelope, in their order."""
        with self.kit.unit_of_work(read_only=True) as unit:
            leaves = unit.audit.leaves()
        return [leaf.name for leaf in leaves if not envelope_id or leaf.envelope_id == envelope_id]

    # --- mail ---------------------------------------------------------------------------

    def mails(self, to: str = "") -> list[EmailMessage]:
        """Everything in the outbox, newest first; only to one address if it is given."""
        found = []
        for path in sorted(self.outbox.glob("*.eml"), reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            if not to or to in str(message["To"]):
                found.append(message)
        return found

    def wait_for_mail(self, to: str, subject: str, *, more_than: int = 0) -> EmailMessage:
        """The newest mail whose subject holds `subject`, once there are more than `more_than` of them."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [mail for mail in self.mails(to) if subject in str(mail["Subject"])]
            if len(found) > more_than:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no mail \u201c{subject}\u201d to {to} came within {PATIENCE} s")

    def count_mails(self, to: str, subject: str) -> int:
        return sum(subject in str(mail["Subject"]) for mail in self.mails(to))

    def link_for(self, address: str, subject: str = "asks you to sign") -> str:
        """The link in the newest invitation to this address."""
        found = LINK.search(body_of(self.wait_for_mail(address, subject)))
        assert found is not None
        return found[0]

    def code_for(self, address: str, *, more_than: int = 0) -> str:
        """The code in the newest code mail to this address."""
        found = CODE.search(body_of(self.wait_for_mail(address, "code", more_than=more_than)))
        assert found is not None
        return found[1] + found[2]


def body_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@contextmanager
def running_site(folder: Path, *, with_owner: bool = True) -> Iterator[RunningSite]:
    """Serve a new installation in `folder` until the block ends; without its owner, as a first start is."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    configuration = read_configuration({"COUNTERSIGN_PUBLIC_URL": url}, instance=folder)
    installation = open_installation(configuration)
    web = create_app(configuration, installation=installation)
    if with_owner:
        with web.test_request_context():
            hashed = hash_new_password(PASSWORD)
        _make_owner(installation.toolkit, hashed)
    server = create_server(web, sockets=[listener], threads=8)
    stop = threading.Event()
    worker = threading.Thread(
        target=work, args=(installation.toolkit, stop), kwargs={"pause": 0.1}, daemon=True
    )
    serving = threading.Thread(target=server.run, daemon=True)
    worker.start()
    serving.start()
    try:
        yield RunningSite(url, installation, configuration.outbox)
    finally:
        stop.set()
        worker.join(30)
        server.close()
        installation.database.close()


def _make_owner(kit: Toolkit, hashed: str) -> None:
    url = set_up_url(kit)
    assert url is not None
    owner = make_first_owner(kit, url.rpartition("/")[2], NewAccount(OWNER_NAME, OWNER_EMAIL, hashed))
    change_business(
        kit,
        owner.as_actor(),
        {
            "organisation": "Larkfield Bookkeeping Ltd",
            "country": "GB",
            "sender": OWNER_NAME,
            "number_prefix": "LB",
        },
    )
    return owner
