"""A time-stamping authority on the loopback, played by OpenSSL."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from generator.crypto import timestamp

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


@contextmanager
def authority(folder: Path) -> Iterator[str]:
    """Its address while it runs. At `/nonsense` and at `/other` it answers wrongly."""
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
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def stamped(folder: Path, question: bytes) -> bytes:
    """OpenSSL's answer to a question."""
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
