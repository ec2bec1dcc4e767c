"""The shipped facts on jurisdictions, and one bad example for every fault of their files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.errors import LibraryBroken
from app.domain.jurisdiction_facts import Confidence, Group, Instrument
from app.library.coded_facts_file import CODED_WORDS, CodedFactsFile
from app.library.jurisdiction_file import read_jurisdiction_facts
from app.library.jurisdictions import load_jurisdictions
from app.library.loading import load_library
from tests.library.library_folders import LibraryFolders

CLAUSES = Path(__file__).parents[2] / "clauses"
SHIPPED = CLAUSES / "jurisdictions"
NAMES = """GB = { name = "the United Kingdom", law_name = "England and Wales" }
US = { name = "the United States", law_name = "the United States" }
US-CA = { name = "California, United States", law_name = "the State of California" }
SG = { name = "Singapore", law_name = "Singapore" }
"""
ROUTES = '[coded.judgment_routes]\nhague_2005 = ["EU", "SG"]\n'
GOOD = f"""schema = "jurisdiction/1"
code = "GB"
name = "United Kingdom"
role = "owner"
hague_choice_of_court = "in_force"
hague_judgments = "in_force"
foreign_judgments_and_awards = "Some."
liquidated_damages = "Some."
non_compete = "Some."
ip_assignment = "Some."
language = "none"
stamp_duty = "none"
contractor_status = "Some."
confidence = "high"
sources = ["unconfirmed"]

[new_york_convention]
member = true
since = "1975-12-23"
reservations = "reciprocity"

[esign]
statute = "An Act"
section = "s.7"
simple_ok = "yes"
notes = "None."

[data_protection]
statute = "An Act"
regulator = "Somebody"
breach_regulator_hours = 72
breach_individuals = "soon"
note = "None."

[confidence_by_group]
new_york_convention = "medium"
hague = "high"
esign = "high"
data_protection = "high"
liquidated_damages = "high"
restraint_ip_language_stamp = "high"

[coded]
award_route = "new_york_convention"
award_seats = "any"
advised_seats = ["client", "SG"]
foreign_court_judgments = "unknown"
foreign_governing_law = "no_known_limit"
law_without_connection = "unknown"
arbitration_clause_form = "plain"
safe_signature = "simple"
agreed_sum = "penalty_test"
post_term_non_compete = "reasonable_only"
post_term_non_solicit = "portable"
ip_assignment_form = "signed_writing"
contract_language = "none"
stamp_duty = "none"

{ROUTES}"""

# what is wrong -> (replaced, by, words of the message)
BAD = {
    "schema": ('"jurisdiction/1"', '"jurisdiction/2"', "schema"),
    "code of another file": ('code = "GB"', 'code = "SG"', "code is not GB"),
    "role": ('"owner"', '"buyer"', "buyer"),
    "unknown key": ('name = "United', 'titel = "x"\nname = "United', "titel does not exist"),
    "missing key": ('non_compete = "Some."\n', "", "non_compete is missing"),
    "empty prose": ('non_compete = "Some."', 'non_compete = ""', "non_compete"),
    "wrong type": ("member = true", 'member = "yes"', "new_york_convention.member"),
    "no TOML": ('code = "GB"', 'code = "GB', "not TOML"),
    "treaty state": ('court = "in_force"', 'court = "perhaps"', "perhaps"),
    "confidence": ('confidence = "high"', 'confidence = "sure"', "sure"),
    "confidence of a group": ('hague = "high"', 'hague = "low"', "low"),
    "group missing": ('esign = "high"\n', "", "does not rate every group"),
    "group unknown": ('esign = "high"', 'esign = "high"\ntax = "high"', "does not rate every group"),
    "date": ("1975-12-23", "23 Dec 1975", "not a date"),
    "simple signature": ('simple_ok = "yes"', 'simple_ok = "maybe"', "maybe"),
    "breach period in words": ("hours = 72", 'hours = "soon"', "soon"),
    "breach period of nothing": ("hours = 72", "hours = 0", "no period 0"),
    "no source": ('["unconfirmed"]', "[]", "sources"),
    "coded word": ('"penalty_test"', '"penalties"', "penalties"),
    "coded key missing": ('award_route = "new_york_convention"\n', "", "award_route is missing"),
    "coded key unknown": ('award_seats = "any"', 'award_seats = "any"\nseat = "x"', "seat does not exist"),
    "notified without seats": ('award_seats = "any"', 'award_seats = "notified"', "notified_seats"),
    "seats without notified": (
        'award_seats = "any"', 'award_seats = "any"\nnotified_seats = ["SG"]', "only there"),
    "cap missing": ('"penalty_test"', '"capped"', "agreed_sum_cap"),
    "cap of nothing": (
        '"penalty_test"', '"capped"\nagreed_sum_cap_percent = 8\nagreed_sum_cap_of = "fee"', "'fee'"),
    "cap out of range": ('"penalty_test"', '"capped"\nagreed_sum_cap_percent = 0', "agreed_sum_cap_percent"),
    "language missing": ('language = "none"\nstamp_duty = "none"\n\n[coded', 'language = "required"\n'
                         'stamp_duty = "none"\n\n[coded', "contract_language_name"),
    "no advised seat": ('["client", "SG"]', "[]", "names no seat"),
    "seat in no country": ('["client", "SG"]', '["client", "XX"]', "'XX'"),
    "route from no country": ('["EU", "SG"]', '["EU", "ZZ"]', "'ZZ'"),
    "unknown instrument": ("hague_2005", "hague_1971", "hague_1971"),
    "uncertain of nothing": ('award_seats = "any"', 'award_seats = "any"\nuncertain = ["tax"]', "tax"),
    "invisible character": ('name = "United', 'name = "\u200bUnited', "invisible"),
}  # fmt: skip


def with_facts(folders: LibraryFolders, text: str = GOOD, name: str = "GB") -> LibraryFolders:
    folders.write("clauses/jurisdictions/names.toml", NAMES)
    folders.write(f"clauses/jurisdictions/{name}.toml", text)
    return folders


def test_good_file(folders: LibraryFolders) -> None:
    library = load_library(with_facts(folders).clauses, folders.contract_templates)
    facts = library.jurisdiction_facts["GB"]
    assert facts.coded.judgment_routes == {Instrument.HAGUE_2005: ("EU", "SG")}
    assert facts.confidence_of("award_seats") is Confidence.MEDIUM
    assert facts.is_reliable("stamp_duty")


@pytest.mark.parametrize("name", BAD)
def test_bad_file(folders: LibraryFolders, name: str) -> None:
    old, new, words = BAD[name]
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    found = with_facts(folders, text).findings()
    assert {finding.where for finding in found} == {"clauses/jurisdictions/GB.toml"}
    rule = "text-encoding" if name == "invisible character" else "jurisdiction-form"
    assert {finding.rule for finding in found} == {rule}
    assert any(words in finding.message for finding in found), [finding.message for finding in found]
    assert all(finding.line > 0 and finding.remedy for finding in found)
    with pytest.raises(LibraryBroken):
        load_library(folders.clauses, folders.contract_templates)


def test_line_of_a_fault(folders: LibraryFolders) -> None:
    text = GOOD.replace('"penalty_test"', '"penalties"')
    (finding,) = with_facts(folders, text).findings()
    assert text.split("\n")[finding.line - 1] == 'agreed_sum = "penalties"'


def test_file_of_no_country(folders: LibraryFolders) -> None:
    (finding,) = with_facts(folders, GOOD, "britain").findings()
    assert "not named after" in finding.message
    folders.clauses.joinpath("jurisdictions", "britain.toml").unlink()
    (finding,) = with_facts(folders, GOOD.replace('"GB"', '"FR"'), "FR").findings()
    assert "FR has no name" in finding.message


def test_state_inherits_what_it_leaves_out(folders: LibraryFolders) -> None:
    country = GOOD.replace('code = "GB"', 'code = "US"')
    start = GOOD.index("[coded]")
    state = GOOD[:start].replace('code = "GB"', 'code = "US-CA"\ninherits = "US"')
    state = state.replace('ip_assignment = "Some."', 'ip_assignment = "as US (federal)"')
    state += '[coded]\npost_term_non_compete = "unlawful"\n'
    country = country.replace('ip_assignment = "Some."', 'ip_assignment = "Federal."')
    with_facts(folders, country, "US")
    with_facts(folders, state, "US-CA")
    facts = load_library(folders.clauses, folders.contract_templates).jurisdiction_facts
    assert facts["US-CA"].coded.post_term_non_compete == "unlawful"
    assert facts["US-CA"].coded.judgment_routes == facts["US"].coded.judgment_routes
    assert facts["US-CA"].ip_assignment == "Federal."
    folders.clauses.joinpath("jurisdictions", "US.toml").unlink()
    (finding,) = folders.findings()
    assert "inherits from is missing" in finding.message


# --- the shipped files --------------------------------------------------------------------


def test_every_shipped_file_loads() -> None:
    facts, findings = read_jurisdiction_facts(CLAUSES, load_jurisdictions(CLAUSES))
    assert findings == ()
    files = {path.stem for path in SHIPPED.glob("*.toml")} - {"names"}
    assert set(facts) == files
    assert len(files) == 39
    assert {code for code in files if "-" in code} == {"US-CA", "US-DE", "US-NY", "US-TX"}
    for one in facts.values():
        assert set(one.confidence_by_group) == set(Group)
        assert one.new_york_convention.member
        assert one.sources


def test_overall_confidence_follows_the_groups() -> None:
    """High only if every group but the date of the convention is; check from two groups on."""
    facts, _ = read_jurisdiction_facts(CLAUSES, load_jurisdictions(CLAUSES))
    for one in facts.values():
        rated = dict(one.confidence_by_group)
        doubtful = list(rated.values()).count(Confidence.CHECK)
        rated.pop(Group.NEW_YORK_CONVENTION)
        high = set(rated.values()) == {Confidence.HIGH}
        expected = Confidence.HIGH if high else Confidence.CHECK if doubtful > 1 else Confidence.MEDIUM
        assert one.confidence is expected, one.code


def test_routes_agree_with_the_treaties_of_both_sides() -> None:
    facts, _ = read_jurisdiction_facts(CLAUSES, load_jurisdictions(CLAUSES))
    bound_2005 = {code for code, one in facts.items() if one.hague_choice_of_court == "in_force"}
    bound_2019 = {code for code, one in facts.items() if one.hague_judgments == "in_force"}
    for code, one in facts.items():
        routes = one.coded.judgment_routes
        named_2005 = set(routes.get(Instrument.HAGUE_2005, ())) - {"EU"}
        named_2019 = set(routes.get(Instrument.HAGUE_2019, ()))
        assert (code in bound_2005) == bool(named_2005), code
        assert (code in bound_2019) == bool(named_2019), code
        assert named_2005 <= bound_2005 - {code}
        assert named_2019 <= bound_2019 - {code}


def test_coded_words_agree_with_the_prose() -> None:
    """Where the prose says it in one word, the coded field says the same."""
    facts, _ = read_jurisdiction_facts(CLAUSES, load_jurisdictions(CLAUSES))
    for code, one in facts.items():
        assert (one.stamp_duty.startswith("none")) == (one.coded.stamp_duty in ("none", "none_known")) or (
            code == "PH"
        ), code
        assert one.coded.stamp_duty != "yes" or re.match(r"Yes|IDR", one.stamp_duty), code
        void = re.search(r"\b[Vv]oid(?! unless|\W+if)\b", one.non_compete) is not None
        assert void == (one.coded.post_term_non_compete in ("void", "unlawful")) or code == "GB", code
        if one.coded.contract_language == "required":
            assert one.coded.contract_language_name in one.language


def test_guide_explains_every_coded_key_and_word() -> None:
    guide = (CLAUSES / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_0-9]+)`", guide))
    assert set(CodedFactsFile.model_fields) - named == set()
    assert {word for words in CODED_WORDS.values() for word in words} - named == set()
    assert {str(instrument) for instrument in Instrument} - named == set()
