"""What the owner and the lawyer do on the pages, step by step, in the whole story."""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from app.domain.access_link import digest_token
from tests.journeys.conftest import Person
from tests.journeys.site import OWNER_EMAIL, OWNER_NAME, PASSWORD, SAMPLE, RunningSite

LAWYER_NAME, LAWYER_EMAIL = "Elena Marsh", "elena@marsh.example"
BUSINESS = "Larkfield Bookkeeping Ltd"
NOTICE = "How many days of notice must a party give to end the contract"
TYPED = {
    "deal.effective_date": ("From which day does the contract apply?", "2027-03-01", "1 March 2027"),
    "termination.notice_days": (NOTICE, "21", "21 days"),
    "termination.cure_days": ("How many days does a party have to put a breach right", "9", "9 days"),
}
SIX_MINUTES = 360  # seconds; a password is asked for again after five


def set_up(owner: Person, site: RunningSite) -> None:
    """The first start: the printed link, the owner's account and the business."""
    page = owner.page
    page.goto(site.printed_set_up_link())
    owner.look("set-up")
    page.get_by_label("Your name").fill(OWNER_NAME)
    page.get_by_label("Your e-mail address").fill(OWNER_EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_label("Name of the business").fill(BUSINESS)
    page.get_by_label("Address", exact=True).fill("14 Tanner Row, Bristol BS1 4QD")
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("Agreement numbers begin with").fill("LB")
    page.get_by_role("button", name="Make my workspace").click()
    page.wait_for_url("**/welcome")
    owner.look("welcome")


def invite_lawyer(owner: Person, site: RunningSite) -> None:
    page = owner.page
    page.goto(f"{site.url}/members")
    page.get_by_label("Name", exact=True).fill(LAWYER_NAME)
    page.get_by_label("E-mail address").fill(LAWYER_EMAIL)
    page.get_by_label("What they will do").select_option("lawyer")
    page.get_by_label("Admission number").fill("000000")
    page.get_by_label("Admitted in").fill("England and Wales")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_contain_text(f"on its way to {LAWYER_NAME}")
    owner.look("members")


def join(lawyer: Person, site: RunningSite) -> None:
    """From the mail in the outbox to the review queue."""
    page = lawyer.page
    page.goto(site.link_for(LAWYER_EMAIL, f"invites you to {BUSINESS}"))
    lawyer.look("join")
    page.get_by_label("Password", exact=True).fill("seven grey herons over water")
    page.get_by_label("The same password again").fill("seven grey herons over water")
    page.get_by_role("button", name="Set this password").click()
    page.get_by_label("E-mail").fill(LAWYER_EMAIL)
    page.get_by_label("Password", exact=True).fill("seven grey herons over water")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/review")


def sign_off_by_hand(lawyer: Person, name: str) -> None:
    """One clause in full, through its page, for the laws of the agreement."""
    page = lawyer.page
    page.get_by_role("link", name=f"Review {name}").click()
    page.wait_for_url("**/clauses/*")
    lawyer.look("clause")
    page.get_by_role("radio", name="Approve", exact=True).check()
    page.get_by_role("checkbox", name="England and Wales").check()
    page.get_by_label("Others").fill("the Philippines")
    page.get_by_role("checkbox", name="Confidentiality Agreement").check()
    page.get_by_label("Reason, condition or remark").fill("Read with the schedule of systems.")
    page.get_by_role("button", name="Record sign-off").click()
    expect(page.get_by_role("status").first).to_contain_text("Recorded: ")
    lawyer.look("clause-recorded")


def sign_off_the_rest(lawyer: Person, site: RunningSite, wanted: set[str]) -> set[str]:
    """The page's own form, sent for every wanted clause as it comes up; each answer is the next page."""
    page = lawyer.page
    page.goto(f"{site.url}/review")
    page.get_by_role("link", name="Open the first").click()
    page.wait_for_url("**/clauses/*")
    url, text = page.url, page.content()
    done: set[str] = set()
    while done < wanted:
        clause = re.sub(r".*/clauses/([^?#]+).*", r"\1", url)
        assert clause in wanted - done, f"{clause} came up before {sorted(wanted - done)}"
        fields = {
            "csrf_token": _hidden(text, "csrf_token"),
            "digest": _hidden(text, "digest"),
            "decision": "approved",
            "reach": "only",
            "laws": ["GB", "PH"],
            "contract_templates": ["va-nda"],
        }
        answer = page.request.post(
            f"{site.url}/clauses/{clause}",
            data=urlencode(fields, doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.ok, answer.text()
        done.add(clause)
        url, text = answer.url, answer.text()
    return done


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)
    assert found is not None, f"no field {name}"
    return html.unescape(found[1])


def draft(owner: Person, site: RunningSite, address: str) -> str:
    """The wizard: three answers by hand beside the live text, the others as the page's script sends them."""
    page = owner.page
    page.goto(f"{site.url}/agreements/new")
    page.get_by_text("Confidentiality Agreement", exact=True).click()
    page.get_by_label("With whom?").select_option(index=1)
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/draft")
    type_three_answers(owner)
    owner.look("draft-three-answers", full_page=False)
    found = re.search(r"/agreements/([0-9a-f]{32})", page.url)
    assert found is not None
    agreement_id = found[1]
    post_other_answers(page, site, agreement_id, address)
    page.goto(f"{site.url}/agreements/{agreement_id}/draft?step=5")
    owner.look("draft-answered", full_page=False)
    return agreement_id


def type_three_answers(owner: Person) -> None:
    """Typed by hand, while the text beside them follows and marks what changed."""
    page = owner.page
    page.get_by_text("more with usual answers").click()
    for label, value, printed in TYPED.values():
        page.get_by_label(label).fill(value)
        expect(page.locator("[data-sheet] ins").filter(has_text=printed).first).to_be_visible()
        expect(page.locator("[data-saved]")).to_contain_text("Saved")


def post_other_answers(page: Page, site: RunningSite, agreement_id: str, address: str) -> None:
    """The answers of the sample, to where the page's script sends them."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    for key, value in _sample_answers(address):
        answer = page.request.post(
            f"{site.url}/agreements/{agreement_id}/draft/answer",
            data={"key": key, "value": value, "step": "1", "revision": -1, "marked": []},
            headers={"X-CSRFToken": token or "", "Accept": "application/json"},
        )
        assert answer.ok, f"{key}: {answer.text()}"
        assert not answer.json()["faults"], f"{key}: {answer.json()['faults']}"


def _sample_answers(address: str) -> Iterator[tuple[str, object]]:
    sample = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    groups = {
        "deal": {name: sample["deal"][name] for name in ("device_model", "personal_data", "currency")},
        **sample["answers"],
    }
    groups["general"]["assistant_notice_email"] = address
    for family, answers in groups.items():
        for name, value in answers.items():
            if f"{family}.{name}" not in TYPED:
                yield f"{family}.{name}", _as_entered(value)
    yield "signers.client.capacity", "director"


def _as_entered(value: object) -> object:
    """As a form holds it: texts, lists of texts, rows of texts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return value
    return str(value)


def let_password_grow_old(owner: Person, site: RunningSite) -> None:
    """Six minutes pass for this browser's session: its password was given longer ago than that counts."""
    for cookie in owner.context.cookies():
        with site.kit.unit_of_work() as unit:
            held = unit.sessions.get(digest_token(cookie.get("value", "")))
            if held is not None and "fs_paa" in json.loads(held.data):
                data = json.loads(held.data)
                data["fs_paa"] -= SIX_MINUTES
                unit.sessions.save(replace(held, data=json.dumps(data)))
                return
    raise AssertionError("this browser has no session")


def give_password_again(owner: Person) -> None:
    owner.page.wait_for_url(re.compile("/password-again"))
    owner.look("password-again")
    owner.page.get_by_label("Password").fill(PASSWORD)
    owner.page.get_by_role("button", name="Continue").click()
