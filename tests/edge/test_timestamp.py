"""The timestamp client against an authority of its own, played by OpenSSL."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from generator.edge.timestamp import Authority
from generator.errors import Malformed, Refused
from generator.render import seal as seals
from generator.render.press import Press
from generator.wire import timestamp
from tests.render.sample import ENVELOPE, IMPRINT, statement, template

DIGEST = hashlib.sha256(b"a certificate").digest()
CONFIG = """
[req]
distinguished_name = name
x509_extensions = stamping
prompt = no
[name]
CN = Sample authority
[stamping]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
"""

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("authority")
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key",
        "-out",
        "certificate",
    ]
    subprocess.run([*command, "-config", "config", "-days", "9"], cwd=folder, check=True, capture_output=True)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = b"no" if self.path == "/nonsense" else stamped(folder, question)
            if self.path == "/other":
                answer = stamped(folder, timestamp.query(bytes(32), 7))
            self.send_response(200)
            self.send_header("Content-Type", timestamp.REPLY_TYPE)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def stamped(folder: Path, question: bytes) -> bytes:
    (folder / "question").write_bytes(question)
    command = [
        "openssl",
        "ts",
        "-reply",
        "-config",
        "config",
        "-queryfile",
        "question",
        "-signer",
        "certificate",
    ]
    subprocess.run([*command, "-inkey", "key", "-out", "answer"], cwd=folder, check=True, capture_output=True)
    return (folder / "answer").read_bytes()


def dice(count: int) -> bytes:
    return bytes(range(1, count + 1))


def test_openssl_reads_the_question_and_its_token_is_taken(authority: str) -> None:
    token = Authority(authority, dice).token(DIGEST)
    assert DIGEST in token
    assert token[0] == 0x30


def test_a_sealed_certificate_carries_the_stamp(authority: str) -> None:
    own = seals.self_made(bytes(32), "Northfield Awarding", "2026-01-01", "2099-12-31")
    seal = seals.Seal(
        own.signer, own.sign, own.holder, own.starts, own.ends, False, Authority(authority, dice)
    )
    pdf = Press(template("unit"), IMPRINT, seal).render(statement(), ENVELOPE)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(own.signer.certificate)],
        moment=datetime(2026, 11, 22, tzinfo=UTC),
        allow_fetching=False,
    )
    # pyHanko runs an event loop of its own, which it cannot where a browser's loop runs in this thread.
    with ThreadPoolExecutor(1) as apart:
        status = apart.submit(validate_pdf_signature, signature, context).result()
    assert status.intact
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact
    assert seal.fingerprint != own.fingerprint


@pytest.mark.parametrize("path", ["/nonsense", "/other"])
def test_another_answer_is_refused(authority: str, path: str) -> None:
    with pytest.raises(Refused, match="SEAL-TIMESTAMP"):
        Authority(authority + path, dice).token(DIGEST)


def test_silence_is_refused() -> None:
    with pytest.raises(Refused, match="does not answer"):
        Authority("http://127.0.0.1:9", dice).token(DIGEST)
    with pytest.raises(Refused, match="http or https"):
        Authority("file:///etc/hostname", dice).token(DIGEST)


def test_a_refusal_is_not_a_token() -> None:
    with pytest.raises(Malformed, match="refused"):
        timestamp.token(b"\x30\x05\x30\x03\x02\x01\x02", DIGEST, 1)
