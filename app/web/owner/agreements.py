"""Agreements: the dashboard, the list of all, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.agreement_text import AgreementText
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from app.services import audit
from app.services.dossier import Dossier, read_dossier
from app.services.invitations import ASKED
from app.services.overview import Standing, read_list, read_overview
from app.services.reach import is_reachable
from app.services.reminders import planned_reminders
from app.services.signer_view import read_frozen_text
from app.web import access
from app.web.kit import kit
from app.web.owner import filters
from app.web.owner.page import asked_page, render
from app.web.owner.timeline import tell_story

blueprint = Blueprint("owner_agreements", __name__)

CORRECTABLE = (SignerStatus.WAITING, SignerStatus.INVITED)
BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
FINISHED = (AgreementStatus.SEALED, AgreementStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Acts:
    """Which acts the page offers now, to this reader."""

    sign: bool = False
    remind: bool = False
    void: bool = False
    in_person: bool = False
    correct: bool = False
    answer: bool = False
    edit: bool = False
    send: bool = False
    discard: bool = False
    record: bool = False


@blueprint.get("/agreements")
@access.workspace(*access.OFFICE)
def dashboard() -> ResponseReturnValue:
    overview = read_overview(kit(), access.actor())
    return render(
        "dashboard.html",
        overview=overview,
        Standing=Standing,
        reachable=is_reachable(kit()),
        asked=filters.NOTHING_ASKED,
    )


@blueprint.get("/agreements/all")
@access.workspace(*access.OFFICE)
def list_all() -> ResponseReturnValue:
    """The list of all with its search; every part of what is asked stands in the address."""
    asked = filters.read_filter(request.args)
    found = read_list(kit(), access.actor(), asked, asked_page())
    return render(
        "all_agreements.html",
        found=found,
        asked=asked,
        tags=filters.tell_filter(asked, found, kit().library.library()),
        choices=filters.offer_choices(kit().library.library(), found),
        address=filters.address_of(asked),
        Standing=Standing,
    )


@blueprint.get("/agreements/<agreement_id>")
@access.workspace(*access.OFFICE)
def show(agreement_id: str) -> ResponseReturnValue:
    return show_page(agreement_id)


@blueprint.get("/agreements/<agreement_id>/log")
@access.workspace(*access.OFFICE)
def check_log(agreement_id: str) -> ResponseReturnValue:
    """The page with the whole audit log verified now."""
    return show_page(agreement_id, log=audit.verify_log(kit()))


def show_page(
    agreement_id: str,
    *,
    fault: str = "",
    field: str = "",
    entered: str = "",
    log: tuple[int, object] | None = None,
) -> str:
    """The page of one agreement. fault: what is wrong with the text `entered` in the form `field`."""
    dossier = read_dossier(kit(), access.actor(), agreement_id)
    everything = request.args.get("events") == "all"
    shown, quiet = tell_story(dossier, everything=everything)
    envelope = dossier.envelope
    return render(
        "agreement.html",
        dossier=dossier,
        agreement=dossier.agreement,
        envelope=envelope,
        planned=planned_reminders(envelope, kit().clock.now()) if envelope else (),
        told=shown,
        quiet=quiet,
        everything=everything,
        acts=offer(dossier),
        Standing=Standing,
        asked_statuses=ASKED,
        correctable=CORRECTABLE,
        clause_names=_clause_names(dossier),
        fault=fault,
        field=field,
        entered=entered,
        log=log,
        reachable=is_reachable(kit()),
    )


def offer(dossier: Dossier) -> Acts:
    """What may be done now; the services refuse the rest anyway."""
    status = dossier.agreement.status
    envelope = dossier.envelope
    owner = access.account().part is Part.OWNER
    before = status in BEFORE_SENDING
    out = status is AgreementStatus.OUT and envelope is not None and envelope.status is EnvelopeStatus.OUT
    asked = [signer for signer in envelope.active_signers() if signer.status in ASKED] if envelope else []
    others_asked = any(not (one.side == "client" and one.email == access.account().email) for one in asked)
    return Acts(
        sign=dossier.row.standing is Standing.YOUR_TURN,
        remind=owner and out and others_asked and is_reachable(kit()),
        void=owner and status is AgreementStatus.OUT,
        in_person=owner and out and others_asked,
        correct=owner and status is AgreementStatus.OUT,
        answer=owner and dossier.row.standing is Standing.CHANGE_ASKED,
        edit=before,
        send=before and owner,
        discard=before and owner,
        record=dossier.has_record,
    )


def _clause_names(dossier: Dossier) -> dict[str, str]:
    """Family -> "clause 7, No take-home", for change requests."""
    envelope = dossier.envelope
    if envelope is None or not any(request.family for request in dossier.requests):
        return {}
    text: AgreementText = read_frozen_text(kit(), envelope)
    return {clause.family: f"{text.unit_word} {clause.number}, {clause.title}" for clause in text.clauses()}
