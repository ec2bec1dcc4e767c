"""The list of agreements: its row follows every save, and the database finds what a reader looks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.answers import Answers, SignerAnswer
from app.domain.errors import WrongState
from app.domain.listing import (
    FINISHED,
    WAITS_FOR_OTHERS,
    WAITS_FOR_YOU,
    ListedPerson,
    Standing,
    fold,
)
from app.domain.listing_query import DateOf, ListedWith, ListQuery, Reader, SortBy, Word
from app.domain.message import DeliveryState, Message
from app.domain.review import Decision, SignOff
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from app.persistence.database import open_database
from tests.persistence.conftest import NOON, agreement, envelope, event, raw, signer

NOBODY = Reader()
ADA = Reader("Ada@Larkfield.example")


def listed(database, agreement_id="a1"):
    with database.unit_of_work(read_only=True) as unit:
        return unit.listing.get(agreement_id)


def found(database, sort=SortBy.NEWEST, **asked):
    query = ListQuery(asked.pop("reader", NOBODY), **asked)
    with database.unit_of_work(read_only=True) as unit:
        page = [one.agreement_id for one in unit.listing.page(query, sort, 100)]
        assert unit.listing.count(query) == len(page)
        rows, count = unit.listing.find(query, sort, 2)
        assert ([one.agreement_id for one in rows], count) == (page[:2], len(page))
        assert unit.listing.find(query, sort, 2, 40) == ([], len(page))
    return page


def add(database, agreement_id, **more):
    number = f"LB-2026-{agreement_id}"
    with database.unit_of_work() as unit:
        unit.agreements.add(agreement(agreement_id, number, **more), event("agreement.drafted", agreement_id))


def add_out(database, agreement_id, *signers, **more):
    sent = {"status": AgreementStatus.OUT, "current_envelope": f"e-{agreement_id}", **more}
    with database.unit_of_work() as unit:
        # The agreement first, as sending does it: its row is computed when both are stored.
        unit.agreements.add(
            agreement(agreement_id, f"LB-2026-{agreement_id}", **sent), event("agreement.sent", agreement_id)
        )
        people = tuple(replace(one, id=f"{one.id}-{agreement_id}") for one in signers)
        paper = envelope(f"e-{agreement_id}", agreement_id=agreement_id, signers=people)
        unit.envelopes.add(paper, event("envelope.opened", agreement_id, paper.id))
    return paper


def owner_signs(**more):
    values = {"side": "client", "email": "ADA@larkfield.example", "status": SignerStatus.INVITED}
    return signer("s2", 2, consent=None, credential=None, **{**values, **more})


# --- the row -------------------------------------------------------------------------------


def test_a_draft_is_listed_with_what_it_is_found_by(database):
    add(
        database,
        "a1",
        answers=Answers(
            facts={"assistant_country": "PH"},
            families={"parties": {"assistant_name": "María  Cruz"}},
            signers={"assistant": SignerAnswer("María Cruz", "Maria@Cruz.example", "")},
        ),
    )
    row = listed(database)
    assert (row.standing, row.counterparty, row.country) == (Standing.DRAFT_OPEN, "María  Cruz", "PH")
    assert row.people == (ListedPerson("maria@cruz.example"),)
    assert row.search == (
        "lb-2026-a1 assistance with bookkeeping maria cruz maria cruz maria@cruz.example"
    )
    assert (row.waiting_since, row.expires_at) == (NOON, None)


def test_the_row_follows_the_envelope_that_is_saved_after_the_agreement(database):
    paper = add_out(database, "a1", signer("s1"), owner_signs(status=SignerStatus.WAITING))
    row = listed(database)
    assert row.standing is Standing.OUT
    assert (row.sent_at, row.expires_at) == (paper.created_at, paper.expires_at)
    assert [(one.email, one.asked, one.office) for one in row.people] == [
        ("ada@larkfield.example", False, True),
        ("maria@cruz.example", True, False),
    ]
    with database.unit_of_work() as unit:
        paused = replace(unit.envelopes.get(paper.id), status=EnvelopeStatus.PAUSED)
        unit.envelopes.save(paused, event("envelope.change_requested", "a1", paper.id))
    assert listed(database).standing is Standing.CHANGE_ASKED
    assert not any(one.asked for one in listed(database).people)


def test_mail_that_came_back_is_told_by_the_row(database):
    paper = add_out(database, "a1", signer("s1"))
    mail = Message(
        id="m1", message_id="<m1@x>", to_name="", to_address="", subject="", text="", html="",
        created_at=NOON, agreement_id="a1", envelope_id=paper.id, signer_id="s1-a1",
    )  # fmt: skip
    with database.unit_of_work() as unit:
        unit.messages.add(mail)
    assert listed(database).mail.state is DeliveryState.QUEUED
    with database.unit_of_work() as unit:
        unit.messages.save(replace(mail, state=DeliveryState.FAILED))
    assert listed(database).standing is Standing.MAIL_FAILED
    with database.unit_of_work() as unit:
        # A notice to the owner about it is nobody's invitation.
        unit.messages.add(replace(mail, id="m2", message_id="<m2@x>", signer_id=""))
    assert listed(database).mail.id == "m1"


def test_since_when_it_waits_comes_from_the_log(database, clock):
    add(database, "a1")
    clock.moment += timedelta(days=1)
    with database.unit_of_work() as unit:
        sent = unit.agreements.get("a1")
        asked = replace(sent, status=AgreementStatus.IN_REVIEW)
        unit.agreements.save(asked, event("agreement.review_requested"))
    clock.moment += timedelta(days=1)
    with database.unit_of_work() as unit:
        unit.agreements.save(unit.agreements.get("a1"), event("agreement.downloaded"))
    row = listed(database)
    assert row.waiting_since == row.moved_at == NOON + timedelta(days=1), "a download moves nothing"
    with database.unit_of_work() as unit:
        unit.agreements.save(unit.agreements.get("a1"), event("signer.identified"))
    row = listed(database)
    assert (row.waiting_since, row.moved_at) == (NOON + timedelta(days=1), NOON + timedelta(days=2))


def test_what_is_rolled_back_is_not_listed(database):
    add(database, "a1")
    with database.unit_of_work(read_only=True) as unit:
        held = unit.agreements.get("a1")

    def save_twice(unit):
        unit.agreements.save(replace(held, title="Other"), event())
        unit.agreements.save(held, event())

    with pytest.raises(WrongState), database.unit_of_work() as unit:
        save_twice(unit)
    assert listed(database).title == agreement().title


def test_an_upgrade_fills_rows_that_are_missing(database, url, clock):
    add(database, "a1")
    add_out(database, "a2", signer("s1"))
    before = [listed(database, one) for one in ("a1", "a2")]
    for table in ("agreement_listing", "agreement_people", "agreement_clauses"):
        raw(database, f"DELETE FROM {table}")
    assert any("2 agreements are missing" in problem for problem in database.check())
    again = open_database(url, clock.now)
    assert again.upgrade() is True
    assert again.upgrade() is False
    assert again.check() == []
    again.close()
    assert [listed(database, one) for one in ("a1", "a2")] == before
    assert found(database, clause_family="take-home") == ["a2", "a1"]


def test_clauses_alone_are_stored_unless_somebody_saved_in_between(database):
    add(database, "a1")
    with database.unit_of_work() as unit:
        held = unit.agreements.get("a1")
        assert unit.agreements.save_clauses(replace(held, clause_versions={"backups.strict": "ee" * 32}))
    assert found(database, clause_family="backups") == ["a1"]
    with database.unit_of_work() as unit:
        unit.agreements.save(unit.agreements.get("a1"), event())
        assert not unit.agreements.save_clauses(replace(held, clause_versions={}))
    assert found(database, clause_family="backups") == ["a1"]


# --- what is found -------------------------------------------------------------------------


@pytest.fixture
def office(database, clock):
    """Six agreements that stand in different ways, a day apart; b is the oldest."""
    people = {"assistant": SignerAnswer("Zoë Peña", "zoe@pena.example", "")}
    zoe = Answers(
        facts={"assistant_country": "PH"},
        families={"parties": {"assistant_name": "Zoë Peña"}},
        signers=people,
    )
    strict = {"take-home.strict": "c" * 64, "backups.standard": "d" * 64}
    standard = {"take-home.standard": "e" * 64}
    waiting_owner = owner_signs(status=SignerStatus.WAITING)
    in_review, sealed = AgreementStatus.IN_REVIEW, AgreementStatus.SEALED
    makers = (
        lambda at: add(database, "b", answers=zoe, created_at=at, updated_at=at),
        lambda at: add_out(database, "c", signer("s1"), waiting_owner, created_at=at),
        lambda at: add_out(database, "d", owner_signs(), created_at=at),
        lambda at: add(database, "e", status=in_review, created_at=at, clause_versions=strict),
        lambda at: add(database, "f", status=sealed, created_at=at, title="100% of_it \\"),
        lambda at: add(
            database, "g", status=sealed, created_at=at, contract_template="bpo", clause_versions=standard
        ),
    )
    for number, make in enumerate(makers):
        clock.moment = NOON + timedelta(days=number)
        make(clock.moment)
    return database


CONDITIONS = [
    ({"words": (Word("pena"),)}, "b"),
    ({"words": (Word("zoe"), Word("lb-2026-b"))}, "b"),
    ({"words": (Word("zoe"), Word("nobody"))}, ""),
    ({"words": (Word("100%"),)}, "f"),
    ({"words": (Word("of_it"),)}, "f"),
    ({"words": (Word("ofxit"),)}, ""),
    ({"words": (Word("\\"),)}, "f"),
    ({"words": (Word("phil", ("PH",)),)}, "b"),
    ({"words": (Word("ada@larkfield"),)}, "cd"),
    ({"country": "PH"}, "b"),
    ({"country": "GB"}, ""),
    ({"contract_template": "bpo"}, "g"),
    ({"clause_family": "take-home"}, "bcdefg"),
    ({"clause_family": "take-home", "clause_position": "standard"}, "g"),
    ({"clause_family": "backups"}, "e"),
    ({"since": NOON + timedelta(days=2)}, "defg"),
    ({"until": NOON + timedelta(days=2)}, "bc"),
    ({"since": NOON + timedelta(days=1), "until": NOON + timedelta(days=2)}, "c"),
    ({"since": NOON, "date_of": DateOf.SENT}, "cd"),
    ({"since": NOON + timedelta(days=29), "date_of": DateOf.ENDS}, "cd"),
    ({"since": NOON, "date_of": DateOf.SIGNED}, ""),
    ({"person": ListedWith("ZOE@pena.example", "", "")}, "b"),
    ({"person": ListedWith("new@pena.example", "Zoe Pena", "PH")}, "b"),
    ({"person": ListedWith("new@pena.example", "Zoe Pena", "ID")}, ""),
    ({"person": ListedWith("maria@cruz.example", "", "")}, "cefg"),
    ({"standings": frozenset({Standing.OUT})}, "cd"),
    ({"standings": frozenset({Standing.OUT}), "reader": ADA}, "c"),
    ({"standings": frozenset({Standing.YOUR_TURN}), "reader": ADA}, "d"),
    ({"standings": frozenset({Standing.YOUR_TURN})}, ""),
    ({"standings": WAITS_FOR_YOU}, "b"),
    ({"standings": WAITS_FOR_YOU, "reader": ADA}, "bd"),
    ({"standings": WAITS_FOR_OTHERS, "reader": ADA}, "ce"),
    ({"standings": WAITS_FOR_YOU, "reader": replace(ADA, signed_off=frozenset("e"))}, "bde"),
    ({"standings": WAITS_FOR_OTHERS, "reader": replace(ADA, signed_off=frozenset("e"))}, "c"),
    ({"moved_before": NOON + timedelta(days=9)}, "cde"),
    ({"moved_before": NOON + timedelta(days=2)}, "c"),
    ({"moved_before": NOON + timedelta(days=9), "reader": Reader(signed_off=frozenset("e"))}, "cd"),
    ({"ends_before": NOON + timedelta(days=31)}, "cd"),
    ({"ends_before": NOON + timedelta(days=29)}, ""),
]


def test_each_condition_finds_what_it_says(office):
    wrong = [
        (asked, expected, ids)
        for asked, expected in CONDITIONS
        if (ids := "".join(sorted(found(office, **asked)))) != expected
    ]
    assert not wrong


def test_the_database_and_the_domain_agree_on_how_it_stands_for_a_reader(office):
    for reader in (NOBODY, ADA, replace(ADA, signed_off=frozenset("e"))):
        for one in "bcdefg":
            standing = listed(office, one).standing_for(
                reader.owner_email, signed_off=one in reader.signed_off
            )
            assert one in found(office, standings=frozenset({standing}), reader=reader)
            rest = frozenset(Standing) - {standing}
            assert one not in found(office, standings=rest, reader=reader)


def test_the_dashboard_counts_and_shows_what_the_list_finds(office):
    for reader in (NOBODY, ADA, replace(ADA, signed_off=frozenset("e"))):
        with office.unit_of_work(read_only=True) as unit:
            tally = unit.listing.tally(reader)
        for standing in Standing:
            alike = found(office, standings=frozenset({standing}), reader=reader)
            assert tally.get(standing, 0) == len(alike)
        for standings in (WAITS_FOR_YOU, WAITS_FOR_OTHERS, FINISHED):
            for sort in (SortBy.PRESSING, SortBy.STALLED, SortBy.CHANGED):
                whole = found(office, sort, standings=standings, reader=reader)
                with office.unit_of_work(read_only=True) as unit:
                    for limit in (1, 2, 9):
                        first = unit.listing.first(reader, standings, sort, limit)
                        assert [one.agreement_id for one in first] == whole[:limit]


def test_every_order_is_an_order_and_pages_meet(office):
    assert found(office) == list("gfedcb")
    assert found(office, SortBy.WAITING)[0] == "b"
    assert set(found(office, SortBy.ENDING)[:2]) == {"c", "d"}
    assert found(office, SortBy.PRESSING)[-1] == "b", "a draft presses least"
    names = [fold(listed(office, one).counterparty) for one in found(office, SortBy.NAME)]
    assert all(one <= other for one, other in pairwise(names))
    with office.unit_of_work(read_only=True) as unit:
        for sort in SortBy:
            pages = [unit.listing.page(ListQuery(NOBODY), sort, 2, start) for start in (0, 2, 4)]
            ids = [one.agreement_id for page in pages for one in page]
            assert sorted(ids) == list("bcdefg"), sort


def test_countries_and_numbers_of_agreements(office):
    with office.unit_of_work(read_only=True) as unit:
        assert unit.listing.countries() == ["PH"]
        counted = unit.listing.count_by_email(["Maria@cruz.example", "nobody@x.example"])
        assert counted == {"Maria@cruz.example": 4}


def test_only_what_may_be_signed_off_whole_is_looked_at(office):
    def decide(name, digest, **more):
        values = {
            "clause_id": "x.strict", "clause_version": "1", "lawyer_id": "l1", "lawyer_name": "Lex",
            "bar_number": "", "bar_jurisdiction": "", "decision": Decision.APPROVED,
            "jurisdictions": ("*",), "contract_templates": ("*",), "conditions": "", "comment": "",
            "decided_at": NOON,
        }  # fmt: skip
        with office.unit_of_work() as unit:
            decision = SignOff(id=name, clause_digest=digest, **{**values, **more})
            unit.sign_offs.add(decision, event("clause.signed_off", ""))

    def maybe():
        with office.unit_of_work(read_only=True) as unit:
            return list(unit.listing.maybe_signed_off(10))

    decide("1", "c" * 64)
    decide("2", "d" * 64, sample=True)
    assert maybe() == []
    decide("3", "d" * 64, decision=Decision.REFUSED)
    assert maybe() == []
    decide("4", "d" * 64, lawyer_id="l2")
    assert maybe() == ["e"]


def test_drafts_with_other_clauses_than_the_library_are_outdated(office):
    with office.unit_of_work(read_only=True) as unit:
        assert set(unit.listing.outdated(["c" * 64, "d" * 64], 10)) == {"b"}
        assert set(unit.listing.outdated(["c" * 64], 10)) == {"b", "e"}
        assert list(unit.listing.outdated(["c" * 64, "d" * 64, "cd" * 32], 10)) == []
        assert len(unit.listing.outdated([], 1)) == 1
