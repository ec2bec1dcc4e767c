"""How a view comes by the Toolkit and by the person at the other end."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, request

from app.domain.actor import Actor, Part
from app.toolkit import Toolkit

EXTENSION = "countersign"
USER_AGENT_LENGTH = 200


def attach(web: Flask, kit: Toolkit) -> None:
    web.extensions[EXTENSION] = kit


def kit() -> Toolkit:
    return cast(Toolkit, current_app.extensions[EXTENSION])


def client_address() -> str:
    """The address of the person; behind our own proxies the one that they report."""
    return request.remote_addr or ""


def user_agent() -> str:
    """What the browser calls itself, printable and cut: it goes into the audit log."""
    text = request.user_agent.string[:USER_AGENT_LENGTH]
    return "".join(character if character.isprintable() else " " for character in text)


def visitor() -> Actor:
    """Somebody without an account."""
    return Actor(Part.ANYONE, "visitor", ip=client_address(), user_agent=user_agent())
