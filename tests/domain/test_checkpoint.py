"""Checkpoints are written in the signed-note form and read back; anything else is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checkpoint import checkpoint_body, key_id, read_note, write_note
from app.domain.errors import InvalidInput

PUBLIC_KEY = bytes(range(32))
ROOT = bytes(range(32, 64))


def test_a_note_comes_back_as_it_was_written():
    body = checkpoint_body("example.org/log", 12, ROOT)
    note = read_note(write_note(body, "example.org/log", PUBLIC_KEY, b"s" * 64))
    assert (note.body, note.size, note.root) == (body, 12, ROOT)
    assert (note.key_name, note.key_id) == ("example.org/log", key_id("example.org/log", PUBLIC_KEY))
    assert note.signature == b"s" * 64


def test_the_form_is_the_one_of_the_specification():
    lines = write_note(checkpoint_body("o", 1, ROOT), "k", PUBLIC_KEY, b"s" * 64).split("\n")
    assert lines[:4] == ["o", "1", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("\u2014 k ")
    assert lines[5:] == [""]


@pytest.mark.parametrize(
    "note", ["", "a\n1\nAAAA\n\n\u2014 k AAAA\n", "a\n-1\n\n\n", "a\nx\ny\n\n\u2014 k z\n"]
)
def test_other_texts_are_refused(note):
    with pytest.raises(InvalidInput):
        read_note(note)


@given(st.text())
def test_arbitrary_text_is_refused(text):
    with pytest.raises(InvalidInput, match="no checkpoint"):
        read_note(text)
