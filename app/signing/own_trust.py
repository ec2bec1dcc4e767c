"""What an installation trusts by itself, read from its folder of keys without any passphrase."""

from __future__ import annotations

from pathlib import Path

from app.domain.keys import TrustMaterial
from app.signing.certificate import der_of
from app.signing.key_folder import KeyFolder
from app.signing.organisation import read_certificate


def read_trust(directory: Path, timestamp_roots: tuple[bytes, ...] = ()) -> TrustMaterial:
    """The roots in `directory` and the lists of all authorities there; nothing where there are no keys.

    timestamp_roots: DER, passed on. Raises KeysUnavailable for a file that cannot be read.
    """
    folder = KeyFolder(directory)
    if not folder.certificate("root").exists():
        return TrustMaterial(timestamp_roots=timestamp_roots)
    roots = folder.generations("root")
    lists = [folder.revocation_list(name) for name in (*roots, *folder.generations("issuing"))]
    return TrustMaterial(
        roots=tuple(der_of(read_certificate(folder.certificate(name))) for name in roots),
        revocation_lists=tuple(path.read_bytes() for path in lists if path.exists()),
        timestamp_roots=timestamp_roots,
    )
