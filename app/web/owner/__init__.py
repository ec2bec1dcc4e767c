"""Pages of the owner and the staff: agreements, people, drafts, sending, signing, downloads.

Purpose: what the office does in a browser. `agreements` shows (dashboard, one agreement), `people`
keeps the other parties, `drafts` and `positions` are the draft with its live text, `sending` is
the gate and the sending, `acts` what is done to an agreement that is out, `downloads` its files.
Imports: services, domain, toolkit, flask and its extensions.
Entry: `register`.
"""

from __future__ import annotations

from flask import Flask

from app.web.owner import acts, agreements, downloads, drafts, people, positions, sending


def register(web: Flask) -> None:
    """Add the blueprints of these pages."""
    for part in (agreements, people, drafts, positions, sending, acts, downloads):
        web.register_blueprint(part.blueprint)
