"""Checks one record of a signed agreement, offline. Needs only Python 3.10 or newer and pyHanko.

    pip install pyhanko
    python verify.py                        the folder in which this file lies
    python verify.py record.zip             a record that is still packed
    python verify.py record.zip --trust CA.pem

It ends with 0 if everything holds, with 1 if something does not, with 2 if it could not check.

This is a second, smaller verifier: one file that you can read. It checks less than the application's
own ("countersign verify"): changes between signatures are judged by pyHanko's general rules, not by
stricter ones of ours; form and padding of the signatures are not looked at; hostile files are not held
within limits of time and memory; attacks that pyHanko itself does not see are not seen here either.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import io
import json
import logging
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SIGNED, COMPLETION = "signed.pdf", "certificate_of_completion.pdf"
MOST_FILES, MOST_BYTES = 200, 200 * 1024 * 1024
ED25519_NOTE = b"\x01"
APPLIED, SEALED, CERTIFIED = "signature.applied", "agreement.sealed", "completion.certified"
LESS = (
    "This script checks less than the application's own verifier; its first lines say what.",
    "The names stand in certificates that the sender's organisation issued. Who really held the",
    "device is shown by the identity checks in the certificate of completion.",
)


class NotARecord(ValueError):
    """What was given cannot be checked at all; the message says why."""


def main() -> int:
    """Read the arguments, check, print. The exit code is the answer."""
    parser = argparse.ArgumentParser(description="Check a record of a signed agreement, offline.")
    parser.add_argument("record", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--trust", type=Path, action="append", default=[], help="root certificate (PEM)")
    arguments = parser.parse_args()
    try:
        files = read_record(arguments.record)
        given = [path.read_bytes() for path in arguments.trust]
        problems = check_record(files, given)
    except ImportError as error:
        say(f"CANNOT CHECK: pyHanko is missing or of another version ({error}). Try: pip install pyhanko")
        return 2
    except (NotARecord, OSError, zipfile.BadZipFile) as error:
        say(f"CANNOT CHECK: {error}")
        return 2
    say("", *LESS, "")
    for problem in problems:
        say(f"PROBLEM: {problem}")
    say("THE RECORD DOES NOT HOLD." if problems else "THE RECORD HOLDS.")
    return 1 if problems else 0


def check_record(files: Mapping[str, bytes], given: Sequence[bytes]) -> list[str]:
    """All problems, none if the record holds. given: trusted roots, else the record's own is taken."""
    problems = list(check_digests(files))
    say(f"Files: {len(files)}, " + ("NOT as listed." if problems else "all as listed."))
    if problems:
        return problems
    try:
        return [*check_log(files), *check_documents(files, given)]
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001  # a damaged record makes any library raise anything
        return [f"A part of the record cannot be read ({type(error).__name__}: {error})."]


def read_record(path: Path) -> dict[str, bytes]:
    """Every file of the record by its name; of a folder those that its list names."""
    if path.is_dir():
        listed = [] if not (path / MANIFEST).is_file() else list_of((path / MANIFEST).read_bytes())
        names = [each for each in (*listed, MANIFEST) if ".." not in each and (path / each).is_file()]
        return {each: (path / each).read_bytes() for each in names}
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        different = {entry.filename for entry in entries}
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise NotARecord("it unpacks to more than a record holds.")
        if len(different) < len(entries):
            raise NotARecord("it holds two files of the same name.")
        return {entry.filename: archive.read(entry) for entry in entries}


def list_of(manifest: bytes) -> dict[str, str]:
    """What manifest.json says: file -> SHA-256."""
    try:
        return {str(name): str(digest) for name, digest in json.loads(manifest)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotARecord("manifest.json cannot be read.") from error


def check_digests(files: Mapping[str, bytes]) -> Iterator[str]:
    if MANIFEST not in files:
        raise NotARecord("there is no manifest.json, so this is no record.")
    listed = list_of(files[MANIFEST])
    for name, digest in sorted(listed.items()):
        if name not in files:
            yield f"{name} is missing."
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name} is not the file that was put into the record."
    for name in sorted(set(files) - set(listed) - {MANIFEST}):
        yield f"{name} is not in the list of files."
    for name in sorted({SIGNED, COMPLETION, "audit.jsonl", "checkpoint.txt", "ca/root.pem"} - set(listed)):
        yield f"{name} is not in the list of files, but belongs to every record."


# The log: RFC 8785 (canonical JSON), RFC 6962 (tree), C2SP signed note, RFC 3161 (timestamp).


def check_log(files: Mapping[str, bytes]) -> list[str]:
    size, root, problems = read_checkpoint(files)
    lines = [json.loads(line) for line in files["audit.jsonl"].splitlines()]
    events = [line for line in lines if "columns" in line]
    last = -1
    for event in events:
        sequence = event["columns"]["sequence"]
        problems += [f"Event {sequence}: {problem}" for problem in check_event(event, size, root)]
        if sequence <= last:
            problems.append(f"Event {sequence} stands in the wrong place.")
        last = sequence
    problems += check_story(files, events)
    say(f"Log: {len(events)} events, " + ("all proven." if not problems else "NOT all proven."))
    return problems


def check_event(event: Mapping[str, Any], size: int, root: bytes) -> Iterator[str]:
    columns = event["columns"]
    leaf = hashlib.sha256(b"\x00" + canonical(columns)).digest()
    if leaf.hex() != event["leaf_hash"]:
        yield "it was changed."
    path = [bytes.fromhex(step) for step in event["inclusion_proof"]]
    if root_from(leaf, columns["sequence"], size, path) != root:
        yield "the signed checkpoint does not contain it."
    for field, opened in event["personal"].items():
        committed = canonical({"field": field, "salt": opened["salt"], "value": opened["value"]})
        if hashlib.sha256(committed).hexdigest() != columns["commitments"].get(field):
            yield f"its {field} is not what was logged."


def check_story(files: Mapping[str, bytes], events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the log says of the two documents is true of those in the record."""
    for name, happening in ((SIGNED, SEALED), (COMPLETION, CERTIFIED)):
        digest = hashlib.sha256(files[name]).hexdigest()
        if digest not in digests_of(events, happening):
            yield f"The log does not know {name}: no event {happening} has its digest."


def digests_of(events: Sequence[Mapping[str, Any]], happening: str, envelope: str = "") -> list[str]:
    """The digests of the events of one name, in order."""
    columns = [event["columns"] for event in events if event["columns"]["name"] == happening]
    return [each["digest"] for each in columns if envelope in ("", each["envelope_id"])]


def canonical(value: Any) -> bytes:
    """RFC 8785 for what a log holds: texts, whole numbers, truth values, lists, objects."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        members = [canonical(key) + b":" + canonical(value[key]) for key in keys]
        return b"{" + b",".join(members) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(each) for each in value) + b"]"
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which an inclusion proof leads (RFC 9162, 2.1.3.2), None where it has no fitting length."""
    if not 0 <= index < size:
        return None
    node, last, rest = leaf, size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            pair = sibling + node if index % 2 == 1 else node + sibling
            node = hashlib.sha256(b"\x01" + pair).digest()
        index, last = index // 2, last // 2
    return None if rest else node


def read_checkpoint(files: Mapping[str, bytes]) -> tuple[int, bytes, list[str]]:
    """(number of events, root, problems) of the signed head of the log."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, _, signature_line = files["checkpoint.txt"].decode().partition("\n\n")
    _, size, root = text.split("\n")
    _, name, encoded = signature_line.strip().split(" ")
    blob, key = base64.b64decode(encoded), base64.b64decode(files["ca/log_key.txt"])
    problems: list[str] = []
    if blob[:4] != hashlib.sha256(name.encode() + b"\n" + ED25519_NOTE + key).digest()[:4]:
        problems.append("The checkpoint of the log names another key.")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(blob[4:], (text + "\n").encode())
    except InvalidSignature:
        problems.append("The checkpoint of the log is not signed with the key of the log.")
    return int(size), base64.b64decode(root), problems


# The documents: every signature, every timestamp, at the level they were made for.


def check_documents(files: Mapping[str, bytes], given: Sequence[bytes]) -> list[str]:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    roots = [root for pem in given or [files["ca/root.pem"]] for root in load_certificates(pem)]
    for root in roots:
        say(f"Trusted: {root.subject.human_friendly}, SHA-256 {root.sha256.hex()}")
    if not given:
        say("  That root comes from the record itself. Compare it with one that you got another way,")
        say("  or give that one with --trust: whoever makes a record could make a root too.")
    problems = [f"checkpoint.tsr: {problem}" for problem in check_token(files, roots)]
    for name in (SIGNED, COMPLETION):
        problems += [f"{name}: {problem}" for problem in check_pdf(name, files, roots)]
    return problems


def load_certificates(data: bytes) -> list[Any]:
    """PEM or DER."""
    from asn1crypto import pem, x509

    ders = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
    return [x509.Certificate.load(der) for der in ders]


def check_token(files: Mapping[str, bytes], roots: Sequence[Any]) -> Iterator[str]:
    """The timestamp over the checkpoint."""
    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    content = cms.ContentInfo.load(files["checkpoint.tsr"])["content"]
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False)

    def imprint(algorithm: str) -> bytes:
        return hashlib.new(algorithm, files["checkpoint.txt"]).digest()

    found = asyncio.run(validate_tst_signed_data(content, context, imprint))
    if not (found["intact"] and found["valid"]):
        yield "the timestamp does not belong to checkpoint.txt."
    elif found["trust_problem_indic"] is not None or found["validation_path"] is None:
        yield "its authority is not trusted."


def check_pdf(name: str, files: Mapping[str, bytes], roots: Sequence[Any]) -> Iterator[str]:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    reader = PdfFileReader(io.BytesIO(files[name]))
    empty = [field for field, value, _ in enumerate_sig_fields(reader) if value is None]
    if empty:
        yield f"nobody has signed the fields {', '.join(empty)}."
    signatures = list(reader.embedded_signatures)
    if not signatures or signatures[-1].sig_object_type != "/DocTimeStamp":
        yield "no document timestamp stands at its end."
        return
    say(f"{name}:")
    for signature in signatures:
        yield from check_signature(signature, roots)
    if signatures[-1].evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        yield "something was added after its last timestamp."
    if name == SIGNED:
        yield from check_revisions(files, signatures)


def check_signature(signature: Any, roots: Sequence[Any]) -> Iterator[str]:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
    if signature.sig_object_type == "/DocTimeStamp":
        stamp = validate_pdf_timestamp(signature, context)
        good = stamp.intact and stamp.valid and stamp.trusted
        say(f"  {'good' if good else 'NOT GOOD'}: timestamp over the whole file, {stamp.timestamp}")
        if not good:
            yield "its final timestamp does not hold."
        return
    who = signature.signer_cert.subject.native.get("common_name", "?")
    found = validate_pdf_signature(signature, context)
    lasting = long_term_problem(signature, roots)
    sound = found.intact and found.valid and found.docmdp_ok
    say(f"  {'good' if sound and not lasting else 'NOT GOOD'}: {signature.field_name}, {who}")
    if not sound:
        yield f"the signature of {who} does not hold, or the file was changed after it."
    elif lasting:
        yield f"the signature of {who} is not trusted in the long term ({lasting})."


def long_term_problem(signature: Any, roots: Sequence[Any]) -> str:
    """ETSI EN 319 102-1, 5.6.3, with the validation data in the file; "" if it passes."""
    from pyhanko.sign.ades.report import AdESStatus
    from pyhanko.sign.validation import policy_decl as policy
    from pyhanko.sign.validation.ades import ades_lta_validation
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    spec = policy.SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(list(roots)),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
        ),
        revinfo_gathering_policy=policy.RevocationInfoGatheringSpec(
            online_fetching_rule=policy.RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=policy.CertificateFetchingRule.NEVER_FETCH,
        ),
    )
    # The changes were compared just before, so they are not compared again.
    whole = policy.PdfSignatureValidationSpec(spec, diff_policy=None)
    result = asyncio.run(ades_lta_validation(signature, whole)).ades_subindic
    return "" if result.status == AdESStatus.PASSED else str(getattr(result, "name", result))


def check_revisions(files: Mapping[str, bytes], signatures: Sequence[Any]) -> Iterator[str]:
    """After each signature the file was what the log says: each is a beginning of this file."""
    lines = [json.loads(line) for line in files["audit.jsonl"].splitlines()]
    events = [line for line in lines if "columns" in line]
    last = next(each["columns"] for each in reversed(events) if each["columns"]["name"] == APPLIED)
    people = [each for each in signatures if each.sig_object_type != "/DocTimeStamp"][1:]  # first: the seal
    ends = [int(each.byte_range[2]) + int(each.byte_range[3]) for each in people]
    parts = [hashlib.sha256(files[SIGNED][:end]).hexdigest() for end in ends]
    if digests_of(events, APPLIED, last["envelope_id"]) != parts:
        yield "its signatures are not those that the log knows, in that order."


def say(*lines: str) -> None:
    """Print, with what a hostile file could put into a name made harmless."""
    for line in lines:
        sys.stdout.write("".join(letter if letter.isprintable() else "\ufffd" for letter in line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
