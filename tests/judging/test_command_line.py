"""What the programs of the command line, and pyHanko's own long-term validation, say of each signature.

pades.md's findings of what they can say hold here: pdfsig does not know document timestamps and lists by
field, not by time; mutool trusts nobody without a certificate store of its own; neither sees updates.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import judges
from tests.judging.conftest import Files
from tests.tools import needs_tool

SIGNERS = (1, 2, 5, 10)
TIMESTAMP = "document-timestamp-1"

pytestmark = pytest.mark.parametrize("count", SIGNERS)


def good(judgements: list[judges.Judgement]) -> list[str]:
    """The fields judged good, sorted; a bad one shows what was said of it."""
    return sorted(one.field if one.good else f"{one.field}: {one.says}" for one in judgements)


@needs_tool("pdfsig", "certutil")
def test_pdfsig_says_valid_and_trusted(count: int, files: Files) -> None:
    chain = files.chain(count)
    judgements = judges.pdfsig(chain.archived, files.root_pem)
    assert good(judgements) == sorted(chain.fields())
    assert all("ETSI.CAdES.detached" in one.says for one in judgements)


@needs_tool("qpdf")
def test_qpdf_has_no_complaint_in_any_state(count: int, files: Files) -> None:
    for name, file in files.chain(count).stages().items():
        assert judges.qpdf_check(file) == "", name


@needs_tool("mutool")
def test_mutool_finds_every_digest_right(count: int, files: Files) -> None:
    assert len(judges.mutool_verify(files.chain(count).archived)) == count + 1


@needs_tool("openssl")
def test_openssl_verifies_every_extracted_cms(count: int, files: Files) -> None:
    chain = files.chain(count)
    assert good(judges.openssl_cms(chain.archived, files.root_pem)) == sorted(chain.fields())


@needs_tool("openssl")
def test_openssl_verifies_every_extracted_timestamp(count: int, files: Files) -> None:
    chain = files.chain(count)
    judged = good(judges.openssl_ts(chain.archived, files.root_pem))
    assert judged == sorted([*chain.fields(), TIMESTAMP])


def test_pyhanko_validates_for_the_long_term(count: int, files: Files) -> None:
    """In three days, when whatever was fetched or cached today would be stale."""
    chain = files.chain(count)
    later = datetime.now(UTC) + timedelta(days=3)
    assert good(judges.pyhanko_ltv(chain.archived, files.root_pem, later)) == sorted(chain.fields())
