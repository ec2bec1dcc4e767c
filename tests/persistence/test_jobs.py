"""Each job is done by one worker at a time, a dead worker loses nothing, a slow one overwrites nothing."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from app.domain.job import JobState, NewJob
from tests.persistence.conftest import NOON

LEASE = timedelta(minutes=1)
LATER = NOON + timedelta(minutes=5)


def enqueue(database, key="k", **more):
    with database.unit_of_work() as uow:
        uow.jobs.enqueue(NewJob("seal", key, {"agreement": "a1"}, **more), NOON)


def claim(database, at=NOON):
    with database.unit_of_work() as uow:
        return uow.jobs.claim(at, LEASE)


def test_a_job_is_claimed_done_and_gone(database):
    enqueue(database)
    job = claim(database)
    assert (job.name, job.key, job.arguments) == ("seal", "k", {"agreement": "a1"})
    assert (job.state, job.tries, job.leased_until) == (JobState.RUNNING, 1, NOON + LEASE)
    with database.unit_of_work() as uow:
        assert uow.jobs.waiting() == [job]
        uow.jobs.finish(job)
        assert (uow.jobs.waiting(), uow.jobs.dead(), uow.jobs.claim(LATER, LEASE)) == ([], [], None)


def test_a_known_key_changes_nothing_even_when_done(database):
    enqueue(database)
    enqueue(database, due_at=LATER)
    job = claim(database)
    assert claim(database) is None
    with database.unit_of_work() as uow:
        uow.jobs.finish(job)
    enqueue(database)
    assert claim(database) is None


def test_what_is_due_longest_comes_first_and_what_is_not_due_waits(database):
    enqueue(database, "late", due_at=LATER)
    enqueue(database, "second")
    enqueue(database, "first", due_at=NOON - LEASE)
    assert [claim(database).key for _ in range(2)] == ["first", "second"]
    assert claim(database) is None
    assert claim(database, LATER - timedelta(microseconds=1)).key in {"first", "second"}  # leases ended
    assert claim(database, LATER).key in {"first", "second", "late"}


def test_an_ended_lease_is_claimed_again_and_the_slow_worker_is_fenced_out(database):
    enqueue(database)
    slow = claim(database)
    assert claim(database, NOON + LEASE - timedelta(seconds=1)) is None
    quick = claim(database, NOON + LEASE)
    assert (quick.id, quick.tries) == (slow.id, 2)
    with database.unit_of_work() as uow:
        uow.jobs.finish(slow)
        uow.jobs.fail(slow, "too late", None)
        assert uow.jobs.extend(slow, LATER) is False
        assert uow.jobs.waiting() == [quick]
        assert uow.jobs.extend(quick, LATER) is True
    assert claim(database, LATER - timedelta(seconds=1)) is None
    with database.unit_of_work() as uow:
        uow.jobs.finish(quick)
        assert uow.jobs.waiting() == []


def test_a_failure_is_tried_again_later_and_then_given_up(database):
    enqueue(database, max_tries=2)
    with database.unit_of_work() as uow:
        uow.jobs.fail(uow.jobs.claim(NOON, LEASE), "no answer" + "x" * 5000, LATER)
        [waiting] = uow.jobs.waiting()
        assert (waiting.state, waiting.due_at, waiting.leased_until) == (JobState.WAITING, LATER, None)
        assert waiting.last_error.startswith("no answer")
        assert len(waiting.last_error) == 2000
        assert uow.jobs.claim(NOON, LEASE) is None
        uow.jobs.fail(uow.jobs.claim(LATER, LEASE), "again", LATER + LEASE)
        [dead] = uow.jobs.dead()
        assert (dead.tries, dead.last_error, uow.jobs.waiting()) == (2, "again", [])
        assert uow.jobs.claim(LATER + 2 * LEASE, LEASE) is None


def test_a_hopeless_failure_is_given_up_at_once_and_can_be_revived(database):
    enqueue(database)
    with database.unit_of_work() as uow:
        uow.jobs.fail(uow.jobs.claim(NOON, LEASE), "no such address", None)
        [dead] = uow.jobs.dead()
        assert uow.jobs.revive(dead.id, LATER) is True
        assert uow.jobs.revive(dead.id, LATER) is False
        again = uow.jobs.claim(LATER, LEASE)
        assert (again.id, again.tries, again.max_tries) == (dead.id, 2, 11)


def test_a_job_that_kills_every_worker_dies_after_its_last_try(database):
    enqueue(database, max_tries=2)
    assert claim(database, NOON).tries == 1
    assert claim(database, NOON + LEASE).tries == 2
    assert claim(database, NOON + 2 * LEASE) is None
    with database.unit_of_work(read_only=True) as uow:
        [dead] = uow.jobs.dead()
        assert "stopped" in dead.last_error


def test_a_job_falls_with_its_transaction(database):
    with pytest.raises(RuntimeError), database.unit_of_work() as uow:  # noqa: PT012
        uow.jobs.enqueue(NewJob("seal", "k"), NOON)
        raise RuntimeError
    assert claim(database) is None


def test_workers_at_once_do_each_job_once(database):
    with database.unit_of_work() as uow:
        for number in range(60):
            uow.jobs.enqueue(NewJob("seal", f"k{number}"), NOON)
    done = []

    def work():
        while True:
            with database.unit_of_work() as uow:
                job = uow.jobs.claim(NOON, LEASE)
            if job is None:
                return
            done.append(job.key)
            with database.unit_of_work() as uow:
                uow.jobs.finish(job)

    workers = [threading.Thread(target=work) for _ in range(3)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert Counter(done) == Counter(f"k{number}" for number in range(60))
