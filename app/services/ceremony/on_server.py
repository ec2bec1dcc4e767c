"""The way for devices that cannot make a key: the server makes one, signs once and destroys it.

It is recorded and shown as what it is (`server_one_time`), on the page before the act, too.
"""

from __future__ import annotations

import secrets
import time

from app.domain.actor import Actor
from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope
from app.domain.errors import WrongState
from app.domain.signature import KeyHeldBy
from app.domain.workflow import SignerStatus
from app.services.ceremony.credential import issue_credential
from app.services.ceremony.signature import apply_signature, prepare_adopted
from app.signing.one_time_key import OneTimeKey, one_time_key
from app.toolkit import Toolkit

TRIES = 6
FIRST_PAUSE = 0.3  # seconds; doubled after each try


def sign_on_server(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str) -> Envelope:
    """Sign with a key that lives for this call. Repeating it after success changes nothing.

    Raises what `prepare_adopted` and `apply_signature` raise; then nothing was signed.
    """
    with kit.unit_of_work(read_only=True) as unit:
        envelope = unit.envelopes.get(envelope_id)
    if envelope.signer(signer_id).status is SignerStatus.SIGNED:
        return envelope  # and no key is made
    with one_time_key() as key:
        for number in range(TRIES):
            try:
                return _sign(kit, actor, envelope_id, signer_id, key)
            except WrongState as error:
                if error.code == "already-signed":
                    break  # by another press of the same button, or another page
                if not error.retryable or number == TRIES - 1:
                    raise
            # Somebody was faster: once more on the file as it stands then, with the same key.
            time.sleep(FIRST_PAUSE * 2**number * (1 + secrets.randbelow(100) / 100))
    with kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.get(envelope_id)


def _sign(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, key: OneTimeKey) -> Envelope:
    issue_credential(kit, actor, envelope_id, signer_id, key.public_key, KeyHeldBy.SERVER_ONE_TIME)
    view = prepare_adopted(kit, actor, envelope_id, signer_id, sha256_hex(key.public_key))
    value = key.sign(view.signed_attributes)
    return apply_signature(kit, actor, envelope_id, signer_id, view.prepared_digest, value)
