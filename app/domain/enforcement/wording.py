"""What the coded words of `[coded]` mean for the owner: a verdict and one plain sentence each.

`{there}` is the country or state. Everything here is a closed table: a word that has no entry
cannot be loaded, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias


class Verdict(StrEnum):
    WORKS = "works"
    WITH_CARE = "with-care"
    WILL_NOT_WORK = "will-not-work"
    ASK_A_LAWYER = "ask-a-lawyer"


Said: TypeAlias = tuple[Verdict, str]

ASK = "Ask a lawyer there."

FOREIGN_JUDGMENT: Mapping[str, Said] = MappingProxyType(
    {
        "none": (
            Verdict.WILL_NOT_WORK,
            "{There} refuses judgments of foreign courts; the case would have to be fought again there.",
        ),
        "treaty": (
            Verdict.WILL_NOT_WORK,
            "{There} enforces foreign judgments only under a treaty, and none with {here} is known.",
        ),
        "treaty_or_reciprocity": (
            Verdict.WITH_CARE,
            "{There} enforces foreign judgments only under a treaty or in return, and neither is known "
            "for {here}.",
        ),
        "new_action": (
            Verdict.WITH_CARE,
            "A judgment of the courts of {here} is only evidence in a new court case in {there}.",
        ),
        "local_recognition": (
            Verdict.WITH_CARE,
            "The courts of {there} first examine a judgment from {here} under their own law.",
        ),
        "unknown": (
            Verdict.ASK_A_LAWYER,
            "No route is known here for a judgment of the courts of {here} in {there}.",
        ),
    }
)

SIMPLE_SIGNATURE: Mapping[str, Said] = MappingProxyType(
    {
        "yes": (
            Verdict.WORKS,
            "A simple electronic signature is enough for an ordinary contract in {there}.",
        ),
        "conditional": (
            Verdict.WITH_CARE,
            "A simple electronic signature counts in {there} only under conditions, or proves less.",
        ),
        "no": (
            Verdict.WILL_NOT_WORK,
            "In {there} a simple electronic signature does not have the force of a signature.",
        ),
    }
)

SAFE_SIGNATURE: Mapping[str, str] = MappingProxyType(
    {
        "simple": "",
        "simple_with_identity_proof": "Keep additional proof of who signed.",
        "qualified_or_ink": "A qualified electronic signature, or ink, is safe.",
        "local_certified_or_ink": "A signature certified by a licensed provider there, or ink, is safe.",
    }
)

AGREED_SUM: Mapping[str, Said] = MappingProxyType(
    {
        "penalty_test": (
            Verdict.WITH_CARE,
            "A sum agreed in advance stands in {there} if it is a reasonable forecast of loss or protects "
            "a legitimate interest; a penalty does not.",
        ),
        "reduced_by_court": (
            Verdict.WITH_CARE,
            "A court in {there} may reduce a sum that it finds too high.",
        ),
        "reduced_not_beside_damages": (
            Verdict.WITH_CARE,
            "A court in {there} may reduce the sum, and it cannot be claimed beside damages.",
        ),
        "reasonable_compensation": (
            Verdict.WITH_CARE,
            "A court in {there} awards reasonable compensation, up to the agreed sum.",
        ),
        "capped": (Verdict.WITH_CARE, "The law of {there} limits an agreed sum to {cap}."),
        "unknown": (
            Verdict.ASK_A_LAWYER,
            "It is not known here how the courts of {there} treat agreed sums.",
        ),
    }
)

CAPPED_OBLIGATION: Mapping[str, str] = MappingProxyType(
    {
        "breached_obligation": "{percent} percent of the value of the obligation that was broken",
        "principal_obligation": "{percent} percent of the principal obligation",
    }
)

NON_COMPETE: Mapping[str, Said] = MappingProxyType(
    {
        "unlawful": (
            Verdict.WILL_NOT_WORK,
            "A ban on competing after the end is void in {there}, and using one is itself unlawful.",
        ),
        "void": (Verdict.WILL_NOT_WORK, "A ban on competing after the end is void in {there}."),
        "unenforceable": (
            Verdict.WILL_NOT_WORK,
            "A ban on competing after the end can generally not be enforced in {there}.",
        ),
        "paid_only": (
            Verdict.WITH_CARE,
            "A ban on competing after the end needs payment and narrow limits in {there}.",
        ),
        "paid_for_employees": (
            Verdict.WITH_CARE,
            "In {there} an employee must be paid for a ban on competing after the end; for a contractor it "
            "must be reasonable.",
        ),
        "limited_for_employees": (
            Verdict.WITH_CARE,
            "{There} limits bans on competing by statute for employees; for a contractor the general law "
            "holds.",
        ),
        "reasonable_only": (
            Verdict.WITH_CARE,
            "A ban on competing after the end stands in {there} only as far as it is reasonable.",
        ),
        "state_law": (
            Verdict.WITH_CARE,
            "In {there} the law of the state decides on bans on competing; California forbids them.",
        ),
        "unknown": (
            Verdict.ASK_A_LAWYER,
            "It is not known here whether a ban on competing after the end stands in {there}.",
        ),
    }
)
NON_SOLICIT_VOID = "A promise not to solicit customers after the end is void there too."

IP_FORM: Mapping[str, Said] = MappingProxyType(
    {
        "writing": (Verdict.WORKS, "In {there} a transfer of copyright must be in writing."),
        "signed_writing": (Verdict.WORKS, "In {there} a transfer of copyright needs a signed writing."),
        "certified_preferred": (
            Verdict.WITH_CARE,
            "For a transfer of copyright in {there} ink or a certified signature is the safe form.",
        ),
        "certified_or_ink": (
            Verdict.WILL_NOT_WORK,
            "A simple electronic signature is probably not enough for a transfer of copyright in {there}: "
            "take ink or a certified signature.",
        ),
        "licence_only": (
            Verdict.WITH_CARE,
            "Copyright cannot be transferred in {there}; an exclusive licence takes its place.",
        ),
    }
)

CONTRACT_LANGUAGE: Mapping[str, Said] = MappingProxyType(
    {
        "none": (Verdict.WORKS, "No rule on the language of such a contract is known for {there}."),
        "required": (Verdict.WITH_CARE, "The law of {there} asks for a version in {language}."),
        "regional": (
            Verdict.WITH_CARE,
            "In a part of {there} a standard contract must first be given in {language}.",
        ),
        "consumers_and_employees": (
            Verdict.WORKS,
            "In {there} only consumers and employees can ask for a contract in {language}.",
        ),
    }
)
COURT_LANGUAGE = "Its courts want a translation into {language}."

STAMP_DUTY: Mapping[str, Said] = MappingProxyType(
    {
        "yes": (Verdict.WITH_CARE, "Stamp duty is due in {there} before the contract is used as evidence."),
        "check": (Verdict.ASK_A_LAWYER, "Stamp duty may be due in {there}."),
        "none_known": (Verdict.WORKS, "No stamp duty on such a contract is known for {there}."),
        "none": (Verdict.WORKS, "No stamp duty is due in {there}."),
    }
)

BREACH_WORD: Mapping[str, Said] = MappingProxyType(
    {
        "none": (Verdict.WORKS, "No duty to tell an authority in {there} of a data breach is in force."),
        "unknown": (
            Verdict.ASK_A_LAWYER,
            "It is not known here how fast an authority in {there} must be told of a data breach.",
        ),
        "no_fixed_hours": (
            Verdict.WITH_CARE,
            "An authority in {there} may have to be told of a data breach, without a fixed number of hours.",
        ),
        "3_business_days": (
            Verdict.WITH_CARE,
            "The authority in {there} must be told of a data breach within 3 business days.",
        ),
        "15_business_days": (
            Verdict.WITH_CARE,
            "The authority in {there} must be told of a data breach within 15 business days.",
        ),
    }
)
BREACH_HOURS = "The authority in {there} must be told of a data breach within {hours} hours."

CONTRACTOR = "Courts in {there} look at how the work is done, not at the name of the contract."
NOTHING_KNOWN = "Nothing is known here about the law of {there}."
