"""Numbered blocks with their items, as clause texts and schedules share them."""

from __future__ import annotations

from app.domain.clause import Block, BlockKind
from app.library.findings import FindingList
from app.library.inline import Trailers, parse_inlines, split_trailers
from app.library.labels import LabelSequence
from app.library.list_form import check_list_form
from app.library.raw_blocks import RawBlock

ITEM_INDENT = 2


def check_label(raw: RawBlock, labels: LabelSequence, what: str, findings: FindingList) -> None:
    expected = labels.expected()
    if not labels.accept(raw.label):
        message = f"The {what} is labelled ({raw.label}); the next label is ({expected})."
        findings.error("label-order", raw.line, message, "Label in order; numbers are computed when printed.")


def check_indent(raw: RawBlock, findings: FindingList) -> None:
    if raw.indent != ITEM_INDENT:
        message = f"The item is indented by {raw.indent} spaces."
        findings.error(
            "item-indent", raw.line, message, "Indent items by exactly 2 spaces, paragraphs by none."
        )


def finish_block(
    kind: BlockKind, raw: RawBlock, items: list[RawBlock], labels: LabelSequence, findings: FindingList
) -> Block:
    """A paragraph with its items, parsed; `labels` are those that its items must have."""
    text, trailers = split_trailers(raw.text, raw.line, findings)
    texts = [split_trailers(item.text, item.line, findings) for item in items]
    check_list_form(
        text, raw.line, [(item, text) for item, (text, _) in zip(items, texts, strict=True)], findings
    )
    children = []
    for item, (item_text, item_trailers) in zip(items, texts, strict=True):
        if item.label != "*":
            check_label(item, labels, "item", findings)
        item_kind = BlockKind.EACH if item.label == "*" else BlockKind.ITEM
        children.append(_block(item_kind, item_text, item_trailers, item.line, (), findings))
    return _block(kind, text, trailers, raw.line, tuple(children), findings)


def _block(
    kind: BlockKind,
    text: str,
    trailers: Trailers,
    line: int,
    children: tuple[Block, ...],
    findings: FindingList,
) -> Block:
    if not text:
        findings.error("text-unmarked", line, "The label has no text.", "Write it, or remove the label.")
    inlines = parse_inlines(text, line, findings)
    return Block(kind, inlines, trailers.guards, trailers.anchor, children, line)
