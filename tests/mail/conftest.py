"""A real SMTP server on the loopback, and a message."""

import socket
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from app.domain.digest import sha256_hex
from app.domain.message import Attachment, Message

PDF = b"%PDF-1.7 not really\r\n\x00\xff"


@pytest.fixture
def message():
    return Message(
        id="m1",
        message_id="<m1.2026@larkfield.example>",
        to_name="María Ñ \u202d",
        to_address="maria@cruz.example",
        subject="Please sign: “Assistance” — 合同 \U0001f58a",
        text="Open https://example.org/s/" + "x" * 120 + "?a=1&b=2\n\nDear María,\n.\nFrom here\n",
        html='<p>Dear María, <a href="https://example.org/s/' + "x" * 120 + '">open</a></p>',
        created_at=datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC),
        attachments=(Attachment("signed – María.pdf", "application/pdf", sha256_hex(PDF)),),
    )


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Inbox:
    """Keeps what arrives; `answers` may say what to reply at a command in place of taking it."""

    def __init__(self):
        self.envelopes = []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.envelopes.append(envelope)
        return "250 taken"


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def server(inbox):
    """Call it with options of aiosmtpd's Controller; gives the port."""
    started = []

    def start(**options):
        port = free_port()
        controller = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
        controller.start()
        started.append(controller)
        return port

    yield start
    for controller in started:
        controller.stop()
