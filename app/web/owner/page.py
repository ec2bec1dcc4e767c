"""Rendering of the office's pages: every template gets the same words and the present moment."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.domain.actor import Part
from app.web import access
from app.web.kit import kit
from app.web.owner import wording

LARGEST_PAGE = 10_000


def render(template: str, **values: Any) -> str:
    """A page of `templates/owner/`, with the words of `wording` as `say`."""
    return render_template(
        f"owner/{template}",
        say=wording,
        now=kit().clock.now(),
        is_owner=access.account().part is Part.OWNER,
        **values,
    )


def asked_page() -> int:
    """The page of a list that the address asks for; 1 for nonsense."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:6]) < LARGEST_PAGE else 1
