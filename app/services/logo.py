"""The organisation's logo: a picture that the owner gives once, printed on every paper from then on.

It is kept with the settings, as the cleaned picture that `clean_logo` made, never as it came.
"""

from __future__ import annotations

import base64

from app.domain.actor import Actor
from app.domain.audit import AuditEvent
from app.domain.digest import sha256_hex
from app.domain.errors import InvalidInput
from app.rendering.stationery import Logo, clean_logo
from app.services.settings import business_of
from app.toolkit import Toolkit, UnitOfWork

LOGO = "logo"  # the setting: base64 of a PNG, or ""
LARGEST = 512 * 1024  # bytes of the cleaned picture; it lies in every paper


def logo_of(unit: UnitOfWork) -> Logo | None:
    """The logo with the organisation's name as its words, None where there is none."""
    held = unit.settings.get(LOGO)
    return clean_logo(base64.b64decode(held), business_of(unit).name) if held else None


def change_logo(kit: Toolkit, actor: Actor, picture: bytes) -> None:
    """Papers made from now on bear it; what was sent stays as it was sent.

    Raises InvalidInput: `picture-large`, `picture-unreadable`, with what to do.
    """
    with kit.unit_of_work(read_only=True) as unit:
        name = business_of(unit).name
    cleaned = clean_logo(picture, name).png
    if len(cleaned) > LARGEST:
        raise InvalidInput(
            "picture-large",
            "This picture is too detailed for a logo.",
            "Choose one with fewer colours, or a smaller one.",
        )
    _store(kit, actor, base64.b64encode(cleaned).decode("ascii"), sha256_hex(cleaned))


def remove_logo(kit: Toolkit, actor: Actor) -> None:
    _store(kit, actor, "", "")


def _store(kit: Toolkit, actor: Actor, value: str, digest: str) -> None:
    with kit.unit_of_work() as unit:
        if unit.settings.get(LOGO) != value:
            details: dict[str, str | int | bool] = {"setting": LOGO, "picture": digest}
            unit.settings.set(LOGO, value, AuditEvent(name="settings.changed", actor=actor, details=details))
