"""Long-term validation (EN 319 142-1, level B-LTA): what a checker needs later, inside the file.

One revision with the certificates and revocation lists (DSS, ISO 32000-2, 12.8.4.3), one with a
document timestamp over everything. Checked as a whole by pyHanko before anyone gets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from app.domain.errors import SigningFailed
from app.signing.certificate import der_of
from app.signing.form_field import fields_of
from app.signing.organisation import Organisation
from app.signing.pades import Completed
from app.signing.revocation import issue_crl
from app.signing.timestamp import TimestampAuthority, stamp_with_first
from app.signing.writer import RevisionWriter, embed, open_revision, write_placeholder

TIMESTAMP_FIELD = "document-timestamp"


def archive_file(
    pdf: bytes, organisation: Organisation, authorities: Sequence[TimestampAuthority], now: datetime
) -> Completed:
    """`pdf` with validation data and a document timestamp. Raises SigningFailed, TimestampUnavailable."""
    with_data = _add_validation_data(pdf, organisation, authorities, now)
    writer = open_revision(with_data)
    token_size = max(authority.token_size for authority in authorities)
    field = SigFieldSpec(
        sig_field_name=_new_field_name(writer),
        # An untagged annotation outside the page is what PDF/A and PDF/UA leave for it.
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
        readable_field_name="Document timestamp",
    )
    placeholder = DocumentTimestamp(bytes_reserved=2 * token_size)  # type: ignore[no-untyped-call]
    written = write_placeholder(writer, field.sig_field_name, placeholder, new_field=field)
    token = stamp_with_first(authorities, written.digest)
    return Completed(embed(written.file, written.start, written.end, token.der), token)


def _add_validation_data(
    pdf: bytes, organisation: Organisation, authorities: Sequence[TimestampAuthority], now: datetime
) -> bytes:
    writer = open_revision(pdf)
    signatures = writer.prev.embedded_regular_signatures
    if not signatures:
        raise SigningFailed("nothing_to_archive", "The PDF has no signature.", "Seal it first.")
    held = [*organisation.certificates().values(), *(one for a in authorities for one in a.trusted)]
    certificates = [asn1_x509.Certificate.load(der_of(one)) for one in held]
    for signature in signatures:
        certificates += _certificates_in(signature)
    crls = [organisation.root_crl, issue_crl(organisation.issuing, now)]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,
        certs=list({one.issuer_serial: one for one in certificates}.values()),
        crls=[asn1_crl.CertificateList.load(one) for one in crls],
    )
    output = BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def _certificates_in(signature: EmbeddedPdfSignature) -> list[asn1_x509.Certificate]:
    """The certificates inside a signature and inside its timestamps."""
    parts = [signature.signed_data, *extract_tst_data_iter(signature.signer_info, signed=False)]
    return [choice.chosen for part in parts for choice in part["certificates"] or ()]


def _new_field_name(writer: RevisionWriter) -> str:
    taken = fields_of(writer)
    number = 1
    while f"{TIMESTAMP_FIELD}-{number}" in taken:
        number += 1
    return f"{TIMESTAMP_FIELD}-{number}"
