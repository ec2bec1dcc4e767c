"""Nobody is asked to sign what could not be signed: keys and authorities that fail, found at sending."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.actor import APPLICATION
from app.domain.errors import AppError, KeysUnavailable, TimestampUnavailable
from app.domain.keys import RevocationReason
from app.domain.workflow import AgreementStatus
from app.installation import KeysOfBusiness
from app.services import sending
from app.services.keys import revoke_certificate
from app.services.sending import SendingForm
from app.signing.office import SigningOffice
from app.signing.timestamp_client import HttpTimestampAuthority
from tests.signing.responder import Responder, running_responder
from tests.tools import needs_tool
from tests.web.office import overridden_draft, send_out, sign_as, stored


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Responder]:
    with running_responder(tmp_path_factory.mktemp("responder")) as running:
        yield running


@pytest.fixture
def folder(first_installation, tmp_path: Path) -> Path:
    target = tmp_path / "keys"
    shutil.copytree(first_installation.configuration.keys, target)
    return target


@pytest.fixture
def passphrase(first_installation) -> bytes:
    return first_installation.configuration.passphrase()


class Ahead:
    def __init__(self, days: int) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


def with_keys(site, credentials) -> None:
    site.kit = replace(site.kit, credentials=credentials)


def refusal(site, owner) -> AppError:
    """What sending says; and nothing has changed, nobody has mail."""
    draft = overridden_draft(site, owner)
    with pytest.raises(AppError) as caught:
        sending.send(site.kit, owner.as_actor(), draft.id, SendingForm())
    assert stored(site, draft.id).status is AgreementStatus.DRAFT
    with site.kit.unit_of_work(read_only=True) as unit:
        assert unit.envelopes.of_agreement(draft.id) == []
        assert unit.messages.of_agreement(draft.id) == []
    assert caught.value.remedy
    return caught.value


def test_a_wrong_passphrase(site, owner, first_installation):
    wrong = replace(first_installation.configuration, passphrase_from_environment="quite another one")
    with_keys(site, KeysOfBusiness(wrong, site.kit.unit_of_work))
    error = refusal(site, owner)
    assert isinstance(error, KeysUnavailable)
    assert "passphrase" in error.message


def test_a_key_that_is_missing_since_the_start(site, owner, folder, passphrase):
    office = SigningOffice.open(folder, passphrase)
    (folder / "seal.key").unlink()
    with_keys(site, office)
    assert "seal.key is missing" in refusal(site, owner).message


@pytest.mark.parametrize(("years", "said"), [(26, "expired on"), (24, "before the certificates of the")])
def test_authorities_that_ended_or_end_too_soon(site, owner, folder, passphrase, years, said):
    clock = Ahead(years * 365)
    site.kit = replace(site.kit, clock=clock)
    with_keys(site, SigningOffice.open(folder, passphrase, clock=clock, even_unusable=True))
    error = refusal(site, owner)
    assert said in error.message
    assert "./run keys rotate issuing" in error.remedy


@needs_tool("openssl")
@pytest.mark.parametrize("behaviour", ["garbage", "nonce", "slow", "rejected"])
def test_a_timestamp_authority_that_lies_or_sleeps(site, owner, folder, passphrase, responder, behaviour):
    responder.behaviour = behaviour
    external = HttpTimestampAuthority("tsa.example", responder.url, (responder.ca,), timeout=0.5)
    with_keys(site, SigningOffice.open(folder, passphrase, timestamp_authorities=(external,)))
    error = refusal(site, owner)
    assert isinstance(error, TimestampUnavailable)
    assert error.retryable
    assert "tsa.example" in error.message


def test_a_revoked_seal_and_what_is_out_already(site, owner, folder, passphrase):
    """Under a running server: new agreements wait for a new seal; what is out can be signed on."""
    with_keys(site, SigningOffice.open(folder, passphrase))
    envelope = send_out(site, owner)
    revoke_certificate(site.kit, APPLICATION, "seal", RevocationReason.KEY_COMPROMISED)
    error = refusal(site, owner)
    assert "revoked on" in error.message
    assert "./run keys rotate seal" in error.remedy
    site.kit.credentials.rotate("seal")
    sign_as(site.kit, envelope, envelope.signers[0])


def test_a_signers_certificate_is_revoked_by_its_number(site, owner, folder, passphrase):
    """The log tells which envelope it belonged to; the log holds no name in the clear."""
    with_keys(site, SigningOffice.open(folder, passphrase))
    envelope = send_out(site, owner)
    sign_as(site.kit, envelope, envelope.signers[0])
    with site.kit.unit_of_work(read_only=True) as unit:
        signer = unit.envelopes.get(envelope.id).signers[0]
    done = revoke_certificate(
        site.kit, APPLICATION, signer.credential.serial.upper(), RevocationReason.AFFILIATION_CHANGED
    )
    assert done.name == ""
    assert done.serial == signer.credential.serial
    with site.kit.unit_of_work(read_only=True) as unit:
        leaf = unit.audit.leaves()[-1]
    assert (leaf.name, leaf.envelope_id, leaf.subject) == ("credential.revoked", envelope.id, signer.id)
    assert leaf.digest == signer.credential.certificate_digest
    assert signer.name not in str(leaf.to_columns())
