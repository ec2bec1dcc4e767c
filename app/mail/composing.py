"""From a message to the mail as it goes over the wire.

Whatever people typed (names, titles, addresses) is data: a line break in a header would let
them add headers or recipients of their own, so it is refused, never repaired.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

from app.domain.digest import sha256_hex
from app.domain.errors import DeliveryFailed
from app.domain.message import Attachment, Message


def compose(message: Message, attachments: Mapping[str, bytes], sender: str) -> EmailMessage:
    """The mail: text and HTML as alternatives, then the attachments.

    Composing the same message twice gives the same headers, so a repeated hand-over is the
    same mail. Raises DeliveryFailed (not retryable) for what must not go into a mail.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = parse_address(sender)
        mail["To"] = _address(message.to_name, message.to_address)
        mail["Subject"] = _one_line("subject", message.subject)
        mail["Date"] = format_datetime(message.created_at)
        mail["Message-ID"] = _message_id(message.message_id)
        # RFC 3834 section 5: no automatic answers to what a program sent
        mail["Auto-Submitted"] = "auto-generated"
        # Quoted-printable keeps lines short and bytes 7-bit, so no relay rewrites the links.
        mail.set_content(message.text, cte="quoted-printable")
        if message.html:
            mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        for attachment in message.attachments:
            _attach(mail, attachment, attachments)
    except (MessageError, ValueError, LookupError) as error:
        raise unsendable(f"it cannot be written as a mail ({error})") from error
    return mail


def to_bytes(mail: EmailMessage) -> bytes:
    """The mail as it goes over the wire, CRLF at the ends of lines, "." not yet doubled.

    Not left to smtplib, which writes ">From" for a line that begins with "From".
    """
    return mail.as_bytes(policy=SMTPUTF8 if is_international(mail) else SMTP)


def is_international(mail: EmailMessage) -> bool:
    """Whether a mailbox name needs the extension SMTPUTF8 (RFC 6531)."""
    return not "".join(addresses_of(mail)).isascii()


def addresses_of(mail: EmailMessage) -> tuple[str, str]:
    """Sender and recipient."""
    return mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec


def parse_address(text: str) -> Address:
    """An address of the form `Name <local@domain>`. Raises DeliveryFailed."""
    name, address = parseaddr(_one_line("address", text))
    return _address(name, address)


def unsendable(problem: str) -> DeliveryFailed:
    """A message that no further try will make better."""
    return DeliveryFailed(
        "message-unsendable",
        f"The message was not sent: {problem}.",
        "Correct the name, address or title, and send again.",
    )


def _address(name: str, address: str) -> Address:
    local, _, domain = _one_line("address", address).rpartition("@")
    if not local or not domain or any(sign.isspace() or sign in "<>,;:\"()[]\\" for sign in address):
        raise unsendable(f"\u201c{address}\u201d is not an e-mail address")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")  # mail servers know punycode only
    except UnicodeError as error:
        raise unsendable(f"\u201c{domain}\u201d is not a domain") from error
    return Address(_one_line("name", name), local, ascii_domain)


def _one_line(what: str, value: str) -> str:
    """`value`, if it may stand in a header: no line breaks, no other control characters."""
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in value):
        raise unsendable(f"the {what} holds a line break or another control character")
    return value


def _message_id(text: str) -> str:
    value = _one_line("message id", text)
    bare = value.removeprefix("<").removesuffix(">")
    if "@" not in bare or not bare.isascii() or any(sign in bare for sign in " <>"):
        raise unsendable(f"\u201c{value}\u201d is not a message id")
    return f"<{bare}>"


def _attach(mail: EmailMessage, attachment: Attachment, attachments: Mapping[str, bytes]) -> None:
    data = attachments.get(attachment.name)
    if data is None:
        raise unsendable(f"the attachment \u201c{attachment.name}\u201d was not supplied")
    if sha256_hex(data) != attachment.digest:
        raise unsendable(f"the attachment \u201c{attachment.name}\u201d is not the file that was recorded")
    main, _, sub = _one_line("media type", attachment.media_type).partition("/")
    if not (main.isalnum() and sub and re.fullmatch(r"[A-Za-z0-9.+-]+", sub)):
        raise unsendable(f"\u201c{attachment.media_type}\u201d is not a media type")
    name = _one_line("attachment's name", attachment.name)
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
