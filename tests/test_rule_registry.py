"""Every rule by which files, clauses and agreements are checked: a bad example, and a line in a guide.

The ids are read from the code, so that a new rule without an example or an explanation is noticed.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from app.domain.clause_family import FAMILIES
from app.domain.lint.enforcement_rules import RULE_IDS

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (ROOT / "app" / "domain" / "lint", ROOT / "app" / "library")
GUIDES = (ROOT / "clauses" / "README.md", ROOT / "contract_templates" / "README.md")
EXAMPLES = (ROOT / "tests" / "domain", ROOT / "tests" / "library")

PLAIN = frozenset({"archaic", "pronoun", "heading"})  # ids of one word
# Codes of errors that are raised, not found.
RAISED = frozenset(
    {"library-broken", "contract-template-not-found", "clause-without-source", "clause-not-written"}
)


@cache
def rule_ids() -> frozenset[str]:
    """Words joined by hyphens in the rooms of the rules are rule ids, unless they are families."""
    found: set[str] = set()
    for path in (path for room in ROOMS for path in sorted(room.glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if text in PLAIN or re.fullmatch(r"[a-z]+(?:-[a-z]+)+", text):
                    found.add(text)
    return frozenset(found - RAISED - set(FAMILIES))


@cache
def texts(*places: Path) -> str:
    paths = (path for place in places for path in (sorted(place.glob("*.py")) if place.is_dir() else [place]))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_the_ids_are_read_from_the_code() -> None:
    assert rule_ids() >= RULE_IDS | PLAIN
    assert rule_ids() >= {"requires-missing", "forced-terms-missing", "double-number", "text-encoding"}
    assert len(rule_ids()) > 100


@pytest.mark.parametrize("rule", sorted(rule_ids()))
def test_each_rule_has_a_bad_example_and_is_explained(rule: str) -> None:
    assert f'"{rule}"' in texts(*EXAMPLES), f"no test of tests/domain or tests/library finds {rule}"
    assert f"`{rule}`" in texts(*GUIDES), f"neither guide explains {rule}"


def test_the_guides_name_no_rule_that_there_is_not() -> None:
    for guide in GUIDES:
        text = guide.read_text(encoding="utf-8")
        checked = text[text.index("What is checked") :].split("\n## ")[0]
        named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", checked))
        assert named <= rule_ids(), guide
