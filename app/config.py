"""Typed settings, from the environment and the instance folder.

Every name is read with the prefix `COUNTERSIGN_`, e.g. `COUNTERSIGN_PUBLIC_URL`;
`PUBLIC_URL` is also taken without it. README lists them all.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import InvalidInput, KeysUnavailable

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "COUNTERSIGN_"
UNPREFIXED = ("PUBLIC_URL",)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    security: str  # starttls, tls or none
    sender: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where an installation keeps its things and whom it talks to.

    smtp None: trial mode, mail goes to the outbox folder.
    timestamp_urls empty: the built-in timestamp authority ("local clock").
    timestamp_roots: PEM file of the CAs that are believed for timestamps; None: those of this computer.
    timestamp_seconds: how long an authority is waited for.
    """

    instance: Path
    database_url: str
    public_url: str
    clauses: Path
    contract_templates: Path
    smtp: SmtpSettings | None = None
    timestamp_urls: tuple[str, ...] = ()
    timestamp_roots: Path | None = None
    timestamp_seconds: int = 10
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: int = 0
    passphrase_from_environment: str = field(default="", repr=False)
    passphrase_file: Path | None = None

    @property
    def keys(self) -> Path:
        return self.instance / "keys"

    @property
    def trust_url(self) -> str:
        """Below which revocation lists and CA certificates are published; "" on this computer only."""
        return f"{self.public_url}/trust" if self.public_url.startswith("https://") else ""

    @property
    def root_certificate(self) -> Path:
        """The organisation's root as the signing room keeps it (PEM); there from the first start."""
        return self.keys / "root.crt"

    @property
    def sample_answers(self) -> Path:
        """The answers of the sample agreement that a new owner finds."""
        return self.contract_templates / "va-nda" / "sample_answers.toml"

    @property
    def files(self) -> Path:
        return self.instance / "files"

    @property
    def outbox(self) -> Path:
        return self.instance / "outbox"

    def web_secret(self) -> str:
        """What the pages sign their forms with: a random file of this installation, mode 0400."""
        path = self.instance / "web-secret"
        if not path.exists():
            with contextlib.suppress(FileExistsError):  # another process of ours was first
                _write_secret(path, secrets.token_urlsafe(48))
        return _read_secret(path, "the pages").decode("ascii")

    def passphrase(self, *, create: bool = False) -> bytes:
        """The passphrase of the keys: from the environment, or from a file of mode 0400.

        With `create` a missing file of our own is made with a random passphrase.
        Raises KeysUnavailable where there is none or others can read the file.
        """
        if self.passphrase_from_environment:
            return self.passphrase_from_environment.encode("utf-8")
        path = self.passphrase_file or self.instance / "passphrase"
        if not path.exists() and create and self.passphrase_file is None:
            _write_secret(path, secrets.token_urlsafe(32))
        return _read_secret(path, "the signing keys")


def read_configuration(
    environment: Mapping[str, str] | None = None, *, instance: Path | None = None
) -> Configuration:
    """Read the settings. Raises InvalidInput that names the setting and what it may be."""
    values = os.environ if environment is None else environment
    home = instance or Path(_setting(values, "INSTANCE", str(ROOT / "instance")))
    passphrase_file = _setting(values, "KEY_PASSPHRASE_FILE", "")
    timestamp_roots = _setting(values, "TIMESTAMP_ROOTS", "")
    port = _number(values, "PORT", 8000, 65535)
    return Configuration(
        instance=home,
        database_url=_setting(values, "DATABASE_URL", f"sqlite:///{home / 'countersign.sqlite'}"),
        public_url=_setting(values, "PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        clauses=ROOT / "clauses",
        contract_templates=ROOT / "contract_templates",
        smtp=_read_smtp(values),
        timestamp_urls=tuple(_setting(values, "TIMESTAMP_URLS", "").split()),
        timestamp_roots=Path(timestamp_roots) if timestamp_roots else None,
        timestamp_seconds=max(1, _number(values, "TIMESTAMP_SECONDS", 10, 60)),
        host=_setting(values, "HOST", "127.0.0.1"),
        port=port,
        trusted_proxies=_number(values, "TRUSTED_PROXIES", 0, 5),
        passphrase_from_environment=_setting(values, "KEY_PASSPHRASE", ""),
        passphrase_file=Path(passphrase_file) if passphrase_file else None,
    )


def _setting(values: Mapping[str, str], name: str, default: str) -> str:
    plain = values.get(name) if name in UNPREFIXED else None
    return values.get(PREFIX + name, plain if plain is not None else default)


def _number(values: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = _setting(values, name, str(default))
    if not text.isdecimal() or int(text) > largest:
        raise _wrong(name, text, f"a whole number up to {largest}")
    return int(text)


def _read_smtp(values: Mapping[str, str]) -> SmtpSettings | None:
    host = _setting(values, "SMTP_HOST", "")
    if not host:
        return None
    security = _setting(values, "SMTP_SECURITY", "starttls")
    port = _setting(values, "SMTP_PORT", "465" if security == "tls" else "587")
    sender = _setting(values, "SMTP_SENDER", "")
    if security not in ("starttls", "tls", "none"):
        raise _wrong("SMTP_SECURITY", security, "starttls, tls or none")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise _wrong("SMTP_PORT", port, "a port number from 1 to 65535")
    if "@" not in sender:
        raise _wrong("SMTP_SENDER", sender, "the address from which mail is sent")
    return SmtpSettings(
        host=host,
        port=int(port),
        username=_setting(values, "SMTP_USERNAME", ""),
        password=_setting(values, "SMTP_PASSWORD", ""),
        security=security,
        sender=sender,
    )


def _wrong(name: str, value: str, allowed: str) -> InvalidInput:
    return InvalidInput(
        "setting-invalid", f"The setting {PREFIX}{name} is \u201c{value}\u201d.", f"Set it to {allowed}."
    )


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_secret(path: Path, what: str) -> bytes:
    try:
        mode = path.stat().st_mode
        secret = path.read_bytes().strip()
    except OSError as error:
        raise KeysUnavailable(
            "passphrase-missing",
            f"The secret of {what} is in neither the environment nor {path.name}.",
            f"Set {PREFIX}KEY_PASSPHRASE, or {PREFIX}KEY_PASSPHRASE_FILE to a file of mode 0400.",
        ) from error
    if mode & 0o077:
        raise KeysUnavailable(
            "passphrase-exposed",
            f"Other users of this machine can read {path}, the secret of {what}.",
            f"Run: chmod 0400 {path}",
        )
    if not secret:
        raise KeysUnavailable(
            "passphrase-missing", f"The file {path}, the secret of {what}, is empty.", "Restore its content."
        )
    return secret
