"""Object identifiers: those of the standards, and the arc that is our own.

Our arc is 2.25 followed by a UUID as an integer (ITU-T X.667), which needs no registration:
UUID 1a9cff39-59a6-4a54-9f51-8f5f5c9f0e65.
"""

from __future__ import annotations

from uuid import UUID

OWN_ARC = f"2.25.{UUID('1a9cff39-59a6-4a54-9f51-8f5f5c9f0e65').int}"
TIMESTAMP_POLICY = f"{OWN_ARC}.1"  # tokens of the built-in authority: the clock of the server it runs on
CREDENTIAL_POLICY = f"{OWN_ARC}.2"  # one-time credentials: one document, one signature, key not kept

DATA = "1.2.840.113549.1.7.1"  # RFC 5652, 4
SIGNED_DATA = "1.2.840.113549.1.7.2"  # RFC 5652, 5.1
CONTENT_TYPE = "1.2.840.113549.1.9.3"  # RFC 5652, 11.1
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"  # RFC 5652, 11.2
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"  # RFC 5035, 3
SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"  # RFC 3161, appendix A
TST_INFO = "1.2.840.113549.1.9.16.1.4"  # RFC 3161, 2.4.2
SHA_256 = "2.16.840.1.101.3.4.2.1"  # RFC 5754, 2.2
ECDSA_WITH_SHA_256 = "1.2.840.10045.4.3.2"  # RFC 5754, 3.3
PBES2 = "1.2.840.113549.1.5.13"  # RFC 8018, 6.2
SCRYPT = "1.3.6.1.4.1.11591.4.11"  # RFC 7914, 7
AES_256_CBC = "2.16.840.1.101.3.4.1.42"  # RFC 3565, 4.1
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"  # RFC 9336, 3.1
SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9"  # RFC 9598, 3
