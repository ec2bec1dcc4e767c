"""Comparing: two texts of agreements word by word, whether frozen in an envelope or drafted now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.agreement import Agreement
from app.domain.agreement_text import AgreementText
from app.domain.envelope import Envelope
from app.domain.errors import NotFound
from app.domain.listing import BEFORE_SENDING, counterparty_of, fold
from app.domain.listing_query import ListedWith, ListQuery, Reader, SortBy, Word
from app.domain.redline import WordCount
from app.domain.text_comparison import ComparedPart, PartChange, compare_texts
from app.domain.workflow import EnvelopeStatus
from app.services.assessment import assess_text, find_template
from app.services.signer_view import read_frozen_text
from app.toolkit import Toolkit, UnitOfWork

PRESENT = "now"  # in a key: the text as it would be printed today
OFFERED = 20  # other agreements of one kind


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One text that can be compared. key: "<agreement id>.<envelope id>", or "<agreement id>.now".

    sent_at: None for a draft. ended: how the envelope ended, if it did not end with signatures.
    """

    key: str
    number: str
    title: str
    counterparty: str
    sent_at: datetime | None
    ended: EnvelopeStatus | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from `before` to `after`. parts: all, in reading order."""

    before: TextVersion
    after: TextVersion
    parts: tuple[ComparedPart, ...]

    @property
    def changed(self) -> tuple[ComparedPart, ...]:
        return tuple(part for part in self.parts if part.change is not PartChange.SAME)

    @property
    def same(self) -> tuple[ComparedPart, ...]:
        return tuple(part for part in self.parts if part.change is PartChange.SAME)

    @property
    def count(self) -> WordCount:
        counts = [part.count for part in self.parts]
        return WordCount(sum(one.inserted for one in counts), sum(one.removed for one in counts))


def list_versions(kit: Toolkit, agreement_id: str) -> tuple[TextVersion, ...]:
    """The texts of one agreement, oldest first; the draft last. Raises NotFound."""
    with kit.unit_of_work(read_only=True) as unit:
        return tuple(_versions(unit, unit.agreements.get(agreement_id)))


def offer_others(kit: Toolkit, agreement_id: str) -> tuple[TextVersion, ...]:
    """The newest texts of other agreements that one may want to compare with: of the same person, and
    of the same contract template."""
    with kit.unit_of_work(read_only=True) as unit:
        mine = unit.listing.get(agreement_id)
        assistants = [one.email for one in unit.listing.get(agreement_id).people if not one.office]
        queries = [
            ListQuery(Reader(), person=ListedWith(email, mine.counterparty, mine.country))
            for email in assistants[:1]
        ]
        queries.append(ListQuery(Reader(), contract_template=mine.contract_template))
        found: dict[str, None] = {}
        for query in queries:
            listed = unit.listing.page(query, SortBy.NEWEST, OFFERED)
            found |= dict.fromkeys(one.agreement_id for one in listed if one.agreement_id != agreement_id)
        held = {one.id: one for one in unit.agreements.of_ids(list(found))}
        return tuple(_newest(unit, held[one]) for one in found)


def find_version(kit: Toolkit, number: str) -> str:
    """The key of the newest text of the agreement with this number. Raises NotFound."""
    wanted = fold(number)
    with kit.unit_of_work(read_only=True) as unit:
        query = ListQuery(Reader(), words=tuple(Word(word) for word in wanted.split()))
        listed = unit.listing.page(query, SortBy.NEWEST, OFFERED) if wanted else ()
        found = next((one for one in listed if fold(one.number) == wanted), None)
        if found is None:
            raise NotFound(
                "agreement-number-not-found",
                f"There is no agreement with the number \u201c{number}\u201d.",
                "Enter the number as it stands in the list, like LB-2026-014.",
            )
        return _newest(unit, unit.agreements.get(found.agreement_id)).key


def compare_versions(kit: Toolkit, before: str, after: str) -> Comparison:
    """Raises NotFound for a key that names no text, StorageFailed for one that was not kept."""
    (old, old_text), (new, new_text) = (_read(kit, key) for key in (before, after))
    return Comparison(old, new, compare_texts(old_text, new_text))


def _read(kit: Toolkit, key: str) -> tuple[TextVersion, AgreementText]:
    agreement_id, _, version = key.partition(".")
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        known = next((one for one in _versions(unit, agreement) if one.key == key), None)
        if known is None:
            raise NotFound(
                "text-version-not-found", "This agreement has no such text.", "Choose both from the lists."
            )
        envelope = unit.envelopes.get(version) if version != PRESENT else None
    if envelope is not None:
        return known, read_frozen_text(kit, envelope)
    find_template(library, agreement.contract_template)
    made = assess_text(library, agreement.contract_template, agreement.answers, number=agreement.number)
    return known, made.text


def _versions(unit: UnitOfWork, agreement: Agreement) -> list[TextVersion]:
    sent: Sequence[Envelope] = unit.envelopes.of_agreement(agreement.id)
    versions = [_version(agreement, one) for one in sent]
    if agreement.status in BEFORE_SENDING or not versions:
        versions.append(_version(agreement, None))
    return versions


def _newest(unit: UnitOfWork, agreement: Agreement) -> TextVersion:
    return _versions(unit, agreement)[-1]


def _version(agreement: Agreement, envelope: Envelope | None) -> TextVersion:
    dead = (EnvelopeStatus.DECLINED, EnvelopeStatus.EXPIRED, EnvelopeStatus.VOIDED)
    return TextVersion(
        key=f"{agreement.id}.{envelope.id if envelope else PRESENT}",
        number=agreement.number,
        title=agreement.title,
        counterparty=counterparty_of(agreement),
        sent_at=envelope.created_at if envelope else None,
        ended=envelope.status if envelope and envelope.status in dead else None,
    )
