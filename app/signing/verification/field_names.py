"""Names of form fields in words: "the initials of Maria Santos on clause take-home".

The names of our own fields say what they are for; whose they are stands in the certificate of the
signature of the same role. Fields of others keep the names that they have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from app.domain.signature import SEAL_FIELD

_INITIALS = re.compile(r"initials\.([a-z0-9_-]+)\.([a-z0-9_-]+)")
_SIGNATURE = re.compile(r"signature-([a-z0-9_-]+)")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class FieldNames:
    """people: role -> who signed in the signature field of that role."""

    people: Mapping[str, str]

    def in_words(self, field: str) -> str:
        """A field inside a sentence: "the initials of Maria Santos on clause take-home"."""
        initials, signature = _INITIALS.fullmatch(field), _SIGNATURE.fullmatch(field)
        if initials is not None:
            return self._initials(initials[1], [initials[2]])
        if signature is not None:
            return f"the signature of {self._person(signature[1])}"
        return "the seal" if field == SEAL_FIELD else f"the field {field}"

    def sentence(self, field: str, participle: str) -> str:
        """What was done to a field; of a signature of ours it is said that it was added, not signed."""
        words = self.in_words(field)
        if participle == "signed" and not words.startswith("the field "):
            participle = "added"
        verb = "were" if _INITIALS.fullmatch(field) else "was"
        return f"{words[:1].upper()}{words[1:]} {verb} {participle}."

    def filled(self, fields: Sequence[str]) -> list[str]:
        """That fields were filled in, in a sentence each; the initials of one person in one together."""
        clauses: dict[str, list[str]] = {}
        sentences: list[str] = []
        for field in fields:
            initials = _INITIALS.fullmatch(field)
            if initials is None:
                sentences.append(self.sentence(field, "filled in"))
            else:
                clauses.setdefault(initials[1], []).append(initials[2])
        for role, families in clauses.items():
            sentences.append(f"The{self._initials(role, families)[3:]} were filled in.")
        return sentences

    def _initials(self, role: str, families: Sequence[str]) -> str:
        noun = "clause" if len(families) == 1 else "clauses"
        return f"the initials of {self._person(role)} on {noun} {', '.join(families)}"

    def _person(self, role: str) -> str:
        return self.people.get(role, f"the {role}")


def read_field_names(signatures: Sequence[EmbeddedPdfSignature]) -> FieldNames:
    """Who signed for which role, as the certificates name them."""
    people: dict[str, str] = {}
    for each in signatures:
        role = _SIGNATURE.fullmatch(str(each.field_name))
        if role is None:
            continue
        try:
            certificate = extract_certs_for_validation(each.signed_data).signer_cert
        except (SignatureValidationError, CMSExtractionError):
            continue  # a signature that cannot be read names nobody; it is judged elsewhere
        name = common_name(certificate)
        if name:
            people[role[1]] = name[:_LONGEST_NAME]
    return FieldNames(people)


def common_name(certificate: x509.Certificate | None) -> str:
    """The common name of a certificate's subject, else its organisation, else all of it."""
    if certificate is None:
        return ""
    names = certificate.subject.native
    for key in ("common_name", "organization_name"):
        value = names.get(key)
        if value:
            return str(value if isinstance(value, str) else value[0])
    return str(certificate.subject.human_friendly)
