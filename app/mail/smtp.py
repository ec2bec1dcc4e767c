"""Handing over to a mail server.

What the server says decides about a further try (RFC 5321 section 4.2.1): 4yz and anything
that goes wrong on the line may pass, 5yz will not. Encryption that was asked for is never
given up for plain text.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from enum import StrEnum

from app.domain.errors import DeliveryFailed, InvalidInput
from app.domain.message import Message
from app.mail.composing import addresses_of, compose, is_international, parse_address, to_bytes, unsendable

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class SmtpMailer:
    """Implements the Protocol `Mailer`. `timeout`: seconds for each answer of the server."""

    is_trial = False

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        security: Security | str,
        sender: str,
        timeout: float = 20.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Raises InvalidInput for settings that cannot be used, DeliveryFailed for a bad sender.

        username "": no sign-in. tls: in place of the system's trusted authorities.
        """
        self._security = _read_security(security)
        if username and self._security is Security.NONE and host not in LOOPBACK:
            raise InvalidInput(
                "smtp-password-in-clear",
                "The mail server's password would go over the network unencrypted.",
                "Set the mail security to starttls or tls.",
            )
        parse_address(sender)
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._sender = sender
        self._timeout = timeout
        self._tls = tls

    def hand_over(self, message: Message, attachments: Mapping[str, bytes]) -> None:
        """Returns once the server took the mail. Raises DeliveryFailed (retryable or not)."""
        mail = compose(message, attachments, self._sender)
        try:
            server = self._connect()
            try:
                self._send(server, mail)
            finally:
                # Taken or not is decided by now; a server that hangs up early changes nothing.
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()
        except UnicodeError as error:
            raise unsendable(f"it holds damaged characters ({error})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._translate(error) from error

    def _connect(self) -> smtplib.SMTP:
        name = _own_name()
        if self._security is Security.TLS:
            return smtplib.SMTP_SSL(
                self._host, self._port, name, timeout=self._timeout, context=self._tls_context()
            )
        return smtplib.SMTP(self._host, self._port, name, timeout=self._timeout)

    def _send(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        if self._security is Security.STARTTLS:
            server.starttls(context=self._tls_context())
        if self._username:
            server.login(self._username, self._password)
        options = []
        if is_international(mail):
            server.ehlo_or_helo_if_needed()
            if not server.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError("it does not know mailboxes with such letters (SMTPUTF8)")
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        sender, recipient = addresses_of(mail)
        server.sendmail(sender, [recipient], to_bytes(mail), mail_options=options)

    def _tls_context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _translate(self, error: smtplib.SMTPException | OSError) -> DeliveryFailed:
        server = f"{self._host}:{self._port}"
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, answer = next(iter(error.recipients.values()))
            return _refused(server, code, answer)
        if isinstance(error, smtplib.SMTPResponseException):
            return _refused(server, error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
            return DeliveryFailed(
                "mail-server-unfit",
                f"The mail server {server} cannot be used as set: {error}.",
                "Check the settings of the mail server: name, port, security.",
            )
        return DeliveryFailed(
            "mail-server-unreachable",
            f"The mail server {server} did not take the message: {error or type(error).__name__}.",
            "It will be tried again; if it goes on, check the name and port of the mail server.",
            retryable=True,
        )


def _read_security(security: Security | str) -> Security:
    try:
        return Security(security)
    except ValueError as error:
        raise InvalidInput(
            "smtp-security",
            f"\u201c{security}\u201d is no way to secure mail.",
            "Use starttls, tls or none.",
        ) from error


def _refused(server: str, code: int, answer: bytes | str) -> DeliveryFailed:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    # 421 and the like come as 4yz; a connection that was cut has code -1.
    passing = not 500 <= code < 600
    return DeliveryFailed(
        "mail-refused",
        f"The mail server {server} answered {code} {' '.join(said.split())}.",
        "It will be tried again." if passing else "Check the address and the sign-in at the mail server.",
        retryable=passing,
    )


def _own_name() -> str:
    # smtplib would ask the name service for a full name, which can hang; a literal is as good.
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"
