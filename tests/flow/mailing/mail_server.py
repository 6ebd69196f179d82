"""A real SMTP server on the loopback that misbehaves as told: greylists, hangs, drops, bounces."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MAY_SIGN_CERTIFICATES = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
USER, PASSWORD = "office", "a password of the mail server"


@dataclass
class Manners:
    """How the server treats mail. `plan` gives an answer to each RCPT or DATA in turn, None for yes."""

    rcpt: list[str | None] = field(default_factory=list)
    data: list[str | None] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    auth: int = 0
    tls: int = 0

    def counts(self) -> Counter[str]:
        """How often each recipient's mail was taken."""
        return Counter(recipient for recipient, _ in self.taken)


class Handler:
    """aiosmtpd's hooks."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _: Any) -> str:
        answer = self.manners.rcpt.pop(0) if self.manners.rcpt else None
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.manners.data.pop(0) if self.manners.data else None
        self.manners.tls += session.ssl is not None
        if answer in (None, "drop after"):
            self.manners.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        if answer in ("drop", "drop after"):
            # The line goes dead where the answer should come.
            server.transport.abort()
            return "250 never heard"
        return answer or "250 OK"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


class _Server(SMTP):
    """Nothing of our own but the name in the greeting."""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the loopback, and its key, in two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        # Strict since Python 3.13: an authority says what its key may do, and which key it is.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(MAY_SIGN_CERTIFICATES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.crt", folder / "server.secret"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


@contextmanager
def serving(manners: Manners, folder: Path) -> Iterator[tuple[int, Path]]:
    """The server with STARTTLS and a password; its port and the certificate to trust."""
    public, private = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)

    def allowed(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        good = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        manners.auth += good
        return AuthResult(success=good, handled=False)

    class Own(Controller):
        def factory(self) -> SMTP:
            return _Server(
                self.handler,
                tls_context=context,
                require_starttls=True,
                authenticator=allowed,
                auth_required=True,
                hostname="mail.test",
            )

    controller = Own(Handler(manners), hostname="127.0.0.1", port=free_port(), server_hostname="mail.test")
    controller.start()
    try:
        yield controller.port, public
    finally:
        controller.stop(no_assert=True)


def settings(port: int, trust: Path, **more: object) -> str:
    """The section `delivery` of portal.yaml for this server."""
    extra = "".join(f"  {name}: {value}\n" for name, value in more.items())
    return (
        "delivery:\n  transport: smtp\n  per_minute: 6000\n"
        f"{extra}"
        f"  smtp: {{host: localhost, port: {port}, user: {USER}, ca_file: {trust}, timeout_seconds: 2}}\n"
    )


def bounced(
    message_id: str,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "learner3@example.org",
    date: str = "Sun, 22 Nov 2026 12:00:00 +0000",
    words: str = "I'm sorry.",
) -> bytes:
    """A delivery status report of another server on a message of ours."""
    return f"""\
From: MAILER-DAEMON@example.org
To: certificates@northfield.example
Date: {date}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

{words}
--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}

--edge
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Your certificate
--edge--
""".encode()
