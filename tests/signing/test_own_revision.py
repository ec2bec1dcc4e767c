"""Our own check of a revision refuses what a signature may not change, even if it verifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.domain.errors import SigningFailed
from app.signing.form_field import fields_of
from app.signing.office import SigningOffice
from app.signing.organisation import open_organisation
from app.signing.own_revision import check_revision
from app.signing.pades import SignerChain, timestamped_digest
from app.signing.pdf_object import integer, name, numbers
from app.signing.timestamp import LocalClock, SystemClock
from app.signing.writer import RevisionWriter, embed, open_revision, write_placeholder
from tests.signing.people import PASSPHRASE, Signer

FIELD = "signature-client"


def nothing(writer: RevisionWriter) -> None:
    """The revision as it should be."""


def another_page(writer: RevisionWriter) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def a_script(writer: RevisionWriter) -> None:
    action = generic.DictionaryObject({name("S"): name("JavaScript"), name("JS"): generic.pdf_string("1")})
    writer.root["/OpenAction"] = action
    writer.update_root()


def a_moved_field(writer: RevisionWriter) -> None:
    field = fields_of(writer)[FIELD]
    field.dictionary["/Rect"] = numbers((0, 0, 400, 400))
    writer.mark_update(field.reference)


def the_look_of_another_signature(writer: RevisionWriter) -> None:
    field = fields_of(writer)["seal"]
    field.dictionary["/F"] = integer(2)
    writer.mark_update(field.reference)


def initials_of_somebody_else(writer: RevisionWriter) -> None:
    field = fields_of(writer)["initials.assistant.take-home"]
    field.dictionary["/V"] = generic.pdf_string("NW")
    writer.mark_update(field.reference)


def written_with(keys: Path, office: SigningOffice, base: bytes, change: Callable[..., None]) -> bytes:
    """A correctly signed and timestamped revision that also makes `change`."""
    organisation = open_organisation(keys, PASSPHRASE, datetime.now(UTC))
    signer = Signer.with_credential(office, "client", datetime(2030, 1, 1, tzinfo=UTC))
    chain = SignerChain(
        x509.load_der_x509_certificate(signer.credential.certificate), organisation.issuing.certificate
    )
    clock = LocalClock(organisation.timestamp, organisation.root, SystemClock())
    writer = open_revision(base)
    change(writer)
    room = chain.room(clock.token_size)
    signature = SignatureObject(
        timestamp=datetime.now(UTC), subfilter=SigSeedSubFilter.PADES, bytes_reserved=room
    )
    written = write_placeholder(writer, FIELD, signature)
    attributes = chain.attributes(written.digest)
    value = signer.key.sign(attributes, ECDSA(hashes.SHA256()))
    token = clock.stamp(timestamped_digest(value))
    cms = chain.signature(attributes, value, token.der)
    return embed(written.file, written.start, written.end, cms)


def check(office: SigningOffice, base: bytes, result: bytes) -> None:
    root = x509.load_der_x509_certificate(office.root_certificate())
    check_revision(memoryview(base), result, FIELD, (root,), datetime.now(UTC))


def test_a_plain_revision_passes(keys: Path, office: SigningOffice, certified: bytes) -> None:
    check(office, certified, written_with(keys, office, certified, nothing))


@pytest.mark.parametrize(
    "change",
    [another_page, a_script, a_moved_field, the_look_of_another_signature, initials_of_somebody_else],
    ids=lambda change: change.__name__,
)
def test_any_other_change_is_refused(
    keys: Path, office: SigningOffice, certified: bytes, change: Callable[..., None]
) -> None:
    result = written_with(keys, office, certified, change)
    with pytest.raises(SigningFailed, match="was changed"):
        check(office, certified, result)


def test_another_beginning_is_refused(keys: Path, office: SigningOffice, certified: bytes) -> None:
    result = written_with(keys, office, certified, nothing)
    with pytest.raises(SigningFailed, match="does not begin"):
        check(office, certified[:-5] + b"12345", result)


def test_bytes_after_the_end_are_refused(keys: Path, office: SigningOffice, certified: bytes) -> None:
    result = written_with(keys, office, certified, nothing)
    with pytest.raises(SigningFailed):
        check(office, certified, result + b"\n%more\n")


def test_an_untrusted_timestamp_or_signer_is_refused(
    keys: Path, office: SigningOffice, certified: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    result = written_with(keys, office, certified, nothing)
    folder = tmp_path_factory.mktemp("third") / "keys"
    other = SigningOffice.create(folder, b"another passphrase", "Third", "FR", datetime.now(UTC))
    with pytest.raises(SigningFailed, match="verify"):
        check(other, certified, result)


def test_every_flipped_bit_of_the_update_is_refused(
    keys: Path, office: SigningOffice, certified: bytes
) -> None:
    result = written_with(keys, office, certified, nothing)
    step = (len(result) - len(certified)) // 40
    padding = result.rfind(b"0" * 64)
    for at in range(len(certified) + 3, len(result) - 8, step):
        changed = bytearray(result)
        changed[at] ^= 1
        if result[at : at + 16] == b"0" * 16 and at >= padding - 64:
            continue  # zeros behind the CMS, which the verifier of whole files judges
        with pytest.raises(SigningFailed):
            check(office, certified, bytes(changed))


def test_unreadable_bytes_are_refused(office: SigningOffice) -> None:
    with pytest.raises(SigningFailed):
        check(office, b"", BytesIO(b"no PDF").getvalue())
