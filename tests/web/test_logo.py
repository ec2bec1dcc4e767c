"""The logo: given once by the owner, cleaned, printed on papers from then on, removed again."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.domain.actor import Part
from app.domain.answers import Answers
from app.rendering.stationery import PageSize
from app.services.settings import read_business
from app.services.stationery import stationery_of


@pytest.fixture(autouse=True)
def owner(site):
    return site.make(Part.OWNER)


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 150), (10, 80, 100)).save(out, kind)
    return out.getvalue()


def upload(visitor, data: bytes, name: str = "logo.png"):
    fields = {"csrf_token": visitor.token_of("/business"), "picture": (io.BytesIO(data), name)}
    return visitor.client.post("/business/logo", data=fields, content_type="multipart/form-data")


def stationery(site, country: str = "GB"):
    with site.kit.unit_of_work(read_only=True) as unit:
        return stationery_of(unit, Answers(facts={"client_country": country}))


def test_a_logo_is_printed_until_it_is_removed(site, visitor):
    visitor.sign_in()
    assert stationery(site).logo is None
    assert upload(visitor, picture("JPEG"), "../../me.jpg").status_code == 302
    logo = stationery(site).logo
    assert logo is not None
    assert Image.open(io.BytesIO(logo.png)).size == (600, 150)
    assert logo.alternative == read_business(site.kit).name
    assert "data:image/png;base64," in visitor.get("/business").text
    with site.kit.unit_of_work(read_only=True) as unit:
        assert [leaf.name for leaf in unit.audit.leaves()][-1] == "settings.changed"
    assert visitor.post("/business/logo/remove", page="/business").status_code == 302
    assert stationery(site).logo is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a picture first."),
        (b"GIF89a not a logo", "neither PNG nor JPEG"),
        (picture()[:200], "its end is missing"),
        (b"<svg onload='alert(1)'></svg>", "neither PNG nor JPEG"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(site, visitor, data, said):
    visitor.sign_in()
    answer = upload(visitor, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{read_business(site.kit).name}"' in answer.text, "the page is whole beside the fault"
    assert stationery(site).logo is None


def test_the_owner_may_choose_the_paper(site, visitor):
    visitor.sign_in()
    assert (stationery(site).page_size, stationery(site, "US").page_size) == (PageSize.A4, PageSize.LETTER)
    page = {
        "organisation": "Larkfield Bookkeeping Ltd",
        "address": "15 Tanner Row",
        "country": "GB",
        "sender": "Nora Whitlow",
        "number_prefix": "LB",
        "page_size": "letter",
    }
    assert visitor.post("/business", **page).status_code == 302
    assert stationery(site).page_size is PageSize.LETTER
    assert visitor.post("/business", **{**page, "page_size": "a3"}).status_code == 422


def test_only_an_owner_changes_the_logo(site, visitor):
    assert visitor.client.post("/business/logo").status_code in (302, 400, 404)
    assert stationery(site).logo is None
