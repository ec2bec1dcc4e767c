"""The sending form and the page of an agreement that is out: order, reminders, copies, addresses, mail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import ROOT
from app.domain.actor import Part
from app.domain.envelope import CopyRecipient
from app.domain.errors import DeliveryFailed
from app.domain.reminder import ReminderPlan
from app.services.dossier import read_dossier
from app.services.sample import make_sample
from app.web.owner.timeline import tell_story

from .office import (
    add_liza,
    complete_draft,
    later,
    overridden_draft,
    remember_papers,
    send_out,
    sign_off_all,
    stored,
)


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    remember_papers(monkeypatch)


@pytest.fixture
def owner(site):
    return site.make(Part.OWNER)


@pytest.fixture
def nora(site, owner):
    browser = site.browser()
    browser.sign_in()
    return browser


def newest_envelope(site, agreement_id):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.of_agreement(agreement_id)[-1]


def current_room(page) -> list[str]:
    rooms = page.text.partition('class="rooms"')[2].partition("</nav>")[0]
    return re.findall(r'aria-current="page">(.*?)</a>', rooms)


def test_everything_that_is_chosen_when_sending_is_kept(site, owner, nora):
    draft = overridden_draft(site, owner)
    path = f"/agreements/{draft.id}/send"
    form = {
        "order": "numbers",
        "turn.assistant": "2",
        "turn.client": "1",
        "signer_message.assistant": "Dear Liza",
        "remind_after": "2, 5",
        "remind_before": "1",
        "copy_name.1": "Dana Reyes",
        "copy_email.1": "dana@reyes.example",
    }
    assert nora.post(path, **form).status_code == 302
    envelope = newest_envelope(site, draft.id)
    assert [(one.role, one.order) for one in envelope.signers] == [("client", 1), ("assistant", 2)]
    assert envelope.signers[1].message == "Dear Liza"
    assert envelope.reminders == ReminderPlan((2, 5), (1,))
    assert envelope.copy_recipients == (CopyRecipient("Dana Reyes", "dana@reyes.example"),)
    page = nora.get(f"/agreements/{draft.id}")
    assert "Planned reminders" in page.text
    due = envelope.signers[0].invited_at + timedelta(days=2)
    assert f"{due.day} {due:%B %Y, %H:%M} UTC" in page.text
    assert "Dana Reyes" in page.text


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"remind_after": "soon"}, "reminders-error"),
        ({"order": "numbers", "turn.assistant": "1", "turn.client": ""}, "order-error"),
        ({"copy_name.0": "Dana", "copy_email.0": "nowhere"}, "copies-error"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_sent(site, owner, nora, form, place):
    draft = overridden_draft(site, owner)
    page = nora.post(f"/agreements/{draft.id}/send", **form)
    assert page.status_code == 422
    assert f'id="{place}"' in page.text
    for name, value in form.items():
        kept = rf'name="{re.escape(name)}"[^>]*value="{value}"'
        assert re.search(kept, page.text), f"{name} keeps what was entered"
    assert stored(site, draft.id).current_envelope == ""


def test_reminders_are_stopped_from_the_page(site, owner, nora):
    envelope = send_out(site, owner, reminders=ReminderPlan((2,)))
    path = f"/agreements/{envelope.agreement_id}"
    assert nora.post(path + "/stop-reminders", page=path).status_code == 302
    page = nora.get(path)
    assert "Stopped. You can still remind by hand." in page.text
    assert "Nora Whitlow stopped the planned reminders." in page.text
    assert nora.post(path + "/stop-reminders", page=path).status_code == 409


def test_an_address_is_corrected_from_the_page(site, owner, nora):
    envelope = send_out(site, owner)
    signer = envelope.signers[0]
    path = f"/agreements/{envelope.agreement_id}"
    act = f"{path}/signers/{signer.id}/address"
    refused = nora.post(act, page=path, email="<nowhere>")
    assert refused.status_code == 422
    assert "&lt;nowhere&gt;" in refused.text
    assert nora.post(act, page=path, email="right@santos.example").status_code == 302
    site.run_jobs()
    page = nora.get(path)
    assert f"Nora Whitlow corrected the address of {signer.name}." in page.text
    assert signer.email in page.text, "what it was is told"
    assert "Not sent, out of date" in page.text
    assert nora.post(f"{path}/signers/nobody/address", page=path, email="a@b.example").status_code == 404


def test_with_all_asked_at_once_each_can_be_reminded(site, owner, nora):
    envelope = send_out(site, owner, turns={"assistant": 1, "client": 1})
    path = f"/agreements/{envelope.agreement_id}"
    page = nora.get(path)
    assert f'Send the mail again<span class="visually-hidden"> to {envelope.signers[0].name}' in page.text
    assert nora.post(path + "/remind", page=path, signer=envelope.signers[0].id).status_code == 302
    assert f"Nora Whitlow reminded {envelope.signers[0].name}." in nora.get(path).text


class Away:
    is_trial = False

    def hand_over(self, message, attachments) -> None:
        raise DeliveryFailed("mail-away", "The mail server is away.", "Wait.", retryable=True)


def test_mail_that_did_not_go_is_told_with_its_tries(make_site):
    site = make_site("https://sign.example.com")
    owner = site.make(Part.OWNER)
    envelope = send_out(site, owner)
    site.kit = replace(site.kit, mailer=Away())
    for _ in range(2):
        site.run_jobs()
        later(site, hours=1)
    dossier = read_dossier(site.kit, owner.as_actor(), envelope.agreement_id)
    shown, _ = tell_story(dossier, everything=False)
    failed = [one.sentence for one in shown if one.name == "signer.mail_failed"]
    assert failed[0].endswith("could not be handed over (try 2). It will be tried again.")
    assert not any("was handed over" in one.sentence for one in shown)


def test_sign_offs_stand_in_the_timeline(site, owner, nora):
    draft = complete_draft(site, owner)
    sign_off_all(site.kit, draft.id)
    page = nora.get(f"/agreements/{draft.id}")
    assert re.search(r"Elena Marsh signed off \d+ clauses of this text\.", page.text)


def test_the_room_is_marked_on_every_page_of_an_agreement(site, owner, nora):
    envelope = send_out(site, owner)
    draft = complete_draft(site, owner)
    person = add_liza(site, owner)
    for path in (
        "/agreements",
        f"/agreements/{draft.id}/draft",
        f"/agreements/{draft.id}/send",
        f"/agreements/{draft.id}/positions/take-home",
        f"/agreements/{envelope.agreement_id}",
    ):
        assert current_room(nora.get(path)) == ["Agreements"], path
    assert current_room(nora.get(f"/people/{person.id}")) == ["People"]


@pytest.mark.parametrize("trial", [True, False])
def test_a_sample_says_what_can_be_done_with_it(site, owner, nora, monkeypatch, trial):
    answers = ROOT / "contract_templates" / "va-nda" / "sample_answers.toml"
    sample = make_sample(site.kit, owner.as_actor(), answers)
    if not trial:
        monkeypatch.setattr(type(site.kit.mailer), "is_trial", False)
    page = nora.get(f"/agreements/{sample.id}/send")
    assert ("A sample cannot be sent." in page.text) is not trial
    assert ("This is a SAMPLE with an invented assistant." in page.text) is trial
    assert "Send for signature" not in page.text, "there are points to settle"
