"""A real S3 server on the loopback (moto's), and a wire to it that fails as told."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from moto.server import ThreadedMotoServer


@contextmanager
def running() -> Iterator[str]:
    """The server's address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    name, port = server.get_host_and_port()
    try:
        yield f"http://{name}:{port}"
    finally:
        server.stop()


def make(endpoint: str, bucket: str) -> None:
    """A new bucket."""
    parts = urlsplit(endpoint)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("PUT", f"/{bucket}")
    assert connection.getresponse().status == 200
    connection.close()


@dataclass
class Wire:
    """What passed, and how it is to fail: every so many requests; 0 is never."""

    fail_every: int = 0  # 503 before the server hears of it
    twice_every: int = 0  # the server gets it twice
    lose_every: int = 0  # the server does it, the answer is lost
    forbid: bool = False
    gone_after: int = 0  # the bucket is removed after so many requests
    seen: list[tuple[str, str]] = field(default_factory=list)
    faults: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def _handler(endpoint: str, wire: Wire) -> type[BaseHTTPRequestHandler]:
    parts = urlsplit(endpoint)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with wire.lock:
                wire.seen.append((self.command, self.path))
                rank = len(wire.seen)
            if wire.forbid:
                self._answer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")
                return
            if wire.gone_after and rank > wire.gone_after:
                self._answer(404, {}, b"<Error><Code>NoSuchBucket</Code></Error>")
                return
            if wire.fail_every and rank % wire.fail_every == 0:
                wire.faults += 1
                self._answer(503, {}, b"<Error><Code>SlowDown</Code></Error>")
                return
            status, given, data = self._asked(body)
            if wire.twice_every and rank % wire.twice_every == 0:
                wire.faults += 1
                status, given, data = self._asked(body)
            if wire.lose_every and rank % wire.lose_every == 0:
                wire.faults += 1
                self.close_connection = True
                self.connection.close()
                return
            self._answer(status, given, data)

        def _asked(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
            return answer.status, dict(answer.getheaders()), data

        def _answer(self, status: int, given: dict[str, str], data: bytes) -> None:
            self.send_response_only(status)
            left = {"connection", "transfer-encoding", "content-length"}
            for name, value in given.items():
                if name.lower() not in left:
                    self.send_header(name, value)
            length = given.get("Content-Length", "0") if self.command == "HEAD" else str(len(data))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


@contextmanager
def between(endpoint: str, **manner: int) -> Iterator[tuple[str, Wire]]:
    """A wire to the server; its own address, and what it saw."""
    wire = Wire(**manner)  # type: ignore[arg-type]  # the fields of Wire
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(endpoint, wire)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", wire
        finally:
            server.shutdown()
            thread.join()
