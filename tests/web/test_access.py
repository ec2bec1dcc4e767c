"""Every view has its rule: a walk of the URL map, as a stranger and as each member."""

from __future__ import annotations

import sqlite3

import pytest
from flask import Flask

from app.domain.actor import Part
from app.web import access

from .conftest import LAWYER, OWNER, STAFF

EMAIL = {Part.OWNER: OWNER[1], Part.STAFF: STAFF[1], Part.LAWYER: LAWYER[1]}
# What the accounts library may serve at all, and to whom.
LIBRARY_PUBLIC = {"security.login", "security.logout"}
LIBRARY = LIBRARY_PUBLIC | {
    "security.verify",
    "security.change_password",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.mf_recovery_codes",
}
CLOSED = {"security.two_factor_rescue", "security.tf_select"}
STATIC = {"static", "bootstrap.static"}


def rules(web: Flask):
    return [rule for rule in web.url_map.iter_rules() if rule.endpoint not in STATIC]


def path_of(site, rule) -> str:
    numbers = {name for name in rule.arguments if "Integer" in type(rule._converters[name]).__name__}
    values = {name: 1 if name in numbers else "x" * 43 for name in rule.arguments}
    with site.web.test_request_context():
        return site.web.url_map.bind("localhost").build(rule.endpoint, values)


def rule_of(site, rule):
    return getattr(site.web.view_functions[rule.endpoint], access.RULE, None)


def test_every_view_has_a_rule_or_is_the_library_s(site):
    for rule in rules(site.web):
        if rule.endpoint.startswith("security."):
            assert rule.endpoint in LIBRARY | CLOSED, f"{rule.endpoint} is not meant to be open"
        else:
            assert rule_of(site, rule) is not None, f"{rule.endpoint} has no access rule"


def test_a_view_without_a_rule_is_closed(site, visitor):
    site.web.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = visitor.get("/forgotten")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_strangers_see_public_pages_only(site, visitor):
    site.make(Part.OWNER)
    for rule in rules(site.web):
        held = rule_of(site, rule)
        public = rule.endpoint in LIBRARY_PUBLIC or (held and held[0] is access.Rule.PUBLIC)
        if public or "GET" not in rule.methods:
            continue
        path = path_of(site, rule)
        answer = visitor.get(path)
        assert answer.status_code in (302, 401, 404), f"{path}: {answer.status_code}"
        if answer.status_code == 302 and held and held[0] is access.Rule.WORKSPACE:
            assert answer.location.startswith("/sign-in"), path
        script = visitor.get(path, headers={"Accept": "application/json"})
        assert script.status_code in (302, 401, 404), path


@pytest.mark.parametrize("part", list(EMAIL))
def test_members_see_their_own_rooms_only(site, visitor, part):
    site.make(Part.OWNER)
    if part is not Part.OWNER:
        site.make(part)
    visitor.sign_in(EMAIL[part])
    for rule in rules(site.web):
        held = rule_of(site, rule)
        if not held or held[0] is not access.Rule.WORKSPACE or "GET" not in rule.methods:
            continue
        answer = visitor.get(path_of(site, rule))
        if part not in held[1]:
            assert answer.status_code == 404, f"{rule}: {answer.status_code} for {part}"
        else:
            assert answer.status_code < 500, f"{rule}: {answer.status_code} for {part}"
            assert "/sign-in" not in (answer.location or ""), rule


def test_the_owner_s_pages_are_not_the_staff_s(site, visitor):
    site.make(Part.OWNER)
    site.make(Part.STAFF)
    visitor.sign_in(STAFF[1])
    assert visitor.get("/account").status_code == 200
    assert visitor.get("/members").status_code == 404
    invitation = {"name": "M", "email": "m@m.example", "part": "owner"}
    assert visitor.post("/members", page="/account", **invitation).status_code == 404
    assert visitor.post("/business", page="/account", organisation="Mine").status_code == 404


def test_every_change_needs_the_token_of_a_form(site, visitor):
    site.make(Part.OWNER)
    visitor.sign_in()
    seen = 0
    for rule in rules(site.web):
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            path = path_of(site, rule)
            answer = visitor.client.open(path, method=method, data={"name": "changed"})
            # the sign-out page asks once more instead
            assert answer.status_code == 400 or rule.endpoint == "security.logout", f"{method} {path}"
            seen += 1
    assert seen > 10
    assert site.account(OWNER[1]).name == OWNER[0]
    assert visitor.get("/account").status_code == 200


def contents(site) -> list[str]:
    """Everything in the database but the sessions."""
    path = site.kit.unit_of_work.__self__._url.database
    with sqlite3.connect(path) as connection:
        return [line for line in connection.iterdump() if '"sessions"' not in line]


def test_reading_changes_nothing(site, visitor):
    site.make(Part.OWNER)
    visitor.sign_in()
    before = contents(site)
    for rule in rules(site.web):
        if "GET" in rule.methods:
            visitor.client.head(path_of(site, rule))
            visitor.get(path_of(site, rule))
    assert [line for line in contents(site) if line not in before] == []


def test_members_are_sent_home(site, visitor):
    site.make(Part.OWNER)
    assert visitor.get("/").location == "/sign-in"
    visitor.sign_in()
    home = visitor.get("/").location
    assert visitor.get(home).status_code == 200


def test_fresh_views_ask_for_the_password_again(site, visitor):
    site.make(Part.OWNER)
    visitor.sign_in()
    with visitor.client.session_transaction() as held:
        held[access.PASSWORD_GIVEN_AT] -= 301
    asked = visitor.post("/members", name="E", email="e@marsh.example", part="lawyer", back="/members")
    assert asked.status_code == 302
    assert asked.location == "/password-again?next=/members"
    script = visitor.client.post(
        "/members",
        headers={"Accept": "application/json", "X-CSRFToken": visitor.token_of("/members")},
        data={"name": "E"},
    )
    assert script.status_code == 401
    assert script.json["code"] == "password-needed"
    assert "wrong" in visitor.post("/password-again", password="not it").text
    given = visitor.post("/password-again", password="blue kettle sings at noon", next="/members")
    assert given.location == "/members"
    done = visitor.post("/members", name="Elena", email="e@marsh.example", part="lawyer")
    assert done.location == "/members"
    assert site.account("e@marsh.example").part is Part.LAWYER
