"""When things happen: the worker, its schedule of retries, and the sweep.

Purpose: runs what services have enqueued, again where it failed for a passing reason,
and finds what was left behind. Every handler may run twice without doing its work twice.
Imports: services, domain, toolkit.
Entry: `worker.run_due_jobs`, `worker.work`, `sweep.sweep`.
"""
