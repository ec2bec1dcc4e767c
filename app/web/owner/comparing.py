"""Two texts beside each other: an agreement as it was sent and as it is now, or two agreements."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.services import comparing
from app.services.comparing import TextVersion
from app.web import access
from app.web.kit import kit
from app.web.owner.page import render

blueprint = Blueprint("owner_comparing", __name__)

LONGEST = 80  # characters of a key or a number


@blueprint.get("/agreements/<agreement_id>/compare")
@access.workspace(*access.OFFICE)
def show(agreement_id: str) -> ResponseReturnValue:
    """What differs between `before` and `after`; without them, this agreement's last two texts."""
    mine = comparing.list_versions(kit(), agreement_id)
    others = comparing.offer_others(kit(), agreement_id)
    number = request.args.get("number", "").strip()[:LONGEST]
    fault = ""
    before, after = _asked("before"), _asked("after") or mine[-1].key
    if number:
        try:
            before = comparing.find_version(kit(), number)
        except NotFound as error:
            fault = f"{error.message} {error.remedy}"
    elif not before and len(mine) > 1:
        before = mine[-2].key
    comparison = comparing.compare_versions(kit(), before, after) if before and not fault else None
    page = render(
        "compare.html",
        agreement_id=agreement_id,
        mine=mine,
        others=_with_chosen(others, comparison, mine),
        before=before,
        after=after,
        number=number,
        fault=fault,
        comparison=comparison,
    )
    return (page, 422) if fault else page


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST]


def _with_chosen(
    others: tuple[TextVersion, ...],
    comparison: comparing.Comparison | None,
    mine: tuple[TextVersion, ...],
) -> tuple[TextVersion, ...]:
    """The offered texts, and those compared now wherever they came from, so that the form shows them."""
    if comparison is None:
        return others
    known = {one.key for one in (*others, *mine)}
    chosen = {one.key: one for one in (comparison.before, comparison.after)}
    return (*others, *(one for key, one in chosen.items() if key not in known))
