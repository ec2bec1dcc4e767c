"""What the law asks of the texts: processor terms, the US notice, free reports, who tells whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.clause import Answer, Block, Clause, Position, RoleUse, Words
from app.domain.contract_template import FamilySlot, Library, TemplateSection
from app.domain.lint.clause_uses import passages_of
from app.domain.plain_text import to_markdown
from app.library.loading import load_library

ROOT = Path(__file__).parents[2]
TEMPLATE = "va-nda"
FACTS: Mapping[str, Answer] = {
    "governing_law": "GB",
    "client_country": "GB",
    "assistant_country": "PH",
    "effective_date": "2027-01-04",
    "assistant_kind": "individual",
    "device_model": "assistant",
    "personal_data": True,
    "people_in": ["GB"],
    "currency": "GBP",
}

# GDPR, article 28(3): letter -> (anchor of the paragraph, what it must say).
ARTICLE_28_3: Mapping[str, tuple[tuple[str, str], ...]] = {
    "a": (("instructions", "only on the documented instructions"), ("by-law", "before the processing")),
    "b": (("confidentiality", "bound, in writing or by law, to keep it confidential"),),
    "c": (("security", "technical and organisational measures"),),
    "d": (("subprocessors", "Subprocessor"), ("flow-down", "the same duties of data protection")),
    "e": (("requests", "uses a right under Data Protection Law"),),
    "f": (("help", "the security of processing"), ("help", "a breach of personal data")),
    "g": (("end", "return or erase all of it, as the Client chooses"),),
    "h": (
        ("audits", "allow and support audits, including inspections"),
        ("unlawful", "an instruction infringes"),
    ),
}
FACTS_OF_PROCESSING = (
    "Subject matter and nature", "Purpose", "Duration", "Types of", "Individuals concerned",
)  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


def text_of(library: Library, *ids: str, **facts: Answer) -> str:
    """An agreement of these clauses alone, as the reader sees it."""
    slots = tuple(FamilySlot(id_.split(".")[0], Position(id_.split(".")[1])) for id_ in ids)
    template = replace(library.contract_templates[TEMPLATE], sections=(TemplateSection("", slots),))
    return to_markdown(assemble(library, template, Answers({**FACTS, **facts}, {}, {}, {})))


def words_of(block: Block) -> str:
    pieces = []
    for part in (block, *block.children):
        for inline in part.inlines:
            text = inline.text if isinstance(inline, Words) else str(getattr(inline, "role", ""))
            pieces.append(text or str(getattr(inline, "form", getattr(inline, "term", ""))))
        pieces.append(" ")
    return "".join(pieces)


# --- GDPR, article 28(3) ---------------------------------------------------------------


@pytest.mark.parametrize("position", ["strict", "standard"])
@pytest.mark.parametrize("letter", ARTICLE_28_3)
def test_each_letter_of_article_28_has_its_paragraph(library: Library, position: str, letter: str) -> None:
    clause = library.clauses[f"data-processing.{position}"]
    blocks = {block.anchor: block for block in clause.blocks}
    for anchor, phrase in ARTICLE_28_3[letter]:
        assert anchor in blocks, (letter, anchor)
        assert not blocks[anchor].guards, (letter, anchor)
        assert phrase in words_of(blocks[anchor]), (letter, anchor)


@pytest.mark.parametrize("position", ["strict", "standard"])
def test_the_assembled_text_has_every_letter_of_article_28(library: Library, position: str) -> None:
    needed = ("parties.standard", "definitions.standard", "confidential-information.standard")
    text = text_of(library, *needed, f"data-processing.{position}", "protected-disclosures.standard")
    for letter, places in ARTICLE_28_3.items():
        for _, phrase in places:
            assert phrase in text, letter
    for fact in FACTS_OF_PROCESSING:
        assert f"| {fact}" in text, fact


# --- the United States: 18 U.S.C. 1833(b) ----------------------------------------------

NOTICE = (
    "under any federal or state trade secret law",
    "solely for the purpose of reporting or investigating a suspected violation of law",
    "if the filing is made under seal",
    "an individual who files a lawsuit for retaliation",
    "a contractor or consultant",
)


@pytest.mark.parametrize(
    "facts",
    [
        {"client_country": "US"},
        {"assistant_country": "US"},
        {"governing_law": "US-NY"},
        {"governing_law": "US-CA", "client_country": "US", "assistant_country": "IN"},
    ],
)
def test_the_us_notice_is_there_whenever_the_us_is_among_the_countries(
    library: Library, facts: dict[str, Answer]
) -> None:
    text = text_of(library, "parties.standard", "protected-disclosures.standard", **facts)
    assert [phrase for phrase in NOTICE if phrase not in text] == []


def test_the_us_notice_is_left_out_elsewhere_and_kept_while_a_country_is_open(library: Library) -> None:
    ids = ("parties.standard", "protected-disclosures.standard")
    assert "1833" not in text_of(library, *ids)
    assert "1833" in text_of(library, *ids, assistant_country="")


# --- reports to authorities are free ---------------------------------------------------


def test_protected_disclosures_are_mandatory_in_every_template_and_hang_on_nothing(library: Library) -> None:
    (clause,) = library.positions_of("protected-disclosures")
    assert clause.mandatory
    assert not clause.requires
    free = [block for block in clause.blocks if not block.guards]
    texts = [words_of(block) for block in free]
    assert "Nothing in this agreement" in texts[0]
    assert "reporting a suspected crime" in texts[0]
    assert any("prevails over every other part" in text for text in texts)
    assert all(guard.condition == "us" for block in clause.blocks for guard in block.guards)
    assert not any(item.guards for item in free[0].children)
    for template in library.contract_templates.values():
        (slot,) = (slot for slot in template.slots() if slot.family == clause.family)
        assert not slot.optional, template.id


# "must not tell", "must not disclose": each clause that silences also opens the way for reports.
_SILENCE = re.compile(r"must (?:not|let nobody)[^.]*\b(?:tell|report|contact|speak|authorit)", re.IGNORECASE)


def test_no_clause_silences_without_leaving_reports_free(library: Library) -> None:
    barred, seen = [], set()
    for clause in library.clauses.values():
        for passage in passages_of(clause):
            text = "".join(inline.text for inline in passage.inlines if isinstance(inline, Words))
            named = {getattr(inline, "family", "") for inline in passage.inlines}
            if not (_SILENCE.search(text) and "authorit" in text):
                continue
            seen.add(clause.id)
            if "protected-disclosures" not in named | set(clause.requires):
                barred.append(f"{clause.id}: {text}")
    assert {"incident-notice.strict", "incident-notice.standard"} <= seen
    assert barred == []


@pytest.mark.parametrize("position", ["strict", "standard", "fallback"])
def test_silence_after_an_incident_gives_way_to_law_and_protected_reports(
    library: Library, position: str
) -> None:
    (silence,) = (
        block for block in library.clauses[f"incident-notice.{position}"].blocks if block.anchor == "silence"
    )
    assert not silence.guards
    assert "except where a law requires it or" in words_of(silence)
    assert any(getattr(inline, "family", "") == "protected-disclosures" for inline in silence.inlines)


# --- an incident: the Assistant tells the Client, the Client tells the individuals ------


@pytest.mark.parametrize("notice", ["strict", "standard", "fallback"])
@pytest.mark.parametrize("telling", ["strict", "standard", "fallback"])
def test_the_assistant_tells_the_client_and_the_client_tells_the_individuals(
    library: Library, notice: str, telling: str
) -> None:
    text = text_of(library, f"incident-notice.{notice}", f"affected-persons.{telling}")
    assert "The Assistant must report each Incident to the Client" in text
    assert "The Assistant must not tell affected individuals" in text
    assert re.search(r"[Tt]he Client (?:must tell|decides whether, when and how)", text)
    assert not re.search(r"The Assistant must tell (?:the |affected )individuals", text)
    duty_of_notice = "The Client decides who tells affected individuals"
    assert duty_of_notice not in text
    alone = text_of(library, f"incident-notice.{notice}")
    assert (duty_of_notice in alone) == (notice != "fallback")


# --- agreed compensation is never called a penalty --------------------------------------

_PENALTY = re.compile(r"\b(?:penal\w*|forfeit\w*|liquidated|in terrorem)\b", re.IGNORECASE)


def printed_words(clause: Clause) -> str:
    body = "".join(
        inline.text if isinstance(inline, Words) else str(inline.role) if isinstance(inline, RoleUse) else " "
        for passage in passages_of(clause)
        for inline in passage.inlines
    )
    summary = " ".join(
        inline.text for line in clause.summary for inline in line.inlines if isinstance(inline, Words)
    )
    asked = " ".join(
        " ".join(
            (parameter.label, parameter.ask, parameter.help, *(each.printed for each in parameter.options))
        )
        for parameter in clause.parameters.values()
    )
    return " ".join((clause.title, body, summary, asked))


def test_no_text_question_or_summary_speaks_of_a_penalty(library: Library) -> None:
    texts = {clause.id: printed_words(clause) for clause in library.clauses.values()}
    assert {id_: _PENALTY.findall(text) for id_, text in texts.items() if _PENALTY.search(text)} == {}
    for id_ in ("agreed-compensation.strict", "agreed-compensation.standard"):
        assert "compensation" in texts[id_].lower()
