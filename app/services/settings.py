"""Settings of the installation that people see: the business and its number prefix."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.actor import Actor
from app.domain.audit import AuditEvent
from app.domain.errors import InvalidInput
from app.rendering.stationery import choose_page_size
from app.toolkit import Toolkit, UnitOfWork

NAMES = ("organisation", "address", "country", "sender", "number_prefix", "time_zone", "page_size")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Business:
    """The owner's business. `sender`: the person whose name stands in mails.

    page_size: "a4" or "letter"; "": each agreement has that of the client's country.
    """

    name: str
    address: str
    country: str
    sender: str
    number_prefix: str
    time_zone: str
    page_size: str = ""


def business_of(unit: UnitOfWork) -> Business:
    get = unit.settings.get
    name = get("organisation", "this business")
    return Business(
        name=name,
        address=get("address"),
        country=get("country"),
        sender=get("sender", name),
        number_prefix=get("number_prefix", "CS"),
        time_zone=get("time_zone", "UTC"),
        page_size=get("page_size"),
    )


def read_business(kit: Toolkit) -> Business:
    with kit.unit_of_work(read_only=True) as unit:
        return business_of(unit)


def change_business(kit: Toolkit, actor: Actor, values: dict[str, str]) -> Business:
    """Store the settings named in `values`; unchanged ones leave no event. Raises InvalidInput."""
    check_business(values)
    with kit.unit_of_work() as unit:
        for name, value in values.items():
            if unit.settings.get(name) != value.strip():
                unit.settings.set(
                    name,
                    value.strip(),
                    AuditEvent(name="settings.changed", actor=actor, details={"setting": name}),
                )
        return business_of(unit)


def check_business(values: dict[str, str]) -> None:
    """Raises InvalidInput for a setting that is none, or whose value cannot be used."""
    for name, value in values.items():
        if name not in NAMES:
            raise InvalidInput(
                "setting-unknown", f"There is no setting \u201c{name}\u201d.", "Reload the page."
            )
        if len(value) > LONGEST or any(ord(character) < 32 for character in value):
            raise InvalidInput(
                "setting-invalid",
                f"\u201c{name}\u201d is too long or holds line breaks.",
                f"Use at most {LONGEST} characters on one line.",
            )
    choose_page_size("", values.get("page_size", "").strip())
    prefix = values.get("number_prefix", "CS")
    if not (prefix.isascii() and prefix.isalnum() and 1 <= len(prefix) <= 6):
        raise InvalidInput(
            "prefix-invalid",
            f"\u201c{prefix}\u201d cannot begin an agreement number.",
            "Use 1 to 6 letters or digits.",
        )
