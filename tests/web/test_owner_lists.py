"""The list of all agreements and its search, people with their history, and two texts word by word."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.domain.actor import Part
from app.services import changes, drafting
from app.services.people import add_person

from .conftest import LAWYER, STAFF
from .office import LIZA, complete_draft, later, remember_papers, send_out, stored


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


def numbers(page) -> list[str]:
    """The numbers of the agreements in the table of a page, in their order."""
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r"CS-\d{4}-\d{3}", table)


def test_the_form_says_what_is_asked_and_keeps_it_from_page_to_page(site, owner, nora):
    first = complete_draft(site, owner)
    for _ in range(51):
        drafting.duplicate(site.kit, owner.as_actor(), first.id)
    page = nora.get("/agreements/all?q=cs-2026&show=draft&clause=take-home&sort=name&nonsense=1")
    assert "52 agreements" in page.text
    assert len(numbers(page)) == 50
    following = unescape(re.search(r'href="([^"]*page=2[^"]*)"', page.text)[1])
    for part in ("q=cs-2026", "show=draft", "clause=take-home", "sort=name"):
        assert part in following
    assert "nonsense" not in following
    assert len(numbers(nora.get(following))) == 2
    assert 'value="draft" selected' in page.text
    without = [unescape(one) for one in re.findall(r'<li><a href="([^"]*)">', page.text)]
    assert any("show=draft" not in one and "clause=take-home" in one for one in without)


def test_each_filter_narrows_the_list(site, owner, nora):
    person = add_person(site.kit, owner.as_actor(), LIZA)
    theirs = drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", person.id)
    out = stored(site, send_out(site, owner).agreement_id)
    services = complete_draft(site, owner, "outsourcing-services")
    found = {
        "q=philippines+liza": {theirs.number},
        f"person={person.id}": {theirs.number},
        "show=out": {out.number},
        "show=others": {out.number},
        "show=yours": {theirs.number, services.number},
        "template=outsourcing-services": {services.number},
        "date=sent&from=2020-01-01": {out.number},
        "date=begun&to=2020-01-01": set(),
        "country=PH&show=draft&template=va-nda": {theirs.number},
    }
    for query, expected in found.items():
        page = nora.get(f"/agreements/all?{query}")
        assert expected <= set(numbers(page)), query
        if not query.startswith(("q=", "person=", "country=")):
            assert set(numbers(page)) == expected, query
    empty = nora.get("/agreements/all?q=nobody")
    assert "No agreements" in empty.text
    assert "No agreement is like this" in empty.text


def test_a_day_that_is_none_is_said_beside_its_field(site, owner, nora):
    complete_draft(site, owner)
    page = nora.get("/agreements/all?from=tomorrow&q=%3Cb%3E")
    assert page.status_code == 200
    assert 'aria-describedby="from-error"' in page.text
    assert "This is no day" in page.text
    assert "&lt;b&gt;" in page.text
    assert "<b>" not in page.text.partition('id="q"')[2][:200]


def test_hostile_addresses_are_answered(site, owner, nora):
    complete_draft(site, owner)
    for query in (
        "q=" + "x+" * 400, "q=%25%5F%5C'%22", "q=%00", "show=" + "a" * 3000, "clause=.", "clause=take-home.'",
        "sort=number;drop", "date=x&from=9999-99-99", "page=-3", "page=1e9", "person=%F0%9F%92%A5",
    ):  # fmt: skip
        assert nora.get(f"/agreements/all?{query}").status_code == 200, query
    assert nora.get("/people?q=%00&country=%27&page=88").status_code == 200


def test_the_dashboard_says_for_whom_since_when_and_what_is_overdue(site, owner, nora):
    envelope = send_out(site, owner)
    name = envelope.signers[0].name
    assert f"Waits for {name} since today" in nora.get("/agreements").text
    later(site, days=9, hours=1)
    nora.sign_in()
    page = nora.get("/agreements")
    assert "One is overdue." in page.text
    assert "Not begun, 2 days overdue, due in 20 days" in page.text
    link = re.search(r'<a class="overdue" href="([^"]*)"', page.text)[1]
    assert len(numbers(nora.get(unescape(link)))) == 1


def test_a_long_list_is_cut_and_leads_to_the_rest(site, owner, nora):
    first = complete_draft(site, owner)
    for _ in range(10):
        drafting.duplicate(site.kit, owner.as_actor(), first.id)
    page = nora.get("/agreements")
    assert "Eleven agreements wait for you" in page.text
    assert len(numbers(page)) == 10
    assert 'href="/agreements/all?show=yours"' in page.text


def test_a_person_has_a_history_and_agreements_are_copied_from_it(site, owner, nora):
    person = add_person(site.kit, owner.as_actor(), LIZA)
    path = f"/people/{person.id}"
    assert "None yet" in nora.get(path).text
    made = drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", person.id)
    page = nora.get(path)
    assert made.number in page.text
    assert "Philippines" in page.text
    copied = nora.post(f"/agreements/{made.id}/copy", page=path)
    assert copied.status_code == 302
    assert nora.get(path).text.count(">Copy<") == 2
    assert ">2<" in nora.get("/people").text
    assert "Nobody is found so" in nora.get("/people?q=nobody").text


def test_an_earlier_agreement_begins_a_new_one_for_somebody_else(site, owner, nora):
    person = add_person(site.kit, owner.as_actor(), LIZA)
    model = complete_draft(site, owner)
    made = nora.post("/agreements/copy", page="/agreements/new", **{"earlier": model.id, "with": person.id})
    assert made.status_code == 302
    copy = stored(site, made.location.split("/")[2])
    assert copy.answers.families["parties"]["assistant_name"] == "Liza Santos"
    refused = nora.post("/agreements/copy", page="/agreements/new", earlier="")
    assert refused.status_code == 422
    assert "Choose which agreement is copied." in refused.text
    assert nora.post("/agreements/copy", page="/agreements/new", earlier="none").status_code == 404
    assert nora.client.post("/agreements/copy", data={"earlier": model.id}).status_code == 400


def test_two_texts_are_compared_word_by_word(site, owner, nora):
    envelope = send_out(site, owner)
    agreement_id = envelope.agreement_id
    path = f"/agreements/{agreement_id}/compare"
    assert "one text so far" in nora.get(path).text
    changes.void(site.kit, owner.as_actor(), envelope.id, "Other words.")
    assert "The two texts say the same" in nora.get(path).text
    other = complete_draft(site, owner, "outsourcing-services")
    page = nora.get(path + f"?number={other.number}")
    assert page.status_code == 200
    assert "<ins>" in page.text
    assert "<del>" in page.text
    assert 'visually-hidden"> inserted: ' in page.text
    assert f'value="{other.id}.now" selected' in page.text
    wrong = nora.get(path + "?number=CS-1")
    assert wrong.status_code == 422
    assert "no agreement with the number" in wrong.text
    assert nora.get(path + "?before=x.y").status_code == 404
    assert nora.get(f"/agreements/{'0' * 32}/compare").status_code == 404


def test_staff_sees_the_lists_and_a_lawyer_none_of_them(site, owner, visitor):
    draft = complete_draft(site, owner)
    site.make(Part.STAFF)
    site.make(Part.LAWYER)
    paths = ("/agreements", "/agreements/all?q=x", "/people", f"/agreements/{draft.id}/compare")
    for path in paths:
        assert visitor.get(path).status_code == 302
    for (_, email), expected in ((STAFF, 200), (LAWYER, 404)):
        browser = site.browser()
        browser.sign_in(email=email)
        assert [browser.get(path).status_code for path in paths] == [expected] * len(paths)


def test_reading_lists_changes_nothing(site, owner, nora):
    draft = complete_draft(site, owner)
    before = site.events()
    lists = ("/agreements", "/agreements/all?q=x&show=draft", "/people")
    for path in (*lists, f"/agreements/{draft.id}/compare"):
        nora.get(path)
    assert site.events() == before
