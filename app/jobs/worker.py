"""The worker: claims due jobs one by one and runs them under a lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from app.domain.errors import AppError
from app.domain.job import Job
from app.jobs.sweep import sweep
from app.services.completion import certify_completion
from app.services.delivery import DELIVER_JOB, deliver
from app.services.invitations import REMIND_JOB
from app.services.reminders import remind_as_planned
from app.services.renewal import RENEW_JOB, run_renewal_job
from app.services.sealing import COMPLETION_JOB, SEAL_JOB, seal_agreement
from app.toolkit import Toolkit

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(hours=2)
SWEEP_EVERY = timedelta(minutes=5)

logger = logging.getLogger("countersign.worker")

Handler = Callable[[Toolkit, Mapping[str, str]], None]

HANDLERS: Mapping[str, Handler] = {
    SEAL_JOB: lambda kit, arguments: seal_agreement(kit, arguments["envelope_id"]),
    COMPLETION_JOB: lambda kit, arguments: certify_completion(kit, arguments["envelope_id"]),
    RENEW_JOB: run_renewal_job,
    REMIND_JOB: remind_as_planned,
    DELIVER_JOB: lambda kit, arguments: deliver(kit, arguments["message_id"]),
}


def run_due_jobs(kit: Toolkit, limit: int = 1000) -> int:
    """Run what is due now, at most `limit` jobs. Returns how many were run."""
    for done in range(limit):
        with kit.unit_of_work() as unit:
            job = unit.jobs.claim(kit.clock.now(), LEASE)
        if job is None:
            return done
        _run(kit, job)
    return limit


def work(kit: Toolkit, stop: threading.Event, *, pause: float = 1.0) -> None:
    """Run jobs, and the sweep now and then, until `stop` is set. `pause`: seconds between looks."""
    next_sweep = kit.clock.now()
    while not stop.is_set():
        if kit.clock.now() >= next_sweep:
            sweep(kit)
            next_sweep = kit.clock.now() + SWEEP_EVERY
        if run_due_jobs(kit, limit=50) == 0:
            stop.wait(pause)


def _run(kit: Toolkit, job: Job) -> None:
    try:
        HANDLERS[job.name](kit, job.arguments)
    except AppError as error:
        logger.warning("job %s %s failed: %s", job.name, job.key, error.code)
        _give_back(kit, job, f"{error.code}: {error.message}", retryable=error.retryable)
    except Exception as error:  # the worker outlives any fault of one job; it is stored and shown
        logger.exception("job %s %s broke", job.name, job.key)
        _give_back(kit, job, f"{type(error).__name__}: {error}", retryable=True)
    else:
        with kit.unit_of_work() as unit:
            unit.jobs.finish(job)


def _give_back(kit: Toolkit, job: Job, reason: str, *, retryable: bool) -> None:
    now = kit.clock.now()
    again = now + min(FIRST_RETRY * 2 ** (job.tries - 1), LONGEST_RETRY)
    give_up = not retryable or job.tries >= job.max_tries
    with kit.unit_of_work() as unit:
        unit.jobs.fail(job, reason, None if give_up else again)
