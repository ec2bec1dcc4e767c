"""A signer's way through the pages: link, code, disclosure, reading, initials, signature."""

from __future__ import annotations

import re

from app.demo.device import sign_on_device
from app.demo.mailbox import Mailbox
from app.demo.visitor import Page, Visitor
from app.domain.errors import AppError

MOST_STEPS = 60


def sign_by_link(visitor: Visitor, mailbox: Mailbox) -> None:
    """From the mail to the signature."""
    page = visitor.visit(mailbox.wait_for_link())
    page = visitor.submit(page, "/start", {})
    finish_ceremony(visitor, visitor.submit(page, "/sign/code", {"code": mailbox.wait_for_code()}))


def finish_ceremony(visitor: Visitor, page: Page) -> None:
    """Do what each page asks until the signature is made."""
    for _ in range(MOST_STEPS):
        if page.path == "/sign/consent":
            page = visitor.submit(page, "/sign/consent", {"agreed": "y"})
        elif page.path == "/sign/read":
            page = _read(visitor, page)
        elif page.path == "/sign/signature":
            page = visitor.submit(page, "/sign/signature", {"kind": "typed", "style": "italic"})
        elif page.path == "/sign/final":
            sign_on_device(visitor, page)
            return
        else:
            break
    raise AppError("demo-lost", f"The ceremony stopped at {page.path}.", "Report this fault.")


def _read(visitor: Visitor, page: Page) -> Page:
    """Initial every place that waits, then go on."""
    for family in re.findall(r'action="/sign/initials/([a-z-]+)"', page.text):
        visitor.submit(page, f"/sign/initials/{family}", {})
    return visitor.visit("/sign/signature")
