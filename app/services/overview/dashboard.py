"""The first page of the office: bounded lists and counts, however many agreements there are."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.actor import Actor
from app.domain.listing import ENDS_SOON, FINISHED, OVERDUE_AFTER, WAITS_FOR_OTHERS, WAITS_FOR_YOU
from app.domain.listing_query import ListQuery, SortBy
from app.services.overview.readers import find_reader
from app.services.overview.rows import Row, RowReader
from app.toolkit import Toolkit

SHOWN = 10  # of each waiting list; the list of all has the rest
FINISHED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for the reader, what waits for others, what ended lately; and how many there are.

    overdue: somebody was asked, and nothing moved since OVERDUE_AFTER. ending: signing ends soon.
    """

    yours: tuple[Row, ...]
    others: tuple[Row, ...]
    finished: tuple[Row, ...]
    yours_count: int
    others_count: int
    overdue_count: int
    ending_count: int


def read_overview(kit: Toolkit, actor: Actor) -> Overview:
    """How the agreements stand for this person: what presses most comes first."""
    now = kit.clock.now()
    with kit.unit_of_work(read_only=True) as unit:
        reader = find_reader(unit, kit.library.library(), actor, now)
        rows = RowReader(kit, unit, actor, reader)
        tally = unit.listing.tally(reader)
        yours = unit.listing.first(reader, WAITS_FOR_YOU, SortBy.PRESSING, SHOWN)
        others = unit.listing.first(reader, WAITS_FOR_OTHERS, SortBy.STALLED, SHOWN)
        finished = unit.listing.first(reader, FINISHED, SortBy.CHANGED, FINISHED_SHOWN)
        return Overview(
            yours=tuple(rows.with_findings(row) for row in rows.read(yours)),
            others=rows.read(others),
            finished=rows.read(finished),
            yours_count=sum(tally.get(one, 0) for one in WAITS_FOR_YOU),
            others_count=sum(tally.get(one, 0) for one in WAITS_FOR_OTHERS),
            overdue_count=unit.listing.count(ListQuery(reader, moved_before=now - OVERDUE_AFTER)),
            ending_count=unit.listing.count(ListQuery(reader, ends_before=now + ENDS_SOON)),
        )
