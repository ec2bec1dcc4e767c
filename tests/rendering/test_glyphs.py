"""Characters that no bundled font has are named with their place; nothing prints as a box."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agreement_text import Paragraph, Run, RunKind
from app.domain.errors import RenderingFailed
from app.rendering.fonts import BundledFonts, covered_characters, font_configuration, missing_characters
from app.rendering.pdf import render_pdf
from tests.rendering import texts
from tests.rendering.papers import CREATED_AT


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Liza Santos – “Ledger”, £5 €6 ₱7 ₹8 ½ § © • …", ""),
        ("Łukasz Żółć, Đặng Thị Hồng, Ştefan, Αθήνα, Київ", ""),
        ("דוד כהן בע״מ – ليلى حداد", ""),
        ("😀 🎉 👩🏽\u200d💻 ☑ ✍", ""),
        ("中国 and 中", "中国"),
        ("bell\u0007", "\u0007"),
        ("\u202eevil\u2066", "\u202e\u2066"),
        ("private \ue000", "\ue000"),
        ("lone \ud800", "\ud800"),
        ("soft\u00adhyphen no\u00a0break narrow\u202fspace zero\u200bwidth", ""),
        ("", ""),
    ],
)
def test_missing_characters(text: str, missing: str) -> None:
    assert missing_characters(text) == missing


@given(st.text())
def test_missing_characters_come_from_the_text_once_and_in_order(text: str) -> None:
    missing = missing_characters(text)
    assert len(set(missing)) == len(missing)
    assert [text.index(char) for char in missing] == sorted(text.index(char) for char in missing)
    assert missing_characters("".join(char for char in text if char not in missing)) == ""


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"owner_name": "中"}, "the agreement's owner name"),
        ({"subtitle": "between 中 and B"}, "the agreement's subtitle"),
        ({"key_terms": (texts.KeyTerm("Client", (Run("中"),), "", ""),)}, "the Key Terms, 'Client'"),
        (
            {"signature_blocks": (texts.SignatureBlock("a", "client", "Signed by", "P", "中", ""),)},
            "the signature block 'Signed by'",
        ),
        (
            {"schedules": (texts.ScheduleText("1", "T", "s", "f", (Paragraph("", 0, (Run("中"),)),)),)},
            "Schedule 1",
        ),
    ],
)
def test_the_place_of_a_missing_letter_is_named(changes: dict[str, object], place: str) -> None:
    with pytest.raises(RenderingFailed) as caught:
        render_pdf(texts.agreement(1, **changes), created_at=CREATED_AT)
    assert caught.value.code == "glyph-missing"
    assert "U+4E2D 中" in caught.value.message
    assert caught.value.message.endswith(f"stands in {place}.")


def test_a_missing_letter_in_a_clause_is_named_by_its_number() -> None:
    bad = texts.replace(
        texts.clause(7, "T", "f"), paragraphs=(Paragraph("", 0, (Run("中", RunKind.ANSWER),)),)
    )
    sections = (texts.SectionText("", (bad,)),)
    with pytest.raises(RenderingFailed, match="stands in clause 7"):
        render_pdf(texts.agreement(1, sections=sections), created_at=CREATED_AT)


def test_letters_of_other_scripts_are_covered() -> None:
    for first, last in ((0x5D0, 0x5EA), (0x621, 0x63A), (0x410, 0x44F), (0x3B1, 0x3C9)):
        assert set(range(first, last + 1)) <= covered_characters()


def test_each_thread_has_fonts_of_its_own() -> None:
    found: list[BundledFonts] = []
    thread = threading.Thread(target=lambda: found.append(font_configuration()))
    thread.start()
    thread.join()
    assert font_configuration() is font_configuration()
    assert found[0] is not font_configuration()
