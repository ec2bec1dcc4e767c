"""The list of agreements after every act of a life: the stored row is the one that follows from the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.actor import Actor, Part
from app.domain.errors import NotAllowed, NotFound
from app.domain.listing import (
    ASKED,
    OVERDUE_AFTER,
    PROGRESS_EVENTS,
    TURN_EVENTS,
    Moves,
    NewestMail,
    Standing,
    fold,
    list_agreement,
)
from app.domain.message import DeliveryState
from app.domain.person import Person
from app.domain.workflow import AgreementStatus, EnvelopeStatus
from app.services import ceremony, changes, comparing, drafting, gate, sending
from app.services.answering import change_answers, choose_position
from app.services.assessment import assess_text
from app.services.drafting import duplicate
from app.services.identity import signer_actor
from app.services.invitations import remind
from app.services.overview import (
    ListFilter,
    read_list,
    read_overview,
    renew_clauses,
)
from app.services.people import add_person, list_people
from tests.web.office import LIZA, complete_draft, later, sample_answers, send_out, sign_as, sign_off_all


def listed(site, agreement_id):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.listing.get(agreement_id)


def computed(unit, agreement):
    """The listing as it follows from what is stored, found without the queries of the list."""
    current = agreement.current_envelope
    envelope = unit.envelopes.get(current) if current else None
    asked = set()
    if envelope is not None and envelope.status is EnvelopeStatus.OUT:
        asked = {one.id for one in envelope.active_signers() if one.status in ASKED}
    mails = [one for one in unit.messages.of_agreement(agreement.id) if one.signer_id in asked]
    newest = max(mails, key=lambda one: one.created_at, default=None)
    at = dict.fromkeys((TURN_EVENTS, PROGRESS_EVENTS), agreement.created_at)
    for leaf in unit.audit.of_agreement(agreement.id):
        at |= {names: datetime.fromisoformat(leaf.at) for names in at if leaf.name in names}
    mail = NewestMail(newest.id, newest.state) if newest else NewestMail()
    return list_agreement(agreement, envelope, mail, Moves(at[TURN_EVENTS], at[PROGRESS_EVENTS]))


def check_rows(site):
    """Every stored row is what its agreement, envelope, mail and events say; and its clauses are."""
    library = site.kit.library.library()
    with site.kit.unit_of_work(read_only=True) as unit:
        for agreement in unit.agreements.list():
            assert unit.listing.get(agreement.id) == computed(unit, agreement)
            text = assess_text(
                library, agreement.contract_template, agreement.answers, number=agreement.number
            ).text
            assert agreement.clause_versions == {one.clause_id: one.digest for one in text.clauses()}
        assert unit.listing.outdated([one.digest for one in library.clauses.values()], 9) == []


def standing(site, agreement_id, actor):
    found = read_list(site.kit, actor, ListFilter())
    return next(row.standing for row in found.rows if row.agreement.id == agreement_id)


def test_the_row_is_right_after_every_act_of_a_whole_life(site, owner):
    site.make(Part.LAWYER)
    actor = owner.as_actor()
    kit = site.kit
    draft = complete_draft(site, owner)
    acts = [
        lambda: choose_position(kit, actor, draft.id, "backups", "strict"),
        lambda: change_answers(kit, actor, draft.id, sample_answers()),
        lambda: gate.request_review(kit, actor, draft.id),
        lambda: gate.withdraw_review(kit, actor, draft.id),
        lambda: gate.override_review(kit, actor, draft.id, "In a hurry."),
        lambda: duplicate(kit, actor, draft.id),
    ]
    for act in acts:
        act()
        check_rows(site)
    envelope = sending.send(kit, actor, draft.id, sending.SendingForm())
    check_rows(site)
    assert listed(site, draft.id).mail.state is DeliveryState.QUEUED
    site.run_jobs()
    assert listed(site, draft.id).mail.state is DeliveryState.HANDED_OVER
    first = envelope.signers[0]
    signer = signer_actor(first, "127.0.0.1", "test")
    ceremony.identify(kit, signer, envelope.id, first.id, ("a test",))
    asked = changes.request_change(kit, signer, envelope.id, first.id, "", "Please explain.")
    check_rows(site)
    assert standing(site, draft.id, actor) is Standing.CHANGE_ASKED
    changes.answer_change(kit, actor, asked.id, "So it is.")
    check_rows(site)
    remind(kit, actor, envelope.id)
    changes.void(kit, actor, envelope.id, "Wrong dates.")
    check_rows(site)
    assert standing(site, draft.id, actor) is Standing.VOIDED
    gate.override_review(kit, actor, draft.id, "In a hurry.")
    envelope = sending.send(kit, actor, draft.id, sending.SendingForm())
    envelope = sign_as(kit, envelope, envelope.signers[0])
    check_rows(site)
    assert standing(site, draft.id, actor) is Standing.YOUR_TURN
    sign_as(kit, envelope, envelope.signers[1])
    check_rows(site)
    site.run_jobs()
    check_rows(site)
    assert standing(site, draft.id, actor) is Standing.SEALED
    assert listed(site, draft.id).signed_at is not None


def test_signed_off_whole_is_ready_for_the_owner_not_with_the_lawyer(site, owner):
    site.make(Part.LAWYER)
    draft = complete_draft(site, owner)
    gate.request_review(site.kit, owner.as_actor(), draft.id)
    counts = read_overview(site.kit, owner.as_actor())
    assert (counts.yours_count, counts.others_count) == (0, 1)
    sign_off_all(site.kit, draft.id)
    counts = read_overview(site.kit, owner.as_actor())
    assert (counts.yours_count, counts.others_count) == (1, 0)
    assert [row.standing for row in counts.yours] == [Standing.APPROVED]
    assert read_list(site.kit, owner.as_actor(), ListFilter(show="approved")).count == 1
    assert read_list(site.kit, owner.as_actor(), ListFilter(show="in_review")).count == 0


def test_it_is_your_turn_for_the_owner_alone(site, owner, staff):
    envelope = send_out(site, owner)
    sign_as(site.kit, envelope, envelope.signers[0])
    mine, toms = (read_overview(site.kit, one.as_actor()) for one in (owner, staff))
    assert [row.standing for row in mine.yours] == [Standing.YOUR_TURN]
    assert (toms.yours, [row.standing for row in toms.others]) == ((), [Standing.OUT])


def test_what_does_not_move_for_a_week_is_overdue(site, owner):
    envelope = send_out(site, owner)
    actor = owner.as_actor()
    later(site, days=OVERDUE_AFTER.days - 1)
    assert read_overview(site.kit, actor).overdue_count == 0
    later(site, days=3, hours=1)
    remind(site.kit, actor, envelope.id)
    overview = read_overview(site.kit, actor)
    assert overview.overdue_count == 1, "a reminder is no progress"
    assert overview.others[0].overdue_days == 2
    assert read_list(site.kit, actor, ListFilter(show="overdue")).count == 1
    first = envelope.signers[0]
    ceremony.identify(site.kit, signer_actor(first, "", ""), envelope.id, first.id, ("a test",))
    assert read_overview(site.kit, actor).overdue_count == 0
    later(site, days=18)
    assert read_overview(site.kit, actor).ending_count == 1


def test_clauses_of_drafts_follow_the_library(site, owner):
    draft = complete_draft(site, owner)
    with site.kit.unit_of_work() as unit:
        held = unit.agreements.get(draft.id)
        old = {**held.clause_versions, "backups.standard": "0" * 64}
        assert unit.agreements.save_clauses(replace(held, clause_versions=old))
    before = site.events()
    assert renew_clauses(site.kit) == 1
    assert renew_clauses(site.kit) == 0
    check_rows(site)
    assert site.events() == before, "what follows from answers and library has no event"


ASKED_FOR = [
    (ListFilter(text="cebu"), 0),
    (ListFilter(text="LIZA  santos"), 1),
    (ListFilter(text="philippines"), 1),
    (ListFilter(clause="take-home"), 1),
    (ListFilter(clause="no-such-family"), 1),
    (ListFilter(template="va-nda", show="draft", country="PH"), 1),
    (ListFilter(show="sealed"), 0),
    (ListFilter(show="no such thing", sort="neither", date_of="nor this"), 1),
    (ListFilter(since="2020-01-01", until="2020-12-31"), 0),
    (ListFilter(person="0" * 32), 1),
]


def test_a_form_asks_what_it_says_and_nonsense_asks_nothing(site, owner):
    person = add_person(site.kit, owner.as_actor(), LIZA)
    drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", person.id)
    for asked, count in ASKED_FOR:
        assert read_list(site.kit, owner.as_actor(), asked).count == count, asked
    assert read_list(site.kit, owner.as_actor(), ListFilter(person=person.id)).count == 1


def test_days_that_are_none_are_named(site, owner):
    complete_draft(site, owner)
    for since, until, faulty in (("22.11.2026", "", "since"), ("", "0001-01-01", "until")):
        found = read_list(site.kit, owner.as_actor(), ListFilter(since=since, until=until))
        assert (found.count, set(found.faults)) == (1, {faulty})
    turned = ListFilter(since="2026-11-22", until="2026-11-21")
    assert set(read_list(site.kit, owner.as_actor(), turned).faults) == {"until"}
    day = f"{site.clock.now():%Y-%m-%d}"
    assert read_list(site.kit, owner.as_actor(), ListFilter(since=day, until=day)).count == 1


def test_people_are_found_and_their_agreements_counted(site, owner):
    actor = owner.as_actor()
    liza = add_person(site.kit, actor, LIZA)
    add_person(site.kit, actor, replace(LIZA, name="Zoë Peña", email="zoe@pena.example", country="ID"))
    for _ in range(2):
        drafting.start_for_person(site.kit, actor, "va-nda", liza.id)
    found = list_people(site.kit)
    assert (found.count, found.agreements, found.countries) == (2, {liza.email: 2}, ("ID", "PH"))
    assert [one.name for one in list_people(site.kit, text="pena ZOE").people] == ["Zoë Peña"]
    assert [one.name for one in list_people(site.kit, country="PH").people] == ["Liza Santos"]
    assert list_people(site.kit, text="nobody", page=7).page == 1


# --- copies and comparisons ----------------------------------------------------------------


def test_a_copy_for_somebody_else_keeps_the_deal_and_nothing_of_the_former_person(site, owner):
    actor = owner.as_actor()
    model = complete_draft(site, owner)
    other: Person = add_person(
        site.kit, actor, replace(LIZA, name="Budi Santoso", email="budi@x.example", country="ID")
    )
    copy = duplicate(site.kit, actor, model.id, other.id)
    old, new = model.answers, copy.answers
    named = {name: value for name, value in new.families["parties"].items() if name.startswith("assistant_")}
    assert named == {"assistant_name": "Budi Santoso", "assistant_address": LIZA.address}
    assert new.facts["assistant_country"] == "ID"
    assert {who.email for who in new.signers.values()} == {"budi@x.example", owner.email}
    rest = {family: values for family, values in old.families.items() if family != "parties"}
    assert {family: values for family, values in new.families.items() if family != "parties"} == rest
    assert new.positions == old.positions
    former = old.families["parties"]["assistant_name"]
    assert fold(str(former)) not in listed(site, copy.id).search
    same = duplicate(site.kit, actor, model.id)
    assert same.answers == old


def test_what_was_sent_is_compared_with_what_is_drafted_now(site, owner):
    actor = owner.as_actor()
    envelope = send_out(site, owner)
    only = comparing.list_versions(site.kit, envelope.agreement_id)
    assert [one.sent_at for one in only] == [envelope.created_at]
    changes.void(site.kit, actor, envelope.id, "Shorter notice.")
    before, after = comparing.list_versions(site.kit, envelope.agreement_id)
    assert after.sent_at is None
    same = comparing.compare_versions(site.kit, before.key, after.key)
    assert [part.shown.title for part in same.changed] == []
    answers = sample_answers()
    families = {**answers.families, "termination": {**answers.families["termination"], "notice_days": 77}}
    change_answers(site.kit, actor, envelope.agreement_id, replace(answers, families=families))
    found = comparing.compare_versions(site.kit, before.key, after.key)
    assert {part.shown.key for part in found.changed} >= {"clause:termination"}
    part = next(one for one in found.changed if one.shown.key == "clause:termination")
    assert any(piece.mark == "inserted" and "77" in piece.text for line in part.redlines for piece in line)


def test_another_agreement_is_found_by_its_number_and_offered(site, owner):
    first, second = (complete_draft(site, owner) for _ in range(2))
    assert comparing.find_version(site.kit, f" {first.number.lower()} ") == f"{first.id}.now"
    assert [one.number for one in comparing.offer_others(site.kit, first.id)] == [second.number]
    for number in ("", "CS-1999-001", first.number[:-1], "%"):
        with pytest.raises(NotFound):
            comparing.find_version(site.kit, number)
    for key in ("", f"{first.id}.nothing", "nobody.now", first.id):
        with pytest.raises(NotFound):
            comparing.compare_versions(site.kit, key, f"{second.id}.now")


def test_only_who_may_draft_copies(site, owner):
    model = complete_draft(site, owner)
    with pytest.raises(NotAllowed):
        duplicate(site.kit, Actor(Part.LAWYER, "l", "Lex", "l@x.example"), model.id)
    assert listed(site, model.id).status is AgreementStatus.DRAFT
