"""First start: the set-up link makes the owner, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.actor import Part
from app.domain.plain_text import to_markdown
from app.services.accounts import reset_url
from app.services.drafting import assess
from app.services.settings import read_business

from .conftest import OWNER, PASSWORD

FORM = {
    "name": OWNER[0],
    "email": OWNER[1],
    "password": PASSWORD,
    "password_again": PASSWORD,
    "organisation": "Larkfield Bookkeeping Ltd",
    "address": "14 Tanner Row, Bristol BS1 4QD",
    "country": "GB",
    "number_prefix": "LB",
}


def test_the_owner_sets_up_and_is_signed_in(site, visitor):
    path = site.set_up_path()
    answer = visitor.post(path, **FORM)
    assert answer.status_code == 302
    assert answer.location == "/welcome"
    page = visitor.get("/welcome").text
    assert "Nora Whitlow" in page
    assert "/account/second-step" in page
    owner = site.account(OWNER[1])
    assert owner.part is Part.OWNER
    assert owner.password_hash.startswith("$argon2id$")
    business = read_business(site.kit)
    assert business.name == "Larkfield Bookkeeping Ltd"
    assert (business.country, business.sender, business.number_prefix) == ("GB", "Nora Whitlow", "LB")


def test_a_sample_agreement_in_the_own_name_waits(site, visitor):
    visitor.post(site.set_up_path(), **FORM)
    with site.kit.unit_of_work(read_only=True) as unit:
        (sample,) = unit.agreements.list()
    assert sample.title.startswith("SAMPLE")
    assert sample.number.startswith("SAMPLE-")
    assert sample.answers.families["parties"]["client_name"] == "Larkfield Bookkeeping Ltd"
    assert sample.answers.signers["client"].name == "Nora Whitlow"
    assert "Larkfield Bookkeeping Ltd" in to_markdown(assess(site.kit, sample.id).text)


@pytest.mark.parametrize("country", ["US-CA", "PH", "DE"])
def test_the_sample_works_for_businesses_elsewhere(site, visitor, country):
    assert visitor.post(site.set_up_path(), **{**FORM, "country": country}).status_code == 302
    with site.kit.unit_of_work(read_only=True) as unit:
        (sample,) = unit.agreements.list()
    assert sample.answers.facts["client_country"] == country


def test_the_link_works_once(site, visitor):
    path = site.set_up_path()
    visitor.post(path, **FORM)
    other = site.browser()
    again = other.client.post(path, data={**FORM, "csrf_token": other.token_of("/sign-in")})
    for answer in (other.get(path), again):
        assert answer.status_code == 410
        assert "used already" in answer.text
        assert "Larkfield" not in answer.text


def test_a_forged_link_and_one_of_another_kind_lead_nowhere(site, visitor):
    assert visitor.get("/set-up/" + "A" * 43).status_code == 410
    site.make(Part.OWNER)
    site.make(Part.LAWYER)
    token = reset_url(site.kit, "elena@marsh.example").rpartition("/")[2]
    assert "leads nowhere" in visitor.get(f"/set-up/{token}").text
    assert "leads nowhere" in visitor.get(f"/join/{token}").text
    assert visitor.get(f"/reset-password/{token}").status_code == 200


def test_the_link_ends_after_a_day(site, visitor):
    path = site.set_up_path()
    site.clock.ahead = timedelta(hours=25)
    answer = visitor.get(path)
    assert answer.status_code == 410
    assert "its time is over" in answer.text


def test_a_newer_link_ends_the_older(site, visitor):
    first, second = site.set_up_path(), site.set_up_path()
    assert visitor.get(first).status_code == 410
    assert visitor.get(second).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password", "short", "12 characters"),
        ("password", "larkfield-nora-1", "your name"),
        ("password", "Password2026!!", "tried first"),
        ("password_again", "another one entirely", "differ"),
        ("email", "nora at larkfield", "e-mail address"),
        ("organisation", "", "name as it stands"),
        ("country", "XX", "Not a valid choice"),
        ("number_prefix", "L-B", "letters or digits"),
        ("name", "N" * 121, "120 characters"),
        ("address", "line\ntwo", "one line"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(site, visitor, field, value, said):
    path = site.set_up_path()
    fields = {**FORM, field: value}
    if field == "password":
        fields["password_again"] = value
    answer = visitor.post(path, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    if field != "organisation":
        assert "Larkfield Bookkeeping Ltd" in answer.text
    assert PASSWORD not in answer.text
    with site.kit.unit_of_work(read_only=True) as unit:
        assert not unit.accounts.list()


def test_opening_the_link_changes_nothing(site, visitor):
    path = site.set_up_path()
    before = site.events()
    for _ in range(3):
        visitor.client.head(path)
        visitor.get(path)
    assert site.events() == before
    assert visitor.post(path, **FORM).status_code == 302
