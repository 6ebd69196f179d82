"""A web host on this machine: the built site with the headers that a real static host sends.

Modelled on GitHub Pages, the plainest of them: no header of our own choosing, so what protects the
visitor must be in the pages; `404.html` for what is absent; ETag and ten minutes of caching.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from generator.edge import disk

Compressors = Mapping[str, Callable[[bytes], bytes]]

_COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
_TYPES = {".bin": "application/octet-stream", ".js": "text/javascript", ".json": "application/json"}
_GZIP: Compressors = {"gzip": lambda data: gzip.compress(data, mtime=0)}


@contextmanager
def serving(
    site: Path | Mapping[str, bytes], port: int = 0, *, compressors: Compressors = _GZIP
) -> Iterator[str]:
    """Serve a folder, or files by path, on the loopback; gives the origin (port 0: any free one).

    `compressors` by their HTTP name, the best first; each is used where the visitor accepts it.
    """

    class Handler(_Handler):
        files = _Folder(site) if isinstance(site, Path) else site
        offered = compressors

    # Loopback only: the sample site is nobody else's business.
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Folder(Mapping[str, bytes]):
    """The files below a folder by their path; read anew at each request, so that a rebuild shows at once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __getitem__(self, path: str) -> bytes:
        if "\0" in path:
            raise KeyError(path)
        place = (self._root / path).resolve()
        # A path that climbs out, and a link that leads out, are absent.
        if not place.is_relative_to(self._root.resolve()) or not place.is_file():
            raise KeyError(path)
        with disk.open_file(place) as file:
            return file.read()

    def __iter__(self) -> Iterator[str]:
        found = (place for place in self._root.rglob("*") if place.is_file())
        return (place.relative_to(self._root).as_posix() for place in found)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Handler(BaseHTTPRequestHandler):
    files: ClassVar[Mapping[str, bytes]]
    offered: ClassVar[Compressors]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path).removeprefix("/")
        if path == "" or path.endswith("/"):
            path += "index.html"
        data = self.files.get(path)
        if data is None:
            self._send(404, "404.html", self.files.get("404.html", b"404\n"))
            return
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if tag in self.headers.get("If-None-Match", ""):
            self._send(304, path, b"", tag)
        else:
            self._send(200, path, data, tag)

    def _send(self, status: int, path: str, data: bytes, tag: str = "") -> None:
        suffix = Path(path).suffix
        kind = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        encoding = self._encoding() if kind.startswith(_COMPRESSIBLE) and data else ""
        body = self.offered[encoding](data) if encoding else data
        # Not send_response: it would add the clock's time, which serves nobody here.
        self.send_response_only(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "max-age=600")
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _encoding(self) -> str:
        accepted = {item.split(";")[0].strip() for item in self.headers.get("Accept-Encoding", "").split(",")}
        return next((name for name in self.offered if name in accepted), "")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: a log of requests is the one thing that a verification site should not keep."""
