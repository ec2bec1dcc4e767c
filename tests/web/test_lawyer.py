"""The lawyer's pages: who may read and decide, decisions bound to a digest, and words shown as words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.actor import Part
from app.domain.review import Decision
from app.domain.workflow import AgreementStatus
from app.services.review_queue import read_queue
from tests.journeys.review_site import (
    agreement_in_review,
    clause_of,
    decide,
    record_old_decision,
    take_in_earlier,
)

from .conftest import LAWYER, STAFF

CLAUSE = "take-home.strict"
PAGE = f"/clauses/{CLAUSE}"
SCRIPT = "<script>alert('taken')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def owner(site):
    return site.make(Part.OWNER).as_actor()


@pytest.fixture
def lawyer(site, owner, visitor):
    """Signed in at `visitor`."""
    account = site.make(Part.LAWYER)
    visitor.sign_in(LAWYER[1])
    return account.as_actor()


def sign_offs(site, clause_id: str = CLAUSE):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.sign_offs.of_digests(unit.clause_versions.digests_of(clause_id))


def send(visitor, clause, **changed: object):
    fields: dict[str, object] = {
        "digest": clause.digest,
        "decision": "approved",
        "reach": "only",
        "laws": ["GB", "PH"],
        "contract_templates": ["va-nda"],
        "last_day": "2031-05-31",
        "words": "",
    }
    return visitor.post(f"/clauses/{clause.id}", **(fields | changed))


# --- who may what ----------------------------------------------------------------------


def test_staff_and_owner_read_the_library_but_cannot_decide(site, owner, visitor):
    site.make(Part.STAFF)
    clause = clause_of(site.kit, CLAUSE)
    for email in ("nora@larkfield.example", STAFF[1]):
        browser = site.browser()
        browser.sign_in(email)
        assert "Not reviewed" in browser.get("/clauses").text
        page = browser.get(PAGE)
        assert page.status_code == 200
        assert "Record sign-off" not in page.text
        assert browser.get("/review").status_code == 404
        posted = browser.post(PAGE, page="/account", digest=clause.digest, decision="approved", reach="*")
        assert posted.status_code == 404
    assert visitor.get("/clauses").location.startswith("/sign-in")
    assert sign_offs(site) == []


def test_an_agreement_is_open_to_lawyers_only_while_it_is_before_them(site, lawyer, owner, visitor):
    agreement = agreement_in_review(site.kit, owner)
    path = f"/review/agreements/{agreement.id}"
    assert "Larkfield Bookkeeping Ltd" in visitor.get(path).text
    office = site.browser()
    office.sign_in()
    assert office.get(path).status_code == 404
    from app.services.gate import withdraw_review

    withdraw_review(site.kit, owner, agreement.id)
    gone = visitor.get(path)
    assert gone.status_code == 404
    assert "Larkfield Bookkeeping Ltd, " not in gone.text


# --- the queue -------------------------------------------------------------------------


def test_the_queue_says_why_each_clause_waits(site, lawyer, owner, visitor):
    agreement_in_review(site.kit, owner)
    earlier = take_in_earlier(site.kit, CLAUSE, ("to removable storage", "to storage"))
    record_old_decision(site.kit, lawyer, earlier)
    general = clause_of(site.kit, "general.standard")
    decide(site.kit, lawyer, general.id, Decision.APPROVED, expires_at=site.clock.now() + timedelta(days=10))
    decide(site.kit, lawyer, "directives.standard", Decision.APPROVED, jurisdictions=("GB",))
    decide(site.kit, lawyer, "audit.standard", Decision.REFUSED, comment="No.")
    decide(site.kit, lawyer, "sensitive-data.standard", Decision.APPROVED)
    waiting = {one.clause.id: one for one in read_queue(site.kit).clauses}
    assert str(waiting[CLAUSE].standing.standing) == "changed"
    assert waiting[CLAUSE].change is not None
    assert (waiting[CLAUSE].change.inserted, waiting[CLAUSE].change.removed) == (1, 0)
    assert waiting[CLAUSE].asked_for == ("GB", "PH")
    assert str(waiting[general.id].standing.standing) == "expiring"
    assert not waiting["directives.standard"].standing.waits  # signed off, yet not for the Philippines
    assert waiting["directives.standard"].held_up
    assert "audit.standard" not in waiting
    assert "sensitive-data.standard" not in waiting
    first = next(iter(waiting.values()))
    assert first.held_up
    page = visitor.get("/review").text
    for words in (
        "Changed since the sign-off",
        "1 word in, 0 out",
        "Reaches too little",
        "England and Wales",
    ):
        assert words in page
    people = visitor.get("/review?category=people").text
    assert "Subcontract" in people or "subcontracting" in people
    assert "take-home, strict" not in people


def test_after_a_sign_off_has_ended_the_clause_waits_again(site, lawyer, clock):
    decide(site.kit, lawyer, CLAUSE, Decision.APPROVED, expires_at=clock.now() + timedelta(days=60))
    assert CLAUSE not in {one.clause.id for one in read_queue(site.kit).clauses}
    clock.ahead = timedelta(days=61)
    waiting = {one.clause.id: str(one.standing.standing) for one in read_queue(site.kit).clauses}
    assert waiting[CLAUSE] == "expired"


# --- one clause ------------------------------------------------------------------------


def test_every_shipped_clause_can_be_read(site, lawyer, visitor):
    for clause_id in list(site.kit.library.library().clauses)[::7]:
        page = visitor.get(f"/clauses/{clause_id}?view=clean")
        assert page.status_code == 200, clause_id
        assert "{{" not in page.text, clause_id
        assert "{ref" not in page.text, clause_id


def test_the_page_shows_blanks_terms_conditions_and_what_it_touches(site, lawyer, visitor):
    page = visitor.get(f"{PAGE}?view=clean").text
    for words in (
        "[24 hours]",
        "Enter 1 to 72 hours.",
        "only if \u201cComputer\u201d is",
        'href="#use-term:approved-systems"',
        "Defined terms it uses",
        "R1 Take-home and subcontractors",
        "Confidentiality Agreement",
        "Purpose: keeps every copy",
        "the European Union",
    ):
        assert words.replace("'", "&#39;") in page, words
    assert "No decision on this version." in page


def test_positions_versions_and_the_printed_form_are_compared(site, lawyer, visitor):
    changes = (("max = 72", "max = 48"), ("to removable storage", "to storage"))
    earlier = take_in_earlier(site.kit, CLAUSE, *changes)
    record_old_decision(site.kit, lawyer, earlier)
    redline = visitor.get(PAGE).text
    assert "Redline against 0.0.9" in redline
    assert "Settings that changed" in redline
    swapped = visitor.get(f"{PAGE}?from={clause_of(site.kit, CLAUSE).digest}&to={earlier.digest}").text
    assert "<del>" in swapped
    assert "standard one" in visitor.get(f"{PAGE}?compare=take-home.standard").text
    printed = visitor.get(f"{PAGE}?view=contract&template=va-nda").text
    assert "As it stands in \u201cConfidentiality Agreement\u201d" in printed
    for wrong in (f"?from={'0' * 64}&to={earlier.digest}", "?compare=no.such"):
        assert visitor.get(PAGE + wrong).status_code == 404


def test_the_search_finds_by_words_in_any_order(site, lawyer, visitor):
    found = visitor.get("/clauses?q=stray copy").text
    assert "No take-home of information" in found
    assert ">Governing law and courts<" not in found
    nothing = visitor.get("/clauses?q=zebra<script>").text
    assert "No clauses hold" in nothing
    assert "<script>" not in nothing.partition("<main")[2]


# --- the decision ----------------------------------------------------------------------


def test_a_decision_is_recorded_with_its_scope_and_leads_to_the_next(site, lawyer, visitor):
    clause = clause_of(site.kit, CLAUSE)
    answer = send(visitor, clause, words="Legal-duty exception kept.", more_laws="in; the Netherlands")
    assert answer.status_code == 302
    assert answer.location.startswith("/clauses/")
    assert answer.location != PAGE
    (made,) = sign_offs(site)
    assert (made.decision, made.jurisdictions) == (Decision.APPROVED, ("GB", "PH", "IN", "NL"))
    assert made.contract_templates == ("va-nda",)
    assert made.expires_at.isoformat() == "2031-06-01T00:00:00+00:00"
    assert (made.clause_digest, made.comment) == (clause.digest, "Legal-duty exception kept.")
    page = visitor.get(PAGE).text
    assert "until 31 May 2031" in page
    assert "Signed off" in page
    assert "every law" not in page.partition("Versions and decisions")[2].partition("</ol>")[0]
    assert "clause.signed_off" in site.events()


INCOMPLETE: list[tuple[dict[str, object], str]] = [
    ({"decision": ""}, "Choose one of the three."),
    ({"decision": "sealed"}, "Not recorded."),
    ({"reach": "some"}, "Choose one of the two."),
    ({"decision": "refused"}, "Say what must change"),
    ({"decision": "approved_with_conditions"}, "Say what must change"),
    ({"laws": []}, "Choose at least one, or say that it holds"),
    ({"laws": ["XX"]}, "There is no law or country"),
    ({"more_laws": "Ruritania"}, "There is no law or country \u201cRuritania\u201d"),
    ({"contract_templates": []}, "Choose at least one contract template."),
    ({"contract_templates": ["nothing"]}, "There is no contract template"),
    ({"last_day": "2001-01-01"}, "lies in the future"),
    ({"last_day": "2099-01-01"}, "at most ten years ahead"),
    ({"last_day": "soon"}, "Not recorded."),
    ({"words": "x" * 4001}, "Use at most 4000 characters."),
]


def test_an_incomplete_decision_is_refused_and_kept(site, lawyer, visitor):
    clause = clause_of(site.kit, CLAUSE)
    for changed, words in INCOMPLETE:
        answer = send(visitor, clause, **({"bar_number": "B-77"} | changed))
        assert answer.status_code == 422, changed
        assert words in answer.text, changed
        assert 'value="B-77"' in answer.text, changed
    assert sign_offs(site) == []


def test_a_refusal_holds_everywhere_and_without_an_end(site, lawyer, visitor):
    clause = clause_of(site.kit, CLAUSE)
    assert send(visitor, clause, decision="refused", words="Too wide.", laws=[]).status_code == 302
    (made,) = sign_offs(site)
    assert (made.decision, made.jurisdictions, made.expires_at) == (Decision.REFUSED, ("*",), None)
    assert "Refused by Elena Marsh" in visitor.get(PAGE).text
    assert "clause.refused" in site.events()


def test_a_decision_on_a_text_that_changed_is_not_recorded_and_nothing_is_lost(site, lawyer, visitor):
    clause = clause_of(site.kit, CLAUSE)
    earlier = take_in_earlier(site.kit, CLAUSE, ("to removable storage", "to storage"))
    answer = send(visitor, replace(clause, digest=earlier.digest), words="Kept words.")
    assert answer.status_code == 409
    assert "was changed after you opened it" in answer.text
    assert "Kept words." in answer.text
    assert f'value="{clause.digest}"' in answer.text
    assert sign_offs(site) == []
    assert send(visitor, replace(clause, digest="")).status_code == 409


def test_words_of_lawyers_are_shown_literally(site, lawyer, visitor):
    clause = clause_of(site.kit, CLAUSE)
    answer = send(visitor, clause, decision="approved_with_conditions", words=SCRIPT, bar_jurisdiction=SCRIPT)
    assert answer.status_code == 302
    for path in (PAGE, "/review/decisions", answer.location):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in visitor.get(PAGE).text


def test_several_lawyers_and_expired_scopes_are_told_apart(site, lawyer, visitor, clock):
    clause = clause_of(site.kit, CLAUSE)
    decide(
        site.kit,
        lawyer,
        CLAUSE,
        Decision.APPROVED,
        jurisdictions=("GB",),
        expires_at=clock.now() + timedelta(days=40),
    )
    page = visitor.get(PAGE).text
    assert "for England and Wales (the United Kingdom), in every contract template, until" in page
    assert clause.digest[:12] in page


# --- a whole text ----------------------------------------------------------------------


def test_a_text_is_approved_by_the_digest_that_was_read(site, lawyer, owner, visitor):
    agreement = agreement_in_review(site.kit, owner)
    path = f"/review/agreements/{agreement.id}"
    digest = visitor.get(path).text.partition('name="digest" type="hidden" value="')[2][:64]
    stale = visitor.post(f"{path}/approve", page=path, digest="0" * 64, comment="Kept words.")
    assert stale.status_code == 409
    assert "Kept words." in stale.text
    assert visitor.post(f"{path}/approve", page=path, digest=digest, comment="Good.").location == "/review"
    with site.kit.unit_of_work(read_only=True) as unit:
        approved = unit.agreements.get(agreement.id)
        mails = [message.subject for message in unit.messages.of_agreement(agreement.id)]
    assert approved.status is AgreementStatus.APPROVED
    assert approved.approval.text_digest == digest
    assert any(subject.startswith("Elena Marsh approved") for subject in mails)


def test_a_text_goes_back_only_with_words_and_without_its_approval(site, lawyer, owner, visitor):
    agreement = agreement_in_review(site.kit, owner)
    path = f"/review/agreements/{agreement.id}"
    digest = visitor.get(path).text.partition('name="digest" type="hidden" value="')[2][:64]
    visitor.post(f"{path}/approve", page=path, digest=digest, comment="")
    silent = visitor.post(f"{path}/send-back", page=path, digest=digest, comment="  ")
    assert silent.status_code == 422
    assert "needs words" in silent.text
    assert visitor.post(f"{path}/send-back", page=path, digest=digest, comment=SCRIPT).location == "/review"
    with site.kit.unit_of_work(read_only=True) as unit:
        back = unit.agreements.get(agreement.id)
        leaf = [one for one in unit.audit.of_agreement(agreement.id) if one.name == "agreement.sent_back"][-1]
        told = {value.field: value.value for value in unit.audit.opened([leaf.sequence])[leaf.sequence]}
    assert (back.status, back.approval) == (AgreementStatus.DRAFT, None)
    assert told["comment"] == SCRIPT
    assert visitor.get(path).status_code == 404
