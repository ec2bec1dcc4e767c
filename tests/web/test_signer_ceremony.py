"""Reading, signing, ways out and coming back, by plain requests; what is damaged is refused."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image, ImageDraw

from app.domain.actor import Actor, Part
from app.domain.workflow import EnvelopeStatus
from app.services import changes, identity
from tests.services.sent_agreement import Device, make_model
from tests.web.conftest import Browser
from tests.web.signer_site import SEATED_PAGES, at_final, give_consent, open_site, seated, start


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    with open_site(model, tmp_path) as opened:
        yield opened


def test_reading_shows_every_clause_its_summary_and_the_places(room):
    browser = seated(room)
    give_consent(browser)
    page = browser.get("/sign/read").text
    asked = room.envelope().signers[0].asked_initials
    assert page.count('<button class="place"') == len(asked)
    assert page.count("A help for reading. The clause is what you sign.") >= 20
    assert "Mabolo" in page
    picture = browser.get("/sign/pages/1.webp")
    assert Image.open(io.BytesIO(picture.data)).size == (993, 1404)
    assert browser.get("/sign/pages/99.webp").status_code == 404
    assert browser.get("/sign/pages/0.webp").status_code == 404
    stored = room.kit.files.get(room.envelope().original_digest)
    assert browser.get("/sign/file").data == stored


def test_reading_writes_nothing(room):
    browser = at_final(room)
    before = room.leaves(), room.envelope()
    for path in SEATED_PAGES:
        assert browser.get(path).status_code in (200, 302, 404)
    assert (room.leaves(), room.envelope()) == before


def test_signing_without_a_script_and_twice(room):
    browser = at_final(room)
    token = browser.token_of("/sign/final")
    for _ in range(2):
        answer = browser.client.post("/sign/on-server", data={"csrf_token": token})
        assert answer.headers["Location"] == "/sign/done"
    assert room.events().count("signature.applied") == 1
    done = browser.get("/sign/done").text
    assert "You have signed" in done
    assert "the server made it for this signature and destroyed it" in done


def test_who_signed_comes_back_for_a_copy(room):
    browser = at_final(room)
    browser.post("/sign/on-server", page="/sign/final")
    checks = room.envelope().signers[0].identity_checks
    again = room.browser()
    link = room.link()
    assert "You have signed" in again.get(link).text
    start(again, link)
    assert again.post("/sign/code", code=room.code()).headers["Location"] == "/sign/done"
    copy = again.post("/sign/copy/agreement", page="/sign/done")
    assert copy.data == room.kit.files.get(room.envelope().current_digest)
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in copy.headers["Content-Security-Policy"]
    assert again.post("/sign/copy/certificate-of-completion", page="/sign/done").status_code == 404
    assert again.post("/sign/copy/passwd", page="/sign/done").status_code == 404
    assert room.envelope().signers[0].identity_checks == checks
    assert "agreement.downloaded" in room.events()


def json_post(browser: Browser, path: str, body, page="/sign/final"):
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(page).text)[1]
    return browser.client.post(path, json=body, headers={"X-CSRFToken": token, "Accept": "application/json"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sign/credential", {"public_key": "AAAA", "proof": "AAAA"}),
        ("/sign/credential", {"public_key": "not base64!", "proof": "AAAA"}),
        ("/sign/credential", {"public_key": 7}),
        ("/sign/credential", ["public_key"]),
        ("/sign/credential", {"public_key": "A" * 2000, "proof": "AAAA"}),
        ("/sign/prepare", {}),
        ("/sign/finish", {"prepared_digest": "0" * 64}),
        ("/sign/finish", {"prepared_digest": None, "signature": "AAAA"}),
    ],
)
def test_a_damaged_request_of_a_script_is_refused(room, path, body):
    answer = json_post(at_final(room), path, body)
    assert answer.status_code == 422
    assert set(answer.json) == {"code", "message", "remedy", "retryable"}
    assert "credential.issued" not in room.events()


def test_a_key_without_its_proof_gets_no_credential(room):
    device = Device()
    body = {"public_key": base64.b64encode(device.public_key).decode(), "proof": "A" * 86 + "=="}
    answer = json_post(at_final(room), "/sign/credential", body)
    assert (answer.status_code, answer.json["code"]) == (422, "possession-unproved")


def test_changing_requests_need_the_token(room):
    browser = at_final(room)
    for path in ("/sign/on-server", "/sign/decline", "/sign/finish", "/sign/later", "/sign/copy/agreement"):
        assert browser.client.post(path).status_code == 400
    assert "signature.applied" not in room.events()


def png(size=(600, 200)):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line([(50, 150), (200, 40), (350, 150), (500, 40)], "black", 6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_drawn_and_uploaded_signatures_are_kept_and_shown(room):
    browser = at_final(room)
    url = "data:image/png;base64," + base64.b64encode(png()).decode()
    assert browser.post("/sign/signature", kind="drawn", drawing=url).headers["Location"] == "/sign/final"
    assert Image.open(io.BytesIO(browser.get("/sign/picture.png").data)).mode == "RGBA"
    again = browser.post("/sign/signature", kind="drawn", drawing="")
    assert again.headers["Location"] == "/sign/final", "the drawing of before is kept"
    token = browser.token_of("/sign/signature")
    upload = {"csrf_token": token, "kind": "uploaded", "picture": (io.BytesIO(png()), "../../me.png")}
    answer = browser.client.post("/sign/signature", data=upload, content_type="multipart/form-data")
    assert answer.headers["Location"] == "/sign/final"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"MZ an executable", "neither PNG nor JPEG"),
        (b"", "Choose a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3_000_000), "at most 2 MB"),
    ],
    ids=["exe", "nothing", "heavy"],
)
def test_an_upload_that_is_no_picture_is_refused_with_the_reason(room, data, said):
    browser = at_final(room)
    token = browser.token_of("/sign/signature")
    upload = {"csrf_token": token, "kind": "uploaded", "picture": (io.BytesIO(data), "signature.png")}
    answer = browser.client.post("/sign/signature", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="uploaded" checked' in answer.text, "the choice is kept"


@pytest.mark.parametrize("drawing", ["data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,@@", "x"])
def test_a_drawing_that_is_none_is_refused(room, drawing):
    answer = at_final(room).post("/sign/signature", kind="drawn", drawing=drawing)
    assert answer.status_code == 422


def test_ways_out_need_words_and_keep_what_was_written(room):
    browser = seated(room)
    assert browser.post("/sign/decline", words="  ").status_code == 422
    long = browser.post("/sign/change", family="termination", words="x" * 5000)
    assert long.status_code == 422
    assert "x" * 5000 in long.text
    assert browser.post("/sign/change", family="no-such-family", words="Please.").status_code == 422
    assert room.envelope().status is EnvelopeStatus.OUT


def test_a_seat_dies_with_its_link(room):
    browser = seated(room)
    stranger = room.browser()
    stranger.post(f"{room.link()}/not-me", words="")
    assert browser.get("/sign/consent").headers["Location"] == "/sign/lost"


def test_after_withdrawal_the_page_says_so(room):
    browser = at_final(room)
    changes.void(room.kit, Actor(Part.OWNER, "owner", "Nora Whitlow"), room.envelope_id, "A mistake.")
    assert browser.get("/sign/final").headers["Location"] == "/sign/closed"
    assert "withdrawn" in browser.get("/sign/closed").text
    assert browser.get("/sign/pages/1.webp").status_code in (200, 404)


def test_paper_is_asked_for_without_declining(room):
    browser = seated(room)
    assert "on paper" in browser.get("/sign/paper").text
    answer = browser.post("/sign/change", page="/sign/paper", family="", words="On paper, please.")
    assert answer.headers["Location"] == "/sign/paused"
    assert room.envelope().status is EnvelopeStatus.PAUSED


def test_in_person_the_owner_vouches_and_the_device_forgets_the_owner(room):
    owner = room.make(Part.OWNER)
    signer = room.envelope().signers[0]
    path = identity.start_in_person(room.kit, owner.as_actor(), room.envelope_id, signer.id).removeprefix(
        "http://localhost"
    )
    browser = room.browser()
    browser.sign_in()
    assert start(browser, path).headers["Location"] == "/sign/consent"
    assert browser.get("/").headers["Location"].startswith("/sign-in"), "nobody is signed in any more"
    assert room.envelope().signers[0].identity_checks == ("in person, vouched for by Nora Whitlow",)
    assert room.browser().get(path).status_code == 410, "it works once"
    assert "signer.in_person_started" in room.events()


def test_the_owner_signs_second_on_the_same_pages(room):
    room.make(Part.OWNER)
    at_final(room).post("/sign/on-server", page="/sign/final")
    browser = room.browser()
    browser.sign_in()
    envelope = room.envelope()
    page = f"/agreements/{envelope.agreement_id}"
    assert browser.post(f"{page}/sign", page=page).headers["Location"] == "/sign/consent"
    give_consent(browser)
    assert "Ask for a change" not in browser.get("/sign/read").text
    browser.post("/sign/signature", kind="typed", style="upright")
    final = browser.get("/sign/final").text
    assert "binds you and Larkfield Bookkeeping Ltd" in final
    assert browser.post("/sign/on-server", page="/sign/final").headers["Location"] == "/sign/done"
    assert room.envelope().status is EnvelopeStatus.COMPLETED
    browser.client.delete_cookie("session")
    assert browser.get("/sign/done").headers["Location"] == "/sign/lost"
