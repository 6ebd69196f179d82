"""A host that keeps whoever asks it waiting: silent, dripping, or without an end."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_DRIP_SECONDS = 0.02
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
    b'ETag: "1"\r\nLast-Modified: Sun, 22 Nov 2026 02:00:00 GMT\r\n'
)
# How each manner answers: what comes at once, and what then comes byte by byte or again and again.
MANNERS = {
    "silent": (b"", b""),
    "dripping greeting": (b"", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60_000),
    "dripping headers": (ANSWER, b"X-Drip: " + b"y" * 60_000),
    "dripping body": (ANSWER + b"Content-Length: 9000000\r\n\r\n", b"y" * 60_000),
}


@dataclass
class Seen:
    """What the host was asked, and how many bytes it got rid of."""

    asked: int = 0
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)


def _wait_upon(line: socket.socket, manner: str, seen: Seen) -> None:
    with line, contextlib.suppress(OSError):
        if manner.startswith("mail"):
            line.sendall(b"220 ready\r\n")
            line.recv(65_536)
            while manner == "mail without an end" and not seen.over.is_set():
                seen.sent += line.send(b"250-and more\r\n" * 1000)
            for byte in b"250-" + b"y" * 60_000:
                if seen.over.wait(_DRIP_SECONDS):
                    return
                line.sendall(bytes([byte]))
        line.recv(65_536)
        if manner == "endless body":
            line.sendall(ANSWER + b"\r\n")
            while not seen.over.is_set():
                seen.sent += line.send(b"y" * 65_536)
            return
        at_once, then = MANNERS[manner]
        line.sendall(at_once)
        for byte in then:
            if seen.over.wait(_DRIP_SECONDS):
                return
            line.sendall(bytes([byte]))
        seen.over.wait()


@contextmanager
def waiting(manner: str) -> Iterator[tuple[int, Seen]]:
    """The host's port, and what it sees."""
    seen = Seen()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def serve() -> None:
            while not seen.over.is_set():
                with contextlib.suppress(TimeoutError):
                    line, _ = server.accept()
                    line.settimeout(None)
                    seen.asked += 1
                    threading.Thread(target=_wait_upon, args=(line, manner, seen), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], seen
        finally:
            seen.over.set()
            thread.join()
