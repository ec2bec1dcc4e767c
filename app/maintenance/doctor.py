"""The self-check: is everything there, whole, readable to us alone, and good for a while yet?"""

from __future__ import annotations

import hashlib
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.config import SmtpSettings
from app.domain.envelope import Envelope
from app.domain.errors import AppError
from app.installation import Installation
from app.services.audit import verify_log
from app.services.keys import missing_revocations
from app.web.public_url import is_https

SOON = timedelta(days=60)
PROOF_LASTS = timedelta(days=365 * 10)  # what is signed now can be proven for so long, at least
LITTLE_ROOM = 1_000_000_000  # bytes
NO_ROOM = 200_000_000
CLOCK_SLACK = timedelta(minutes=2)
MAIL_SECONDS = 10


class State(StrEnum):
    GOOD = "good"
    NOTE = "note"  # worth knowing
    PROBLEM = "PROBLEM"


@dataclass(frozen=True, slots=True)
class Remark:
    subject: str
    state: State
    words: str


Check = Callable[[Installation], Iterator[Remark]]


def examine(installation: Installation) -> Iterator[Remark]:
    """Every remark as it is found; a check that fails in itself is a problem, and the rest goes on."""
    for subject, check in CHECKS.items():
        found = 0
        try:
            for remark in check(installation):
                found += 1
                yield remark
        except AppError as error:
            yield Remark(subject, State.PROBLEM, f"{error.message} {error.remedy}")
        except OSError as error:
            yield Remark(subject, State.PROBLEM, f"This could not be checked: {error}.")
        else:
            if not found:
                yield Remark(subject, State.GOOD, "nothing to remark")


def check_database(installation: Installation) -> Iterator[Remark]:
    for problem in installation.database.check():
        yield Remark("database", State.PROBLEM, problem)


def check_files(installation: Installation) -> Iterator[Remark]:
    """Every stored file against its name, and every file that an envelope names is there."""
    count = 0
    for path in sorted(installation.configuration.files.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        count += 1
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != path.name:
                words = f"{path.name} was changed or damaged. Restore it from a backup."
                yield Remark("files", State.PROBLEM, words)
    for digest, owner in _named_files(installation):
        if not installation.toolkit.files.has(digest):
            words = f"{digest} of {owner} is missing. Restore it from a backup."
            yield Remark("files", State.PROBLEM, words)
    yield Remark("files", State.GOOD, f"{count} stored files read")


def _named_files(installation: Installation) -> Iterator[tuple[str, str]]:
    """(digest, whose it is) of the files that envelopes name."""
    with installation.toolkit.unit_of_work(read_only=True) as unit:
        for agreement in unit.agreements.list():
            for envelope in unit.envelopes.of_agreement(agreement.id):
                for digest in _digests_of(envelope):
                    yield digest, f"agreement {agreement.number}"


def _digests_of(envelope: Envelope) -> set[str]:
    return {
        envelope.original_digest,
        envelope.current_digest,
        envelope.sealed_digest,
        envelope.completion_digest,
    } - {""}


def check_audit_log(installation: Installation) -> Iterator[Remark]:
    size, problems = verify_log(installation.toolkit)
    for problem in problems:
        yield Remark("audit log", State.PROBLEM, problem)
    if not problems:
        yield Remark("audit log", State.GOOD, f"{size} events, all in their chain")


def check_keys(installation: Installation) -> Iterator[Remark]:
    now = installation.toolkit.clock.now()
    if not installation.configuration.keys.exists():
        yield Remark("keys", State.NOTE, "None yet: they are made when the owner enters the business.")
        return
    for key in installation.toolkit.credentials.check():
        remedy = f"Run: ./run keys rotate {key.name}"
        if not key.usable:
            yield Remark("keys", State.PROBLEM, f"{key.name}: {key.problem}. {remedy}")
        elif key.valid_until - now < SOON:
            yield Remark("keys", State.PROBLEM, f"{key.name} ends on {key.valid_until:%Y-%m-%d}. {remedy}")
        elif key.valid_until - now < PROOF_LASTS:
            words = f"{key.name} ends on {key.valid_until:%Y-%m-%d}, and with it the proof of what is "
            yield Remark("keys", State.NOTE, f"{words}signed now. {remedy}")
        else:
            yield Remark("keys", State.GOOD, f"{key.name} until {key.valid_until:%Y-%m-%d}")
    for serial in missing_revocations(installation.toolkit):
        words = f"{serial} was revoked, says the audit log, but stands in no revocation list. "
        yield Remark("keys", State.PROBLEM, f"{words}Restore the folder of keys from its last backup.")
    if any(installation.configuration.keys.glob("root/*.key")):
        words = "The root's private key lies in keys/root. Move that folder to a place off this machine."
        yield Remark("keys", State.NOTE, words)


def check_secrets(installation: Installation) -> Iterator[Remark]:
    """Keys, secrets, database: nobody else on this machine can read them."""
    instance = installation.configuration.instance
    secret: list[Path] = [*installation.configuration.keys.rglob("*.key")]
    secret += [path for name in ("web-secret", "passphrase") if (path := instance / name).exists()]
    secret += [*instance.glob("*.sqlite")]
    for path in secret:
        if path.stat().st_mode & 0o077:
            words = f"Others on this machine can read {path.name}. Run: chmod go= {path}"
            yield Remark("secrets", State.PROBLEM, words)


def check_clock(installation: Installation) -> Iterator[Remark]:
    """Nothing in the log happened in the future: then the clock was, or is, wrong."""
    now = installation.toolkit.clock.now()
    with installation.toolkit.unit_of_work(read_only=True) as unit:
        size = unit.audit.size()
        last = unit.audit.leaves(max(0, size - 1), size)
    for leaf in last:
        at = datetime.fromisoformat(leaf.at)
        if at > now + CLOCK_SLACK:
            words = f"The last event is of {leaf.at}, which is still to come. Set the clock of this machine."
            yield Remark("clock", State.PROBLEM, words)


def check_timestamps(installation: Installation) -> Iterator[Remark]:
    if not installation.configuration.keys.exists():
        return
    now = installation.toolkit.clock.now()
    states = installation.toolkit.credentials.check_authorities()
    answering = [state for state in states if not state.problem]
    for state in states:
        if state.problem:
            # While another one answers, this one only costs time; still it should be looked at.
            words = f"{state.problem} It took {state.seconds:.1f} s."
            yield Remark("timestamps", State.NOTE if answering else State.PROBLEM, words)
        elif not state.address:
            words = "Built-in authority: the local clock, not independent. Set COUNTERSIGN_TIMESTAMP_URLS."
            yield Remark("timestamps", State.NOTE, words)
        elif abs(state.ahead) > CLOCK_SLACK.total_seconds():
            words = f"The clock of {state.name} and that of this machine differ by {abs(state.ahead):.0f} s."
            yield Remark("timestamps", State.PROBLEM, f"{words} Set the clock of this machine.")
        elif state.valid_until and state.valid_until - now < SOON:
            words = f"The certificate of {state.name} ends on {state.valid_until:%Y-%m-%d}."
            yield Remark("timestamps", State.NOTE, words)
        else:
            yield Remark("timestamps", State.GOOD, f"{state.name} answers in {state.seconds:.1f} s")
    if not answering:
        words = "No timestamp authority answers: nothing can be sent or signed."
        yield Remark("timestamps", State.PROBLEM, f"{words} Look at COUNTERSIGN_TIMESTAMP_URLS.")


def check_room(installation: Installation) -> Iterator[Remark]:
    free = shutil.disk_usage(installation.configuration.instance).free
    state = State.PROBLEM if free < NO_ROOM else State.NOTE if free < LITTLE_ROOM else State.GOOD
    yield Remark("disk", state, f"{free / 1e9:.1f} GB free")


def check_mail(installation: Installation) -> Iterator[Remark]:
    smtp = installation.configuration.smtp
    if smtp is None:
        yield Remark("mail", State.NOTE, "Trial mode: mail goes to the outbox folder, not to people.")
        return
    try:
        code = _greet(smtp)
    except (smtplib.SMTPException, OSError) as error:
        yield Remark("mail", State.PROBLEM, f"{smtp.host}:{smtp.port} does not answer: {error}.")
        return
    state = State.GOOD if 200 <= code < 300 else State.PROBLEM
    yield Remark("mail", state, f"{smtp.host}:{smtp.port} answers ({code})")


def _greet(smtp: SmtpSettings) -> int:
    kind = smtplib.SMTP_SSL if smtp.security == "tls" else smtplib.SMTP
    with kind(smtp.host, smtp.port, timeout=MAIL_SECONDS) as server:
        return server.noop()[0]


def check_jobs(installation: Installation) -> Iterator[Remark]:
    with installation.toolkit.unit_of_work(read_only=True) as unit:
        dead = unit.jobs.dead()
    for job in dead:
        words = f"{job.name} {job.key} gave up after {job.tries} tries: {job.last_error}"
        yield Remark("jobs", State.PROBLEM, words)


def check_address(installation: Installation) -> Iterator[Remark]:
    url = installation.configuration.public_url
    if not is_https(url):
        yield Remark("address", State.NOTE, f"Only this computer can open {url}. Set PUBLIC_URL for others.")
    elif not installation.configuration.trusted_proxies:
        words = "COUNTERSIGN_TRUSTED_PROXIES is 0: the log holds your proxy's address, not people's."
        yield Remark("address", State.NOTE, words)


CHECKS: dict[str, Check] = {
    "database": check_database,
    "files": check_files,
    "audit log": check_audit_log,
    "keys": check_keys,
    "secrets": check_secrets,
    "clock": check_clock,
    "timestamps": check_timestamps,
    "disk": check_room,
    "mail": check_mail,
    "jobs": check_jobs,
    "address": check_address,
}
