"""The verifier: says green, amber, red, unreadable or unsigned of any PDF or record.

Purpose: judge files of friends and strangers offline, never fooled, never crashed. The
verdict is made in `policy.py` from what the other files find. Integrity never depends
on trust; green needs both, every field signed, and a timestamp over the last byte.

Imports: domain, the rest of signing, pyhanko, asn1crypto, cryptography, stdlib.

Entry functions:
    verify_pdf(data, name, *, trust_roots, own_root, at) -> FileReport   in this process
    verify_files(files, *, trust_roots, own_root, at) -> list[FileReport]   PDFs and records, in a
        process with limits, from any thread; use this for everything that comes from outside
    OFFLINE_VERIFIER                                            the file that records carry as verify.py
    VerifierProcess                                             that process, to be started ahead
"""

from pathlib import Path

from app.signing.verification.process import VerifierProcess, verify_files
from app.signing.verification.report import verify_pdf

# One file for strangers, which imports nothing of ours; it is never run in this application.
OFFLINE_VERIFIER = Path(__file__).with_name("offline_verifier.py")

__all__ = ["OFFLINE_VERIFIER", "VerifierProcess", "verify_files", "verify_pdf"]
