"""Initials and the look of the signature: stored as they are given, so that nothing is lost.

They bind nobody until the signature is made. Repeating a call changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import InvalidInput
from app.domain.signing_progress import DRAWN, ITALIC, STYLES, TYPED, UPLOADED, SigningProgress
from app.rendering.signature_picture import clean_picture
from app.services.ceremony.steps import reading_progress
from app.toolkit import Toolkit


def give_initials(kit: Toolkit, envelope_id: str, signer_id: str, family: str) -> SigningProgress:
    """Note that the signer initialled a clause. Raises InvalidInput for one that does not ask for it."""
    with kit.unit_of_work() as unit:
        progress = reading_progress(unit, envelope_id, signer_id, kit.clock.now())
        if family not in unit.envelopes.get(envelope_id).signer(signer_id).asked_initials:
            raise InvalidInput(
                "initials-not-asked", "This clause does not ask for your initials.", "Reload the page."
            )
        if family in progress.initialled:
            return progress
        changed = replace(progress, initialled=(*progress.initialled, family))
        unit.signing_progress.save(changed)
    return changed


def take_back_initials(kit: Toolkit, envelope_id: str, signer_id: str, family: str) -> SigningProgress:
    """Undo `give_initials`, as long as nothing is signed."""
    with kit.unit_of_work() as unit:
        progress = reading_progress(unit, envelope_id, signer_id, kit.clock.now())
        kept = tuple(given for given in progress.initialled if given != family)
        changed = replace(progress, initialled=kept)
        unit.signing_progress.save(changed)
    return changed


def adopt_typed(kit: Toolkit, envelope_id: str, signer_id: str, style: str = ITALIC) -> SigningProgress:
    """The signature is the signer's name in type, italic or upright."""
    if style not in STYLES:
        raise InvalidInput("style-unknown", "There is no such style.", "Choose italic or upright.")
    return _adopt(kit, envelope_id, signer_id, TYPED, style, "")


def adopt_picture(kit: Toolkit, envelope_id: str, signer_id: str, kind: str, data: bytes) -> SigningProgress:
    """The signature is a picture, drawn on the page or uploaded; it is decoded and written anew.

    Raises InvalidInput for what is no picture, too large, or empty.
    """
    if kind not in (DRAWN, UPLOADED):
        raise InvalidInput("kind-unknown", "There is no such kind of signature.", "Type, draw or upload it.")
    # Asked before the costly work too: a stranger's picture is not even decoded.
    with kit.unit_of_work(read_only=True) as unit:
        reading_progress(unit, envelope_id, signer_id, kit.clock.now())
    digest = kit.files.put(clean_picture(data))
    return _adopt(kit, envelope_id, signer_id, kind, ITALIC, digest)


def _adopt(
    kit: Toolkit, envelope_id: str, signer_id: str, kind: str, style: str, picture_digest: str
) -> SigningProgress:
    with kit.unit_of_work() as unit:
        progress = reading_progress(unit, envelope_id, signer_id, kit.clock.now())
        changed = replace(progress, kind=kind, style=style, picture_digest=picture_digest)
        unit.signing_progress.save(changed)
    return changed
