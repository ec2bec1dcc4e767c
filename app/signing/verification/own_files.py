"""What we know of files that this application wrote: their credentials say so themselves.

Everything here is read from certificates and tokens that a signature protects, so it
is the same with and without trust in our root. A stranger may imitate it; that only
subjects his file to the stricter rules and never makes it trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms, x509

from app.domain.signature import SEAL_FIELD, KeyHeldBy
from app.signing.credential import KEY_HELD_BY_WORDS
from app.signing.identifiers import CREDENTIAL_POLICY, TIMESTAMP_POLICY
from app.signing.verification.cms_form import embedded_certificates, form_problem, issuing_chain
from app.signing.verification.field_names import common_name
from app.signing.verification.signatures import SignatureFinding

LOCAL_CLOCK = "local clock"
UNKNOWN_HOLDER = "unknown"
_PLAIN_HEX = "The signature was written into the file again in another notation."


@dataclass(frozen=True, slots=True)
class OwnFamily:
    """The authorities of ours that this file shows: topmost certificates of their chains.

    known: all certificates that can complete a chain (from the file and the trust list).
    """

    tops: tuple[x509.Certificate, ...]
    known: tuple[x509.Certificate, ...]

    def includes(self, certificate: x509.Certificate | None) -> bool:
        if certificate is None:
            return False
        return issuing_chain(certificate, self.known)[-1] in self.tops


def find_family(
    findings: Sequence[SignatureFinding],
    kept: Sequence[x509.Certificate],
    own_root: x509.Certificate | None,
    others: Sequence[x509.Certificate],
) -> OwnFamily:
    """Collect our authorities. kept: certificates of the file's validation data."""
    known = [*kept, *others, *([own_root] if own_root is not None else [])]
    for finding in findings:
        known.extend(embedded_certificates(finding.embedded.signed_data))
        for token in finding.tokens:
            known.extend(embedded_certificates(token.signed_data))
    tops = [own_root] if own_root is not None else []
    for finding in findings:
        certificate = finding.certificate
        if certificate is None:
            continue
        local = finding.is_timestamp and is_local(finding.embedded.signed_data)
        if local or _policy(certificate) is not None:
            tops.append(issuing_chain(certificate, known)[-1])
    return OwnFamily(tuple(tops), tuple(known))


def judge_form(finding: SignatureFinding, family: OwnFamily) -> SignatureFinding:
    """Under our own root another form of the CMS breaks a signature; elsewhere it costs green."""
    embedded = finding.embedded
    own = family.includes(finding.certificate)
    problem = form_problem(embedded.pkcs7_content, embedded.signed_data, family.known)
    if own and not problem and not finding.plain_hex:
        problem = _PLAIN_HEX
    if problem:
        finding = finding.broken(problem) if own else finding.weaker(problem)
    for token in finding.tokens:
        problem = form_problem(token.encoded, token.signed_data, family.known)
        if problem:
            strict = own and family.includes(token.certificate)
            finding = finding.broken(problem) if strict else finding.weaker(problem)
    return finding


def key_holder(finding: SignatureFinding, family: OwnFamily) -> str:
    """Who held the private key, as our certificate states it; "unknown" on files of others."""
    if finding.certificate is None or not family.includes(finding.certificate):
        return UNKNOWN_HOLDER
    policy = _policy(finding.certificate)
    if policy is None:
        ours = finding.is_timestamp or finding.embedded.field_name == SEAL_FIELD
        return str(KeyHeldBy.ORGANISATION) if ours else UNKNOWN_HOLDER
    notices = _notices(policy)
    return next((str(held) for held, words in KEY_HELD_BY_WORDS.items() if words in notices), UNKNOWN_HOLDER)


def authority_of(token: cms.SignedData, certificate: x509.Certificate, family: OwnFamily) -> str:
    """Who vouches for a time: "local clock" for our built-in authority, else its common name."""
    if is_local(token) or family.includes(certificate):
        return LOCAL_CLOCK
    return common_name(certificate)


def is_local(token: cms.SignedData) -> bool:
    """Whether a token was issued under the policy of our built-in authority."""
    return bool(token["encap_content_info"]["content"].parsed["policy"].dotted == TIMESTAMP_POLICY)


def _policy(certificate: x509.Certificate) -> x509.PolicyInformation | None:
    policies = certificate.certificate_policies_value
    if policies is None:
        return None
    return next((each for each in policies if each["policy_identifier"].dotted == CREDENTIAL_POLICY), None)


def _notices(policy: x509.PolicyInformation) -> set[str]:
    qualifiers = policy["policy_qualifiers"]
    return {
        str(each["qualifier"]["explicit_text"].native)
        for each in qualifiers
        if each["policy_qualifier_id"].native == "user_notice"
    }
