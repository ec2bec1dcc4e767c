"""How each signer is identified: the owner's choice, and access codes, which are shown once.

The sending page takes the choice with `read_choices` and shows the first codes with
`show_first_codes`; the page here changes the choice later and makes another code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, NotFound
from app.domain.identity_channel import Channel, ChannelChoice, IdentityChannel
from app.domain.workflow import SignerStatus
from app.services import identity_channels
from app.web import access
from app.web.kit import kit
from app.web.owner.page import render

blueprint = Blueprint("owner_identity", __name__, url_prefix="/agreements/<agreement_id>/identity")

CHANGEABLE = (SignerStatus.WAITING, SignerStatus.INVITED)


@dataclass(frozen=True, slots=True)
class Way:
    """How one signer is identified. code: the access code just made, "" otherwise."""

    signer: Signer
    held: IdentityChannel
    changeable: bool
    code: str = ""


@blueprint.get("")
@access.workspace(Part.OWNER)
def show(agreement_id: str) -> ResponseReturnValue:
    return _page(_envelope(agreement_id))


@blueprint.post("/<signer_id>")
@access.workspace(Part.OWNER)
@access.fresh
def change(agreement_id: str, signer_id: str) -> ResponseReturnValue:
    """Choose another way, while nobody has passed the present one."""
    envelope = _envelope(agreement_id)
    choice = _choice(request.form, signer_id)
    try:
        identity_channels.change_channel(kit(), access.actor(), envelope.id, signer_id, choice)
    except InvalidInput as error:
        return _page(envelope, faults={signer_id: f"{error.message} {error.remedy}"}, entered=choice), 422
    if choice.channel is Channel.ACCESS_CODE:
        return _with_codes(envelope, [signer_id])
    flash("Stored. Whoever opens the link is identified in this way from now on.", "done")
    return redirect(url_for("owner_identity.show", agreement_id=agreement_id))


@blueprint.post("/<signer_id>/access-code")
@access.workspace(Part.OWNER)
@access.fresh
def make_code(agreement_id: str, signer_id: str) -> ResponseReturnValue:
    """Make another access code and show it, this once."""
    return _with_codes(_envelope(agreement_id), [signer_id])


def read_choices(form: Mapping[str, str], roles: Iterable[str]) -> dict[str, ChannelChoice]:
    """What the sending page's fields say, by role (macro `channel_fields` in identity_parts.html)."""
    return {role: _choice(form, role) for role in roles}


def show_first_codes(envelope: Envelope) -> ResponseReturnValue | None:
    """After sending: the page with every new access code, None where nobody has one."""
    with kit().unit_of_work(read_only=True) as unit:
        waiting = [
            signer.id
            for signer in envelope.active_signers()
            if unit.identity_channels.get(envelope.id, signer.id).channel is Channel.ACCESS_CODE
        ]
    return _with_codes(envelope, waiting) if waiting else None


def _with_codes(envelope: Envelope, signer_ids: list[str]) -> ResponseReturnValue:
    codes = {
        signer_id: identity_channels.make_access_code(kit(), access.actor(), envelope.id, signer_id)
        for signer_id in signer_ids
    }
    return _page(envelope, codes=codes)


def _page(
    envelope: Envelope,
    *,
    codes: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    entered: ChannelChoice | None = None,
) -> str:
    with kit().unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(envelope.agreement_id)
        owners = {account.email.lower() for account in unit.accounts.list() if account.part is Part.OWNER}
        ways = [
            Way(
                signer,
                unit.identity_channels.get(envelope.id, signer.id),
                signer.status in CHANGEABLE,
                (codes or {}).get(signer.id, ""),
            )
            for signer in envelope.active_signers()
            # An owner signs with the account, after giving the password again.
            if not (signer.side == "client" and signer.email.lower() in owners)
        ]
    shown = {"codes": codes or {}, "faults": faults or {}, "entered": entered}
    return render("identity.html", agreement=agreement, ways=ways, **shown)


def _choice(form: Mapping[str, str], key: str) -> ChannelChoice:
    name = form.get(f"identity.{key}.channel", Channel.EMAIL.value)
    if name not in list(Channel):
        abort(400)
    return ChannelChoice(Channel(name), form.get(f"identity.{key}.address", "").strip())


def _envelope(agreement_id: str) -> Envelope:
    with kit().unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        if not agreement.current_envelope:
            raise NotFound("not-sent", "This agreement has not been sent.", "Send it first.")
        return unit.envelopes.get(agreement.current_envelope)
