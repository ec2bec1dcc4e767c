"""Long-term validation (EN 319 142-1, level B-LTA): what a checker needs later, inside the file.

One revision with the certificates and revocation lists (DSS, ISO 32000-2, 12.8.4.3), one with a
document timestamp over everything. Done again to an archived file before its timestamp ages
(EN 319 142-1, 5.4.3), it keeps the proof going. Checked as a whole before anyone gets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from cryptography import x509
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from app.domain.errors import SigningFailed
from app.signing.certificate import der_of
from app.signing.form_field import fields_of
from app.signing.organisation import Organisation
from app.signing.own_revision import validation_context
from app.signing.pades import Completed
from app.signing.revocation import fetch_crls
from app.signing.timestamp import TimestampAuthority, TimestampToken, first_answering
from app.signing.waiting import wait_for
from app.signing.writer import RevisionWriter, embed, open_revision, write_placeholder

TIMESTAMP_FIELD = "document-timestamp"


@dataclass(frozen=True, slots=True)
class Archived:
    """An archived file and the CA certificates, DER, under which all its parts were found good."""

    completed: Completed
    anchors: tuple[bytes, ...]


def archive_file(
    pdf: bytes,
    organisation: Organisation,
    authorities: Sequence[TimestampAuthority],
    now: datetime,
    *,
    also_trusted: Sequence[x509.Certificate] = (),
) -> Archived:
    """`pdf` with validation data and a document timestamp. Raises SigningFailed, TimestampUnavailable.

    also_trusted: CAs of authorities that made timestamps in the file and are asked no longer.
    """
    # Validation data must cover the authority of the document timestamp too, so it is chosen first.
    authority, sample = first_answering(authorities, hashlib.sha256(pdf).digest())
    trusted = [root.certificate for root in organisation.roots]
    trusted += [*also_trusted, *(one for authority in authorities for one in authority.trusted)]
    paths = _paths(pdf, trusted, sample, now)
    writer = open_revision(_add_validation_data(pdf, organisation, paths, now))
    field = SigFieldSpec(
        sig_field_name=_new_field_name(writer),
        # An untagged annotation outside the page is what PDF/A and PDF/UA leave for it.
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
        readable_field_name="Document timestamp",
    )
    placeholder = DocumentTimestamp(bytes_reserved=2 * authority.token_size)  # type: ignore[no-untyped-call]
    written = write_placeholder(writer, field.sig_field_name, placeholder, new_field=field)
    token = authority.stamp(written.digest)
    completed = Completed(embed(written.file, written.start, written.end, token.der), token)
    anchors = {next(iter(path)).dump(): None for path in paths}
    return Archived(completed, (*anchors, *(der_of(one) for one in trusted if der_of(one) not in anchors)))


def proof_ends(pdf: bytes) -> datetime:
    """When the certificate of the newest document timestamp ends. Raises SigningFailed if there is none."""
    stamps = open_revision(pdf).prev.embedded_timestamp_signatures
    if not stamps:
        raise SigningFailed("not_archived", "The PDF has no document timestamp.", "Archive it first.")
    ends: datetime = extract_certificate_info(stamps[-1].signed_data).signer_cert.not_valid_after
    return ends


def _paths(
    pdf: bytes, trusted: Sequence[x509.Certificate], sample: TimestampToken, now: datetime
) -> list[ValidationPath]:
    """The certificate paths of every signature, of every timestamp and of the coming one.

    Of an archived file only that of the newest timestamp is still asked for: it keeps the
    validation data of all that is older, whose certificates may have ended by now.
    """
    reader = open_revision(pdf).prev
    stamps, signatures = reader.embedded_timestamp_signatures, reader.embedded_regular_signatures
    if not signatures:
        raise SigningFailed("nothing_to_archive", "The PDF has no signature.", "Seal it first.")
    context = validation_context(trusted, now)
    parts = [cms.ContentInfo.load(sample.der)["content"]]
    for signature in () if stamps else signatures:
        parts += [signature.signed_data, *extract_tst_data_iter(signature.signer_info, signed=False)]
    parts += [stamp.signed_data for stamp in stamps[-1:]]
    return [_path(part, context) for part in parts]


def _path(signed: cms.SignedData, context: ValidationContext) -> ValidationPath:
    """From a trusted CA to the signer of one CMS. Raises what pyHanko raises if there is none."""
    certificates = extract_certificate_info(signed)
    validator = CertificateValidator(
        certificates.signer_cert, intermediate_certs=certificates.other_certs, validation_context=context
    )
    usage = validator.async_validate_usage(set())  # type: ignore[no-untyped-call]
    path: ValidationPath = wait_for(usage)
    return path


def _add_validation_data(
    pdf: bytes, organisation: Organisation, paths: list[ValidationPath], now: datetime
) -> bytes:
    writer = open_revision(pdf)
    held = {one.issuer_serial: one for path in paths for one in path}
    in_file = {one.dump() for one in held.values()}
    own = {der_of(each.certificate): each for each in organisation.authorities}
    crls = [each.list_now(now) for certificate, each in own.items() if certificate in in_file]
    foreign = [path for path in paths if not own.keys() & {one.dump() for one in path}]
    crls += fetch_crls([one for path in foreign for one in path])
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,
        certs=list(held.values()),
        crls=[asn1_crl.CertificateList.load(one) for one in crls],
    )
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def _new_field_name(writer: RevisionWriter) -> str:
    taken = fields_of(writer)
    number = 1
    while f"{TIMESTAMP_FIELD}-{number}" in taken:
        number += 1
    return f"{TIMESTAMP_FIELD}-{number}"
