"""Redlines: nothing is lost, nothing is made up, and small changes stay small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.redline import Mark, Redline, compare_blocks, compare_words, count_words

WORDS = st.lists(
    st.sampled_from(["the", "copy", "must", "not", "be", "kept", "24", "hours", ";", "(a)", "  "]),
    max_size=30,
)
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=40))


def sides(redline: Redline) -> tuple[str, str]:
    before = "".join(piece.text for piece in redline if piece.mark is not Mark.INSERTED)
    after = "".join(piece.text for piece in redline if piece.mark is not Mark.REMOVED)
    return before, after


@given(TEXTS, TEXTS)
def test_both_wordings_can_be_read_out_of_a_redline(before: str, after: str) -> None:
    assert sides(compare_words(before, after)) == (before, after)


@given(TEXTS)
def test_equal_texts_have_no_marks(text: str) -> None:
    assert all(piece.mark is Mark.SAME for piece in compare_words(text, text))


@given(st.lists(TEXTS.filter(bool), max_size=8), st.lists(TEXTS.filter(bool), max_size=8))
def test_every_block_of_both_sides_stands_once_in_order(before: list[str], after: list[str]) -> None:
    redlines = compare_blocks(before, after)
    assert "".join(sides(one)[0] for one in redlines) == "".join(before)
    assert "".join(sides(one)[1] for one in redlines) == "".join(after)


def test_a_changed_word_stays_one_word() -> None:
    redline = compare_words(
        "report it within 24 hours of the event", "report it within 12 hours of the event"
    )
    assert [(piece.mark, piece.text) for piece in redline] == [
        (Mark.SAME, "report it within "),
        (Mark.REMOVED, "24"),
        (Mark.INSERTED, "12"),
        (Mark.SAME, " hours of the event"),
    ]


def test_one_common_word_between_changes_does_not_speckle_the_text() -> None:
    redline = compare_words("keep every old copy in the office", "burn every new letter in the office")
    assert [piece.mark for piece in redline] == [Mark.REMOVED, Mark.INSERTED, Mark.SAME]


def test_a_new_paragraph_does_not_mark_its_neighbours() -> None:
    before = ["(a) The Assistant must keep records.", "(b) The records stay with the Client."]
    after = [before[0], "(b) Nobody may print anything at home.", "(c) The records stay with the Client."]
    redlines = compare_blocks(before, after)
    assert [[piece.mark for piece in one] for one in redlines[:2]] == [[Mark.SAME], [Mark.INSERTED]]
    assert count_words(redlines).removed == 1  # the letter of the last paragraph
    assert count_words(redlines).inserted == 8


def test_identical_blocks_in_great_number_are_compared_at_once() -> None:
    blocks = [f"paragraph {number}" for number in range(1000)]
    assert count_words(compare_blocks(blocks, blocks)).nothing
