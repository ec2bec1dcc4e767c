"""Where it will be enforced, on a small phone, a phone, a desktop and in the dark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.services import drafting
from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.site import RunningSite
from tests.journeys.test_owner_drafts_and_sends import sign_in
from tests.web.office import sample_answers

SMALL = {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def path(site: RunningSite) -> str:
    """A draft between the United States and Indonesia that chooses the owner's courts."""
    answers = sample_answers()
    positions = {"governing-law-and-courts": "strict", "governing-law-and-arbitration": "none"}
    countries = {"client_country": "US", "assistant_country": "ID", "governing_law": "US-NY"}
    answers = replace(answers, facts={**answers.facts, **countries}, positions=positions)
    draft = drafting.start_draft(site.kit, site.owner_actor, "va-nda", answers)
    return f"/agreements/{draft.id}/enforcement"


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("owner-320", SMALL, "light"), ("owner-phone", PHONE, "light"), ("owner-dark", DESKTOP, "dark")],
)
def test_page_reflows_and_opens_what_is_known(site: RunningSite, person, path: str, name, viewport, scheme):
    owner: Person = person(name, viewport, color_scheme=scheme)
    sign_in(owner.page, site)
    owner.page.goto(site.url + path)
    owner.look("enforcement")
    owner.page.get_by_text("What is known about judgments of courts, Indonesia").click()
    assert "Rv 436" in owner.page.locator(".outlook-detail:visible").inner_text()
    owner.look("enforcement-open")
