"""Pages of the lawyer, and the clause library that everybody in the workspace may read.

Purpose: `queue` shows what waits, `library` lists every clause, `clause` is one clause version
with its text, redlines, history and the decision on it, `agreement` the review of a whole text.
Only accounts in the part of a lawyer decide. Imports: services, domain, toolkit, flask.
Entry: `register`.
"""

from __future__ import annotations

from flask import Flask

from app.web.lawyer import agreement, clause, library, queue  # noqa: F401  importing them adds their views
from app.web.lawyer.blueprint import blueprint


def register(web: Flask) -> None:
    """Add the blueprint of these pages."""
    web.register_blueprint(blueprint)
