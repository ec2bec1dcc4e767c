"""The office's pages on a small phone, a tablet, a wide screen in the dark, by keyboard, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.envelope import CopyRecipient
from app.domain.reminder import ReminderPlan
from app.services import drafting, gate, sending
from app.services.people import add_person
from app.services.sending_form import SendingForm
from tests.journeys.conftest import DESKTOP, Person
from tests.journeys.site import RunningSite
from tests.journeys.test_owner_drafts_and_sends import sign_in
from tests.web.office import LIZA, sample_answers

SMALL = {"width": 320, "height": 700}
TABLET = {"width": 1000, "height": 800}
WIDE = {"width": 1440, "height": 1040}


@pytest.fixture(scope="module")
def drafts(site: RunningSite) -> dict[str, str]:
    """Agreement ids: one draft of each contract template, one begun with a person, one that is out."""
    actor = site.owner_actor
    made = {
        template: drafting.start_draft(site.kit, actor, template, sample_answers(template)).id
        for template in ("va-nda", "outsourcing-services")
    }
    person = add_person(site.kit, actor, LIZA)
    made["begun"] = drafting.start_for_person(site.kit, actor, "va-nda", person.id).id
    out = drafting.start_draft(site.kit, actor, "va-nda", sample_answers())
    gate.override_review(site.kit, actor, out.id, "A test of widths.")
    form = SendingForm(
        turns={"assistant": 1, "client": 1},
        reminders=ReminderPlan((2, 5), (1,)),
        copy_recipients=(CopyRecipient("Dana Reyes", "dana@reyes.example"),),
    )
    sending.send(site.kit, actor, out.id, form)
    made["out"] = out.id
    return made


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("owner-320", SMALL, "light"), ("owner-tablet", TABLET, "light"), ("owner-wide-dark", WIDE, "dark")],
)
def test_every_page_reflows(site: RunningSite, person, drafts, name: str, viewport, scheme: str):
    owner: Person = person(name, viewport, color_scheme=scheme)
    page = owner.page
    sign_in(page, site)
    owner.look("dashboard")
    begun, out = drafts["begun"], drafts["out"]
    for what, path in {
        "all-agreements": "/agreements/all",
        "people": "/people",
        "draft-begun": f"/agreements/{begun}/draft",
        "draft-services": f"/agreements/{drafts['outsourcing-services']}/draft?step=6",
        "positions": f"/agreements/{drafts['va-nda']}/positions/backups",
        "send": f"/agreements/{begun}/send",
        "agreement-out": f"/agreements/{out}?events=all",
    }.items():
        page.goto(site.url + path)
        if viewport is SMALL and what.startswith("draft"):
            page.get_by_text("Show text").click()
        owner.look(what, full_page=not what.startswith("draft"))


def test_a_draft_is_answered_by_keyboard_alone(site: RunningSite, person, drafts):
    owner: Person = person("owner-keyboard", DESKTOP)
    page = owner.page
    sign_in(page, site)
    page.goto(f"{site.url}/agreements/{drafts['va-nda']}/draft?step=1")
    page.get_by_text("more with usual answers").click()
    page.get_by_label("How many days of notice must a party give").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("77")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    expect(page.locator("[data-sheet] ins").filter(has_text="77").first).to_be_visible()
    expect(page.locator("[data-announce]")).to_contain_text("Changed:")
    page.keyboard.press("Tab")
    group = page.locator('[data-question="termination.fixed_end"]')
    group.get_by_role("radio", name="No").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-question="termination.end_date"]')).to_be_visible()
    assert page.evaluate("document.activeElement.value") == "yes", "the focus stays where the hands are"


def test_answers_typed_without_a_connection_are_kept_and_sent_later(site: RunningSite, person, drafts):
    owner: Person = person("owner-offline", DESKTOP)
    page = owner.page
    sign_in(page, site)
    page.goto(f"{site.url}/agreements/{drafts['va-nda']}/draft?step=1")
    page.get_by_text("more with usual answers").click()
    owner.context.set_offline(True)
    page.get_by_label("How many days of notice must a party give").fill("88")
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    owner.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=20_000)
    with site.kit.unit_of_work(read_only=True) as unit:
        stored = unit.agreements.get(drafts["va-nda"]).answers.families["termination"]["notice_days"]
    assert stored == 88


def test_a_table_grows_by_a_row(site: RunningSite, person, drafts):
    owner: Person = person("owner-table", DESKTOP)
    page = owner.page
    sign_in(page, site)
    page.goto(f"{site.url}/agreements/{drafts['va-nda']}/draft?step=4")
    table = page.locator('[data-question="approved-systems.systems"]')
    rows = table.locator(".row-in")
    before = rows.count()
    table.get_by_role("button", name="Add a row").click()
    last = rows.last
    for column, words in (("system", "Scanner"), ("use", "receipts"), ("owner", "Larkfield Bookkeeping Ltd")):
        last.locator(f'[data-column="{column}"]').fill(words)
    expect(page.locator("[data-sheet]").get_by_text("Scanner").first).to_be_visible(timeout=20_000)
    assert rows.count() == before + 1
    last.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-sheet] td").get_by_text("Scanner")).to_have_count(0, timeout=20_000)


def test_without_a_script_everything_still_works(site: RunningSite, person, drafts):
    owner: Person = person("owner-no-script", DESKTOP, java_script_enabled=False)
    page = owner.page
    sign_in(page, site)
    page.goto(f"{site.url}/agreements/{drafts['va-nda']}/draft?step=1")
    page.get_by_text("more with usual answers").click()
    page.get_by_label("How many days of notice must a party give").fill("66")
    page.get_by_role("button", name="Save and show the text").click()
    expect(page.get_by_text("Changed by your last answer").first).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**step=2")


def test_what_was_just_typed_is_stored_before_a_link_is_followed(site: RunningSite, person, drafts):
    owner: Person = person("owner-in-a-hurry", DESKTOP)
    page = owner.page
    sign_in(page, site)
    page.goto(f"{site.url}/agreements/{drafts['va-nda']}/draft?step=1")
    page.get_by_text("more with usual answers").click()
    page.get_by_label("How many days of notice must a party give").fill("99")
    page.get_by_role("link", name="Review and send").click()
    page.wait_for_url("**/send")
    with site.kit.unit_of_work(read_only=True) as unit:
        stored = unit.agreements.get(drafts["va-nda"]).answers.families["termination"]["notice_days"]
    assert stored == 99
