"""The page of an agreement: that of the client's country, unless the owner chose one."""

from __future__ import annotations

import io

import docx
import pikepdf
import pytest

from app.domain.errors import InvalidInput
from app.services.downloads import Kind, fetch
from app.services.settings import change_business, read_business
from tests.web.office import complete_draft


def width_of_pdf(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return round(float(document.pages[0].mediabox[2]))


def test_draft_and_word_file_follow_the_setting_then_the_country(site, owner):
    draft = complete_draft(site, owner, "mutual-nda")
    actor = owner.as_actor()
    for wanted, points, millimetres in (("letter", 612, 215.9), ("", 595, 210)):
        change_business(site.kit, actor, {"page_size": wanted})
        assert read_business(site.kit).page_size == wanted
        paper = fetch(site.kit, actor, draft.id, Kind.DRAFT).data
        assert width_of_pdf(paper) == points
        word = docx.Document(io.BytesIO(fetch(site.kit, actor, draft.id, Kind.WORD).data))
        assert word.sections[0].page_width.mm == pytest.approx(millimetres, abs=0.1)
        assert word.sections[0].header.paragraphs[0].text.startswith("DRAFT")


def test_there_is_no_third_page_size(site, owner):
    with pytest.raises(InvalidInput) as refused:
        change_business(site.kit, owner.as_actor(), {"page_size": "a5"})
    assert refused.value.code == "page-size"
