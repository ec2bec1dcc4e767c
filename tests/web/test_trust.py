"""Revocation lists and certificates as other programs fetch them, checked by OpenSSL."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.actor import APPLICATION
from app.domain.errors import InvalidInput, NotFound, WrongState
from app.domain.keys import RevocationReason
from app.installation import open_installation
from app.services.keys import export_authorities, missing_revocations, revoke_certificate, rotate_keys
from app.services.verification import verify_paths
from app.web import WebSettings, make_web
from tests.signing.paper import agreement
from tests.tools import needs_tool

from .conftest import SECRET, Site, settings_for

PUBLIC = "https://sign.larkfield.example"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory):
    """An installation with an https address: made, one seal revoked, issuing rotated; and its pages."""
    folder = tmp_path_factory.mktemp("published")
    installation = open_installation(
        settings_for(folder, PUBLIC_URL=PUBLIC), organisation="Larkfield", country="GB"
    )
    kit = installation.toolkit
    revoke_certificate(kit, APPLICATION, "seal", RevocationReason.KEY_COMPROMISED)
    rotate_keys(kit, APPLICATION, "issuing")
    web = make_web(kit, WebSettings(public_url=PUBLIC, trusted_proxies=0, secret_key=SECRET))
    yield kit, web.test_client()
    installation.close()


def get(client, path: str, **headers: str):
    return client.get(path, base_url=PUBLIC, headers=headers)


@needs_tool("openssl")
def test_openssl_follows_the_addresses_in_the_certificates(published, tmp_path: Path) -> None:
    """Every certificate is fetched, and so is what it points at; the revoked seal is found out."""
    kit, client = published
    verdicts = {}
    for name, der in kit.credentials.certificate_chain().items():
        certificate = x509.load_der_x509_certificate(der)
        if name == "root":
            continue
        chain, lists = [certificate], b""
        while chain[-1].subject != chain[-1].issuer:
            held = chain[-1].extensions
            crl = held.get_extension_for_class(x509.CRLDistributionPoints).value[0].full_name[0].value
            issuer = held.get_extension_for_class(x509.AuthorityInformationAccess).value[0]
            fetched = get(client, crl.removeprefix(PUBLIC))
            assert fetched.content_type == "application/pkix-crl"
            lists += x509.load_der_x509_crl(fetched.data).public_bytes(Encoding.PEM)
            above = get(client, issuer.access_location.value.removeprefix(PUBLIC))
            assert above.content_type == "application/pkix-cert"
            chain.append(x509.load_der_x509_certificate(above.data))
        verdicts[name] = openssl_verify(tmp_path, chain, lists)
    assert verdicts.pop("seal").count("certificate revoked") == 1
    assert set(verdicts) == {"issuing", "issuing-2", "timestamp", "seal-2"}
    assert all(said.strip().endswith("OK") for said in verdicts.values()), verdicts


def openssl_verify(folder: Path, chain: list[x509.Certificate], lists: bytes) -> str:
    leaf, *between, root = (certificate.public_bytes(Encoding.PEM) for certificate in chain)
    for name, content in (("leaf", leaf), ("between", b"".join(between)), ("root", root), ("lists", lists)):
        (folder / name).write_bytes(content)
    command = ["openssl", "verify", "-x509_strict", "-crl_check_all", "-CRLfile", str(folder / "lists")]
    command += ["-CAfile", str(folder / "root")]
    command += ["-untrusted", str(folder / "between")] if between else []
    ran = subprocess.run([*command, str(folder / "leaf")], capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_they_may_be_kept_for_an_hour_and_are_asked_for_again(published) -> None:
    _, client = published
    first = get(client, "/trust/root.crl")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in first.headers
    again = get(client, "/trust/root.crl", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/trust/seal.crt", "/trust/log.crl", "/trust/root.key", "/trust/..%2froot.crl", "/trust/timestamp.crl"],
)
def test_nothing_else_is_there(published, path: str) -> None:
    assert get(published[1], path).status_code == 404


def test_nothing_can_be_changed(published) -> None:
    assert published[1].post("/trust/root.crl", base_url=PUBLIC).status_code in (400, 405)


def test_before_the_first_keys_there_is_nothing(tmp_path: Path) -> None:
    installation = open_installation(settings_for(tmp_path))
    web = make_web(
        installation.toolkit,
        WebSettings(public_url=installation.configuration.public_url, trusted_proxies=0, secret_key=SECRET),
    )
    for path in ("/trust/root.crl", "/trust/root.crt", "/trust/ca.pem"):
        assert web.test_client().get(path).status_code == 404
    installation.close()


def test_the_exported_authorities_are_trust_enough(published, tmp_path: Path) -> None:
    """A stranger gives the file to the verifier; a file sealed now is green for him."""
    kit, client = published
    target = tmp_path / "ca.pem"
    exported = export_authorities(kit, target)
    assert [authority.name for authority in exported] == ["root", "issuing", "issuing-2"]
    assert target.read_bytes() == get(client, "/trust/ca.pem").data
    sealed = kit.credentials.seal_document(agreement(signers=(), initials=(), clauses=1, seal_box=True)).file
    (report,) = verify_paths([("f.pdf", sealed)], trust_roots=[target.read_bytes()], own_root=None)
    assert report.verdict == "green", report.reasons


def test_changes_are_in_the_audit_log(published) -> None:
    kit, _ = published
    with kit.unit_of_work(read_only=True) as unit:
        leaves = {(leaf.name, leaf.subject): leaf for leaf in unit.audit.leaves()}
    revoked = leaves["credential.revoked", "seal"]
    assert revoked.details["reason"] == "key-compromised"
    assert revoked.actor_part == "application"
    renewed = leaves["key.rotated", "seal-2"]
    states = {state.generation: state for state in kit.credentials.every_key()}
    assert renewed.details["serial"] == states["seal-2"].serial
    assert renewed.digest == states["seal-2"].fingerprint
    assert ("key.rotated", "issuing-2") in leaves
    assert missing_revocations(kit) == []


def test_a_lost_revocation_is_noticed(published) -> None:
    """The list was lost, and an empty one is made in its place: the log still knows."""
    kit, _ = published
    number = next(state.serial for state in kit.credentials.every_key() if state.generation == "seal")
    path = kit.credentials._keys._folder.revocation_list("issuing")
    kept = path.read_bytes()
    path.unlink()
    try:
        assert missing_revocations(kit) == [number]
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(kept)
    assert missing_revocations(kit) == []


def test_what_is_unknown_or_revoked_already_is_said(published) -> None:
    kit, _ = published
    with pytest.raises(NotFound, match="no one-time certificate"):
        revoke_certificate(kit, APPLICATION, "00ff", RevocationReason.SUPERSEDED)
    number = next(state.serial for state in kit.credentials.every_key() if state.generation == "seal")
    with pytest.raises(WrongState):
        revoke_certificate(kit, APPLICATION, number, RevocationReason.SUPERSEDED)
    with pytest.raises(InvalidInput, match="several"):
        revoke_certificate(kit, APPLICATION, "seal", RevocationReason.SUPERSEDED)


def test_an_installation_for_this_computer_only_publishes_no_address(site: Site) -> None:
    chain = site.kit.credentials.certificate_chain()
    extensions = x509.load_der_x509_certificate(chain["seal"]).extensions
    with pytest.raises(x509.ExtensionNotFound):
        extensions.get_extension_for_class(x509.CRLDistributionPoints)
    assert replace(settings_for(Path("x")), public_url="http://127.0.0.1:8000").trust_url == ""
