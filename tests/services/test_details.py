"""Details asked of the other party by a link: answered once, seen by the gates, or refused."""

from __future__ import annotations

import re

import pytest

from app.domain.actor import Actor, Part
from app.domain.errors import InvalidInput, NotAllowed
from app.domain.workflow import AgreementStatus
from app.services import sending
from app.services.assessment import assess_text
from app.services.details import DetailsRefused, give_details, request_details, see_details
from app.services.gate import override_review
from app.services.links import LinkUnusable
from tests.web.office import complete_draft

LINK = re.compile(r"/details/([A-Za-z0-9_-]+)")


@pytest.fixture
def draft(site, owner):
    return complete_draft(site, owner)


def ask(site, owner, draft) -> str:
    """The token in the newest mail."""
    request_details(site.kit, owner.as_actor(), draft.id, "assistant")
    site.run_jobs()
    newest = max(site.outbox.glob("*.eml"))
    return LINK.search(newest.read_bytes().replace(b"=\r\n", b"").decode())[1]


def give(site, token, **given):
    values = {name.replace("__", "."): value for name, value in given.items()}
    return give_details(site.kit, token, values, ip="203.0.113.7", user_agent="test")


def test_only_the_assistants_own_details_are_asked(site, owner, draft):
    form = see_details(site.kit, ask(site, owner, draft))
    keys = {question.key for question in form.questions}
    assert {"parties.assistant_name", "parties.assistant_address", "signers.assistant.capacity"} <= keys
    assert all(key.startswith(("parties.assistant_", "signers.assistant.")) for key in keys)
    assert form.person.name == "Liza Santos"


def test_the_answers_enter_the_agreement_and_drop_what_was_decided_before(site, owner, draft):
    token = ask(site, owner, draft)
    override_review(site.kit, owner.as_actor(), draft.id, "It is urgent.")
    changed = give(
        site,
        token,
        parties__assistant_address="Unit 9, Cebu City",
        signers__assistant__capacity="for myself",
        parties__client_name="Somebody else",
    )
    assert changed.answers.families["parties"]["assistant_address"] == "Unit 9, Cebu City"
    assert changed.answers.families["parties"]["client_name"] == "Larkfield Bookkeeping Ltd"
    assert changed.answers.signers["assistant"].capacity == "for myself"
    assert changed.override_reason == ""
    assert changed.status is AgreementStatus.DRAFT
    present = assess_text(site.kit.library.library(), "va-nda", changed.answers, number=changed.number)
    assert changed.text_digest == present.digest != draft.text_digest
    assert site.events()[-1] == "agreement.details_given"
    with pytest.raises(LinkUnusable):
        give(site, token, parties__assistant_address="Again")


def test_bad_answers_are_named_and_the_link_stays_good(site, owner, draft):
    token = ask(site, owner, draft)
    with pytest.raises(DetailsRefused) as raised:
        give(site, token, parties__assistant_address="a\x07b", signers__assistant__capacity="for myself")
    assert list(raised.value.problems) == ["parties.assistant_address"]
    assert see_details(site.kit, token)
    assert "agreement.details_given" not in site.events()


def test_a_newer_request_ends_the_older_link(site, owner, draft):
    old = ask(site, owner, draft)
    new = ask(site, owner, draft)
    with pytest.raises(LinkUnusable):
        see_details(site.kit, old)
    assert see_details(site.kit, new)


def test_after_sending_no_details_are_taken(site, owner, draft):
    token = ask(site, owner, draft)
    override_review(site.kit, owner.as_actor(), draft.id, "It is urgent.")
    sending.send(site.kit, owner.as_actor(), draft.id, sending.SendingForm())
    with pytest.raises(LinkUnusable):
        give(site, token, parties__assistant_address="Too late")


def test_nobody_else_is_asked_and_nobody_else_asks(site, owner, draft):
    with pytest.raises(InvalidInput):
        request_details(site.kit, owner.as_actor(), draft.id, "client")
    with pytest.raises(NotAllowed):
        request_details(site.kit, Actor(Part.LAWYER, "l", "Elena"), draft.id, "assistant")


def test_the_page_keeps_what_was_entered_and_says_what_is_wrong(site, owner, draft):
    token = ask(site, owner, draft)
    browser = site.browser()
    path = f"/details/{token}"
    before = site.events()
    page = browser.get(path)
    assert "needs a few details from you" in page.text
    assert site.events() == before
    fields = {"parties.assistant_name": "Liza Santos", "parties.assistant_address": "x" * 400}
    refused = browser.post(path, **fields)
    assert refused.status_code == 422
    assert "x" * 400 in refused.text
    assert 'aria-invalid="true"' in refused.text
    fields["parties.assistant_address"] = "Unit 9, Cebu City"
    assert browser.post(path, **fields).headers["Location"] == "/details/thanks"
    assert browser.get(path).status_code == 410
