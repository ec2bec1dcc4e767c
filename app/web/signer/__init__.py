"""Pages of the signer: from the link in the mail to the signed copy, and every way out.

Purpose: `arrival` (link, code, who somebody is), `reading` (disclosure, text, pages, initials),
`signing` (the look of the signature, the final act), `key_exchange` (what the script on the
device asks for), `ways_out`, `downloads`, `details`. `seats` knows who sits where.
The owner signs on the same pages: `seats.open_seat_for_owner`; a signer in the same room starts
with `seats.start_in_person`. Imports: as all of `web`.
Entry: `register`, `open_seat_for_owner`, `start_in_person`.
"""

from __future__ import annotations

from flask import Flask

from app.web.signer.arrival import arrive
from app.web.signer.blueprint import blueprint
from app.web.signer.details import details
from app.web.signer.downloads import keep_copy
from app.web.signer.key_exchange import prepare
from app.web.signer.reading import read
from app.web.signer.seats import open_seat_for_owner, start_in_person
from app.web.signer.signing import final
from app.web.signer.ways_out import more

__all__ = ["open_seat_for_owner", "register", "start_in_person"]

# Each module adds its views to the blueprint when it is imported; one view of each is named here.
VIEWS = (arrive, read, final, prepare, more, keep_copy, details)


def register(web: Flask) -> None:
    """Add the blueprints of these pages."""
    web.register_blueprint(blueprint)
