"""The clauses of drafts in the list: what a draft would print today, also after the library changed."""

from __future__ import annotations

from dataclasses import replace

from app.services.assessment import assess_text
from app.toolkit import Toolkit

AT_ONCE = 25  # assembled before they are stored; a crash loses no more than these


def renew_clauses(kit: Toolkit) -> int:
    """Assemble what is not sent yet and lists other clauses than the library has; how many there were.

    Saving a draft stores its clauses; this is for drafts that were stored before the library changed.
    """
    library = kit.library.library()
    digests = [clause.digest for clause in library.clauses.values()]
    renewed: set[str] = set()
    while True:
        with kit.unit_of_work(read_only=True) as unit:
            found = unit.listing.outdated(digests, AT_ONCE + len(renewed))
            drafts = unit.agreements.of_ids([one for one in found if one not in renewed])
        if not drafts:
            return len(renewed)
        # Assembled while no transaction is open; a save in between stores the clauses itself.
        texts = [
            replace(one, clause_versions=assess_text(
                library, one.contract_template, one.answers, number=one.number
            ).clause_versions)
            for one in drafts
            if one.contract_template in library.contract_templates
        ]  # fmt: skip
        with kit.unit_of_work() as unit:
            for one in texts:
                unit.agreements.save_clauses(one)
        renewed.update(one.id for one in drafts)
