"""Recommended sums. Amounts mean nothing without a currency, so each is made from one that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from app.domain.clause import ParameterType
from app.domain.guidance.advice import Recommendation
from app.domain.guidance.known import Known

AGREED_COMPENSATION = "agreed-compensation"
MONTHS_OF_A_YEAR = 12

# Below such a sum an arbitration costs more than the claim; round figures of like worth.
SMALL_CLAIMS: Mapping[str, str] = MappingProxyType(
    {
        "GBP": "5000",
        "USD": "5000",
        "EUR": "5000",
        "CHF": "5000",
        "CAD": "7500",
        "SGD": "7500",
        "AUD": "7500",
        "NZD": "7500",
        "AED": "20000",
        "ILS": "20000",
        "ZAR": "75000",
        "PHP": "250000",
        "INR": "400000",
    }
)


def recommend_amounts(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """(question key, recommendation) of the sums that follow from others."""
    yield from _small_claims(known)
    yield from _total_of_agreed_sums(known)
    yield from _caps_from_fees(known)


def _small_claims(known: Known) -> Iterator[tuple[str, Recommendation]]:
    limit = SMALL_CLAIMS.get(str(known.fact("currency") or ""))
    if limit:
        because = "The arbitration of a smaller claim costs more than the claim."
        yield "governing-law-and-arbitration.small_claim_limit", Recommendation(limit, because)


def _total_of_agreed_sums(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """Three times the largest sum: several breaches count, and the total stays in proportion."""
    sums = [amount for amount in map(_amount, _agreed_sums(known)) if amount is not None]
    if sums:
        because = (
            "It is three times the largest agreed sum, so that the total stays in proportion."
        )
        yield f"{AGREED_COMPENSATION}.total_cap", Recommendation(_round(3 * max(sums)), because)


def _agreed_sums(known: Known) -> Iterator[object]:
    given = known.answers.families.get(AGREED_COMPENSATION, {})
    for name in _sum_names(known):
        yield given.get(name)


def _sum_names(known: Known) -> tuple[str, ...]:
    """The money questions of the family that are sums for a breach."""
    names = (
        parameter.name
        for clause in known.library.positions_of(AGREED_COMPENSATION)
        for parameter in clause.parameters.values()
        if parameter.type is ParameterType.MONEY and parameter.name.endswith("sum")
    )
    return tuple(dict.fromkeys(names))


def _caps_from_fees(known: Known) -> Iterator[tuple[str, Recommendation]]:
    """Only where a fee for a month is known: what an assistant can pay has to do with what comes in."""
    monthly = _amount(known.answers.families.get("fees", {}).get("monthly_fee"))
    if monthly is None:
        return
    year = monthly * MONTHS_OF_A_YEAR
    yield (
        "liability-cap.cap",
        Recommendation(_round(year), "It is the fee of one year, a usual measure for ordinary breaches."),
    )
    yield (
        "misuse-liability.misuse_cap",
        Recommendation(
            _round(3 * year), "It is the fee of three years: misuse weighs more than an ordinary breach."
        ),
    )
    yield (
        "audit.audit_cost",
        Recommendation(_round(monthly), "It is the fee of one month, so that a check stays in proportion."),
    )


def _amount(value: object) -> Decimal | None:
    if not isinstance(value, str):
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < Decimal(10) ** 12 else None


def _round(amount: Decimal) -> str:
    """A whole sum, as people write it into contracts."""
    return str(amount.quantize(Decimal(1)))
