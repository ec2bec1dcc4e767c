"""The owner looks for agreements and people, reads what differs, and copies; on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.services import changes, drafting, gate, sending
from app.services.people import add_person
from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.site import RunningSite
from tests.journeys.test_owner_drafts_and_sends import sign_in
from tests.web.office import LIZA, sample_answers


@pytest.fixture(scope="module")
def desk(site: RunningSite) -> dict[str, str]:
    """Ids: a person with drafts, an agreement that is out, and one that was voided."""
    actor = site.owner_actor
    person = add_person(site.kit, actor, LIZA)
    made = {"person": person.id}
    for name in ("out", "voided"):
        draft = drafting.start_draft(site.kit, actor, "va-nda", sample_answers())
        gate.override_review(site.kit, actor, draft.id, "A test of lists.")
        envelope = sending.send(site.kit, actor, draft.id, sending.SendingForm())
        made[name] = draft.id
    changes.void(site.kit, actor, envelope.id, "Other terms.")
    longer = sample_answers("outsourcing-services")
    made["services"] = drafting.start_draft(site.kit, actor, "outsourcing-services", longer).number
    for _ in range(16):
        drafting.start_for_person(site.kit, actor, "va-nda", person.id)
    return made


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("finds-phone", PHONE, "light"), ("finds-desk", DESKTOP, "light"), ("finds-dark", DESKTOP, "dark")],
)
def test_everything_that_is_looked_for_is_found(
    site: RunningSite, person, desk, name: str, viewport, scheme: str
):
    owner: Person = person(name, viewport, color_scheme=scheme)
    page = owner.page
    sign_in(page, site)
    owner.look("dashboard")
    page.get_by_role("searchbox").fill("liza santos philippines")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text(re.compile(r"^\d+ agreements$"))
    page.get_by_text("Person, clause, country and dates").click()
    page.get_by_label("Holds the clause").select_option("take-home")
    page.get_by_label("Show").select_option("yours")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("list", name="Asked for")).to_contain_text("Waits for you")
    owner.look("found")
    page.get_by_role("link", name=re.compile("^Waits for you .*leave this out")).click()
    expect(page.get_by_label("Show")).to_have_value("")
    page.goto(site.url + "/agreements/all?q=nobody&from=never")
    owner.look("nothing-found")
    for what, path in {
        "people": "/people?country=PH",
        "person": f"/people/{desk['person']}",
        "new": "/agreements/new",
        "compare": f"/agreements/{desk['voided']}/compare?number={desk['services']}",
    }.items():
        page.goto(site.url + path)
        owner.look(what, full_page=what != "compare")


def test_the_search_is_worked_by_keyboard_alone(site: RunningSite, person, desk):
    owner: Person = person("finds-keyboard", DESKTOP)
    page = owner.page
    sign_in(page, site)
    page.goto(site.url + "/agreements/all")
    page.get_by_label("Find", exact=True).focus()
    page.keyboard.type("liza")
    page.keyboard.press("Tab")
    page.keyboard.type("Draft")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreements/all?q=liza&show=draft**")
    expect(page.locator("tbody tr").first).to_be_visible()
