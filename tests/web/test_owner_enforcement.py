"""The page that says where an agreement will be enforced."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from app.domain.account import Account
from app.domain.actor import Part
from app.domain.agreement import Agreement
from app.domain.clause import Answer
from app.domain.errors import NotFound
from app.services import drafting
from app.services.enforcement import read_enforcement

from .conftest import Browser, Site
from .office import remember_papers, sample_answers, send_out, stored


@pytest.fixture
def owner(site: Site) -> Account:
    return site.make(Part.OWNER)


@pytest.fixture
def nora(site: Site, owner: Account) -> Browser:
    browser = site.browser()
    browser.sign_in()
    return browser


def draft_between(
    site: Site, owner: Account, client: str, assistant: str, *, law: str = "", **positions: str
) -> Agreement:
    """A draft of the sample with other countries; law and seat as they are proposed unless given."""
    answers = sample_answers()
    facts: dict[str, Answer] = {
        name: value for name, value in answers.facts.items() if name != "governing_law"
    }
    facts |= {"client_country": client, "assistant_country": assistant}
    facts |= {"governing_law": law} if law else {}
    families = {name: dict(given) for name, given in answers.families.items()}
    for name in ("seat", "rules"):
        families.get("governing-law-and-arbitration", {}).pop(name, None)
    chosen = {name.replace("_", "-"): position for name, position in positions.items()}
    answers = replace(answers, facts=facts, families=families, positions={**answers.positions, **chosen})
    return drafting.start_draft(site.kit, owner.as_actor(), "va-nda", answers)


def words(text: str) -> str:
    """What a reader sees of a page's main part."""
    main = text[text.index('<main') :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def test_page_of_a_pair_that_arbitrates(site: Site, owner: Account, nora: Browser) -> None:
    draft = draft_between(site, owner, "US", "IN", law="US-NY")
    said = words(nora.get(f"/agreements/{draft.id}/enforcement").text)
    assert "Your business is in the United States, the assistant in India." in said
    assert "Singapore is a neutral seat" in said
    assert "choose the state of your business" in said
    assert "6 hours" in said
    assert "CERT-In" in said
    assert "A ban on competing after the end is void in India." in said
    assert "Stamp duty is due in India" in said
    assert "Confidence High: settled law, or confirmed by a source" in said
    assert "a part of what is said of this country has no source" in said.lower()
    assert "New York" in said


def test_choice_that_cannot_work_is_shown_with_its_remedy(site: Site, owner: Account, nora: Browser) -> None:
    draft = draft_between(
        site, owner, "US", "ID", law="US-NY",
        governing_law_and_courts="strict", governing_law_and_arbitration="none",
    )  # fmt: skip
    page = nora.get(f"/agreements/{draft.id}/enforcement")
    said = words(page.text)
    assert "Must be settled Indonesia refuses judgments of foreign courts" in said
    assert "Choose arbitration" in said
    assert "The draft says: the courts where your business is." in said
    assert said.count("With arbitration") == 3
    assert f"/agreements/{draft.id}/positions/governing-law-and-courts" in page.text


def test_proposal_that_the_draft_follows(site: Site, owner: Account) -> None:
    report = read_enforcement(site.kit, draft_between(site, owner, "GB", "PH").id)
    assert [point.subject for point in report.points] == [
        "Governing law", "Court or arbitration", "Seat", "Rules", "Language",
    ]  # fmt: skip
    assert all(point.follows for point in report.points)
    seat = next(point for point in report.points if point.subject == "Seat")
    assert seat.proposed == seat.in_draft == "London, England"
    assert report.findings == ()


def test_second_language_is_proposed_for_indonesia(site: Site, owner: Account) -> None:
    report = read_enforcement(site.kit, draft_between(site, owner, "GB", "ID").id)
    (point,) = (one for one in report.points if one.subject == "Second language")
    assert point.proposed == "English and Bahasa Indonesia"


def test_country_without_facts_says_ask(site: Site, owner: Account, nora: Browser) -> None:
    draft = draft_between(site, owner, "GB", "KZ")
    said = words(nora.get(f"/agreements/{draft.id}/enforcement").text)
    assert "Nothing is known here about the law of Kazakhstan. Ask a lawyer there." in said


def test_open_country_asks_for_it(site: Site, owner: Account, nora: Browser) -> None:
    answers = sample_answers()
    facts = {name: value for name, value in answers.facts.items() if name != "assistant_country"}
    draft = drafting.start_draft(site.kit, owner.as_actor(), "va-nda", replace(answers, facts=facts))
    page = nora.get(f"/agreements/{draft.id}/enforcement")
    assert "Answer first in which countries" in page.text
    assert 'href="/agreements/' in page.text
    assert read_enforcement(site.kit, draft.id).outlook == ()


def test_nothing_changes_by_looking(site: Site, owner: Account, nora: Browser) -> None:
    draft = draft_between(site, owner, "GB", "PH")
    before, events = stored(site, draft.id), site.events()
    assert nora.get(f"/agreements/{draft.id}/enforcement").status_code == 200
    assert stored(site, draft.id) == before
    assert site.events() == events


def test_page_of_an_agreement_that_is_out(
    site: Site, owner: Account, nora: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_papers(monkeypatch)
    envelope = send_out(site, owner)
    page = nora.get(f"/agreements/{envelope.agreement_id}/enforcement")
    assert page.status_code == 200
    assert "Change it" not in page.text
    assert "What the draft" not in page.text
    assert "The Philippines" in page.text


def test_only_the_office_reads_it(site: Site, owner: Account, nora: Browser) -> None:
    draft = draft_between(site, owner, "GB", "PH")
    assert site.browser().get(f"/agreements/{draft.id}/enforcement").status_code in (302, 303)
    assert nora.get("/agreements/nothing/enforcement").status_code == 404
    with pytest.raises(NotFound):
        read_enforcement(site.kit, "nothing")
