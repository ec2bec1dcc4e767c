"""Agreements for any number of signers, on the application's real paper, kept in every state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from app.domain.agreement_text import InitialsPlace, SignatureBlock, initials_field, signature_field
from app.rendering.pdf import render_pdf
from app.signing.office import SigningOffice
from tests.rendering import texts
from tests.rendering.papers import ATTACHMENT, CREATED_AT
from tests.signing.people import Signer

CLAUSES = 3
INITIALLED = "family-2"  # by the first signer, as the Assistant's side does


@dataclass(frozen=True)
class Chain:
    """One file from the fresh paper to the archived one. partly: after the first of its signers."""

    roles: tuple[str, ...]
    fresh: bytes
    certified: bytes
    partly: bytes
    signed: bytes
    archived: bytes

    def fields(self) -> list[str]:
        """The signed fields in the order of their signatures."""
        return ["seal", *(signature_field(role) for role in self.roles)]

    def stages(self) -> dict[str, bytes]:
        """Every state under its name."""
        names = ("fresh", "certified", "partly", "signed", "archived")
        return {name: getattr(self, name) for name in names}


def sign_chain(office: SigningOffice, count: int) -> Chain:
    """`count` people sign one after the other; the first one initials a clause."""
    roles = tuple(f"signer-{number}" for number in range(1, count + 1))
    blocks = tuple(
        SignatureBlock(role, "assistant", f"Signed by {role}", name_of(role), name_of(role), "for herself")
        for role in roles
    )
    places = (InitialsPlace(roles[0], INITIALLED),)
    text = texts.agreement(CLAUSES, signature_blocks=blocks, initials=places, schedules=())
    fresh = render_pdf(text, attachment=ATTACHMENT, created_at=CREATED_AT)
    states = [office.certify(fresh).file]
    for role in roles:
        initials = ((initials_field(role, INITIALLED), "PS"),) if role == roles[0] else ()
        states.append(sign(office, states[-1], role, initials))
    return Chain(roles, fresh, states[0], states[1], states[-1], office.archive(states[-1]).file)


def name_of(role: str) -> str:
    return f"Person {role.rpartition('-')[2]}"


def sign(office: SigningOffice, file: bytes, role: str, initials: tuple[tuple[str, str], ...]) -> bytes:
    until = datetime.now(UTC) + timedelta(days=400)
    signer = Signer.with_credential(office, role, until, name=name_of(role))
    request = replace(signer.request(), initials=initials)
    prepared = office.prepare(file, request, signer.credential)
    return office.finish(prepared, signer.value(prepared)).file
