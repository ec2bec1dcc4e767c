"""The organisation's keys: made once, opened often, and clear words when something is wrong."""

from __future__ import annotations

import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.domain.errors import InvalidInput, KeysUnavailable
from app.signing.office import SigningOffice
from tests.signing.people import PASSPHRASE
from tests.tools import needs_tool

NOW = datetime.now(UTC)


class FixedClock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def copied(keys: Path, tmp_path: Path) -> Path:
    """A copy of the keys that a test may damage."""
    target = tmp_path / "keys"
    shutil.copytree(keys, target)
    return target


def test_keys_are_readable_by_their_owner_only_and_encrypted(keys: Path) -> None:
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    files = sorted(keys.rglob("*.key"))
    assert [file.stem for file in files] == ["issuing", "log", "root", "seal", "timestamp"]
    assert (keys / "root" / "root.key") in files
    assert stat.S_IMODE((keys / "root").stat().st_mode) == 0o700
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o400
        assert file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert not list(keys.parent.glob(".keys.*"))


@needs_tool("openssl")
def test_openssl_opens_the_keys_with_the_passphrase_only(keys: Path) -> None:
    def opened(passphrase: str) -> bool:
        command = ["openssl", "pkcs8", "-in", str(keys / "seal.key"), "-passin", f"pass:{passphrase}"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert opened(PASSPHRASE.decode())
    assert not opened("something else entirely")


def test_existing_keys_are_never_overwritten(keys: Path) -> None:
    before = (keys / "seal.key").read_bytes()
    with pytest.raises(KeysUnavailable) as caught:
        SigningOffice.create(keys, PASSPHRASE, "Larkfield", "GB", NOW)
    assert caught.value.code == "keys_exist"
    assert (keys / "seal.key").read_bytes() == before


def test_exists_tells_first_start_from_later_ones(keys: Path, tmp_path: Path) -> None:
    assert SigningOffice.exists(keys)
    assert not SigningOffice.exists(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("organisation", "country", "passphrase"),
    [
        ("", "GB", PASSPHRASE),
        ("Larkfield\n", "GB", PASSPHRASE),
        ("Larkfield", "gb", PASSPHRASE),
        ("Larkfield", "GBR", PASSPHRASE),
        ("Larkfield", "GB", b"short"),
    ],
)
def test_unusable_names_and_passphrases_make_no_keys(
    tmp_path: Path, organisation: str, country: str, passphrase: bytes
) -> None:
    with pytest.raises(InvalidInput):
        SigningOffice.create(tmp_path / "keys", passphrase, organisation, country, NOW)
    assert not (tmp_path / "keys").exists()


def test_a_wrong_passphrase_is_told(keys: Path) -> None:
    with pytest.raises(KeysUnavailable) as caught:
        SigningOffice.open(keys, b"another passphrase")
    assert caught.value.code == "key_passphrase"


@pytest.mark.parametrize("missing", ["seal.key", "issuing.crt", "root.crl", "log.key", "root.crt"])
def test_a_missing_file_is_named(copied: Path, missing: str) -> None:
    (copied / missing).unlink()
    with pytest.raises(KeysUnavailable, match=missing):
        SigningOffice.open(copied, PASSPHRASE)


def test_the_roots_key_may_be_kept_elsewhere(copied: Path) -> None:
    shutil.rmtree(copied / "root")
    assert all(state.usable for state in SigningOffice.open(copied, PASSPHRASE).check())


@pytest.mark.parametrize(("replaced", "by"), [("seal.key", "timestamp.key"), ("issuing.crt", "seal.crt")])
def test_files_that_do_not_belong_together_are_refused(copied: Path, replaced: str, by: str) -> None:
    (copied / replaced).unlink()
    shutil.copy(copied / by, copied / replaced)
    with pytest.raises(KeysUnavailable) as caught:
        SigningOffice.open(copied, PASSPHRASE)
    assert caught.value.code == "keys_mismatch"


def test_a_damaged_key_is_refused(copied: Path) -> None:
    path = copied / "seal.key"
    path.chmod(0o600)
    path.write_bytes(b"nothing")
    with pytest.raises(KeysUnavailable):
        SigningOffice.open(copied, PASSPHRASE)


@pytest.mark.parametrize(("years", "problem"), [(26, "expired"), (-1, "valid only from")])
def test_certificates_out_of_their_time_are_refused(keys: Path, years: int, problem: str) -> None:
    clock = FixedClock(NOW + timedelta(days=366 * years))
    with pytest.raises(KeysUnavailable, match=problem):
        SigningOffice.open(keys, PASSPHRASE, clock=clock)


def test_check_lists_the_four_certificates(office: SigningOffice) -> None:
    states = office.check()
    assert [state.name for state in states] == ["root", "issuing", "seal", "timestamp"]
    assert all(state.usable and not state.problem for state in states)
    assert states[0].valid_until > states[1].valid_until > NOW + timedelta(days=25 * 365)


def test_profiles(office: SigningOffice) -> None:
    held = {name: x509.load_der_x509_certificate(der) for name, der in office.certificate_chain().items()}
    constraints = held["issuing"].extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    purposes = held["timestamp"].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert list(purposes.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    assert held["timestamp"].issuer == held["root"].subject
    usage = held["issuing"].extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.key_cert_sign, usage.crl_sign, usage.digital_signature) == (True, True, False)
    assert len({one.serial_number for one in held.values()}) == len(held)


def test_revocation_lists_outlive_the_retention_time(office: SigningOffice) -> None:
    for name, der in office.crls().items():
        crl = x509.load_der_x509_crl(der)
        issuer = x509.load_der_x509_certificate(office.certificate_chain()[name])
        assert crl.is_signature_valid(issuer.public_key())
        assert crl.next_update_utc > NOW + timedelta(days=25 * 365)


@needs_tool("openssl")
def test_openssl_verifies_the_chain(office: SigningOffice, keys: Path) -> None:
    for name in ("issuing", "seal", "timestamp"):
        command = ["openssl", "verify", "-x509_strict", "-CAfile", str(keys / "root.crt")]
        command += ["-untrusted", str(keys / "issuing.crt"), str(keys / f"{name}.crt")]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_checkpoints_are_signed_with_the_log_key(office: SigningOffice) -> None:
    note = b"countersign\n12\nAAAA\n"
    Ed25519PublicKey.from_public_bytes(office.log_public_key()).verify(office.sign_checkpoint(note), note)
