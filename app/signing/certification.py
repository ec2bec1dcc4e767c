"""The organisation's seal: a certifying signature made in one step with the key that we hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.domain.errors import SigningFailed
from app.domain.signature import SEAL_FIELD
from app.signing.form_field import FormField, empty_signature_field, fields_of, set_appearance
from app.signing.organisation import Organisation
from app.signing.pades import Completed, SignerChain, timestamped_digest
from app.signing.preparation import PRODUCER, certifying_mdp
from app.signing.stamp import draw_seal
from app.signing.timestamp import TimestampAuthority, stamp_with_first
from app.signing.writer import embed, open_revision, write_placeholder

NARROWEST_SEAL = 120.0  # points: below that its words cannot be read


def certify_file(
    pdf: bytes, organisation: Organisation, authorities: Sequence[TimestampAuthority], now: datetime
) -> Completed:
    """Put the seal into its field as the file's first signature, DocMDP P=2.

    Raises SigningFailed if there is no empty field or the file is signed already,
    TimestampUnavailable.
    """
    writer = open_revision(pdf)
    fields = fields_of(writer)
    field = empty_signature_field(fields, SEAL_FIELD)
    _check_unsigned(fields)
    width, height = field.size
    if width >= NARROWEST_SEAL and height:  # a smaller box holds the page's own emblem
        set_appearance(writer, field, draw_seal(writer, width, height, organisation.name, now))
    seal = organisation.seal.certificate
    chain = SignerChain(seal, organisation.issuer_of(seal).certificate)
    token_size = max(authority.token_size for authority in authorities)
    signature = SignatureObject(
        timestamp=now,
        subfilter=SigSeedSubFilter.PADES,
        name=organisation.name,
        reason=f"Sealed by {organisation.name}: from here only initials and signatures are added",
        app_build_props=PRODUCER,
        bytes_reserved=chain.room(token_size),
    )
    written = write_placeholder(writer, SEAL_FIELD, signature, certifying_mdp())
    attributes = chain.attributes(written.digest)
    value = organisation.seal.key.sign(attributes, ECDSA(hashes.SHA256()))
    token = stamp_with_first(authorities, timestamped_digest(value))
    cms = chain.signature(attributes, value, token.der)
    return Completed(embed(written.file, written.start, written.end, cms), token)


def _check_unsigned(fields: dict[str, FormField]) -> None:
    signed = [field.name for field in fields.values() if field.kind == "/Sig" and field.filled]
    if signed:
        raise SigningFailed(
            "already_signed",
            f"The PDF cannot be sealed, because it is signed already ({', '.join(signed)}).",
            "Seal the file before anyone signs it.",
        )
