"""The terminal commands: each reads its arguments, calls one service and prints the answer.

Heavy rooms are imported inside the commands, so that `./run --help` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_errors import explain_errors
from app.cli_keys import keys
from app.cli_library import assemble, library
from app.config import ROOT, Configuration, read_configuration
from app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from app.domain.verification import FileReport
    from app.installation import Installation

DEMO_INSTANCE = ROOT / "instance" / "demo"


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Countersign: agreements from reviewed clauses, signed in the browser, kept as proof.

    Without a command it serves.
    """
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
@explain_errors
def serve() -> None:
    """Serve the pages and run the jobs, until stopped."""
    from app.server import serve

    serve(read_configuration(), click.echo)


@main.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files."
)
@explain_errors
def demo(out: Path) -> None:
    """Do the whole main job once, unattended, with sample people."""
    from app.demo import run_demo

    click.echo(
        json.dumps(run_demo(read_configuration(instance=DEMO_INSTANCE), out), indent=2, ensure_ascii=False)
    )


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A PEM file of certificates to trust; may be given several times.",
)
@click.option("--at", "at_text", default="", help="Judge as of this day: YYYY-MM-DD.")
@explain_errors
def verify(files: Sequence[Path], as_json: bool, trust: Sequence[Path], at_text: str) -> None:
    """Verify PDFs or records; exit 0 only if all are green."""
    from app.services.verification import installed_trust, verify_paths

    ours = read_configuration()
    own = installed_trust(ours.keys, ours.timestamp_roots, ours.timestamp_urls)
    reports = verify_paths(
        files,
        trust_roots=[path.read_bytes() for path in trust],
        own_root=own.roots[0] if own.roots else None,
        besides=replace(own, roots=own.roots[1:]),
        demo_root=_root(read_configuration(instance=DEMO_INSTANCE)),
        at=_day(at_text) if at_text else None,
    )
    if as_json:
        click.echo(json.dumps([report.to_json() for report in reports], indent=2, ensure_ascii=False))
    else:
        for report in reports:
            _print_report(report)
    sys.exit(0 if all(report.verdict == "green" for report in reports) else 1)


@main.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True)
@explain_errors
def audit_verify(as_json: bool) -> None:
    """Check every event, the chain, and the checkpoints; exit 1 if anything is wrong."""
    from app.services.audit import verify_log

    size, problems = verify_log(_installation().toolkit)
    if as_json:
        click.echo(json.dumps({"events": size, "problems": list(problems)}, indent=2))
    else:
        click.echo("\n".join([f"{size} events, {len(problems)} problems.", *problems]))
    sys.exit(1 if problems else 0)


@main.group()
def user() -> None:
    """Accounts of the workspace."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--part", type=click.Choice(["owner", "staff", "lawyer"]), required=True)
@explain_errors
def user_add(email: str, name: str, part: str) -> None:
    """Add an account; prints the link with which EMAIL chooses a password."""
    from app.domain.actor import Part
    from app.services.accounts import add_account

    url = add_account(_installation().toolkit, name, email, Part(part))
    click.echo(f"Give this link to {name} and to nobody else; it works once, for 14 days:\n{url}")


@user.command("reset-password")
@click.argument("email")
@click.option("--remove-second-step", is_flag=True, help="For a lost phone without recovery codes.")
@explain_errors
def user_reset_password(email: str, remove_second_step: bool) -> None:
    """Print a link with which EMAIL chooses a new password."""
    from app.services.accounts import reset_url

    url = reset_url(_installation().toolkit, email, remove_second_factor=remove_second_step)
    click.echo(f"This link works once, for one hour:\n{url}")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@explain_errors
def backup(file: Path) -> None:
    """Copy database, files and keys to the new FILE, also while the server runs."""
    from app.maintenance.backup import back_up, secret_left_out

    installation = _installation()
    size = back_up(installation, file, click.echo)
    click.echo(f"{file}: {size / 1e6:.1f} MB. It holds the keys of the organisation: guard it like them.")
    if secret_left_out(installation.configuration):
        click.echo("The passphrase of the keys is kept elsewhere and is not in it.")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Also where there is an installation; it is kept aside.")
@explain_errors
def restore(file: Path, force: bool) -> None:
    """Put the installation of a backup in place, after checking every file of it."""
    from app.maintenance.restoring import restore

    aside = restore(read_configuration(), file, click.echo, force=force)
    if aside:
        click.echo(f"What was there before is in {aside}")
    click.echo("Restored. Everybody's sign-ins are those of the backup. Now run: ./run doctor")


@main.command()
@explain_errors
def doctor() -> None:
    """Check database, files, log, keys, clock, disk, mail; exit 1 if there is a problem."""
    from app.installation import open_installation
    from app.maintenance.doctor import State, examine

    problems = 0
    for remark in examine(open_installation(read_configuration(), for_repair=True)):
        problems += remark.state is State.PROBLEM
        click.echo(f"{remark.state:<8} {remark.subject}: {remark.words}")
    click.echo(f"{problems} problems." if problems else "No problems.")
    sys.exit(1 if problems else 0)


@main.command()
@explain_errors
def worker() -> None:
    """Run the jobs of this installation until stopped."""
    import threading

    from app.jobs.worker import work

    work(_installation().toolkit, threading.Event())


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@explain_errors
def db_upgrade() -> None:
    """Bring the tables to the present version."""
    from app.persistence.database import open_database

    open_database(read_configuration().database_url).upgrade()
    click.echo("The database is up to date.")


main.add_command(assemble)
main.add_command(library)
main.add_command(keys)


@main.command()
@click.option("--json", "as_json", is_flag=True)
@explain_errors
def bench(as_json: bool) -> None:
    """Measure against the raw libraries, in one run."""
    from app.bench import print_table, run_bench

    rows = run_bench(read_configuration())
    click.echo(json.dumps([row.to_json() for row in rows], indent=2) if as_json else print_table(rows))


def _installation() -> Installation:
    from app.installation import open_installation

    return open_installation(read_configuration())


def _root(configuration: Configuration) -> bytes | None:
    """The root certificate of an installation, if it ever started."""
    path = configuration.root_certificate
    return path.read_bytes() if path.exists() else None


def _print_report(report: FileReport) -> None:
    click.echo(
        f"{report.file}: {report.verdict} (integrity {report.integrity}, trust {report.trust}, "
        f"signed by {report.signed_by})"
    )
    for signature in report.signatures:
        click.echo(
            f"  {signature.field}: {signature.signer}, {signature.level}, {signature.signed_at}, "
            f"{signature.indication} {signature.subindication}".rstrip()
        )
    for reason in report.reasons:
        click.echo(f"  {reason}")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInput(
            "date-invalid", f"\u201c{text}\u201d is no day.", "Write it as YYYY-MM-DD."
        ) from error


if __name__ == "__main__":
    main()
