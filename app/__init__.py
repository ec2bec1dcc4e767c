"""Countersign: agreements assembled from reviewed clauses, signed in the browser, kept as proof.

Rooms, from the bottom: `domain` (what an agreement is), then `library`, `persistence`,
`rendering`, `signing` and `mail`, which never import one another, then `services` (what
a person can do), then `jobs`, `web` and `cli`. Each package's docstring is its door sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Configuration
    from app.installation import Installation


def create_app(
    configuration: Configuration | None = None, *, installation: Installation | None = None
) -> Flask:
    """The web application on an opened installation: wires and registers, nothing else.

    `gunicorn "app:create_app()"` serves it; jobs then need `./run worker` beside it.
    Raises InvalidInput for settings that are not safe, and what `open_installation` raises.
    """
    from app.config import read_configuration
    from app.installation import open_installation
    from app.web import WebSettings, make_web

    settings = installation.configuration if installation else configuration or read_configuration()
    opened = installation or open_installation(settings)
    return make_web(
        opened.toolkit,
        WebSettings(
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            secret_key=settings.web_secret(),
            sample_answers=settings.sample_answers,
        ),
    )
