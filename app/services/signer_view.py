"""What a signer's pages show: the arrival of a link, and the ceremony as it stands now. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.agreement import Agreement
from app.domain.agreement_text import AgreementText
from app.domain.change_request import ChangeRequest
from app.domain.envelope import Envelope, Signer
from app.domain.errors import NotAllowed, StorageFailed
from app.domain.frozen_text import read_text
from app.domain.identity_channel import IdentityChannel
from app.domain.signing_progress import SigningProgress
from app.domain.workflow import EnvelopeStatus
from app.services.identity import signer_of
from app.services.links import open_link, require_valid
from app.services.settings import Business, business_of
from app.toolkit import Toolkit

ALIVE = (EnvelopeStatus.OUT, EnvelopeStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the holder of a link may know before anything was checked: who asks whom, until when.

    channel: by which second way the signer shows who they are.
    """

    link: AccessLink
    business: Business
    signer: Signer
    expires_at: datetime
    in_person: bool
    channel: IdentityChannel


@dataclass(frozen=True, slots=True)
class SignerView:
    """One signer's envelope. `title` and `number` are those of the agreement."""

    envelope: Envelope
    signer: Signer
    agreement: Agreement
    business: Business
    progress: SigningProgress
    requests: tuple[ChangeRequest, ...]

    @property
    def missing_initials(self) -> tuple[str, ...]:
        given = set(self.progress.initialled)
        return tuple(family for family in self.signer.asked_initials if family not in given)

    @property
    def owner_name(self) -> str:
        """Whose signature makes it binding, as mails name the person."""
        return self.business.sender

    def others(self) -> tuple[Signer, ...]:
        return tuple(other for other in self.envelope.active_signers() if other.id != self.signer.id)


def see_arrival(kit: Toolkit, token: str) -> Arrival:
    """Raises LinkUnusable; changes nothing, however often it is called."""
    link = open_link(kit, token, LinkPurpose.SIGN, LinkPurpose.IN_PERSON)
    return see_link(kit, link.id)


def see_link(kit: Toolkit, link_id: str) -> Arrival:
    """The same for a link that this browser session came with."""
    with kit.unit_of_work(read_only=True) as unit:
        link = require_valid(unit.access_links.get(link_id), kit.clock.now())
        envelope, signer = signer_of(unit, link)
        in_person = link.purpose is LinkPurpose.IN_PERSON
        channel = unit.identity_channels.get(envelope.id, signer.id)
        return Arrival(link, business_of(unit), signer, envelope.expires_at, in_person, channel)


def see_ceremony(kit: Toolkit, envelope_id: str, signer_id: str, link_id: str = "") -> SignerView:
    """The ceremony as it stands. Raises NotAllowed where the link was withdrawn from a living envelope."""
    with kit.unit_of_work(read_only=True) as unit:
        envelope = unit.envelopes.get(envelope_id)
        if link_id and envelope.status in ALIVE and unit.access_links.get(link_id).revoked_at is not None:
            raise NotAllowed("seat-withdrawn", "This link was withdrawn.", "Ask the sender for a new one.")
        return SignerView(
            envelope=envelope,
            signer=envelope.signer(signer_id),
            agreement=unit.agreements.get(envelope.agreement_id),
            business=business_of(unit),
            progress=unit.signing_progress.get(envelope_id, signer_id),
            requests=tuple(
                request
                for request in unit.change_requests.of_envelope(envelope_id)
                if request.signer_id == signer_id
            ),
        )


def read_frozen_text(kit: Toolkit, envelope: Envelope) -> AgreementText:
    """The text that was frozen when the envelope was sent. Raises StorageFailed, never another text."""
    if not envelope.text_file_digest:
        raise StorageFailed(
            "frozen-text-missing",
            "The text of this agreement was not kept apart from its PDF.",
            "Read the pages of the PDF instead.",
        )
    return read_text(kit.files.get(envelope.text_file_digest), envelope.text_digest)
