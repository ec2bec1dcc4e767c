"""What programs that check our signatures fetch: revocation lists and certificates of our authorities.

Purpose: `views` answers the addresses that our certificates name (RFC 5280, 4.2.1.13 and 4.2.2.1).
Everything here is public by nature. Imports: services, domain, toolkit, flask.
Entry: `register`.
"""

from __future__ import annotations

from flask import Flask

from app.web.trust.views import blueprint


def register(web: Flask) -> None:
    """Add the blueprint of these addresses."""
    web.register_blueprint(blueprint)
