"""The facts of a deal that a contract template asks: their names, types and what may be printed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.clause import ParameterType

COUNTRIES = "countries"  # made of both parties' countries and the governing law, never asked

# Facts that a template declares, with the only type that each may have.
FACT_TYPES: Mapping[str, ParameterType] = MappingProxyType(
    {
        "governing_law": ParameterType.COUNTRY,
        "currency": ParameterType.ENUM,
        "effective_date": ParameterType.DATE,
        "client_country": ParameterType.COUNTRY,
        "assistant_country": ParameterType.COUNTRY,
        "assistant_kind": ParameterType.ENUM,
        "device_model": ParameterType.ENUM,
        "personal_data": ParameterType.YESNO,
        "people_in": ParameterType.LIST,
        "mutual": ParameterType.YESNO,
    }
)

PRINTABLE_FACTS = frozenset(
    {"governing_law", "currency", "effective_date", "client_country", "assistant_country"}
)

# The values that conditions compare with; a template words each of them for the owner.
FACT_VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "assistant_kind": frozenset({"individual", "company"}),
        "device_model": frozenset({"client", "assistant"}),
        # Where the individuals live whose information is handled: their law follows them.
        "people_in": frozenset({"EU", "GB", "US", "other"}),
    }
)

# Without these an agreement has no parties' countries, no law and no first day.
REQUIRED_FACTS = ("governing_law", "client_country", "assistant_country", "effective_date")

ALL_FACTS = frozenset(FACT_TYPES) | {COUNTRIES}
