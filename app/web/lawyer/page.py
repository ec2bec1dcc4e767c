"""Rendering of the lawyer's pages: every template gets the same words and the present moment."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.domain.actor import Part
from app.web import access
from app.web.kit import kit
from app.web.lawyer import wording
from app.web.pages import common_values


def render(template: str, *, room: str, **values: Any) -> str:
    """A page of `templates/lawyer/`. room: the endpoint of the room that it belongs to."""
    url = url_for(room)
    rooms = [entry | {"current": entry["url"] == url} for entry in common_values()["rooms"]]
    return render_template(
        f"lawyer/{template}",
        say=wording,
        now=kit().clock.now(),
        library=kit().library.library(),
        is_lawyer=access.account().part is Part.LAWYER,
        rooms=rooms,
        **values,
    )
