"""By which second way signers are identified: codes to a second mailbox, access codes told by phone."""

from __future__ import annotations

import re

import pytest
from cryptography import x509

from app.domain.actor import Actor, Part
from app.domain.errors import InvalidInput, WrongState
from app.domain.identity_channel import ACCESS_CODE_TRIES, Channel, ChannelChoice, is_same_mailbox
from app.jobs.worker import run_due_jobs
from app.services import identity_channels
from tests.services.sent_agreement import make_model
from tests.web.conftest import OWNER as OWNER_ACCOUNT
from tests.web.office import overridden_draft, remember_papers
from tests.web.signer_site import (
    CODE,
    SECRETS_OF_THE_AGREEMENT,
    at_final,
    open_site,
    start,
)

OWNER = Actor(Part.OWNER, "owner", "Nora Whitlow", "nora@larkfield.example")
OWNER_EMAIL = OWNER_ACCOUNT[1]
BY_PHONE = ChannelChoice(Channel.ACCESS_CODE)
SHOWN = re.compile(r'id="access-code">(\d{3} \d{3} \d{3})<')


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    with open_site(model, tmp_path) as opened:
        yield opened


def choose(room, choice: ChannelChoice) -> str:
    """The VA's id, once the choice is stored."""
    signer = room.envelope().signers[0]
    identity_channels.change_channel(room.kit, OWNER, room.envelope_id, signer.id, choice)
    return signer.id


def by_phone(room) -> str:
    return identity_channels.make_access_code(room.kit, OWNER, room.envelope_id, choose(room, BY_PHONE))


def other_code(code: str) -> str:
    return "000 000 000" if code != "000 000 000" else "111 111 111"


def code_mails(room) -> list[bytes]:
    run_due_jobs(room.kit)
    mails = [path.read_bytes() for path in room.outbox.glob("*.eml")]
    return [mail for mail in mails if b"Your code for signing" in mail]


def test_an_access_code_opens_the_agreement_and_no_mail_brings_it(room):
    link, code, browser = room.link(), by_phone(room), room.browser()
    assert "access code that Nora Whitlow tells you by phone" in browser.get(link).text
    start(browser, link)
    page = browser.get("/sign/code").text
    assert "code of nine digits by phone" in page
    assert "Send a new code" not in page
    assert code not in page
    assert not [secret for secret in SECRETS_OF_THE_AGREEMENT if secret in page]
    assert browser.post("/sign/code", code=code).headers["Location"] == "/sign/consent"
    assert code_mails(room) == []
    checks = room.envelope().signers[0].identity_checks
    assert checks[:2] == ("link by e-mail", "access code told by the sender by phone")


def test_an_access_code_lies_nowhere_in_the_database(room, tmp_path):
    digits = by_phone(room).replace(" ", "")
    files = [path.read_bytes() for path in tmp_path.glob("copy.sqlite*")]
    assert files
    assert not [True for data in files if digits.encode() in data]
    with room.kit.unit_of_work(read_only=True) as unit:
        held = unit.identity_channels.get(room.envelope_id, room.envelope().signers[0].id)
    assert held.accepts(digits)
    assert not held.accepts(other_code(digits).replace(" ", ""))


def test_five_wrong_access_codes_end_it_on_every_device_and_the_owner_hears_of_it(room):
    room.make(Part.OWNER)
    link, code = room.link(), by_phone(room)
    devices = [room.browser(), room.browser()]
    for device in devices:
        start(device, link)
    for number in range(ACCESS_CODE_TRIES):
        page = devices[number % 2].post("/sign/code", code=other_code(code))
        assert page.status_code == 422
    assert "can no longer be used" in page.text
    for device in devices:
        assert device.post("/sign/code", code=code).status_code == 422, "the right one comes too late"
    assert "no longer works" in room.newest_mail("nora@larkfield.example", "access code of Liza Santos")
    assert room.events().count("signer.identification_failed") == ACCESS_CODE_TRIES + 2
    fresh = identity_channels.make_access_code(
        room.kit, OWNER, room.envelope_id, room.envelope().signers[0].id
    )
    assert devices[0].post("/sign/code", code=code).status_code == 422, "the one before is over"
    assert devices[0].post("/sign/code", code=fresh).headers["Location"] == "/sign/consent"


def test_before_an_access_code_is_made_nothing_opens(room):
    link, browser = room.link(), room.browser()
    choose(room, BY_PHONE)
    start(browser, link)
    for guess in ("000000000", "1"):
        page = browser.post("/sign/code", code=guess)
        assert page.status_code == 422
        assert "There is no access code yet" in page.text


def test_a_code_that_was_mailed_before_the_choice_no_longer_helps(room):
    link, browser = room.link(), room.browser()
    start(browser, link)
    mailed = room.code()
    choose(room, ChannelChoice(Channel.SECOND_EMAIL, "liza@work.example"))
    assert browser.post("/sign/code", code=mailed).status_code == 422
    choose(room, BY_PHONE)
    assert browser.post("/sign/code", code=mailed).status_code == 422


def second_mail_code(room, address: str) -> str:
    found = CODE.search(room.newest_mail(address, "code"))
    return found[1] + found[2]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("liza@work.example", "one-time code to a second e-mail address"),
        ("Liza+sign@santos.example", "one-time code to a second e-mail address, same channel as the link"),
    ],
)
def test_a_second_mailbox_gets_the_code_and_the_same_one_is_called_the_same(room, address, said):
    link, browser = room.link(), room.browser()
    choose(room, ChannelChoice(Channel.SECOND_EMAIL, address))
    start(browser, link)
    page = browser.get("/sign/code").text
    assert f"***@{address.partition('@')[2]}" in page
    assert address not in page
    assert browser.post("/sign/code", code=second_mail_code(room, address)).status_code == 302
    assert room.envelope().signers[0].identity_checks[1] == said


def test_the_usual_way_is_recorded_as_the_same_channel_and_stands_in_the_certificate(room):
    browser = at_final(room)
    browser.post("/sign/on-server", page="/sign/final")
    signer = room.envelope().signers[0]
    assert signer.identity_checks[1] == "one-time code by e-mail, same channel as the link"
    certificate = x509.load_der_x509_certificate(room.kit.files.get(signer.credential.certificate_digest))
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    notices = [notice.explicit_text for notice in policies[0].policy_qualifiers]
    assert any("same channel as the link" in notice for notice in notices), notices


@pytest.mark.parametrize("address", ["", "nobody", "nora+x@larkfield.example", "TOM@larkfield.example"])
def test_an_address_that_is_none_or_of_somebody_else_is_refused(room, address):
    room.make(Part.OWNER)
    others = {signer.email for signer in room.envelope().signers[1:]}
    if address.startswith("TOM"):
        address = next(iter(others)).upper()
    with pytest.raises(InvalidInput):
        choose(room, ChannelChoice(Channel.SECOND_EMAIL, address))
    assert "signer.channel_chosen" not in room.events()


def test_whoever_passed_one_way_keeps_it(room):
    at_final(room)
    with pytest.raises(WrongState):
        choose(room, BY_PHONE)


def test_one_mailbox_under_two_names():
    assert is_same_mailbox("liza@santos.example", " Liza+a@SANTOS.example ")
    assert not is_same_mailbox("liza@santos.example", "liza@work.example")
    assert not is_same_mailbox("liza@santos.example", "lisa@santos.example")


def test_the_owner_chooses_and_sees_the_access_code_once(room):
    room.make(Part.OWNER)
    browser = room.browser()
    browser.sign_in()
    envelope = room.envelope()
    signer = envelope.signers[0]
    page = f"/agreements/{envelope.agreement_id}/identity"
    fields = {f"identity.{signer.id}.channel": "access_code"}
    shown = browser.post(f"{page}/{signer.id}", page=page, **fields)
    code = SHOWN.search(shown.text)[1]
    assert shown.headers["Cache-Control"] == "no-store"
    assert SHOWN.search(browser.get(page).text) is None, "not a second time"
    again = SHOWN.search(browser.post(f"{page}/{signer.id}/access-code", page=page).text)[1]
    assert again != code
    link, device = room.link(), room.browser()
    start(device, link)
    assert device.post("/sign/code", code=again).headers["Location"] == "/sign/consent"
    assert "it can no longer be changed" in browser.get(page).text
    assert browser.post(f"{page}/{signer.id}", page=page, **fields).status_code == 409
    told = browser.get(f"/agreements/{envelope.agreement_id}").text
    assert "chose how Liza Santos is identified: an access code told by phone" in told
    assert "made an access code for Liza Santos" in told


def test_a_bad_second_address_is_said_at_its_field(room):
    room.make(Part.OWNER)
    browser = room.browser()
    browser.sign_in()
    signer = room.envelope().signers[0]
    page = f"/agreements/{room.envelope().agreement_id}/identity"
    fields = {f"identity.{signer.id}.channel": "second_email", f"identity.{signer.id}.address": "no@pe@x"}
    answer = browser.post(f"{page}/{signer.id}", page=page, **fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="no@pe@x"' in answer.text
    refused = browser.post(f"{page}/{signer.id}", page=page, **{f"identity.{signer.id}.channel": "sms"})
    assert refused.status_code == 400


def test_the_sending_page_takes_the_choice_and_shows_the_code_once(make_site, monkeypatch):
    remember_papers(monkeypatch)
    site = make_site()
    owner = site.make(Part.OWNER)
    browser = site.browser()
    browser.sign_in()
    page = f"/agreements/{overridden_draft(site, owner).id}/send"
    bad = {"identity.assistant.channel": "second_email", "identity.assistant.address": OWNER_EMAIL}
    refused = browser.post(page, **bad)
    assert refused.status_code == 422
    assert "belongs to somebody else here" in refused.text
    assert f'value="{OWNER_EMAIL}"' in refused.text
    by_phone = {f"identity.{role}.channel": "access_code" for role in ("assistant", "client")}
    sent = browser.post(page, **by_phone)
    assert sent.status_code == 200
    assert len(SHOWN.findall(sent.text)) == 1, "the owner signs with the account"
    assert site.events().count("signer.channel_chosen") == 1
    site.run_jobs()
    mails = [path.read_text(encoding="utf-8") for path in site.outbox.glob("*.eml")]
    assert any("tells you by phone" in mail.replace("=\n", "") for mail in mails)
    assert not [True for mail in mails if SHOWN.search(sent.text)[1] in mail]


def test_staff_and_strangers_do_not_reach_the_access_codes(room):
    room.make(Part.OWNER)
    room.make(Part.STAFF)
    staff, stranger = room.browser(), room.browser()
    staff.sign_in("tom@larkfield.example")
    page = f"/agreements/{room.envelope().agreement_id}/identity"
    assert staff.get(page).status_code == 404
    assert stranger.get(page).status_code == 302
