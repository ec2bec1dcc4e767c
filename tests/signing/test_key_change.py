"""Keys are rotated and revoked: what was sent under the former ones goes on, what is revoked does not."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.domain.errors import AppError, InvalidInput, KeysUnavailable, NotFound, WrongState
from app.domain.keys import KeyStatus, RevocationReason
from app.domain.signature import Level
from app.domain.verification import Verdict
from app.signing.office import SigningOffice
from app.signing.own_trust import read_trust
from app.signing.verification import verify_pdf
from tests.judges import pdfsig
from tests.signing.paper import agreement
from tests.signing.people import PASSPHRASE, Signer
from tests.tools import needs_tool

UNTIL = datetime.now(UTC) + timedelta(days=430)
LOST = RevocationReason.KEY_COMPROMISED


@pytest.fixture
def folder(keys: Path, tmp_path: Path) -> Path:
    target = tmp_path / "keys"
    shutil.copytree(keys, target)
    return target


@pytest.fixture
def desk(folder: Path) -> SigningOffice:
    return SigningOffice.open(folder, PASSPHRASE)


def own_paper() -> bytes:
    """A paper that only the organisation seals."""
    return agreement(signers=(), initials=(), clauses=1, seal_box=True)


def statuses(office: SigningOffice) -> dict[str, KeyStatus]:
    return {state.generation: state.status for state in office.every_key()}


def verdict(office: SigningOffice, file: bytes) -> Verdict:
    roots = office.trust().roots
    return verify_pdf(file, "file", trust_roots=roots[1:], own_root=roots[0]).verdict


def test_a_new_seal_is_in_use_and_the_former_key_is_gone(folder: Path, desk: SigningOffice) -> None:
    (change,) = desk.rotate("seal")
    assert (change.name, change.replaces) == ("seal-2", "seal")
    assert statuses(desk)["seal"] is KeyStatus.FORMER
    assert statuses(desk)["seal-2"] is KeyStatus.CURRENT
    assert not (folder / "seal.key").exists()
    assert (folder / "seal-2.key").stat().st_mode & 0o777 == 0o400
    (seal,) = (state for state in desk.check() if state.name == "seal")
    assert (seal.serial, seal.usable) == (change.serial, True)
    assert (desk.rotate("seal")[0].name, len(statuses(desk))) == ("seal-3", 6)


@needs_tool("openssl")
def test_a_new_issuing_authority_brings_a_new_seal(folder: Path, desk: SigningOffice) -> None:
    assert [change.name for change in desk.rotate("issuing")] == ["issuing-2", "seal-2"]
    assert (folder / "issuing.key").exists()  # it may still revoke what it issued
    for issuing, seal in (("issuing", "seal"), ("issuing-2", "seal-2")):
        command = ["openssl", "verify", "-x509_strict", "-CAfile", f"{folder}/root.crt"]
        command += ["-untrusted", f"{folder}/{issuing}.crt", f"{folder}/{seal}.crt"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
    subjects = {state.subject for state in desk.every_key()}
    assert len(subjects) == len(desk.every_key())


@needs_tool("pdfsig")
@pytest.mark.parametrize("purpose", ["issuing", "root", "timestamp"])
def test_what_is_out_can_be_signed_and_sealed_after_a_rotation(
    desk: SigningOffice, office: SigningOffice, certified: bytes, signed: bytes, root_pem: bytes, purpose: str
) -> None:
    """`certified` has the seal and `first` a credential of the keys before the rotation."""
    first = Signer.with_credential(office, "assistant", UNTIL)
    prepared = office.prepare(certified, first.request(), first.credential)
    desk.rotate(purpose)
    half = desk.finish(prepared, first.value(prepared)).file
    complete = Signer.with_credential(desk, "client", UNTIL).sign(desk, half).file
    for file in (complete, signed):  # begun before and after; signed wholly before
        sealed = desk.archive(file)
        assert sealed.level is Level.B_LTA
        assert verdict(desk, sealed.file) is Verdict.GREEN
    if purpose != "root":
        assert all(judgement.good for judgement in pdfsig(sealed.file, root_pem))
    new = desk.seal_document(own_paper()).file
    assert verdict(desk, new) is Verdict.GREEN


def test_files_sealed_before_stay_green_and_a_former_root_stays_trusted(
    desk: SigningOffice, folder: Path, archived: bytes
) -> None:
    desk.rotate("root")
    roots = read_trust(folder).roots
    assert roots == desk.trust().roots
    assert len(roots) == 2
    assert roots[0] == desk.root_certificate()
    assert verdict(desk, archived) is Verdict.GREEN
    assert verify_pdf(archived, "file", trust_roots=(), own_root=roots[0]).verdict is Verdict.AMBER


def test_another_process_sees_a_rotation_at_once(folder: Path, desk: SigningOffice) -> None:
    server = SigningOffice.open(folder, PASSPHRASE)
    before = server.certify(own_paper())
    desk.rotate("seal")
    assert before.level is Level.B_T
    assert statuses(server) == statuses(desk)
    assert server.check() == desk.check()


def test_a_rotation_that_was_cut_short_leaves_the_former_key_in_use(folder: Path) -> None:
    shutil.copy(folder / "seal.key", folder / "seal-2.key")  # written, but its certificate never was
    desk = SigningOffice.open(folder, PASSPHRASE)
    assert {state.generation for state in desk.check()} == {"root", "issuing", "seal", "timestamp"}
    assert desk.rotate("seal")[0].name == "seal-3"
    assert statuses(SigningOffice.open(folder, PASSPHRASE))["seal-3"] is KeyStatus.CURRENT


def test_the_roots_key_can_be_away_and_is_asked_for(
    folder: Path, desk: SigningOffice, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    shutil.move(folder / "root", stick)
    for change in (lambda: desk.rotate("issuing"), lambda: desk.rotate("timestamp")):
        with pytest.raises(KeysUnavailable, match="--root-key") as caught:
            change()
        assert caught.value.code == "root_key_away"
    with pytest.raises(KeysUnavailable) as caught:
        desk.revoke(desk.find_certificate("issuing"), LOST)
    assert caught.value.code == "root_key_away"
    assert len(statuses(desk)) == 4  # nothing was half done
    assert desk.rotate("seal")
    assert desk.rotate("timestamp", stick)[0].name == "timestamp-2"
    (stick / "root.key").unlink()
    shutil.copy(folder / "issuing.key", stick / "root.key")
    with pytest.raises(KeysUnavailable, match="not the key of"):
        desk.rotate("issuing", stick)


@needs_tool("openssl")
def test_a_revoked_seal_seals_nothing_until_it_is_replaced(
    folder: Path, desk: SigningOffice, tmp_path: Path
) -> None:
    server = SigningOffice.open(folder, PASSPHRASE)
    numbers = [crl_number(desk)]
    revoked = desk.revoke(desk.find_certificate("seal"), LOST)
    numbers.append(crl_number(desk))
    assert numbers == sorted(set(numbers))
    assert (revoked.name, revoked.issuer, revoked.list_number) == ("seal", "issuing", numbers[-1])
    assert statuses(server)["seal"] is KeyStatus.REVOKED
    for refused in (lambda: server.certify(agreement(clauses=1)), lambda: server.require_ready(UNTIL)):
        with pytest.raises(KeysUnavailable, match="revoked on .*rotate seal") as caught:
            refused()
        assert caught.value.retryable
    with pytest.raises(KeysUnavailable, match="revoked"):
        SigningOffice.open(folder, PASSPHRASE)
    assert "certificate revoked" in openssl_crl_check(folder, tmp_path, "seal")
    desk.rotate("seal")
    server.require_ready(UNTIL)
    assert openssl_crl_check(folder, tmp_path, "seal-2").strip().endswith("OK")
    assert server.seal_document(own_paper()).level is Level.B_LTA


def crl_number(desk: SigningOffice) -> int:
    listed = x509.load_der_x509_crl(desk.crls()["issuing"])
    return listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def openssl_crl_check(folder: Path, scratch: Path, name: str) -> str:
    for crl in ("root", "issuing"):
        command = ["openssl", "crl", "-inform", "DER", "-in", f"{folder}/{crl}.crl", "-verify"]
        command += ["-CAfile", f"{folder}/{crl}.crt", "-out", f"{scratch}/{crl}.pem"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "verify OK" in ran.stdout + ran.stderr
    lists = b"".join((scratch / f"{crl}.pem").read_bytes() for crl in ("root", "issuing"))
    (scratch / "lists").write_bytes(lists)
    command = ["openssl", "verify", "-crl_check_all", "-CRLfile", f"{scratch}/lists"]
    command += ["-CAfile", f"{folder}/root.crt", "-untrusted", f"{folder}/issuing.crt"]
    command += [f"{folder}/{name}.crt"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_a_revoked_one_time_certificate_signs_nothing(desk: SigningOffice, certified: bytes) -> None:
    one = Signer.with_credential(desk, "assistant", UNTIL)
    prepared = desk.prepare(certified, one.request(), one.credential)
    revoked = desk.revoke(one.credential.certificate, RevocationReason.AFFILIATION_CHANGED)
    assert revoked.serial == one.credential.serial
    assert int(one.credential.serial, 16) in desk.revoked_serials()
    with pytest.raises(KeysUnavailable, match="revoked on"):
        desk.finish(prepared, one.value(prepared))
    with pytest.raises(KeysUnavailable, match="Reload the page"):
        desk.prepare(certified, one.request(), one.credential)
    another = Signer.with_credential(desk, "assistant", UNTIL)
    assert another.sign(desk, certified).level is Level.B_T


def test_a_revoked_issuing_authority_ends_everything_under_it(desk: SigningOffice, certified: bytes) -> None:
    one = Signer.with_credential(desk, "assistant", UNTIL)
    prepared = desk.prepare(certified, one.request(), one.credential)
    assert desk.revoke(desk.find_certificate("issuing"), LOST).issuer == "root"
    entry = x509.load_der_x509_crl(desk.crls()["root"])[0]
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.ca_compromise
    for refused in (
        lambda: Signer.with_credential(desk, "client", UNTIL),
        lambda: desk.finish(prepared, one.value(prepared)),
        lambda: desk.certify(agreement(clauses=1)),
        lambda: desk.rotate("seal"),
    ):
        with pytest.raises(KeysUnavailable, match="revoked on"):
            refused()
    desk.rotate("issuing")
    assert Signer.with_credential(desk, "assistant", UNTIL).sign(desk, certified).level is Level.B_T


def test_what_was_signed_before_a_revocation_can_still_be_sealed(desk: SigningOffice, signed: bytes) -> None:
    """The timestamps prove the order; the revocation itself is in the file."""
    serial = int(next(state.serial for state in desk.check() if state.name == "seal"), 16)
    desk.revoke(desk.find_certificate("seal"), RevocationReason.SUPERSEDED)
    sealed = desk.archive(signed)
    assert verdict(desk, sealed.file) is Verdict.GREEN
    assert serial in desk.revoked_serials()


@pytest.mark.parametrize(
    ("wanted", "error", "code"),
    [
        ("root", InvalidInput, "root_not_revocable"),
        ("nobody", NotFound, "key_unknown"),
        ("seal", InvalidInput, "key_ambiguous"),
        ("timestamp", WrongState, "revoked_already"),
    ],
)
def test_revocations_that_cannot_be(
    desk: SigningOffice, wanted: str, error: type[AppError], code: str
) -> None:
    if wanted == "seal":
        desk.rotate("seal")
    if wanted == "timestamp":
        desk.revoke(desk.find_certificate("timestamp"), LOST)
    with pytest.raises(error) as caught:
        desk.revoke(desk.find_certificate(wanted), LOST)
    assert caught.value.code == code


def test_a_serial_number_is_known_however_it_is_written(desk: SigningOffice) -> None:
    certificate = desk.find_certificate("seal")
    serial = x509.load_der_x509_certificate(certificate).serial_number
    pairs = f"{serial:020X}"
    with_colons = ":".join(pairs[place : place + 2] for place in range(0, len(pairs), 2))
    for written in (f"{serial:x}", f"0x{serial:X}", with_colons):
        assert desk.find_certificate(written) == certificate


def test_an_unknown_key_is_not_rotated(desk: SigningOffice) -> None:
    with pytest.raises(InvalidInput, match="issuing, seal, timestamp"):
        desk.rotate("log")


def test_a_former_authority_without_its_key_is_still_there(folder: Path, desk: SigningOffice) -> None:
    """Somebody destroyed the key: its list stays as it was, and nothing more can be revoked in it."""
    old = Signer.with_credential(desk, "assistant", UNTIL)
    desk.rotate("issuing")
    (folder / "issuing.key").unlink()
    again = SigningOffice.open(folder, PASSPHRASE)
    assert statuses(again)["issuing"] is KeyStatus.FORMER
    with pytest.raises(KeysUnavailable, match="former authority issuing"):
        again.revoke(old.credential.certificate, LOST)


def test_names_of_authorities_differ_for_a_long_name_too(tmp_path: Path) -> None:
    long = "Larkfield Bookkeeping and Correspondence Services of Bristol and Bath Limited"
    office = SigningOffice.create(tmp_path / "keys", PASSPHRASE, long, "GB", datetime.now(UTC))
    office.rotate("seal")
    names = []
    for der in office.certificate_chain().values():
        subject = x509.load_der_x509_certificate(der).subject
        names.append(str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value))
    assert len(set(names)) == len(names) == 5
    assert all(len(name.encode()) <= 64 for name in names)
    sealed = office.seal_document(own_paper()).file
    assert verdict(office, sealed) is Verdict.GREEN


def test_places_are_named_where_they_are_published(tmp_path: Path) -> None:
    office = SigningOffice.create(
        tmp_path / "keys", PASSPHRASE, "Larkfield", "GB", datetime.now(UTC), trust_url="https://x.example/trust"
    )
    office.rotate("issuing")
    places = {}
    for name, der in office.certificate_chain().items():
        extensions = x509.load_der_x509_certificate(der).extensions
        if name != "root":
            point = extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
            places[name] = point.full_name[0].value.removeprefix("https://x.example/trust/")
    assert places == {
        "issuing": "root.crl",
        "issuing-2": "root.crl",
        "timestamp": "root.crl",
        "seal": "issuing.crl",
        "seal-2": "issuing-2.crl",
    }


def test_keys_of_the_first_layout_are_opened(folder: Path) -> None:
    """Before: the root's key beside the others, and no stored list of the issuing authority."""
    (folder / "root" / "root.key").rename(folder / "root.key")
    (folder / "root").rmdir()
    (folder / "issuing.crl").unlink()
    office = SigningOffice.open(folder, PASSPHRASE)
    listed = x509.load_der_x509_crl((folder / "issuing.crl").read_bytes())
    issuing = x509.load_pem_x509_certificate((folder / "issuing.crt").read_bytes())
    assert listed.is_signature_valid(issuing.public_key())
    assert [change.name for change in office.rotate("issuing")] == ["issuing-2", "seal-2"]
    assert issuing.public_bytes(Encoding.DER) == office.certificate_chain()["issuing"]
