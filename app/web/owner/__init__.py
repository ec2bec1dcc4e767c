"""Pages of the owner and the staff: agreements, people, drafts, sending, signing, downloads.

Purpose: what the office does in a browser. `agreements` shows (dashboard, the list of
all, one agreement), `filters` is its search, `comparing` two texts word by word, `people`
keeps the other parties, `drafts` and `positions` are the draft with its live text, `enforcement`
what holds in the parties' countries, `sending` is the gate and the sending, `acts` what is done to an
agreement that is out, `identity_channels` how its signers are identified, `downloads` its files.
Imports: services, domain, toolkit, flask and its extensions.
Entry: `register`.
"""

from __future__ import annotations

from flask import Flask

from app.web.owner.acts import blueprint as acts
from app.web.owner.agreements import blueprint as agreements
from app.web.owner.comparing import blueprint as comparing
from app.web.owner.downloads import blueprint as downloads
from app.web.owner.drafts import blueprint as drafts
from app.web.owner.enforcement import blueprint as enforcement
from app.web.owner.identity_channels import blueprint as identity_channels
from app.web.owner.people import blueprint as people
from app.web.owner.positions import blueprint as positions
from app.web.owner.sending import blueprint as sending


def register(web: Flask) -> None:
    """Add the blueprints of these pages."""
    lists = (agreements, comparing, people)
    ours = (drafts, positions, enforcement, sending, acts, identity_channels, downloads)
    for blueprint in (*lists, *ours):
        web.register_blueprint(blueprint)
