"""People, the beginning of an agreement, the draft with its live text, positions, sending."""

from __future__ import annotations

import html
import re
import time

import pytest

from app.domain.actor import Part
from app.domain.answers import LEFT_OUT
from app.domain.workflow import AgreementStatus
from app.services import drafting, gate, review

from .conftest import STAFF
from .office import (
    LAWYER,
    add_liza,
    complete_draft,
    overridden_draft,
    remember_papers,
    send_out,
    sign_off_all,
    stored,
)

PERSON = {
    "name": "Liza Santos",
    "email": "liza@santos.example",
    "country": "PH",
    "kind": "individual",
    "capacity": "for herself",
    "address": "14 Mango Road, Cebu City",
}


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


def people(site):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.people.list()


def answer(browser, agreement_id, key, value, **more):
    path = f"/agreements/{agreement_id}/draft"
    token = browser.token_of(path)
    return browser.client.post(
        f"{path}/answer",
        json={"key": key, "value": value, "step": 1, "marked": [], **more},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )


# --- people --------------------------------------------------------------------------------


def test_a_person_is_added_changed_and_archived(site, nora):
    added = nora.post("/people/add", **PERSON)
    (liza,) = people(site)
    assert added.location == f"/agreements/new?person={liza.id}"
    nora.post(f"/people/{liza.id}", **(PERSON | {"name": "Liza M. Santos"}))
    assert people(site)[0].name == "Liza M. Santos"
    assert "Liza M. Santos" in nora.get("/people").text
    nora.post(f"/people/{liza.id}/archive", page=f"/people/{liza.id}")
    assert people(site) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter the name as it should stand"),
        ("name", "x" * 101, "at most 100 characters"),
        ("email", "liza at home", "Enter an e-mail address"),
        ("country", "XX", "Not a valid choice"),
        ("country", "", "Choose the country"),
        ("capacity", " ", "for herself"),
        ("address", "one\x01two", "Write this on one line"),
        ("kind", "ghost", "Not a valid choice"),
    ],
)
def test_wrong_entries_are_shown_beside_their_field_and_kept(site, nora, field, value, said):
    answered = nora.post("/people/add", **(PERSON | {field: value}))
    assert answered.status_code == 422
    assert said in html.unescape(answered.text)
    assert 'value="14 Mango Road, Cebu City"' in answered.text or field == "address"
    assert people(site) == []


def test_a_company_needs_its_name_and_unknown_fields_are_ignored(site, nora):
    company = PERSON | {"kind": "company"}
    assert "Enter the registered name" in nora.post("/people/add", **company).text
    nora.post("/people/add", **company, company="Sarathi Ltd", id="chosen", archived="1", created_at="1999")
    (person,) = people(site)
    assert person.party_name == "Sarathi Ltd"
    assert person.id != "chosen"


def test_markup_in_names_stays_text(site, nora):
    nora.post("/people/add", **(PERSON | {"name": "<script>alert(1)</script>"}))
    page = nora.get("/people").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_unknown_people_are_not_there(nora):
    assert nora.get("/people/nobody").status_code == 404
    assert nora.post("/people/nobody", page="/people/add", **PERSON).status_code == 404


# --- a new agreement -----------------------------------------------------------------------


def test_an_agreement_begins_with_the_person(site, owner, nora):
    liza = add_liza(site, owner)
    assert "Choose whom it is with" in nora.post("/agreements/new", template="va-nda").text
    assert "Choose what kind" in nora.post("/agreements/new", template="x", person=liza.id).text
    begun = nora.post("/agreements/new", template="va-nda", person=liza.id, status="sealed", number="X")
    assert re.fullmatch(r"/agreements/[0-9a-f]{32}/draft", begun.location)
    page = nora.get(begun.location)
    assert "Draft for Liza Santos" in page.text
    assert "14 Mango Road, Cebu City" in page.text
    assert stored(site, begun.location.split("/")[2]).status is AgreementStatus.DRAFT


def test_a_person_that_is_none_is_refused(nora):
    assert nora.post("/agreements/new", template="va-nda", person="nobody").status_code == 404


# --- the draft -----------------------------------------------------------------------------


def test_every_step_of_both_templates_opens(site, owner, nora):
    for template in ("va-nda", "outsourcing-services"):
        draft = complete_draft(site, owner, template)
        steps = len(re.findall(r"\?step=\d+\" title", nora.get(f"/agreements/{draft.id}/draft").text))
        assert steps >= 8
        for step in range(1, steps + 1):
            assert nora.get(f"/agreements/{draft.id}/draft?step={step}").status_code == 200


@pytest.mark.parametrize("step", ["0", "99", "x", "", "1e9", "\u0663"])
def test_nonsense_for_a_step_is_harmless(site, owner, nora, step):
    draft = complete_draft(site, owner)
    assert nora.get(f"/agreements/{draft.id}/draft", query_string={"step": step}).status_code == 200


def test_an_answer_brings_back_what_it_changed(site, owner, nora):
    draft = complete_draft(site, owner)
    told = answer(nora, draft.id, "termination.notice_days", "45", revision=draft.revision).json
    assert told["faults"] == {}
    assert set(told["parts"]) == set(told["marked"]) == {"termination"}
    assert "Changed by your last answer" in told["parts"]["termination"]
    assert re.search(r"<ins>(?:(?!</ins>).)*45\s*days", told["parts"]["termination"], re.S)
    assert re.search(r"<del>(?:(?!</del>).)*14\s*days", told["parts"]["termination"], re.S)
    assert told["revision"] == draft.revision + 1
    following = answer(
        nora, draft.id, "parties.client_name", "Other Ltd", revision=told["revision"], marked=["termination"]
    ).json
    assert "Changed by your last answer" not in following["parts"]["termination"], "its mark is taken back"
    assert "head" in following["marked"]


def test_a_page_that_is_behind_gets_the_whole_sheet(site, owner, nora):
    draft = complete_draft(site, owner)
    answer(nora, draft.id, "termination.notice_days", "45", revision=0)
    told = answer(nora, draft.id, "termination.notice_days", "46", revision=-7).json
    assert set(told["parts"]) == set(told["order"])


def test_a_fault_is_told_with_what_is_allowed_and_nothing_is_stored(site, owner, nora):
    draft = complete_draft(site, owner)
    told = answer(nora, draft.id, "termination.notice_days", "4000", revision=0)
    assert told.status_code == 200
    assert told.json["faults"] == {"termination.notice_days": "Enter 1 to 180 days."}
    assert stored(site, draft.id).revision == draft.revision


@pytest.mark.parametrize("value", [None, 5, True, {"a": 1}, [1, 2], [["x"]], [{"a": 1}], ["x", {"y": "z"}]])
def test_values_of_a_wrong_shape_do_no_harm(site, owner, nora, value):
    draft = complete_draft(site, owner)
    assert answer(nora, draft.id, "parties.client_name", value, revision=0).status_code == 200
    table = answer(nora, draft.id, "approved-systems.systems", value, revision=0)
    assert table.status_code == 200


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{}", '{"key": 5}', "{", ""])
def test_requests_of_a_wrong_shape_are_refused(site, owner, nora, body):
    draft = complete_draft(site, owner)
    token = nora.token_of(f"/agreements/{draft.id}/draft")
    answered = nora.client.post(
        f"/agreements/{draft.id}/draft/answer",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answered.status_code == 400


def test_answers_need_the_token_and_a_draft(site, owner, nora):
    envelope = send_out(site, owner)
    path = f"/agreements/{envelope.agreement_id}/draft"
    body = {"key": "parties.client_name", "value": "x", "revision": 0}
    assert nora.client.post(f"{path}/answer", json=body).status_code == 400
    token = nora.token_of(f"/agreements/{envelope.agreement_id}")
    refused = nora.client.post(f"{path}/answer", json=body, headers={"X-CSRFToken": token})
    assert refused.status_code == 409
    assert refused.json["code"] == "wrong-state"
    assert nora.get(path).location == f"/agreements/{envelope.agreement_id}"


def test_an_unknown_question_is_refused(site, owner, nora):
    draft = complete_draft(site, owner)
    refused = answer(nora, draft.id, "positions.take-home", "none", revision=0)
    assert refused.status_code == 422
    assert stored(site, draft.id).answers == draft.answers


def test_without_a_script_a_step_is_saved_as_a_form(site, owner, nora):
    draft = complete_draft(site, owner)
    path = f"/agreements/{draft.id}/draft?step=1"
    shown = nora.post(path, **{"a:termination.notice_days": "45", "go": "stay"})
    assert shown.status_code == 200
    assert "Changed by your last answer" in shown.text
    refused = nora.post(path, **{"a:termination.notice_days": "9999", "a:parties.client_name": "Kept Ltd"})
    assert refused.status_code == 422
    assert 'value="9999"' in refused.text
    assert "Enter 1 to 180 days." in refused.text
    assert stored(site, draft.id).answers.families["parties"]["client_name"] == "Kept Ltd"
    led_on = nora.post(path, **{"a:termination.notice_days": "50", "go": "next"})
    assert led_on.location == f"/agreements/{draft.id}/draft?step=2"


def test_a_form_saves_only_questions_of_its_step(site, owner, nora):
    draft = complete_draft(site, owner)
    fields = {"a:incident-notice.report_hours": "5", "a:override_reason": "x", "status": "x", "go": "stay"}
    assert nora.post(f"/agreements/{draft.id}/draft?step=1", **fields).status_code == 200
    assert stored(site, draft.id).answers == draft.answers


def test_tables_and_ticks_come_from_a_form(site, owner, nora):
    draft = complete_draft(site, owner)
    rows = {
        "a:approved-systems.systems:here": "1",
        "a:approved-systems.systems:0:system": "Ledger",
        "a:approved-systems.systems:0:use": "invoices",
        "a:approved-systems.systems:0:owner": "Larkfield",
        "a:approved-systems.systems:7:system": "Mailbox",
        "a:approved-systems.systems:7:use": "mail",
        "a:approved-systems.systems:7:owner": "Larkfield",
        "a:approved-systems.systems:3:system": " ",
        "a:approved-systems.systems:99999:system": "out of reach",
        "go": "stay",
    }
    saved = nora.post(f"/agreements/{draft.id}/draft?step=4", **rows)
    assert saved.status_code == 200
    stored_rows = stored(site, draft.id).answers.families["approved-systems"]["systems"]
    assert [row["system"] for row in stored_rows] == ["Ledger", "Mailbox"]


def test_markup_in_answers_stays_text(site, owner, nora):
    draft = complete_draft(site, owner)
    told = answer(nora, draft.id, "parties.client_name", '<img src=x onerror="alert(1)">', revision=0).json
    assert "<img" not in told["parts"]["head"] + told["margin"]
    assert "&lt;img" in told["parts"]["head"]
    assert "<img" not in nora.get(f"/agreements/{draft.id}/draft").text


def test_blanks_lead_to_their_question(site, owner, nora):
    liza = add_liza(site, owner)
    draft = drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", liza.id)
    page = nora.get(f"/agreements/{draft.id}/draft")
    found = re.search(r'class="fill" href="(draft\?question=[^"]+)"', page.text)
    assert found is not None
    led = nora.get(f"/agreements/{draft.id}/{html.unescape(found[1]).partition('#')[0]}")
    field = found[1].partition("#")[2]
    assert f'id="{field}"' in led.text


def test_details_are_asked_and_shown_as_asked(site, owner, nora):
    draft = complete_draft(site, owner)
    path = f"/agreements/{draft.id}/draft"
    assert nora.post(f"{path}/ask-details", page=path, role="assistant", step="1").status_code == 302
    assert "no answer yet" in nora.get(path).text
    assert "agreement.details_requested" in site.events()
    nora.post(f"{path}/ask-details", page=path, role="client", step="1")
    assert "Details can be asked only of the other party" in nora.get(path).text


def test_a_gap_is_accepted_with_a_reason_by_the_owner_only(site, owner, nora):
    draft = complete_draft(site, owner)
    path = f"/agreements/{draft.id}/draft"
    nora.post(f"{path}/accept-gap", page=path, code="R1", reason=" ", step="1")
    assert stored(site, draft.id).accepted_gaps == {}
    nora.post(f"{path}/accept-gap", page=path, code="R1", reason="No files are handed over.", step="1")
    assert stored(site, draft.id).accepted_gaps == {"R1": "No files are handed over."}
    site.make(Part.STAFF)
    tom = site.browser()
    tom.sign_in(email=STAFF[1])
    refused = tom.post(f"{path}/accept-gap", page=path, code="R2", reason="I may.", step="1")
    assert refused.status_code == 403


# --- positions -----------------------------------------------------------------------------


def test_another_position_is_taken_and_a_clause_left_out(site, owner, nora):
    draft = complete_draft(site, owner)
    path = f"/agreements/{draft.id}/positions/take-home"
    page = nora.get(path)
    assert "In the draft now" in page.text
    assert "No sign-off" in page.text
    chosen = nora.post(path, position="standard")
    assert chosen.location == f"/agreements/{draft.id}/draft#t-take-home"
    assert stored(site, draft.id).answers.positions["take-home"] == "standard"
    optional = f"/agreements/{draft.id}/positions/backups"
    nora.post(optional, position=LEFT_OUT)
    assert stored(site, draft.id).answers.positions["backups"] == LEFT_OUT
    assert nora.post(path, position="lax").status_code == 422
    assert nora.get(f"/agreements/{draft.id}/positions/nothing").status_code == 404


# --- review and sending --------------------------------------------------------------------


def send_page(draft) -> str:
    return f"/agreements/{draft.id}/send"


def test_the_button_to_send_appears_when_the_gate_is_open(site, owner, nora):
    draft = complete_draft(site, owner)
    page = nora.get(send_page(draft))
    assert "Send for signature" not in page.text
    assert "have no valid sign-off" in page.text
    refused = nora.post(f"/agreements/{draft.id}/override", page=send_page(draft), reason=" ")
    assert refused.status_code == 422
    assert "needs a reason" in refused.text
    nora.post(f"/agreements/{draft.id}/override", page=send_page(draft), reason="She starts tomorrow.")
    page = nora.get(send_page(draft))
    assert "Send for signature" in page.text
    assert "She starts tomorrow." in page.text


def test_signed_off_clauses_need_no_override(site, owner, nora):
    draft = complete_draft(site, owner)
    sign_off_all(site.kit, draft.id)
    page = nora.get(send_page(draft))
    assert "Every clause signed off" in page.text
    assert "Send for signature" in page.text


def digest_on(nora, draft) -> str:
    return re.search(r'name="text_digest" value="([0-9a-f]{64})"', nora.get(send_page(draft)).text)[1]


def test_sending_asks_the_first_signer_by_mail(site, owner, nora):
    draft = overridden_draft(site, owner)
    sent = nora.post(
        send_page(draft),
        text_digest=digest_on(nora, draft),
        message="Please read <clause 9>.",
        last_day=str((site.clock.now()).date().replace(year=site.clock.now().year + 1, month=1, day=5)),
        **{"signers.assistant.email": "new@santos.example"},
    )
    assert sent.status_code == 302
    site.run_jobs()
    (mail,) = site.outbox.glob("*.eml")
    text = mail.read_text(encoding="utf-8", errors="replace")
    assert "new@santos.example" in text
    assert stored(site, draft.id).status is AgreementStatus.OUT


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"last_day": "2001-01-01"}, 422, "last day for signing is not possible"),
        ({"last_day": "tomorrow"}, 422, "is no date"),
        ({"message": "x" * 2001}, 422, "Shorten it to 2000"),
        ({"signers.assistant.email": "nobody"}, 422, "e-mail address"),
        ({"text_digest": "0" * 64}, 409, "The text was changed"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_entries_kept(site, owner, nora, fields, status, said):
    draft = overridden_draft(site, owner)
    entered = {"text_digest": digest_on(nora, draft), "message": "Kept message", **fields}
    refused = nora.post(send_page(draft), **entered)
    assert refused.status_code == status
    assert said in html.unescape(refused.text)
    assert entered["message"] in html.unescape(refused.text)
    assert stored(site, draft.id).status is AgreementStatus.DRAFT


def test_a_closed_gate_is_refused_whatever_the_form_says(site, owner, nora):
    draft = complete_draft(site, owner)
    refused = nora.post(send_page(draft), text_digest=digest_on(nora, draft), override_reason="me")
    assert refused.status_code == 409
    assert "have no valid sign-off" in refused.text


def test_asking_for_review_needs_a_lawyer_and_tells_them(site, owner, nora):
    draft = complete_draft(site, owner)
    path = f"/agreements/{draft.id}/request-review"
    nora.post(path, page=send_page(draft))
    assert "There is no lawyer in this workspace" in nora.get(send_page(draft)).text
    assert stored(site, draft.id).status is AgreementStatus.DRAFT
    site.make(Part.LAWYER)
    nora.post(path, page=send_page(draft))
    assert stored(site, draft.id).status is AgreementStatus.IN_REVIEW
    with site.kit.unit_of_work(read_only=True) as unit:
        assert any("Please review" in one.subject for one in unit.messages.of_agreement(draft.id))
    nora.post(f"/agreements/{draft.id}/withdraw-review", page=send_page(draft))
    assert stored(site, draft.id).status is AgreementStatus.DRAFT


def test_trial_mode_is_said_where_mail_is_sent(site, owner, nora):
    draft = overridden_draft(site, owner)
    assert "outbox folder on this computer" in nora.get(send_page(draft)).text
    assert gate.LONGEST_REASON == 1000


# --- how fast ------------------------------------------------------------------------------


def test_an_answer_takes_less_than_100_ms_of_the_processor(site, owner, nora):
    """The larger contract template. Processor time, because other tests may share the machine."""
    draft = complete_draft(site, owner, "outsourcing-services")
    path = f"/agreements/{draft.id}/draft"
    headers = {"X-CSRFToken": nora.token_of(path), "Accept": "application/json"}
    spent = []
    for revision, hours in enumerate((10, 11, 13, 14, 15, 16)):
        body = {"key": "incident-notice.report_hours", "value": str(hours), "step": 8, "revision": revision}
        started = time.process_time()
        told = nora.client.post(f"{path}/answer", json=body, headers=headers).json
        spent.append(time.process_time() - started)
        assert "incident-notice" in told["marked"]
    assert min(spent) < 0.1, [f"{1000 * seconds:.0f} ms" for seconds in spent]


def test_what_a_lawyer_sent_back_is_said_where_it_is_sent_from(site, owner, nora):
    draft = complete_draft(site, owner)
    site.make(Part.LAWYER)
    nora.post(f"/agreements/{draft.id}/request-review", page=send_page(draft))
    digest = drafting.assess(site.kit, draft.id).draft_digest
    review.send_back(site.kit, LAWYER, draft.id, digest, "Name the bank in clause 5.")
    page = nora.get(send_page(draft)).text
    assert "Elena Marsh sent the text back." in page
    assert "Name the bank in clause 5." in page


def test_the_lawyer_is_led_to_the_page_that_is_open_to_lawyers(site, owner, nora):
    draft = complete_draft(site, owner)
    site.make(Part.LAWYER)
    nora.post(f"/agreements/{draft.id}/request-review", page=send_page(draft))
    with site.kit.unit_of_work(read_only=True) as unit:
        (mail,) = [one for one in unit.messages.of_agreement(draft.id) if "Please review" in one.subject]
    assert f"/review/agreements/{draft.id}" in mail.text
