"""The form of lists: a lead-in that ends with a colon, items that end as a list does."""

from __future__ import annotations

import re

from app.library.findings import FindingList
from app.library.raw_blocks import RawBlock

_RULE = "list-form"
_JOINTS = ("; and", "; or")
_EACH = re.compile(r"\{\{[a-z][a-z0-9_]*\}\}(?:;|; and|; or|\.)", re.ASCII)


def check_list_form(
    lead_in: str, line: int, items: list[tuple[RawBlock, str]], findings: FindingList
) -> None:
    """Check a paragraph (`lead_in`) and its items, each with its text without trailers."""
    if not items:
        if lead_in.endswith(":"):
            findings.error(
                _RULE, line, "A lead-in without items.", "Add the items below, indented by 2 spaces."
            )
        return
    if not lead_in.endswith(":"):
        findings.error(_RULE, line, "The lead-in of a list does not end with a colon.", 'End it with ":".')
    for item, text in items:
        if item.label == "*" and not _EACH.fullmatch(text):
            message = "An item (*) holds something else than its list."
            findings.error(_RULE, item.line, message, "Write (*) {{list}}; and nothing else.")
    if not all(text.endswith(".") for _, text in items):
        _check_endings(items, findings)


def _check_endings(items: list[tuple[RawBlock, str]], findings: FindingList) -> None:
    for item, text in items[:-1]:
        if not text.endswith((";", *_JOINTS)):
            findings.error(_RULE, item.line, "The item does not end with a semicolon.", 'End it with ";".')
    last, last_text = items[-1]
    if not last_text.endswith("."):
        findings.error(_RULE, last.line, "The last item does not end the sentence.", 'End it with ".".')
    joints = [index for index, (_, text) in enumerate(items) if text.endswith(_JOINTS)]
    if len(items) > 1 and joints != [len(items) - 2]:
        line = items[joints[0]][0].line if joints else items[-2][0].line
        message = "The list needs exactly one “; and” or “; or”, on its last item but one."
        findings.error(
            _RULE, line, message, "End that item with one of them, the earlier ones with a semicolon."
        )
