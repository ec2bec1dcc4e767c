"""The public page that checks a signed PDF or a record: no account, and nothing of it is kept.

Purpose: `views` takes one file, has it judged in a limited process, and shows the answer;
`wording` says it in words. Imports: services, domain, toolkit, flask.
Entry: `register`.
"""

from __future__ import annotations

from flask import Flask

from app.web.verify.views import blueprint


def register(web: Flask) -> None:
    """Add the blueprint of these pages."""
    web.register_blueprint(blueprint)
