"""The terminal commands for the organisation's keys: `./run keys ...`. Each calls one service."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_errors import explain_errors
from app.config import read_configuration
from app.domain.keys import RevocationReason

if TYPE_CHECKING:
    from app.domain.signature import KeyState
    from app.toolkit import Toolkit

PURPOSES = ("seal", "issuing", "timestamp", "root")

root_key = click.option(
    "--root-key",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the root's private key, if it was moved away.",
)


@click.group()
def keys() -> None:
    """The organisation's keys: list, rotate, revoke, export-ca, renew-timestamps."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True)
@explain_errors
def keys_list(as_json: bool) -> None:
    """Every key, in use or former: whom it names, its number, and until when it is good."""
    from app.services.keys import list_keys

    states = list_keys(_toolkit())
    if as_json:
        click.echo(json.dumps([_row(state) for state in states], indent=2, ensure_ascii=False))
    else:
        _print(states)


@keys.command("rotate")
@click.argument("purpose", type=click.Choice(PURPOSES))
@root_key
@explain_errors
def keys_rotate(purpose: str, root_key: Path | None) -> None:
    """Replace a key, and what hangs on it. What was signed under the former one stays good."""
    from app.domain.actor import APPLICATION
    from app.services.keys import rotate_keys

    for change in rotate_keys(_toolkit(), APPLICATION, purpose, root_key):
        click.echo(f"{change.name} replaces {change.replaces}: {change.subject}")
        click.echo(f"  number {change.serial}, until {change.valid_until:%Y-%m-%d}")
        click.echo(f"  SHA-256 {change.fingerprint}")
    if purpose == "root":
        click.echo("Give the new root to everybody who checks your files: ./run keys export-ca FILE")
    click.echo("A running server uses it from now on. Make a backup: ./run backup FILE")


@keys.command("revoke")
@click.argument("certificate")
@click.option("--reason", type=click.Choice([str(one) for one in RevocationReason]), required=True)
@root_key
@explain_errors
def keys_revoke(certificate: str, reason: str, root_key: Path | None) -> None:
    """Revoke a key of the organisation (name or number) or a one-time CERTIFICATE (number)."""
    from app.domain.actor import APPLICATION
    from app.services.keys import revoke_certificate

    done = revoke_certificate(_toolkit(), APPLICATION, certificate, RevocationReason(reason), root_key)
    click.echo(f"Revoked on {done.revoked_at:%Y-%m-%d %H:%M} UTC: {done.subject}, number {done.serial}.")
    click.echo(f"It is in the list of {done.issuer}, number {done.list_number}.")
    purpose = done.name.partition("-")[0]
    if purpose:
        click.echo(f"If it was in use, nothing can be signed until: ./run keys rotate {purpose}")


@keys.command("export-ca")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@explain_errors
def keys_export_ca(file: Path) -> None:
    """Write root and issuing authorities, present and former, to the new PEM FILE."""
    from app.services.keys import export_authorities

    for authority in export_authorities(_toolkit(), file):
        click.echo(f"{authority.name}: SHA-256 {_pairs(authority.fingerprint)}")
    click.echo(f"Written to {file}. Tell people the SHA-256 by another way than the file.")


@keys.command("renew-timestamps")
@click.option("--due-within", "days", type=click.IntRange(0, 20000), default=180, show_default=True)
@explain_errors
def keys_renew_timestamps(days: int) -> None:
    """Put newer timestamps over sealed files whose proof ends within so many DAYS."""
    from datetime import timedelta

    from app.services.renewal import renew_due

    renewals = renew_due(_toolkit(), timedelta(days=days))
    for renewal in renewals:
        click.echo(f"{renewal.number}: {renewal.problem or f'{renewal.files} files renewed'}")
    click.echo(f"{sum(renewal.files for renewal in renewals)} files renewed.")
    if any(renewal.problem for renewal in renewals):
        sys.exit(1)


def _toolkit() -> Toolkit:
    """Also where a key expired, was revoked or is missing: what is wrong is said when it is needed."""
    from app.installation import open_installation

    return open_installation(read_configuration(), for_repair=True).toolkit


def _print(states: Sequence[KeyState]) -> None:
    for state in states:
        good = f"until {state.valid_until:%Y-%m-%d}" if state.usable else f"NOT USABLE: {state.problem}"
        click.echo(f"{state.generation:<12} {state.status:<8} {state.serial}  {good}")
        click.echo(f"{'':<12} {state.subject}")
        click.echo(f"{'':<12} SHA-256 {_pairs(state.fingerprint)}")


def _row(state: KeyState) -> dict[str, str | bool]:
    return {
        "name": state.generation,
        "purpose": state.name,
        "state": str(state.status),
        "subject": state.subject,
        "serial": state.serial,
        "issuer": state.issuer,
        "valid_from": state.valid_from.isoformat() if state.valid_from else "",
        "valid_until": state.valid_until.isoformat(),
        "usable": state.usable,
        "problem": state.problem,
        "sha256": state.fingerprint,
    }


def _pairs(digest: str) -> str:
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2)).upper()
