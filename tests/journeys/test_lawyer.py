"""A lawyer in a browser: the queue, a clause with its redline, decisions, a whole text; on both widths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app import create_app
from app.domain.review import Decision
from app.domain.workflow import AgreementStatus
from app.web.account.security import hash_new_password
from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.review_site import (
    LAWYER_EMAIL,
    PASSWORD,
    add_lawyer,
    agreement_in_review,
    clause_of,
    decide,
    record_old_decision,
    take_in_earlier,
)
from tests.journeys.site import OWNER_EMAIL, RunningSite, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of its own: decisions here must not carry the agreements of other journeys."""
    with running_site(tmp_path_factory.mktemp("review")) as running:
        web = create_app(running.installation.configuration, installation=running.installation)
        with web.test_request_context():
            lawyer = add_lawyer(running.kit, hash_new_password(PASSWORD)).as_actor()
        kit = running.kit
        earlier = take_in_earlier(
            kit,
            "take-home.strict",
            ("download, back up, print, photograph or record", "download, copy or print"),
            (
                "return or erase it as the Client instructs, and confirm in writing that this is done,",
                "erase it",
            ),
            ("max = 72", "max = 48"),
        )
        record_old_decision(kit, lawyer, earlier, comment="Fine for now; see the erasure period.")
        decide(
            kit,
            lawyer,
            "general.standard",
            Decision.APPROVED,
            jurisdictions=("GB",),
            expires_at=kit.clock.now() + timedelta(days=12),
        )
        decide(
            kit,
            lawyer,
            "audit.standard",
            Decision.REFUSED,
            comment="The notice is too short for a home office.",
        )
        yield running


def sign_in(someone: Person, site: RunningSite, address: str = LAWYER_EMAIL) -> None:
    someone.page.goto(f"{site.url}/sign-in")
    someone.page.get_by_label("E-mail").fill(address)
    someone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    someone.page.get_by_role("button", name="Sign in").click()


def test_a_lawyer_reviews_at_a_desk(site: RunningSite, person: Callable[..., Person]) -> None:
    agreement_in_review(site.kit, site.owner_actor)
    lawyer = person("lawyer-desk", DESKTOP)
    sign_in(lawyer, site)
    page = lawyer.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("clause versions wait for a decision")
    lawyer.look("queue")
    page.get_by_role("link", name="Review No take-home of information, strict").click()
    expect(page.get_by_text("Changed since the sign-off").first).to_be_visible()
    lawyer.look("redline")
    page.get_by_role("link", name="Clean", exact=True).click()
    page.get_by_role("link", name="Approved Systems", exact=True).first.focus()
    expect(page.get_by_role("tooltip").first).to_be_visible()
    lawyer.look("clean with a term open")
    page.keyboard.press("Escape")
    expect(page.locator(".tip-box.open")).to_have_count(0)
    page.get_by_role("link", name="In a contract").click()
    lawyer.look("in a contract")
    page.get_by_role("link", name="Compare with standard").click()
    lawyer.look("compared with standard")

    page.get_by_role("button", name="Record sign-off").click()
    expect(page.get_by_text("Not recorded.")).to_be_visible()
    lawyer.look("nothing chosen")
    page.get_by_role("radio", name="Approve", exact=True).check()
    page.get_by_role("checkbox", name="England and Wales").check()
    page.get_by_label("Others").fill("the Philippines; Ruritania")
    page.get_by_role("checkbox", name="Confidentiality Agreement").check()
    page.get_by_label("Reason, condition or remark").fill(
        "<script>document.title='taken'</script> Legal-duty exception kept."
    )
    page.get_by_role("button", name="Record sign-off").click()
    expect(page.get_by_text("There is no law or country").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="England and Wales")).to_be_checked()
    lawyer.look("unknown law")
    page.get_by_label("Others").fill("the Philippines")
    page.get_by_role("button", name="Record sign-off").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "England and Wales (the United Kingdom) and the Philippines"
    )
    lawyer.look("next in the queue")

    page.goto(f"{site.url}/clauses/take-home.strict?view=clean")
    expect(page.get_by_text("<script>document.title='taken'</script>")).to_be_visible()
    assert page.title() != "taken"
    lawyer.look("after the decision")
    page.goto(f"{site.url}/review/decisions")
    lawyer.look("decisions")
    page.goto(f"{site.url}/clauses?q=erase+instruction")
    lawyer.look("search")


def test_a_lawyer_reads_a_whole_text(site: RunningSite, person: Callable[..., Person]) -> None:
    agreement = agreement_in_review(site.kit, site.owner_actor)
    lawyer = person("lawyer-text", DESKTOP, color_scheme="dark")
    sign_in(lawyer, site)
    page = lawyer.page
    page.goto(f"{site.url}/review/agreements/{agreement.id}")
    lawyer.look("whole text", full_page=False)
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_text("Sending the text back needs words.").first).to_be_visible()
    page.get_by_label("Remark or reason").fill("Clause 11: the report period is too long for GDPR.")
    page.get_by_role("button", name="Approve this text").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded: you approved the text")
    with site.kit.unit_of_work(read_only=True) as unit:
        approved = unit.agreements.get(agreement.id)
    assert approved.status is AgreementStatus.APPROVED
    assert approved.approval is not None
    assert approved.approval.comment.startswith("Clause 11")
    site.wait_for_mail(OWNER_EMAIL, f"approved {agreement.number}")


def test_a_lawyer_reviews_on_a_phone_without_scripts(
    site: RunningSite, person: Callable[..., Person]
) -> None:
    agreement = agreement_in_review(site.kit, site.owner_actor)
    lawyer = person("lawyer-phone", PHONE, java_script_enabled=False)
    sign_in(lawyer, site)
    page = lawyer.page
    clause = clause_of(site.kit, "credentials.strict")
    page.goto(f"{site.url}/clauses/{clause.id}")
    page.get_by_role("radio", name="Refuse").check()
    page.get_by_label("Reason, condition or remark").fill("One day is too short.")
    page.get_by_role("button", name="Record sign-off").click()
    expect(page.get_by_role("status").first).to_contain_text("Refused")
    with site.kit.unit_of_work(read_only=True) as unit:
        (decision,) = unit.sign_offs.of_digests([clause.digest])
    assert decision.decision is Decision.REFUSED
    page.goto(f"{site.url}/review/agreements/{agreement.id}")
    page.get_by_label("Remark or reason").fill("Not yet.")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_role("status").first).to_contain_text("went back to the office")


def test_all_pages_on_a_phone(site: RunningSite, person: Callable[..., Person]) -> None:
    agreement = agreement_in_review(site.kit, site.owner_actor)
    lawyer = person("lawyer-small", PHONE)
    sign_in(lawyer, site)
    pages = {
        "queue": "/review",
        "library": "/clauses",
        "clause": "/clauses/incident-notice.strict",
        "with schedule": "/clauses/approved-systems.standard",
        "whole text": f"/review/agreements/{agreement.id}",
        "decisions": "/review/decisions",
    }
    for name, path in pages.items():
        lawyer.page.goto(f"{site.url}{path}")
        lawyer.look(name, full_page=name != "whole text")


def test_the_owner_reads_the_library(site: RunningSite, person: Callable[..., Person]) -> None:
    owner = person("owner-clauses", DESKTOP)
    sign_in(owner, site, OWNER_EMAIL)
    owner.page.goto(f"{site.url}/clauses")
    owner.look("library")
    owner.page.get_by_role("link", name=re.compile("Strict ?: No take-home")).click()
    expect(owner.page.get_by_role("button", name="Record sign-off")).to_have_count(0)
    owner.look("clause to read")
