"""Every pitfall that was measured before the signing room was written, each with a test that holds it.

The first table says where the test of a pitfall stands if it stands elsewhere; what is not in the table
is tested below. The pitfalls: what libraries do by default that breaks PDF/A, PDF/UA, an earlier
signature, a validator's trust, or the time that a check takes.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from app.domain.signature import SignatureRequest
from app.domain.verification import FileReport, Integrity, Verdict
from app.signing.office import SigningOffice
from app.signing.verification import verify_pdf
from tests.judges import pdfsig, pyhanko_ltv, qpdf_check
from tests.rendering.papers import paper
from tests.signing.paper import agreement
from tests.signing.people import Signer
from tests.signing.verification import attacks
from tests.tools import needs_tool

TESTS = Path(__file__).resolve().parents[1]
ELSEWHERE = {
    # the paper
    "bytes differ between processes": "rendering/test_paper_conformance.py::"
    "test_the_same_input_gives_the_same_bytes_in_another_process",
    "two roots in the XMP metadata": "rendering/test_paper_conformance.py::"
    "test_one_rdf_root_declares_both_standards",
    "no language, no title": "rendering/test_paper_conformance.py::"
    "test_catalog_says_language_title_and_version",
    "one object stream makes checking quadratic": "rendering/test_paper_conformance.py::"
    "test_object_streams_hold_at_most_a_hundred_objects",
    "PDF/A and PDF/UA by looking, not by a validator": "judging/test_conformance.py::"
    "test_a_file_with_initials_conforms_in_every_state",
    "NeedAppearances, DR and a late SigFlags": "rendering/test_form_fields.py::"
    "test_the_form_says_append_only_and_nothing_that_viewers_act_upon",
    "an array around OBJR fails later signatures": "rendering/test_form_fields.py::"
    "test_form_elements_refer_to_their_widget_directly",
    "a field made after the seal": "rendering/test_form_fields.py::"
    "test_fields_are_the_seal_signatures_and_initials",
    "appearances left out of page pictures": "rendering/test_pages.py::"
    "test_initials_and_signatures_are_drawn",
    "a Word frame that runs code": "rendering/test_word_frame.py::test_no_payload_runs",
    "answers lost without autoescape": "rendering/test_hostile_answers.py::"
    "test_word_prints_the_answer_literally",
    # what is written when somebody signs
    "widths in units of the font": "signing/test_stamp.py::"
    "test_fonts_are_embedded_with_the_widths_of_their_programs",
    "a font embedded whole in each revision": "signing/test_stamp.py::"
    "test_a_revision_embeds_only_the_glyphs_it_uses",
    "transparent stamps": "signing/test_stamp.py::test_nothing_is_transparent",
    "P-256 raises the version; XMP and Info are rewritten": "signing/test_stamp.py::"
    "test_catalog_and_metadata_stay_as_the_first_revision_wrote_them",
    "Ed25519 and other keys that half the world cannot check": "signing/test_credential.py::"
    "test_only_p256_keys_are_certified",
    "r and s as browsers give them": "signing/test_completion.py::test_raw_and_der_values_are_both_accepted",
    "a preparation holds for one revision": "services/test_ceremony_races.py::"
    "test_two_signers_at_once_are_both_in_the_file",
    "no timestamp authority answers": "signing/test_completion.py::"
    "test_no_authority_means_not_signed_and_try_again",
    "no current revocation list after 400 days": "signing/test_chain.py::"
    "test_long_term_validation_holds_offline_for_years",
    # what a check must see
    "contents replaced, annotations, fonts, scripts, moved fields": "signing/verification/test_attacks.py::"
    "test_attack_is_red",
    "cut back to the seal": "signing/verification/test_attacks.py::"
    "test_every_stage_but_the_last_is_amber",
    "saved again as a whole": "signing/verification/test_attacks.py::"
    "test_destroyed_file_is_nothing_better_than_unsigned",
    "timestamps have no bottom line": "signing/verification/test_mutations.py::"
    "test_no_byte_of_the_last_timestamp_can_be_flipped",
    "differences take for ever": "signing/verification/test_revisions.py::"
    "test_four_signatures_on_a_long_agreement_take_well_under_three_seconds",
    "a file that no check survives": "signing/verification/test_process.py::test_dying_file_is_unreadable",
}


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("pitfall", ELSEWHERE)
def test_the_test_of_a_pitfall_still_exists(pitfall: str) -> None:
    path, name = ELSEWHERE[pitfall].split("::")
    assert name in functions_of(path)


def test_pitfall_whole_fonts_make_the_paper_ten_times_as_large() -> None:
    """A text input instead of a checkbox would do it, or WeasyPrint's full_fonts."""
    file = paper("agreement")
    assert len(file) < 110_000
    with pikepdf.open(io.BytesIO(file)) as opened:
        programs = [item.FontFile2 for item in opened.objects if _is_descriptor(item)]
        assert programs
        assert max(len(program.read_bytes()) for program in programs) < 60_000


def _is_descriptor(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"


def test_pitfall_every_revision_grows_by_what_it_needs(
    certified: bytes, signed: bytes, archived: bytes
) -> None:
    """pyHanko's own revisions were 18.5 kB for a signature and 27 kB for the archive; reserved rooms
    of 8 kB and embedded fonts do that."""
    assert len(signed) - len(certified) < 2 * 20_000
    assert len(archived) - len(signed) < 16_000
    for room in rooms(archived):
        assert 0 < len(room) - len(room.rstrip(b"\0")) < 64, "room that no CMS needs"


def rooms(file: bytes) -> Iterator[bytes]:
    for signature in PdfFileReader(io.BytesIO(file)).embedded_signatures:
        yield bytes(signature.pkcs7_content)


def test_pitfall_the_document_timestamps_widget_is_outside_the_page_and_untagged(archived: bytes) -> None:
    """What PDF/A and PDF/UA leave for a field that is nowhere on the page."""
    with pikepdf.open(io.BytesIO(archived)) as opened:
        (field,) = (one for one in opened.Root.AcroForm.Fields if str(one.T).startswith("document-timestamp"))
        _, _, width, height = (float(value) for value in opened.pages[0].mediabox)
        left, bottom, right, top = (float(value) for value in field.Rect)
        assert right <= 0 or left >= width or top <= 0 or bottom >= height
        assert "/StructParent" not in field


def test_pitfall_validation_data_without_a_document_timestamp_prove_nothing_later(
    archived: bytes, root_pem: bytes
) -> None:
    """Level B-LT alone: no proof that the signature existed before its certificate ended."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n", archived)]
    without = archived[: ends[-2]]
    later = datetime.now(UTC) + timedelta(days=3)
    assert not any(one.good for one in pyhanko_ltv(without, root_pem, later))
    report = judge(without, root_pem)
    assert report.verdict is Verdict.AMBER
    assert "B-LTA" not in {one.level for one in report.signatures}


def judge(file: bytes, root_pem: bytes) -> FileReport:
    return verify_pdf(file, "file.pdf", trust_roots=[], own_root=root_pem)


@needs_tool("pdfsig", "certutil")
def test_pitfall_one_certificate_on_two_signatures_confuses_pdfsig(
    office: SigningOffice, root_pem: bytes
) -> None:
    """So each signature has a certificate of its own, even where one person signs twice."""
    file = office.certify(agreement(initials=(), clauses=1)).file
    until = datetime.now(UTC) + timedelta(days=400)
    for role in ("assistant", "client"):
        signer = Signer.with_credential(office, role, until, name="Nora Whitlow")
        prepared = office.prepare(file, without_initials(signer), signer.credential)
        file = office.finish(prepared, signer.value(prepared)).file
    serials = [signer_serial(room) for room in rooms(file)]
    assert len(set(serials)) == len(serials) == 3
    assert [one.good for one in pdfsig(file, root_pem)] == [True, True, True]


def without_initials(signer: Signer) -> SignatureRequest:
    return replace(signer.request(), initials=())


def signer_serial(room: bytes) -> int:
    (signer_info,) = cms.ContentInfo.load(room)["content"]["signer_infos"]
    return int(signer_info["sid"].chosen["serial_number"].native)


def test_pitfall_thousands_of_bookmarks_end_in_a_recursion_error(
    office: SigningOffice, root_pem: bytes
) -> None:
    base = io.BytesIO()
    with pikepdf.open(io.BytesIO(agreement(signers=("assistant",), initials=(), clauses=1))) as opened:
        with opened.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(f"{number}", 0) for number in range(1500))
        opened.save(base, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    file = office.certify(base.getvalue()).file
    signer = Signer.with_credential(office, "assistant", datetime.now(UTC) + timedelta(days=400))
    prepared = office.prepare(file, without_initials(signer), signer.credential)
    report = judge(office.finish(prepared, signer.value(prepared)).file, root_pem)
    assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.INTACT)


def in_a_compressed_stream(file: bytes) -> int:
    """Within the first page's content, whose damage makes zlib fail."""
    return file.index(b"stream", file.index(b"/FlateDecode")) + 40


def in_the_first_cms(file: bytes) -> int:
    """A tag of the envelope of the seal's CMS, whose damage makes asn1crypto fail."""
    return file.index(b"/Contents <3082") + len(b"/Contents <3082") + 8


PLACES = [in_a_compressed_stream, in_the_first_cms]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_pitfall_damage_raises_errors_of_every_kind(
    place: Callable[[bytes], int], archived: bytes, root_pem: bytes
) -> None:
    changed = bytearray(archived)
    changed[place(archived)] ^= 0x01
    report = judge(bytes(changed), root_pem)
    assert report.verdict in (Verdict.RED, Verdict.UNREADABLE)
    assert report.integrity in (Integrity.BROKEN, Integrity.UNREADABLE)


@needs_tool("pdfsig", "certutil", "qpdf")
def test_pitfall_the_tools_of_the_system_do_not_see_shadow_attacks(archived: bytes, root_pem: bytes) -> None:
    """Which is why no answer of theirs alone makes a file good here, and README says so."""
    attacked = attacks.other_page_content(archived)
    assert all(one.good for one in pdfsig(attacked, root_pem))
    assert qpdf_check(attacked) == ""
    assert judge(attacked, root_pem).verdict is Verdict.RED
