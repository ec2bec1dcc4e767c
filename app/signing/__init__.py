"""Paper to signed paper: the organisation's keys, credentials, signatures, timestamps, and verification.

Purpose: everything cryptographic. The organisation's PKI and its keys at rest, one-time
credentials, PAdES signatures in two steps (prepare, finish), the seal, validation data and
document timestamps (level B-LTA), checkpoints of the audit log. What is written here is checked
here before it is handed out; whatever does not hold raises and nothing is returned.
Imports: domain, pyhanko, pyhanko_certvalidator, asn1crypto, cryptography, PIL, standard library.
Entry: `office.SigningOffice` (create, open, check, issue, certify, prepare, finish, archive,
seal_document, timestamp, sign_checkpoint) and its half for keys, `key_desk.KeyDesk` (check, rotate,
revoke, trust); `read_trust` for what needs no passphrase; the verifier is in `signing.verification`.

The way of a file: `certify` puts the organisation's seal on revision 1 (DocMDP P=2); `issue` makes
a credential for a signer's public key; `prepare` writes the revision that waits for the signer's
signature value; `finish` checks the value, fetches the timestamp and embeds both; `archive` adds
validation data and the document timestamp. Only incremental updates, never a rewrite.
"""

from app.signing.office import SigningOffice
from app.signing.own_trust import read_trust
from app.signing.timestamp_client import external_authorities, timestamp_roots

__all__ = ["SigningOffice", "external_authorities", "read_trust", "timestamp_roots"]
