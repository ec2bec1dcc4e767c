"""The timeline: what happened to an agreement and what lawyers decided about its clauses, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.review import Decision
from app.services.dossier import ClauseDecisions, Dossier, Happening
from app.web.owner import event_wording

DECISIONS = {
    Decision.APPROVED: ("law", "glasses", "signed off"),
    Decision.APPROVED_WITH_CONDITIONS: ("law", "glasses", "signed off with conditions"),
    Decision.REFUSED: ("stop", "glasses", "refused"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline. name: of its audit event. own_words: what a person wrote with it."""

    at: datetime
    name: str
    kind: str
    icon: str
    sentence: str
    own_words: tuple[str, ...]


def tell_story(dossier: Dossier, *, everything: bool) -> tuple[list[Told], int]:
    """The lines shown, and how many quiet ones there are (shown only with `everything`)."""
    told = [_tell(one, dossier) for one in dossier.happenings]
    quiet = sum(one.name in event_wording.QUIET for one in told)
    told += [_tell_decisions(one) for one in dossier.decisions]
    told.sort(key=lambda one: one.at, reverse=True)
    return [one for one in told if everything or one.name not in event_wording.QUIET], quiet


def _tell(happening: Happening, dossier: Dossier) -> Told:
    leaf = happening.leaf
    whom = dossier.signers.get(leaf.subject, "")
    kind, icon, sentence = event_wording.tell_event(leaf.name, leaf.details, happening.who, whom)
    words = tuple(happening.personal[name] for name in event_wording.WORDS if name in happening.personal)
    return Told(happening.at, leaf.name, kind, icon, sentence, words)


def _tell_decisions(one: ClauseDecisions) -> Told:
    kind, icon, did = DECISIONS[one.decision]
    count = len(one.clause_ids)
    which = one.clause_ids[0] if count == 1 else f"{count} clauses"
    sample = " This is a SAMPLE: no lawyer has read them." if one.sample else ""
    name = "clause.refused" if one.decision is Decision.REFUSED else "clause.signed_off"
    return Told(one.at, name, kind, icon, f"{one.who} {did} {which} of this text.{sample}", one.words)
