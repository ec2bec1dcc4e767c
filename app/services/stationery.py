"""On what an agreement is printed: the page (the client's country's, or the chosen one) and the logo."""

from __future__ import annotations

from dataclasses import replace

from app.domain.answers import Answers
from app.rendering.stationery import Stationery, choose_page_size
from app.services.logo import logo_of
from app.toolkit import UnitOfWork

PAGE_SIZE = "page_size"  # the setting: "a4", "letter" or ""


def stationery_of(unit: UnitOfWork, answers: Answers) -> Stationery:
    """The page for an agreement of this installation, with its logo."""
    return replace(stationery_for(answers, unit.settings.get(PAGE_SIZE)), logo=logo_of(unit))


def stationery_for(answers: Answers, wanted: str = "") -> Stationery:
    """The page for these answers. wanted: "a4" or "letter"; "": as in the client's country."""
    return Stationery(choose_page_size(str(answers.facts.get("client_country", "")), wanted))
