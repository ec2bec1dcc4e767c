"""The overview of agreements: what waits for whom, since when, and what is found by which words.

Purpose: `dashboard` is the bounded first page, `searching` the list of all with its filters, `rows` one
agreement in such a list, `readers` whom a list is for, `clauses_in_use` keeps the clauses of drafts
in the list as they would print today. Lists are filtered, sorted and counted by the database; only the
agreements of one page are read.
Imports: services, domain, toolkit.
Entry: `read_overview`, `read_list`, `read_row`, `renew_clauses`.
"""

from __future__ import annotations

from app.domain.listing import Standing, counterparty_of
from app.services.overview.clauses_in_use import renew_clauses
from app.services.overview.dashboard import Overview, read_overview
from app.services.overview.rows import Row, SignatureLine, count_to_settle, read_row
from app.services.overview.searching import PAGE, ListFilter, ListPage, read_list, search

__all__ = [
    "PAGE",
    "ListFilter",
    "ListPage",
    "Overview",
    "Row",
    "SignatureLine",
    "Standing",
    "count_to_settle",
    "counterparty_of",
    "read_list",
    "read_overview",
    "read_row",
    "renew_clauses",
    "search",
]
