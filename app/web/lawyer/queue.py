"""What waits for a lawyer: clause versions and agreements; and what this lawyer decided before."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.services.review_queue import read_decisions, read_queue
from app.web import access
from app.web.kit import kit
from app.web.lawyer.blueprint import blueprint
from app.web.lawyer.page import render

ROOM = "lawyer.queue"
FIRST_SHOWN = 40


@blueprint.get("/review")
@access.workspace(Part.LAWYER)
def queue() -> ResponseReturnValue:
    found = read_queue(kit())
    category = request.args.get("category", "")
    categories = dict.fromkeys(one.clause.category for one in found.clauses)
    matching = [one for one in found.clauses if category not in categories or one.clause.category == category]
    shown = matching if "all" in request.args else matching[:FIRST_SHOWN]
    return render(
        "queue.html",
        room=ROOM,
        queue=found,
        shown=shown,
        hidden=len(matching) - len(shown),
        categories=sorted(categories),
        category=category if category in categories else "",
    )


@blueprint.get("/review/decisions")
@access.workspace(Part.LAWYER)
def decisions() -> ResponseReturnValue:
    """What this lawyer decided on clauses, newest first."""
    return render("decisions.html", room=ROOM, decisions=read_decisions(kit(), access.actor()))
