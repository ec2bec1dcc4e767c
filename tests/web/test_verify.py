"""The public verify page: every kind of file gets an answer, and nothing of it is kept."""

from __future__ import annotations

import base64
import io
import logging
import re
import sqlite3
import tempfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from app.rendering.pages import count_pages
from app.signing.verification.limits import LARGEST_FILE
from app.web.verify import views
from tests.signing.paper import agreement

from .signed_files import SignedFiles, record_of, sign_files, zip_bomb

GOOD = "All signatures are valid, the file is unchanged"
CHANGED = "This file was changed after it was signed"
UNREADABLE = "We could not read this file, so we cannot vouch for it"


@pytest.fixture(scope="module")
def files(first_installation) -> SignedFiles:
    return sign_files(first_installation.toolkit)


def upload(
    visitor, content: bytes, name: str = "file.pdf", *, authority: bytes | None = None, **headers: str
):
    data: dict[str, object] = {
        "csrf_token": visitor.token_of("/verify"),
        "file": (io.BytesIO(content), name),
    }
    if authority is not None:
        data["authority"] = (io.BytesIO(authority), "root.pem")
    return visitor.client.post("/verify", data=data, headers=headers)


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(agreement())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def test_a_good_file_names_signers_times_and_the_local_clock(visitor, files):
    answer = upload(visitor, files.good, "LB-2026-014.pdf")
    assert answer.status_code == 200
    for words in (
        GOOD,
        "Maria Santos",
        "Erin Lark",
        "3 of 3 fields",
        "Level B-LTA",
        "key held by the signer",
    ):
        assert words in answer.text
    assert "which is not independent" in answer.text
    assert "Keep this file as it is" in answer.text


def test_the_answer_shows_the_pages_and_what_happened(visitor, files):
    answer = upload(visitor, files.good).text
    pictures = re.findall(r'<img src="data:image/webp;base64,([^"]+)" width="(\d+)" height="(\d+)"', answer)
    assert len(pictures) == count_pages(files.good)
    for data, width, height in pictures:
        image = Image.open(io.BytesIO(base64.b64decode(data)))
        assert image.size == (int(width), int(height))
    assert "The initials of Maria Santos on clauses credentials, take-home were filled in." in answer
    assert "initials.assistant" not in answer
    assert "somebody may have altered what you see here" in upload(visitor, files.tampered).text
    assert "data:image" not in upload(visitor, files.good[:20000]).text


def test_the_answer_says_where_each_signed_part_ends(visitor, files):
    answer = upload(visitor, files.good, "LB-14.pdf").text
    ends = [int(end) for end in re.findall(r'data-save="(\d+)"', answer)]
    assert ends[1] == len(files.half)
    assert files.good[: ends[1]] == files.half
    assert ends[-1] == len(files.good)
    assert 'data-name="LB-14 signature 2.pdf"' in answer
    assert f"head -c {ends[0]} FILE.pdf" in answer
    record = upload(visitor, record_of({"signed.pdf": files.good}), "record.zip").text
    assert "data-save" not in record
    assert "data:image/webp" in record


@pytest.mark.parametrize(
    ("name", "make", "title"),
    [
        ("tampered.pdf", lambda files: files.tampered, CHANGED),
        ("half.pdf", lambda files: files.half, "Unchanged, but not everybody has signed"),
        ("added.pdf", lambda files: files.good + b"\n% more", CHANGED),
        ("unsigned.pdf", lambda _: agreement(), "This file has no signature"),
        ("text.pdf", lambda _: b"Dear Sir or Madam", UNREADABLE),
        ("locked.pdf", lambda _: locked(), UNREADABLE),
        ("bomb.zip", lambda _: zip_bomb(), UNREADABLE),
        ("archive.zip", lambda _: record_of({}), "This record is not as it was made"),
        ("cut.pdf", lambda files: files.good[:20000], UNREADABLE),
    ],
)
def test_every_other_file_has_its_own_words(visitor, files, name, make, title):
    answer = upload(visitor, make(files), name)
    assert answer.status_code == 200
    assert title in answer.text, answer.text[answer.text.find("verdict-head") :][:300]
    assert GOOD not in answer.text
    assert ">Valid<" not in answer.text or title.startswith("Unchanged")


def test_a_record_is_judged_as_a_whole(visitor, files):
    complete = {"signed.pdf": files.good, "certificate_of_completion.pdf": files.good}
    assert GOOD in upload(visitor, record_of(complete), "record.zip").text
    wrong = upload(visitor, record_of(complete, **{"README.txt": b"gone"}), "record.zip").text
    assert "This record is not as it was made" in wrong
    assert "lacks README.txt" in wrong


def test_trust_of_a_stranger_comes_only_from_what_the_visitor_gives(visitor, files, tmp_path):
    from tests.signing.verification.signed_chain import sign_chain

    chain = sign_chain(tmp_path)
    alone = upload(visitor, chain.archived).text
    assert "Unchanged, but we cannot say who vouches for it" in alone
    trusted = upload(visitor, chain.archived, authority=chain.root).text
    assert GOOD in trusted
    assert "you trusted the certificate that you gave" in trusted
    refused = upload(visitor, chain.archived, authority=b"no certificate")
    assert refused.status_code == 422
    assert "could not be read" in refused.text


def test_scripts_get_json(visitor, files):
    answer = upload(visitor, files.good, "a.pdf", Accept="application/json")
    (report,) = answer.json
    assert (report["verdict"], report["integrity"], report["trust"]) == ("green", "intact", "trusted")
    assert report["signatures"][1]["signer"] == "Maria Santos"
    empty = upload(visitor, b"", "a.pdf", Accept="application/json")
    assert (empty.status_code, empty.json["code"]) == (422, "file-empty")


def test_nothing_chosen_and_empty_files_are_refused_with_words(visitor):
    nothing = visitor.client.post("/verify", data={"csrf_token": visitor.token_of("/verify")})
    assert nothing.status_code == 422
    assert "No file was chosen." in nothing.text
    assert upload(visitor, b"").status_code == 422


def test_files_over_fifty_megabytes_are_refused(visitor):
    little_more = upload(visitor, b"%PDF-1.7" + b"0" * LARGEST_FILE)
    assert little_more.status_code == 413
    much_more = visitor.client.post(
        "/verify",
        data={
            "csrf_token": visitor.token_of("/verify"),
            "file": (io.BytesIO(b"0" * (53 * 1024 * 1024)), "f.pdf"),
        },
    )
    assert much_more.status_code == 413
    assert "at most 50 MB" in much_more.text


def test_names_of_files_cannot_act(visitor):
    for name in (
        "<script>alert(1)</script>.pdf",
        "../../etc/passwd",
        "C:\\evil\\x.pdf",
        "a\u202egpj.fdp" + "y" * 300,
    ):
        answer = upload(visitor, b"none", name)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "etc/passwd" not in answer.text
        assert "\u202e" not in answer.text


def test_nothing_is_kept(site, visitor, files, first_installation, caplog, monkeypatch, tmp_path):
    """Not in the file store, the database, the log, or the temporary folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    visitor.get("/verify")
    store = first_installation.configuration.files
    before = (_listing(store), _rows(site))
    caplog.set_level(logging.DEBUG)
    big = files.good + b"%" * 900_000  # more than is held in memory while it arrives
    assert upload(visitor, big, "secret-name.pdf").status_code == 200
    assert upload(visitor, files.good, "secret-name.pdf").status_code == 200
    assert (_listing(store), _rows(site)) == before
    assert _listing(scratch) == []
    assert "secret-name" not in caplog.text
    assert "Maria Santos" not in caplog.text


def _listing(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def _rows(site) -> list[str]:
    """Everything in the database but the sessions."""
    path = site.kit.unit_of_work.__self__._url.database
    with sqlite3.connect(path) as connection:
        return [line for line in connection.iterdump() if '"sessions"' not in line]


def test_too_many_at_once_are_asked_to_wait(visitor, files, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE", 0.05)
    taken = [views._PLACES.acquire(timeout=1) for _ in range(views.AT_ONCE)]
    assert all(taken)
    try:
        busy = upload(visitor, files.good)
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, views.RETRY_AFTER)
        assert "Try again in a moment." in busy.text
    finally:
        for _ in taken:
            views._PLACES.release()
    assert GOOD in upload(visitor, files.good).text


def test_many_uploads_from_one_address_are_limited(visitor):
    token = visitor.token_of("/verify")
    answers = [visitor.client.post("/verify", data={"csrf_token": token}).status_code for _ in range(70)]
    assert answers[:60] == [422] * 60
    assert set(answers[60:]) == {429}


def test_before_the_business_is_entered_it_works_without_an_authority(site, visitor, files, monkeypatch):
    from app.domain.errors import KeysUnavailable

    class NoKeys:
        def trust(self) -> object:
            raise KeysUnavailable("keys-before-business", "None yet.", "Enter the business.")

    monkeypatch.setattr(
        views, "kit", lambda: type("Kit", (), {"credentials": NoKeys(), "clock": site.clock})()
    )
    assert "we cannot say who vouches for it" in upload(visitor, files.good).text
