"""Files prepared before signing so that something harmless later changes what they show."""

from __future__ import annotations

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.domain.verification import Integrity, Trust, Verdict
from app.signing.verification import verify_pdf
from app.signing.verification.opened_file import open_pdf
from tests.signing.verification.attacks import append_revision
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import SignedChain
from tests.signing.verification.strangers import sign_as_stranger

FAR = 5000  # an object number that no object has yet


def with_dangling_content(paper: bytes) -> bytes:
    """The page shows an object that does not exist yet: viewers show nothing for it."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        contents = page.raw_get("/Contents")
        shown = list(contents) if isinstance(contents, generic.ArrayObject) else [contents]
        page["/Contents"] = generic.ArrayObject([*shown, generic.IndirectObject(FAR, 0, writer)])
        writer.update_container(page)

    return append_revision(paper, change)


def test_object_supplied_after_signing_is_never_intact(chain: SignedChain) -> None:
    signed = sign_as_stranger(with_dangling_content(chain.paper))
    before = verify_pdf(signed, "x", trust_roots=[], own_root=None)
    assert before.integrity in (Integrity.INTACT, Integrity.UNREADABLE)

    def supply(writer: IncrementalPdfFileWriter) -> None:
        writer.objects[(0, FAR)] = StreamObject(stream_data=b"0 0 600 800 re f")

    report = verify_pdf(append_revision(signed, supply), "x", trust_roots=[], own_root=None)
    assert report.integrity in (Integrity.BROKEN, Integrity.UNREADABLE), report.reasons


def test_unused_object_alone_is_harmless(chain: SignedChain, judge: Judge) -> None:
    def add(writer: IncrementalPdfFileWriter) -> None:
        writer.add_object(StreamObject({pdf_name("/Note"): pdf_name("/Nothing")}, stream_data=b""))

    report = judge(append_revision(chain.archived, add))
    assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.INTACT)
    assert "No document timestamp covers the whole file to its last byte." in report.reasons


def test_filled_field_of_a_stranger_is_named(chain: SignedChain) -> None:
    """Nothing locks the form of this file: the change is allowed, and told."""
    signed = sign_as_stranger(chain.paper)

    def fill(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]["/Fields"]
        tree = next(each.get_object() for each in form if each.get_object().get("/T") == "initials")
        field = tree["/Kids"][0]["/Kids"][0]
        field["/V"] = generic.pdf_string("XX")
        writer.update_container(field)

    report = verify_pdf(append_revision(signed, fill), "x", trust_roots=[], own_root=None)
    assert (report.verdict, report.integrity) == (Verdict.AMBER, Integrity.PERMITTED_CHANGES)
    words = "initials of the assistant on clause take-home were filled in"
    assert any(words in reason for reason in report.reasons)


def test_stranger_with_a_weak_digest_is_intact_but_says_so(chain: SignedChain) -> None:
    report = verify_pdf(sign_as_stranger(chain.paper, digest="sha1"), "x", trust_roots=[], own_root=None)
    assert report.integrity is Integrity.INTACT
    assert any("SHA-1" in reason for reason in report.reasons)


def test_stranger_with_a_broken_digest_is_red(chain: SignedChain) -> None:
    report = verify_pdf(sign_as_stranger(chain.paper, digest="md5"), "x", trust_roots=[], own_root=None)
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)


def test_stranger_among_our_fields_is_unknown_and_not_trusted(chain: SignedChain, judge: Judge) -> None:
    report = judge(sign_as_stranger(chain.paper))
    assert (report.verdict, report.trust) == (Verdict.AMBER, Trust.UNTRUSTED)
    assert report.signatures[0].key_held_by == "unknown"
    assert report.signatures[0].kind == "signature"


def with_hidden_twin(paper: bytes) -> tuple[bytes, int]:
    """Hide and replace: the page's content a second time, where no table points yet; its number."""
    number: list[int] = []

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        content = writer.add_object(StreamObject(stream_data=b"0 0 20 20 re f"))
        page["/Contents"] = content
        writer.update_container(page)
        number.append(content.idnum)
        twin = b"\n%d 0 obj\n<</Length 16>>\nstream\n0 0 200 200 re f\nendstream\nendobj\n" % content.idnum
        writer.add_object(StreamObject(stream_data=b"TWIN" + twin))

    return append_revision(paper, change), number[0]


def test_a_table_that_activates_a_hidden_twin_is_seen(chain: SignedChain) -> None:
    prepared, number = with_hidden_twin(chain.paper)
    signed = sign_as_stranger(prepared)
    assert verify_pdf(signed, "x", trust_roots=[], own_root=None).integrity is Integrity.INTACT
    previous = int(signed[signed.rindex(b"startxref") :].split()[1])
    offset = signed.index(b"TWIN") + 5
    root = open_pdf(signed).reader.root_ref.idnum
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
    trailer = b"trailer\n<</Size 999/Root %d 0 R/Prev %d>>\n" % (root, previous)
    attacked = signed + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(signed)
    report = verify_pdf(attacked, "x", trust_roots=[], own_root=None)
    assert report.integrity in (Integrity.BROKEN, Integrity.UNREADABLE), report.reasons


def hidden_by_a_picture(paper: bytes) -> tuple[bytes, int]:
    """Hide: a white form lies over the page; a later revision frees it, and what was below shows."""
    number: list[int] = []

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        contents = page.raw_get("/Contents")
        shown = list(contents) if isinstance(contents, generic.ArrayObject) else [contents]
        cover = writer.add_object(StreamObject(stream_data=b"1 1 1 rg 0 0 600 850 re f"))
        number.append(cover.idnum)
        page["/Contents"] = generic.ArrayObject([*shown, cover])
        writer.update_container(page)

    return append_revision(paper, change), number[0]


def test_a_table_that_takes_a_cover_away_is_seen(chain: SignedChain) -> None:
    prepared, number = hidden_by_a_picture(chain.paper)
    signed = sign_as_stranger(prepared)
    assert verify_pdf(signed, "x", trust_roots=[], own_root=None).integrity is Integrity.INTACT

    def empty(writer: IncrementalPdfFileWriter) -> None:
        writer.objects[(0, number)] = StreamObject(stream_data=b"")

    report = verify_pdf(append_revision(signed, empty), "x", trust_roots=[], own_root=None)
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)
    assert any("the contents of a page were replaced" in reason for reason in report.reasons), report.reasons


def test_replaced_attachment_is_named(chain: SignedChain) -> None:
    def attach(writer: IncrementalPdfFileWriter) -> None:
        file = StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=b"the price is 9")
        found.append(writer.add_object(file).idnum)
        held = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Filespec"),
                pdf_name("/F"): generic.pdf_string("a.txt"),
                pdf_name("/EF"): generic.DictionaryObject(
                    {pdf_name("/F"): generic.IndirectObject(found[0], 0, writer)}
                ),
            }
        )
        names = generic.ArrayObject([generic.pdf_string("a.txt"), writer.add_object(held)])
        tree = generic.DictionaryObject({pdf_name("/Names"): names})
        writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
        writer.update_root()

    def replace(writer: IncrementalPdfFileWriter) -> None:
        file = StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=b"the price is 1")
        writer.objects[(0, found[0])] = file

    found: list[int] = []
    signed = sign_as_stranger(append_revision(chain.paper, attach))
    report = verify_pdf(append_revision(signed, replace), "x", trust_roots=[], own_root=None)
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)
    assert any("an attached file was replaced" in reason for reason in report.reasons), report.reasons
