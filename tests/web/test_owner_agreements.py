"""Dashboard, all agreements, the page of one, and what is done there."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from app.domain.actor import Part
from app.domain.workflow import AgreementStatus, EnvelopeStatus
from app.services import ceremony, changes, drafting
from app.services.identity import signer_actor

from .conftest import LAWYER, STAFF
from .office import complete_draft, later, remember_papers, send_out, sign_as, stored


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


@pytest.fixture
def tom(site, owner):
    site.make(Part.STAFF)
    browser = site.browser()
    browser.sign_in(email=STAFF[1])
    return browser


def page_of(agreement_id: str) -> str:
    return f"/agreements/{agreement_id}"


def envelope_of(site, agreement_id):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.of_agreement(agreement_id)[-1]


def heading(page) -> str:
    return re.search(r"<h1>(.*?)</h1>", page.text, re.S)[1]


def sealed(site, owner):
    envelope = send_out(site, owner)
    for signer in envelope.signers:
        envelope = sign_as(site.kit, envelope, signer)
    site.run_jobs()
    return envelope_of(site, envelope.agreement_id)


# --- dashboard -----------------------------------------------------------------------------


def test_an_empty_dashboard_says_how_to_begin(nora):
    page = nora.get("/agreements")
    assert heading(page) == "No agreements yet"
    assert "Add a person" in page.text


def test_the_title_says_the_situation(site, owner, nora):
    complete_draft(site, owner)
    assert heading(nora.get("/agreements")) == "One agreement waits for you"
    envelope = send_out(site, owner)
    page = nora.get("/agreements")
    assert heading(page) == "One agreement waits for you"
    assert "One more waits for another person." in page.text
    assert "Waits for someone else" in page.text
    sign_as(site.kit, envelope, envelope.signers[0])
    page = nora.get("/agreements")
    assert heading(page) == "Two agreements wait for you"
    assert "Your turn to sign" in page.text
    assert "line yours" in page.text


def test_what_runs_out_is_pressing(site, owner, nora):
    send_out(site, owner)
    assert "Not begun, due in 29 days" in nora.get("/agreements").text
    later(site, days=28, hours=1)
    nora.sign_in()
    page = nora.get("/agreements")
    assert 'class="overdue"' in page.text
    assert "due in 1 day" in page.text


def test_mail_that_waits_is_said_to_be_queued(site, owner, nora):
    send_out(site, owner)
    assert "Mail: queued" in nora.get("/agreements").text
    site.run_jobs()
    assert "Mail: queued" not in nora.get("/agreements").text


def test_declined_and_voided_ones_stand_where_they_belong(site, owner, nora):
    declined = send_out(site, owner)
    signer = declined.signers[0]
    actor = signer_actor(signer, "127.0.0.1", "test")
    ceremony.identify(site.kit, actor, declined.id, signer.id, ("a test",))
    changes.decline(site.kit, actor, declined.id, signer.id, "The notice is too short for me.")
    page = nora.get("/agreements")
    assert "Declined" in page.text.partition("Finished lately")[0]
    assert "The notice is too short for me." in nora.get(page_of(declined.agreement_id)).text
    voided = send_out(site, owner)
    changes.void(site.kit, owner.as_actor(), voided.id, "Wrong dates.")
    assert "Voided" in nora.get("/agreements").text.partition("Finished lately")[2]


def test_lists_are_paged(site, owner, nora):
    first = complete_draft(site, owner)
    for _ in range(52):
        drafting.duplicate(site.kit, owner.as_actor(), first.id)
    page = nora.get("/agreements/all")
    assert "Page 1 of 2" in page.text
    assert page.text.count('<td class="c-name">') == 50
    assert nora.get("/agreements/all?page=2").text.count('<td class="c-name">') == 3
    assert nora.get("/agreements/all?page=999999999999").status_code == 200
    assert nora.get("/agreements/all?page=-1").status_code == 200


# --- one agreement -------------------------------------------------------------------------


def test_the_page_tells_what_happened_in_plain_words(site, owner, nora):
    envelope = send_out(site, owner)
    page = nora.get(page_of(envelope.agreement_id))
    assert "Sent by Nora Whitlow. Pages frozen and certified by the seal." in page.text
    assert "agreement.sent" in page.text
    assert "The assistant starts tomorrow." in page.text
    assert "none missing or changed" in nora.get(page_of(envelope.agreement_id) + "/log").text


def test_opening_pages_changes_nothing(site, owner, nora):
    envelope = send_out(site, owner)
    draft = complete_draft(site, owner)
    before = site.events()
    for path in ("", "/log", "/sign", "?events=all"):
        nora.get(page_of(envelope.agreement_id) + path)
    for path in ("", "/draft", "/send", "/positions/take-home"):
        nora.get(page_of(draft.id) + path)
    assert site.events() == before
    assert stored(site, draft.id).revision == draft.revision


@pytest.mark.parametrize("path", ["", "/draft", "/send", "/log", "/positions/take-home"])
def test_unknown_agreements_are_not_there(nora, path):
    assert nora.get(page_of("0" * 32) + path).status_code == 404


@pytest.mark.parametrize("path", ["/agreements", "/people", "/agreements/new"])
def test_lawyers_and_strangers_are_kept_out(site, owner, visitor, path):
    assert visitor.get(path).status_code == 302
    site.make(Part.LAWYER)
    visitor.sign_in(email=LAWYER[1])
    assert visitor.get(path).status_code == 404


def test_void_needs_a_reason_and_makes_a_draft_of_it(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    refused = nora.post(path + "/void", page=path, reason="  ")
    assert refused.status_code == 422
    assert "Why do you withdraw the agreement?" in refused.text
    assert nora.post(path + "/void", page=path, reason="Wrong dates <b>").status_code == 302
    assert envelope_of(site, envelope.agreement_id).status is EnvelopeStatus.VOIDED
    assert stored(site, envelope.agreement_id).status is AgreementStatus.DRAFT
    page = nora.get(path)
    assert "Wrong dates &lt;b&gt;" in page.text
    again = nora.post(path + "/void", page=path, reason="Again")
    assert again.status_code == 409


def test_a_change_asked_for_is_answered_or_the_text_revised(site, owner, nora):
    envelope = send_out(site, owner)
    signer = envelope.signers[0]
    actor = signer_actor(signer, "127.0.0.1", "test")
    ceremony.identify(site.kit, actor, envelope.id, signer.id, ("a test",))
    words = "May I <i>print</i>?"
    asked = changes.request_change(site.kit, actor, envelope.id, signer.id, "take-home", words)
    path = page_of(envelope.agreement_id)
    page = nora.get(path)
    assert "May I &lt;i&gt;print&lt;/i&gt;?" in page.text
    assert "No take-home of information" in page.text
    assert "Paused" in page.text
    answer = f"{path}/requests/{asked.id}/answer"
    assert nora.post(answer, page=path, answer=" ").status_code == 422
    assert nora.post(answer, page=path, answer="Ask me each time.").status_code == 302
    assert envelope_of(site, envelope.agreement_id).status is EnvelopeStatus.OUT
    changes.request_change(site.kit, actor, envelope.id, signer.id, "", "And the fee?")
    revised = nora.post(path + "/revise", page=path)
    assert revised.location == path + "/draft"
    assert stored(site, envelope.agreement_id).status is AgreementStatus.DRAFT


def test_a_request_of_another_agreement_is_not_answered_here(site, owner, nora):
    envelope, other = send_out(site, owner), send_out(site, owner)
    signer = envelope.signers[0]
    actor = signer_actor(signer, "", "")
    ceremony.identify(site.kit, actor, envelope.id, signer.id, ("a test",))
    asked = changes.request_change(site.kit, actor, envelope.id, signer.id, "", "Please.")
    path = page_of(other.agreement_id)
    assert nora.post(f"{path}/requests/{asked.id}/answer", page=path, answer="Yes.").status_code == 404


def test_a_reminder_queues_another_mail(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    assert nora.post(path + "/remind", page=path).status_code == 302
    with site.kit.unit_of_work(read_only=True) as unit:
        assert len(unit.messages.of_agreement(envelope.agreement_id)) == 2
    assert "envelope.reminded" in site.events()


def test_a_copy_is_a_new_draft_and_a_draft_can_be_discarded(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    copied = nora.post(path + "/copy", page=path)
    new_id = copied.location.split("/")[2]
    assert stored(site, new_id).override_reason == ""
    assert stored(site, new_id).answers == stored(site, envelope.agreement_id).answers
    assert nora.post(page_of(new_id) + "/discard", page=page_of(new_id)).status_code == 302
    assert stored(site, new_id).status is AgreementStatus.ENDED
    assert nora.post(path + "/discard", page=path).status_code == 409, "what is out cannot be discarded"


# --- signing second ------------------------------------------------------------------------


def test_the_owner_signs_only_with_a_fresh_password(site, owner, nora):
    envelope = send_out(site, owner)
    sign_as(site.kit, envelope, envelope.signers[0])
    path = page_of(envelope.agreement_id) + "/sign"
    assert nora.get(path).status_code == 200
    with nora.client.session_transaction() as session:
        session["fs_paa"] = session["fs_paa"] - 301
    stale = nora.get(path)
    assert stale.status_code == 302
    assert stale.location.startswith("/password-again")
    refused = nora.post(path, page=page_of(envelope.agreement_id))
    assert refused.location.startswith("/password-again")
    assert "signer.identified" not in site.events()[-1:]


def test_the_owner_takes_a_seat_by_account(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id) + "/sign"
    assert nora.get(path).status_code == 409, "not the owner's turn yet"
    sign_as(site.kit, envelope, envelope.signers[0])
    seated = nora.post(path)
    assert seated.status_code == 302
    assert seated.location.startswith("/sign/")
    checks = envelope_of(site, envelope.agreement_id).signers[1].identity_checks
    assert "password given again for this signature" in checks


def test_in_person_leads_to_a_link_for_the_signer_in_the_room(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    started = nora.post(path + "/in-person", page=path, signer=envelope.signers[0].id)
    assert "/s/" in started.location
    assert nora.post(path + "/in-person", page=path, signer="nobody").status_code == 404


# --- downloads -----------------------------------------------------------------------------


def test_files_of_a_sealed_agreement(site, owner, nora):
    envelope = sealed(site, owner)
    path = page_of(envelope.agreement_id)
    number = stored(site, envelope.agreement_id).number
    signed = nora.post(path + "/download/signed", page=path)
    assert signed.data == site.kit.files.get(envelope.sealed_digest)
    assert signed.headers["Content-Disposition"] == f'attachment; filename="{number}-signed.pdf"'
    assert "sandbox" in signed.headers["Content-Security-Policy"]
    record = zipfile.ZipFile(io.BytesIO(nora.post(path + "/download/record", page=path).data))
    assert record.read("signed.pdf") == signed.data
    assert nora.post(path + "/download/certificate", page=path).data.startswith(b"%PDF")
    assert nora.post(path + "/download/word", page=path).data.startswith(b"PK")
    assert json.loads(nora.post(path + "/download/json", page=path).data)["clauses"]
    with site.kit.unit_of_work(read_only=True) as unit:
        leaves = unit.audit.of_agreement(envelope.agreement_id)
    kinds = [leaf.details["kind"] for leaf in leaves if leaf.name == "agreement.downloaded"]
    assert kinds == ["signed", "record", "certificate", "word", "json"]
    assert "downloaded the record" in nora.get(path + "?events=all").text


def test_what_is_not_there_yet_is_said(site, owner, nora):
    draft = complete_draft(site, owner)
    path = page_of(draft.id)
    for kind in ("signed", "certificate", "record", "current"):
        assert nora.post(f"{path}/download/{kind}", page=path).status_code == 409
    assert nora.post(path + "/download/everything", page=path).status_code == 404
    assert nora.get(path + "/download/signed").status_code == 405
    draft_pdf = nora.post(path + "/download/draft", page=path)
    assert draft_pdf.data.startswith(b"%PDF")


# --- staff ---------------------------------------------------------------------------------


def test_staff_sees_and_drafts_but_does_not_act_for_the_owner(site, owner, tom):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    page = tom.get(path)
    assert page.status_code == 200
    for word in ("Void the agreement", "Remind", "Sign here in person", "Discard"):
        assert word not in page.text
    for act in ("/void", "/remind", "/revise", "/discard", "/sign", "/in-person", "/send", "/override"):
        assert tom.post(path + act, page=path, reason="x").status_code == 404
    assert envelope_of(site, envelope.agreement_id).status is EnvelopeStatus.OUT


def test_forms_without_a_token_change_nothing(site, owner, nora):
    envelope = send_out(site, owner)
    path = page_of(envelope.agreement_id)
    for act in ("/void", "/remind", "/copy", "/download/current"):
        assert nora.client.post(path + act, data={"reason": "x"}).status_code == 400
    assert envelope_of(site, envelope.agreement_id).status is EnvelopeStatus.OUT
