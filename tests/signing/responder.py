"""A timestamp authority of another organisation on 127.0.0.1: `openssl ts -reply` behind HTTP.

It can also be told to misbehave: to be slow, to drip, to redirect (to itself or elsewhere), to
refuse, to answer with garbage, with the reply to an earlier question, to another nonce, over
another digest, or without end.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

REJECTION = bytes.fromhex("30053003020102")  # a TimeStampResp of PKIStatus 2, without a token
# Without the right to sign lists, a strict validator (EU DSS) takes no list of this authority's.
OF_AUTHORITIES = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
CONFIGURATION = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/{signer}.crt
signer_key = {folder}/{signer}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass
class Responder:
    """The running authority. behaviour: "good" or one of the misbehaviours."""

    folder: Path
    url: str
    ca: x509.Certificate
    crl: bytes
    behaviour: str = "good"
    asked: int = 0
    elsewhere: str = ""  # where "elsewhere" sends people
    last_reply: bytes = field(default=b"")

    def reply(self, query: bytes, signer: str) -> bytes:
        (self.folder / "query").write_bytes(query)
        (self.folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=self.folder, signer=signer))
        command = ["openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "one"]
        command += ["-queryfile", str(self.folder / "query")]
        return subprocess.run(command, capture_output=True, check=True, timeout=20).stdout


@contextmanager
def running_responder(folder: Path) -> Iterator[Responder]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    ca, crl = _make_certificates(folder, f"{address}/ca.crl")
    responder = Responder(folder, f"{address}/tsa", ca, crl)
    server.responder = responder
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield responder
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send(self.server.responder.crl, "application/pkix-crl")

    def do_POST(self) -> None:
        responder = self.server.responder
        responder.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        behaviour = responder.behaviour
        if behaviour == "slow":
            time.sleep(2)
        if behaviour == "drip":
            self._drip()
        elif behaviour == "redirect":
            self.send_response(302)
            self.send_header("Location", responder.url + "2")
            self.end_headers()
        elif behaviour == "elsewhere":
            self.send_response(307)  # a client that followed would post there again
            self.send_header("Location", responder.elsewhere)
            self.end_headers()
        elif behaviour == "rejected":
            self._send(REJECTION)
        elif behaviour in ("nonce", "digest"):
            self._send(responder.reply(_another(query, behaviour), "tsa"))
        elif behaviour == "error":
            self.send_error(503)
        elif behaviour == "garbage":
            self._send(b"\x30\x03\x02\x01\x00 garbage")
        elif behaviour == "endless":
            self._send(b"\x30" * 200_000)
        elif behaviour == "replay":
            self._send(responder.last_reply)
        else:
            responder.last_reply = responder.reply(query, "tsa")
            self._send(responder.last_reply)

    def _send(self, content: bytes, kind: str = "application/timestamp-reply") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):  # the asker may have left
            self.wfile.write(content)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(40):
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def _another(query: bytes, what: str) -> bytes:
    """The question with another nonce, or about another digest."""
    request = tsp.TimeStampReq.load(query)
    if what == "nonce":
        request["nonce"] = request["nonce"].native ^ 1
    else:
        imprint = request["message_imprint"]
        imprint["hashed_message"] = bytes(reversed(imprint["hashed_message"].native))
    return bytes(request.dump(force=True))


def _make_certificates(folder: Path, crl_url: str) -> tuple[x509.Certificate, bytes]:
    now = datetime.now(UTC).replace(microsecond=0)
    ca_key, tsa_key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "External CA")])
    tsa_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "External TSA")])

    def builder(name: x509.Name, key: rsa.RSAPublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(ca_name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1000))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
            )
        )

    ca = (
        builder(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(OF_AUTHORITIES, critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
    tsa = (
        builder(tsa_name, tsa_key.public_key())
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ca_name)
        .last_update(now)
        .next_update(now + timedelta(days=7))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    (folder / "tsa.crt").write_bytes(tsa.public_bytes(Encoding.PEM))
    clear = tsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(clear)
    (folder / "serial").write_text("01\n")
    return ca, crl.public_bytes(Encoding.DER)
