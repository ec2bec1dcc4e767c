"""Texts assembled lately, kept in memory: the same draft is looked at again after every answer."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.contract_template import Library
from app.domain.coverage import Coverage
from app.domain.finding import Finding

CAPACITY = 48  # texts; the larger contract template takes about half a megabyte


@dataclass(frozen=True, slots=True)
class AssessedText:
    """A text with what follows from it alone. `digest` is that of the text, made once."""

    text: AgreementText
    findings: tuple[Finding, ...]
    coverage: Coverage
    digest: str

    @property
    def clause_versions(self) -> dict[str, str]:
        """Clause id -> digest of every clause in the text."""
        return {clause.clause_id: clause.digest for clause in self.text.clauses()}


class RecentTexts:
    """The last texts by library, contract template, number and answers. Safe between threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[tuple[str, str, str], AssessedText] = OrderedDict()
        self._library: Library | None = None
        self._lock = Lock()

    def find_or_make(
        self,
        library: Library,
        template_id: str,
        answers: Answers,
        number: str,
        make: Callable[[], AssessedText],
    ) -> AssessedText:
        """The text that these arguments give, from memory or by `make`."""
        key = (template_id, number, json.dumps(answers.to_json(), sort_keys=True))
        with self._lock:
            if self._library is not library:
                # Another state of the clause files: nothing that was made of the old one holds.
                self._kept.clear()
                self._library = library
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if self._library is library:
                self._kept[key] = made
                while len(self._kept) > self._capacity:
                    self._kept.popitem(last=False)
        return made
