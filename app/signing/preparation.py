"""The first step of a signature: the revision as it will be, with room for the CMS."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import SigMDPSetup
from pyhanko.sign.signers.pdf_byterange import BuildProps, SignatureObject

from app.domain.errors import InvalidInput, SigningFailed
from app.domain.signature import IssuedCredential, PreparedSignature, SignatureRequest
from app.signing.certificate import der_of
from app.signing.form_field import FormField, empty_signature_field, fields_of, fill_initials, set_appearance
from app.signing.pades import SignerChain
from app.signing.pdf_object import entry
from app.signing.stamp import draw_stamp
from app.signing.writer import open_revision, write_placeholder

PRODUCER = BuildProps(name="Countersign")


def prepare_signature(
    pdf: bytes,
    request: SignatureRequest,
    credential: IssuedCredential,
    issuing: x509.Certificate,
    token_size: int,
) -> PreparedSignature:
    """Write the revision that waits for the signature value.

    Initials are filled in the same revision; they must be what the field's /Lock names.
    Raises SigningFailed if the file has no such empty fields, InvalidInput if the appearance
    cannot be drawn.
    """
    writer = open_revision(pdf)
    fields = fields_of(writer)
    field = empty_signature_field(fields, request.field)
    lock = _lock_of(field)
    _check_initials(field, lock, request.initials)
    fill_initials(writer, fields, request.initials)
    width, height = field.size
    if width and height:
        stamp = draw_stamp(writer, width, height, request.appearance, credential.serial)
        set_appearance(writer, field, stamp)
    chain = SignerChain(_load(credential.certificate), issuing)
    signature = _dictionary(request, chain.room(token_size))
    mdp = SigMDPSetup(md_algorithm="sha256", field_lock=lock)
    written = write_placeholder(writer, request.field, signature, mdp)
    return PreparedSignature(
        file=written.file,
        base_length=len(pdf),
        signed_attributes=chain.attributes(written.digest),
        document_digest=written.digest,
        certificate=der_of(chain.signer),
        field=request.field,
        contents_offset=written.start,
        contents_length=written.end - written.start,
    )


def _dictionary(request: SignatureRequest, room: int) -> SignatureObject:
    """The signature dictionary with the claimed time in /M (EN 319 142-1, 6.3)."""
    return SignatureObject(
        timestamp=request.appearance.signed_at,
        subfilter=SigSeedSubFilter.PADES,
        name=request.appearance.signer_name,
        reason=request.reason,
        app_build_props=PRODUCER,
        bytes_reserved=room,
    )


def certifying_mdp() -> SigMDPSetup:
    """DocMDP P=2: later only filling in and signing of existing fields (ISO 32000-1, 12.8.2.2)."""
    return SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS)


def _lock_of(field: FormField) -> FieldMDPSpec | None:
    lock = entry(field.dictionary, "Lock")
    if lock is None:
        return None
    try:
        # ISO 32000-2 table 235: the lock is an indirect reference.
        return FieldMDPSpec.from_pdf_object(lock.get_object())
    except ValueError as error:
        raise SigningFailed(
            "field_lock", f"The lock of the field {field.name} cannot be read.", "Make the PDF again."
        ) from error


def _check_initials(
    field: FormField, lock: FieldMDPSpec | None, initials: Sequence[tuple[str, str]]
) -> None:
    """A signature initials exactly what its lock names: no more, and nothing left open."""
    locked = set(lock.fields or ()) if lock is not None else set()
    given = {name for name, _ in initials}
    if given != locked or len(given) != len(initials):
        raise InvalidInput(
            "initials_incomplete",
            f"The initials given do not match those that {field.name} asks for: "
            f"missing {sorted(locked - given) or 'none'}, unexpected {sorted(given - locked) or 'none'}.",
            "Initial each clause that is marked for it.",
        )
    if not all(text.strip() for _, text in initials):
        raise InvalidInput("initials_empty", "Initials are empty.", "Enter the signer's initials.")


def _load(certificate: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise SigningFailed(
            "credential_damaged", "The signer's certificate cannot be read.", "Issue a new credential."
        ) from error
