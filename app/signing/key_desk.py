"""The desk for keys: what there is, what can be trusted, replacing and revoking.

The half of the signing office that no document passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.errors import KeysUnavailable, NotFound
from app.domain.keys import KeyChange, Revocation, RevocationReason, TrustMaterial
from app.domain.signature import KeyState
from app.signing.certificate import der_of
from app.signing.key_change import find_certificate
from app.signing.open_keys import OpenKeys
from app.signing.organisation import Organisation, require_usable
from app.signing.timestamp import Clock


class KeyDesk:
    """Methods raise KeysUnavailable where the keys do not open (any more)."""

    def __init__(self, keys: OpenKeys, clock: Clock, timestamp_roots: tuple[bytes, ...]) -> None:
        """timestamp_roots: DER of CAs that are believed for timestamps."""
        self._keys = keys
        self._clock = clock
        self._timestamp_roots = timestamp_roots

    def check(self) -> tuple[KeyState, ...]:
        """The state of root, issuing, seal and timestamp certificate now."""
        return self._keys.now().key_states(self._clock.now())

    def every_key(self) -> tuple[KeyState, ...]:
        """The state of those in use and of all that were replaced."""
        return self._keys.now().every_state(self._clock.now())

    def require_ready(self, until: datetime) -> None:
        """Raises KeysUnavailable unless everything can be signed now, and certificates issued to `until`."""
        states = self.check()
        require_usable(states, self._clock.now())
        (issuing,) = (state for state in states if state.name == "issuing")
        if issuing.valid_until < until:
            raise KeysUnavailable(
                "issuing_ends",
                f"The issuing certificate ends on {issuing.valid_until:%Y-%m-%d}, before the certificates "
                f"of the signers would ({until:%Y-%m-%d}).",
                "Run: ./run keys rotate issuing",
                retryable=True,
            )

    def rotate(self, purpose: str, root_folder: Path | None = None) -> tuple[KeyChange, ...]:
        """New keys for `purpose` and for what hangs on it (`KeyChanger.rotate`)."""
        return self._keys.changer(root_folder).rotate(purpose)

    def revoke(
        self, certificate: bytes, reason: RevocationReason, root_folder: Path | None = None
    ) -> Revocation:
        """Revoke a certificate of ours, given as DER (`KeyChanger.revoke`)."""
        return self._keys.changer(root_folder).revoke(x509.load_der_x509_certificate(certificate), reason)

    def find_certificate(self, wanted: str) -> bytes:
        """DER of a certificate of the organisation by name or serial number.

        Raises NotFound, InvalidInput for a name that several share.
        """
        found = find_certificate(self._keys.now(), wanted)
        if found is None:
            raise NotFound(
                "key_unknown", f"The organisation has no key \u201c{wanted}\u201d.", "See: ./run keys list"
            )
        return der_of(found)

    def revoked_serials(self) -> frozenset[int]:
        """The serial numbers in all revocation lists of ours."""
        return frozenset(
            entry.serial for authority in self._keys.now().authorities for entry in authority.entries()
        )

    def root_certificate(self) -> bytes:
        """DER of the root, which is what others have to trust."""
        return der_of(self._keys.now().root)

    def certificate_chain(self) -> Mapping[str, bytes]:
        """DER by name: root, issuing, seal, timestamp, and those before them."""
        return {name: der_of(held) for name, held in self._keys.now().every_certificate().items()}

    def crls(self) -> Mapping[str, bytes]:
        """DER of the revocation lists by the name of their authority: root, issuing, and former ones."""
        return {authority.name: authority.crl for authority in self._keys.now().authorities}

    def trust(self) -> TrustMaterial:
        """What the verifier of this installation trusts."""
        held = self._keys.now()
        return TrustMaterial(
            roots=tuple(der_of(root.certificate) for root in held.roots),
            revocation_lists=tuple(authority.crl for authority in held.authorities),
            timestamp_roots=self._timestamp_roots,
        )

    def sign_checkpoint(self, note: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of the log key over `note`."""
        return self._keys.now().log_key.sign(note)

    def log_public_key(self) -> bytes:
        """The log key's public half, 32 bytes raw."""
        return self._keys.now().log_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _usable(self, purpose: str) -> Organisation:
        """The keys as they are now. Raises KeysUnavailable if that one cannot be used."""
        held = self._keys.now()
        now = self._clock.now()
        require_usable(tuple(state for state in held.key_states(now) if state.name == purpose), now)
        return held
