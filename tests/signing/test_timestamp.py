"""Timestamps: our own authority before OpenSSL, others over HTTP, and others that misbehave."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import InvalidInput, TimestampUnavailable
from app.domain.keys import TrustMaterial
from app.domain.signature import Level
from app.services.keys import as_pem
from app.signing.certificate import Holder, issue_root
from app.signing.identifiers import TIMESTAMP_POLICY
from app.signing.office import SigningOffice
from app.signing.organisation import open_organisation
from app.signing.timestamp import LocalClock, SystemClock, issue_token, stamp_with_first
from app.signing.timestamp_client import HttpTimestampAuthority, external_authorities, timestamp_roots
from app.signing.verification import verify_files
from tests.judges import openssl_token, pyhanko_diff
from tests.signing.paper import agreement
from tests.signing.people import PASSPHRASE, Signer
from tests.signing.responder import Responder, running_responder
from tests.signing.strict_der import assert_strict
from tests.tools import needs_tool

DIGEST = hashlib.sha256(b"what is stamped").digest()


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Responder]:
    with running_responder(tmp_path_factory.mktemp("responder")) as running:
        yield running


@pytest.fixture
def external(responder: Responder) -> HttpTimestampAuthority:
    responder.behaviour = "good"
    return HttpTimestampAuthority("external", responder.url, (responder.ca,), timeout=5)


def token_info(token: bytes) -> tsp.TSTInfo:
    return cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed


@needs_tool("openssl")
def test_openssl_verifies_our_tokens(office: SigningOffice, root_pem: bytes) -> None:
    token = office.timestamp(b"a checkpoint")
    assert openssl_token(token, b"a checkpoint", root_pem).good
    assert not openssl_token(token, b"another checkpoint", root_pem).good


def test_our_token_says_what_rfc_3161_asks_for(keys: Path) -> None:
    organisation = open_organisation(keys, PASSPHRASE, datetime.now(UTC))
    moment = datetime(2026, 11, 22, 10, 4, 17, 999999, tzinfo=UTC)
    token = issue_token(organisation.timestamp, DIGEST, moment, nonce=2**62 + 1)
    info = token_info(token)
    assert info["nonce"].native == 2**62 + 1
    assert info["policy"].dotted == TIMESTAMP_POLICY
    assert info["gen_time"].native == moment.replace(microsecond=0)
    assert info["accuracy"]["seconds"].native == 1
    assert info["ordering"].native is False
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    attributes = cms.ContentInfo.load(token)["content"]["signer_infos"][0]["signed_attrs"]
    assert "signing_certificate_v2" in [attribute["type"].native for attribute in attributes]
    assert_strict(token)


def test_serial_numbers_differ(office: SigningOffice) -> None:
    serials = {token_info(office.timestamp(b"same"))["serial_number"].native for _ in range(20)}
    assert len(serials) == 20


def test_the_room_for_our_token_suffices(keys: Path) -> None:
    organisation = open_organisation(keys, PASSPHRASE, datetime.now(UTC))
    clock = LocalClock(organisation.timestamp, organisation.root, SystemClock())
    assert all(len(clock.stamp(DIGEST).der) <= clock.token_size for _ in range(200))


@needs_tool("openssl")
def test_an_external_authority_is_asked_and_checked(
    external: HttpTimestampAuthority, responder: Responder
) -> None:
    token = external.stamp(DIGEST)
    assert token.authority == "external"
    assert token.anchor == responder.ca
    assert abs(token.at - datetime.now(UTC)) < timedelta(seconds=10)
    pem = responder.ca.public_bytes(Encoding.PEM)
    assert openssl_token(token.der, b"what is stamped", pem).good


@needs_tool("openssl")
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("redirect", "HTTP 302"),
        ("error", "HTTP 503"),
        ("garbage", "does not hold"),
        ("endless", "longer than 65536 bytes"),
        ("replay", "nonce is not ours"),
        ("nonce", "nonce is not ours"),
        ("digest", "does not verify"),
        ("rejected", "refused with status rejection"),
    ],
)
def test_an_answer_that_does_not_hold_is_none(
    external: HttpTimestampAuthority, responder: Responder, behaviour: str, said: str
) -> None:
    external.stamp(DIGEST)  # what is replayed: good once, with another nonce
    responder.behaviour = behaviour
    with pytest.raises(TimestampUnavailable, match=said) as caught:
        external.stamp(DIGEST)
    assert caught.value.retryable
    assert "external" in caught.value.message


@needs_tool("openssl")
def test_a_redirect_to_another_host_is_not_followed(
    external: HttpTimestampAuthority, responder: Responder, tmp_path: Path
) -> None:
    with running_responder(tmp_path) as other:
        responder.behaviour, responder.elsewhere = "elsewhere", other.url
        with pytest.raises(TimestampUnavailable, match="HTTP 307"):
            external.stamp(DIGEST)
        assert other.asked == 0


@pytest.mark.parametrize("behaviour", ["slow", "drip"])
def test_slow_authorities_are_left_in_time(responder: Responder, behaviour: str) -> None:
    responder.behaviour = behaviour
    impatient = HttpTimestampAuthority("external", responder.url, (responder.ca,), timeout=1)
    started = time.monotonic()
    with pytest.raises(TimestampUnavailable):
        impatient.stamp(DIGEST)
    assert time.monotonic() - started < 1.8


@needs_tool("openssl")
def test_a_token_under_another_ca_is_refused(office: SigningOffice, responder: Responder) -> None:
    responder.behaviour = "good"
    own_root = x509.load_der_x509_certificate(office.root_certificate())
    mistrusting = HttpTimestampAuthority("external", responder.url, (own_root,), timeout=5)
    with pytest.raises(TimestampUnavailable, match="does not verify"):
        mistrusting.stamp(DIGEST)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@needs_tool("openssl")
def test_the_next_authority_is_asked_when_one_is_dead(
    external: HttpTimestampAuthority, responder: Responder
) -> None:
    dead = HttpTimestampAuthority("dead", f"http://127.0.0.1:{closed_port()}/", (responder.ca,), timeout=1)
    assert stamp_with_first((dead, external), DIGEST).authority == "external"
    with pytest.raises(TimestampUnavailable, match="dead"):
        stamp_with_first((dead, dead), DIGEST)


@needs_tool("openssl")
def test_every_authority_is_tried_by_the_self_check(
    keys: Path, external: HttpTimestampAuthority, responder: Responder
) -> None:
    dead = HttpTimestampAuthority("dead", f"http://127.0.0.1:{closed_port()}/", (responder.ca,), timeout=1)
    office = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(dead, external))
    first, second = office.check_authorities()
    assert (first.name, second.name, second.problem) == ("dead", "external", "")
    assert "dead" in first.problem
    assert abs(second.ahead) < 5
    assert second.valid_until is not None
    good, responder.crl = responder.crl, b"nothing"
    try:
        assert "revocation list" in office.check_authorities()[1].problem
    finally:
        responder.crl = good


@needs_tool("openssl")
def test_external_timestamps_are_trusted_in_their_own_installation(
    keys: Path, external: HttpTimestampAuthority, responder: Responder
) -> None:
    """Green with the configured roots, also after the authority is no longer asked; and for nothing else."""
    office = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(external,))
    own_paper = agreement(signers=(), initials=(), clauses=1, seal_box=True)
    file = office.seal_document(own_paper).file
    trust = office.trust()
    assert trust.timestamp_roots == (responder.ca.public_bytes(Encoding.DER),)
    (report,) = verify_files([("f.pdf", file)], trust_roots=(), own_root=trust.roots[0], besides=trust)
    assert report.verdict == "green", report.reasons
    assert {one.timestamp_authority for one in report.signatures} == {"External TSA"}
    (without,) = verify_files([("f.pdf", file)], trust_roots=(), own_root=trust.roots[0])
    assert without.verdict == "amber"
    sealed_only = office.certify(own_paper).file
    later = SigningOffice.open(keys, PASSPHRASE, timestamp_roots=trust.timestamp_roots)
    mixed = later.archive(sealed_only).file  # begun with the external authority, finished with our own
    (report,) = verify_files([("f.pdf", mixed)], trust_roots=(), own_root=trust.roots[0], besides=trust)
    assert report.verdict == "green", report.reasons


@needs_tool("openssl")
def test_an_authority_trusted_for_timestamps_vouches_for_nobody(
    keys: Path, office: SigningOffice, signed: bytes
) -> None:
    """Our own root, given as a timestamp authority's only, does not make signers trusted."""
    archived = office.archive(signed).file
    other = TrustMaterial(timestamp_roots=office.trust().roots)
    stranger = make_ca("Stranger")
    (report,) = verify_files([("f.pdf", archived)], trust_roots=[stranger], own_root=None, besides=other)
    assert report.verdict == "amber"
    assert {one.trust for one in report.signatures if one.kind != "document_timestamp"} == {"untrusted"}
    assert {one.trust for one in report.signatures if one.kind == "document_timestamp"} == {"trusted"}


def make_ca(name: str) -> bytes:
    return issue_root(Holder(name, "GB"), datetime.now(UTC)).certificate.public_bytes(Encoding.DER)


@needs_tool("openssl")
def test_a_file_with_external_timestamps_reaches_b_lta(
    keys: Path, external: HttpTimestampAuthority, responder: Responder, root_pem: bytes
) -> None:
    office = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(external,))
    sealed = office.certify(agreement(signers=("assistant",), clauses=1))
    assert sealed.timestamp_authority == "external"
    one = Signer.with_credential(office, "assistant", datetime.now(UTC) + timedelta(days=400))
    archived = office.archive(one.sign(office, sealed.file).file)
    assert archived.level is Level.B_LTA
    assert archived.timestamp_authority == "external"
    assert not all(judgement.good for judgement in pyhanko_diff(archived.file, root_pem))


@needs_tool("openssl")
def test_without_the_revocation_list_nothing_is_archived(
    keys: Path, external: HttpTimestampAuthority, responder: Responder
) -> None:
    office = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(external,))
    sealed = office.certify(agreement(clauses=1))
    good, responder.crl = responder.crl, b"nothing"
    try:
        with pytest.raises(TimestampUnavailable, match="revocation list"):
            office.archive(sealed.file)
    finally:
        responder.crl = good


def test_settings_that_cannot_work_are_refused_at_once(responder: Responder) -> None:
    ca = responder.ca.public_bytes(Encoding.DER)
    with pytest.raises(InvalidInput):
        external_authorities(["ftp://tsa.example"], [ca])
    assert external_authorities([]) == ()
    (authority,) = external_authorities(["https://tsa.example/tsr"], [ca])
    assert authority.name == "tsa.example"


def test_roots_of_authorities_come_from_a_pem_file(responder: Responder, tmp_path: Path) -> None:
    path = tmp_path / "roots.pem"
    two = (responder.ca.public_bytes(Encoding.DER), make_ca("Another"))
    path.write_text("".join(f"# a root\n{as_pem(der)}" for der in two))
    assert timestamp_roots(path, ()) == two
    assert timestamp_roots(None, ()) == ()
    no_root = (responder.folder / "tsa.crt").read_bytes()
    for content, said in ((b"nothing", "no certificate"), (no_root, "is not a root")):
        path.write_bytes(content)
        with pytest.raises(InvalidInput, match=said):
            timestamp_roots(path, ())
    with pytest.raises(InvalidInput, match="TIMESTAMP_ROOTS"):
        timestamp_roots(tmp_path / "missing.pem", ())
