"""The ceremony: what a signer does, from proving who they are to the signature.

The order of steps is the workflow table's. `steps`: identity, disclosure, reading. `progress`:
initials and the look of the signature, kept until it is made. `credential`: the one-time
certificate. `signature`: prepare and apply; `on_server` does both where the device has no key.
Imports: as all services.
Entry: the names below.
"""

from app.services.ceremony.credential import issue_credential
from app.services.ceremony.on_server import sign_on_server
from app.services.ceremony.progress import adopt_picture, adopt_typed, give_initials, take_back_initials
from app.services.ceremony.signature import (
    Adoption,
    PreparedView,
    apply_signature,
    initials_of,
    prepare_adopted,
    prepare_signature,
)
from app.services.ceremony.steps import accept_disclosure, begin_reading, identify

__all__ = [
    "Adoption",
    "PreparedView",
    "accept_disclosure",
    "adopt_picture",
    "adopt_typed",
    "apply_signature",
    "begin_reading",
    "give_initials",
    "identify",
    "initials_of",
    "issue_credential",
    "prepare_adopted",
    "prepare_signature",
    "sign_on_server",
    "take_back_initials",
]
