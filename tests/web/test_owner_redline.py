"""What an answer changed in a passage: nothing of the new text is lost, nothing of the old invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.agreement_text import Run, RunKind
from app.domain.text_changes import ChangedPassage, ChangeKind
from app.web.owner.redline import Marks, mark, marks_by_family

WORDS = ("the", "Client", "24\u00a0hours", "[a blank]", "(a)", ",", " ", "\u00e9t\u00e9")
TEXT = st.lists(st.sampled_from(WORDS)).map(" ".join)


def pieces(old: str, runs: tuple[Run, ...]) -> list[tuple[str, str]]:
    new = "".join(run.text for run in runs)
    return [(piece.kind, piece.text) for piece in mark(runs, Marks({new: old}, ()))]


@given(old=TEXT.filter(bool), parts=st.lists(TEXT, min_size=1, max_size=4))
def test_both_texts_can_be_read_back(old: str, parts: list[str]):
    runs = tuple(Run(part) for part in parts)
    found = pieces(old, runs)
    assert "".join(text for kind, text in found if kind != "del") == "".join(parts)
    assert "".join(text for kind, text in found if kind != "ins") == old


def test_a_changed_number_is_marked_with_its_unit():
    runs = (Run("within "), Run("48\u00a0hours", RunKind.ANSWER, "x.y"), Run(" of it."))
    assert pieces("within 24\u00a0hours of it.", runs) == [
        ("same", "within "),
        ("del", "24\u00a0hours"),
        ("ins", "48\u00a0hours"),
        ("same", " of it."),
    ]


def test_neighbouring_words_are_one_change():
    assert pieces("on [Starts on] or later", (Run("on 1\u00a0March 2027 or later"),)) == [
        ("same", "on "),
        ("del", "[Starts on]"),
        ("ins", "1\u00a0March 2027"),
        ("same", " or later"),
    ]


def test_a_passage_that_did_not_change_is_left_alone():
    runs = (Run("as it was"),)
    assert [piece.kind for piece in mark(runs, Marks({"something else": ""}, ()))] == ["same"]


def test_old_and_new_passages_of_a_family_are_paired():
    def change(kind: ChangeKind, text: str) -> ChangedPassage:
        return ChangedPassage("fees", "clause 3", kind, text)

    marks = marks_by_family(
        [
            change(ChangeKind.REMOVED, "The fee is 10 pounds a day."),
            change(ChangeKind.REMOVED, "Nobody else pays."),
            change(ChangeKind.ADDED, "The fee is 12 pounds a day."),
            change(ChangeKind.ADDED, "Travel costs are not refunded to anybody."),
        ]
    )["fees"]
    assert marks.added["The fee is 12 pounds a day."] == "The fee is 10 pounds a day."
    assert marks.added["Travel costs are not refunded to anybody."] == ""
    assert marks.removed == ("Nobody else pays.",)
