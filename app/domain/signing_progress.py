"""How far a signer got before signing: kept, so that a lost connection or a later day loses nothing.

It binds nobody and is no evidence; what counts is written into the signature itself.
"""

from __future__ import annotations

from dataclasses import dataclass

ITALIC = "italic"
UPRIGHT = "upright"
STYLES = (ITALIC, UPRIGHT)
TYPED = "typed"
DRAWN = "drawn"
UPLOADED = "uploaded"
KINDS = (TYPED, DRAWN, UPLOADED)


@dataclass(frozen=True, slots=True)
class SigningProgress:
    """Of one signer in one envelope.

    displayed_digest: of the file whose pages were shown; "" before reading began.
    initialled: the families whose clause has the signer's initials, in the order given.
    kind: how the adopted signature was made, "" while none is adopted.
    style: of a typed one. picture_digest: of the stored PNG of a drawn or uploaded one.
    """

    envelope_id: str
    signer_id: str
    displayed_digest: str = ""
    initialled: tuple[str, ...] = ()
    kind: str = ""
    style: str = ITALIC
    picture_digest: str = ""

    @property
    def has_signature(self) -> bool:
        return bool(self.kind)
