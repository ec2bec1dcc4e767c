"""The room that sends messages out.

Purpose: make one mail of a `Message` (`composing.compose`) and hand it over, to a mail server
(`smtp.SmtpMailer`) or to a folder of `.eml` files (`outbox.OutboxMailer`, trial mode).
A mailer that returns has handed over; whether anybody read it is not known here.
Imports: domain, the standard library.
Entry: `OutboxMailer(folder)`, `SmtpMailer(host, port, …)`, both with
`hand_over(message, attachments)`.
"""

from app.mail.outbox import OutboxMailer
from app.mail.smtp import SmtpMailer

__all__ = ["OutboxMailer", "SmtpMailer"]
