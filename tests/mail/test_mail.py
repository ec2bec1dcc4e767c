"""Mails read back from a real server and from the outbox; every way a hand-over can fail."""

import email
import os
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.errors import DeliveryFailed, InvalidInput
from app.domain.message import Attachment
from app.mail.outbox import OutboxMailer
from app.mail.smtp import SmtpMailer
from tests.mail.conftest import PDF, free_port

SENDER = "Larkfield Bookkeeping <contracts@larkfield.example>"
FILES = {"signed – María.pdf": PDF}


def mailer(port, **more):
    values = {"username": "", "password": "", "security": "none", "sender": SENDER, "timeout": 5}
    return SmtpMailer("127.0.0.1", port, **{**values, **more})


def read(data):
    return email.message_from_bytes(data, policy=default)


def check(mail, message):
    assert mail["Subject"] == message.subject
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"].datetime == message.created_at.replace(microsecond=0)
    assert mail["Auto-Submitted"] == "auto-generated"
    [to] = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == (message.to_name, message.to_address)
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == message.text
    assert mail.get_body(("html",)).get_content().rstrip("\r\n") == message.html
    [attachment] = mail.iter_attachments()
    assert attachment.get_content() == PDF
    assert attachment.get_filename() == "signed – María.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert not mail.defects


def test_a_mail_arrives_as_it_was_meant(server, inbox, message):
    mailer(server()).hand_over(message, FILES)
    [envelope] = inbox.envelopes
    assert envelope.rcpt_tos == ["maria@cruz.example"]
    assert envelope.mail_from == "contracts@larkfield.example"
    check(read(envelope.content), message)
    assert read(envelope.content)["From"] == SENDER
    assert all(len(line) <= 998 for line in envelope.content.split(b"\r\n"))
    assert envelope.content.isascii()


def test_the_outbox_holds_a_mail_that_reads_the_same(tmp_path, message):
    outbox = OutboxMailer(tmp_path / "outbox")
    assert outbox.is_trial
    outbox.hand_over(message, FILES)
    [file] = (tmp_path / "outbox").iterdir()
    assert b">From" not in file.read_bytes()
    assert file.name == "20261122T120000.123456Z-m1.2026@larkfield.example.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    check(read(file.read_bytes()), message)


def test_the_same_message_again_is_the_same_mail(tmp_path, server, inbox, message):
    outbox = OutboxMailer(tmp_path)
    sender = mailer(server())
    for _ in range(2):
        outbox.hand_over(message, FILES)
        sender.hand_over(message, FILES)
    assert len(list(tmp_path.iterdir())) == 1
    first, second = (read(envelope.content) for envelope in inbox.envelopes)
    for header in ("Message-ID", "Date", "Subject", "To"):
        assert first[header] == second[header]


@pytest.mark.parametrize("message_id", ["<../../etc/passwd@x>", "</abs@x>", f"<{'y' * 300}@x>", "<a%2f..@x>"])
def test_the_name_of_an_outbox_file_stays_in_the_folder(tmp_path, message, message_id):
    OutboxMailer(tmp_path / "outbox").hand_over(replace(message, message_id=message_id), FILES)
    [file] = tmp_path.rglob("*.eml")
    assert file.parent == tmp_path / "outbox"


def test_an_unwritable_outbox_is_retryable_and_leaves_no_half_file(tmp_path, message, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryFailed) as caught:
        OutboxMailer(tmp_path / "file").hand_over(message, FILES)
    assert caught.value.retryable

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryFailed, match="No space left"):
        OutboxMailer(tmp_path / "outbox").hand_over(message, FILES)
    assert list((tmp_path / "outbox").iterdir()) == []


BREAKS = ["\r\nBcc: all@x.example", "\nX: y", "\rX", "\x00", "\x0b", "\x85", "\u2028X", "\ud800"]


@pytest.mark.parametrize("added", BREAKS)
@pytest.mark.parametrize("field", ["to_name", "to_address", "subject", "message_id"])
def test_no_header_can_be_smuggled_in(server, inbox, tmp_path, message, field, added):
    value = getattr(message, field)
    hostile = replace(message, **{field: value + added})
    for way in (mailer(1), OutboxMailer(tmp_path)):
        with pytest.raises(DeliveryFailed) as caught:
            way.hand_over(hostile, FILES)
        assert not caught.value.retryable
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["name", "media_type"])
def test_no_header_of_an_attachment_either(tmp_path, message, field):
    attachment = replace(message.attachments[0], **{field: "a/b\r\nX: y"})
    with pytest.raises(DeliveryFailed, match="control character"):
        OutboxMailer(tmp_path).hand_over(
            replace(message, attachments=(attachment,)), {attachment.name: PDF}
        )


@pytest.mark.parametrize(
    "address", ["", "maria", "@x.example", "maria@", "a b@x.example", "a@x.example, b@y.example",
                "<a@x.example>", "a@x..example", "a@" + "x" * 70 + ".example"]
)
def test_what_is_no_address_is_refused(tmp_path, message, address):
    with pytest.raises(DeliveryFailed) as caught:
        OutboxMailer(tmp_path).hand_over(replace(message, to_address=address), FILES)
    assert not caught.value.retryable


def test_a_name_is_never_an_address(server, inbox, message):
    tricky = replace(message, to_name='"Boss" <boss@bank.example>, "')
    mailer(server()).hand_over(tricky, FILES)
    [envelope] = inbox.envelopes
    assert envelope.rcpt_tos == ["maria@cruz.example"]
    check(read(envelope.content), tricky)


def test_an_international_domain_goes_as_punycode(server, inbox, message):
    mailer(server()).hand_over(replace(message, to_address="maria@münchen.example"), FILES)
    assert inbox.envelopes[0].rcpt_tos == ["maria@xn--mnchen-3ya.example"]


def test_an_international_mailbox_needs_a_server_that_knows_it(server, inbox, message):
    international = replace(message, to_address="maría@x.example")
    with pytest.raises(DeliveryFailed) as caught:
        mailer(server(enable_SMTPUTF8=False)).hand_over(international, FILES)
    assert not caught.value.retryable
    mailer(server(enable_SMTPUTF8=True)).hand_over(international, FILES)
    assert inbox.envelopes[0].rcpt_tos == ["maría@x.example"]


def test_other_bytes_than_those_recorded_are_not_sent(tmp_path, message):
    for files in ({}, {"signed – María.pdf": PDF + b"x"}):
        with pytest.raises(DeliveryFailed, match="attachment"):
            OutboxMailer(tmp_path).hand_over(message, files)


def test_a_broken_media_type_is_refused(tmp_path, message):
    broken = replace(message, attachments=(Attachment("a", "", message.attachments[0].digest),))
    with pytest.raises(DeliveryFailed):
        OutboxMailer(tmp_path).hand_over(broken, {"a": PDF})


def test_damaged_text_is_refused(tmp_path, message):
    for way in (mailer(1), OutboxMailer(tmp_path)):
        with pytest.raises(DeliveryFailed) as caught:
            way.hand_over(replace(message, text="\ud800"), FILES)
        assert not caught.value.retryable


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "retryable"),
    [("451 try later", True), ("450 greylisted", True), ("421 going away", True), ("550 no such user", False),
     ("554 spam", False)],
)
def test_the_answer_decides_about_another_try(server, inbox, message, command, answer, retryable):
    inbox.answers[command] = answer
    with pytest.raises(DeliveryFailed) as caught:
        mailer(server()).hand_over(message, FILES)
    assert caught.value.retryable is retryable
    assert answer in caught.value.message
    assert inbox.envelopes == []


def test_a_server_that_is_down_is_retryable(message):
    with pytest.raises(DeliveryFailed) as caught:
        mailer(free_port()).hand_over(message, FILES)
    assert (caught.value.code, caught.value.retryable) == ("mail-server-unreachable", True)


def test_a_server_that_says_nothing_is_left_after_the_timeout(message):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = datetime.now(UTC)
        with pytest.raises(DeliveryFailed) as caught:
            mailer(silent.getsockname()[1], timeout=0.3).hand_over(message, FILES)
    assert caught.value.retryable
    assert datetime.now(UTC) - started < timedelta(seconds=3)


def scripted(script):
    """A server that answers by a script, (answer, end of the line it waits for), then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def play():
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            for number, (answer, end) in enumerate(script):
                while number and not (b"\n" + stream.readline().rstrip(b"\r\n")).endswith(end):
                    pass
                stream.write(answer)
                stream.flush()
        listener.close()

    thread = threading.Thread(target=play)
    thread.start()
    return listener.getsockname()[1], thread


def test_a_line_cut_before_the_answer_is_retryable(message):
    port, thread = scripted([(b"220 hi\r\n", b""), (b"250 ok\r\n", b"]"), (b"", b">")])
    with pytest.raises(DeliveryFailed) as caught:
        mailer(port).hand_over(message, FILES)
    thread.join()
    assert caught.value.retryable


def test_a_server_that_hangs_up_after_taking_the_mail_has_taken_it(message):
    # greeting, EHLO, MAIL FROM:<...>, RCPT TO:<...>, DATA, the mail up to its dot; then the line is cut
    ok = b"250 ok\r\n"
    steps = [(b"220 hi\r\n", b""), (ok, b""), (ok, b">"), (ok, b">"), (b"354 go\r\n", b"data")]
    port, thread = scripted([*steps, (b"250 taken\r\n", b"\n.")])
    mailer(port).hand_over(replace(message, attachments=()), {})
    thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a self-signed certificate for 127.0.0.1, and a context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(
            [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return serving, ssl.create_default_context(cafile=str(folder / "certificate.pem"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_line_with_sign_in(server, inbox, message, certificate, security):
    serving, trusting = certificate

    def authenticate(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (b"user", b"pass")
        return AuthResult(success=right, handled=False)

    options = {"ssl_context": serving} if security == "tls" else {"tls_context": serving}
    options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": security != "tls"}
    port = server(**options)
    known = {"security": security, "username": "user", "tls": trusting}
    mailer(port, password="pass", **known).hand_over(message, FILES)
    check(read(inbox.envelopes[0].content), message)
    with pytest.raises(DeliveryFailed) as caught:
        mailer(port, password="no", **known).hand_over(message, FILES)
    assert not caught.value.retryable
    with pytest.raises(DeliveryFailed) as caught:
        mailer(port, security=security).hand_over(message, FILES)  # the system does not know the certificate
    assert (caught.value.code, caught.value.retryable) == ("mail-server-unfit", False)
    assert len(inbox.envelopes) == 1


def test_encryption_is_never_given_up(server, inbox, message):
    with pytest.raises(DeliveryFailed) as caught:
        mailer(server(), security="starttls").hand_over(message, FILES)
    assert (caught.value.code, caught.value.retryable) == ("mail-server-unfit", False)
    assert inbox.envelopes == []


def test_settings_that_cannot_be_used_are_refused():
    with pytest.raises(InvalidInput) as caught:
        SmtpMailer("mail.example", 25, "user", "pass", "none", SENDER)
    assert caught.value.code == "smtp-password-in-clear"
    with pytest.raises(InvalidInput):
        SmtpMailer("mail.example", 25, "", "", "ssl3", SENDER)
    with pytest.raises(DeliveryFailed):
        SmtpMailer("mail.example", 25, "", "", "tls", "nobody")
