"""The local host answers as a real one does: types, compression, caching, 404, nothing from outside."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from generator.edge import web_server
from tests.visitor import asked

FILES = {
    "index.html": b"<p>" + b"home " * 100,
    "404.html": b"<p>absent",
    "deep/index.html": b"<p>deep",
    "head.json": b"{}",
    "r/a.bin": bytes(range(256)),
}


def test_types_and_bytes() -> None:
    with web_server.serving(FILES) as origin:
        assert origin.startswith("http://localhost:")
        for path, kind in {
            "": "text/html; charset=utf-8",
            "deep/": "text/html; charset=utf-8",
            "head.json": "application/json",
            "r/a.bin": "application/octet-stream",
        }.items():
            status, headers, body = asked(f"{origin}/{path}?x=1")
            assert status == 200
            assert headers["Content-Type"] == kind
            assert body == FILES[path + "index.html" if path in ("", "deep/") else path]
            assert headers["Cache-Control"] == "max-age=600"
            assert "Date" not in headers


def test_absent_is_404_with_the_sites_own_page() -> None:
    with web_server.serving(FILES) as origin:
        status, headers, body = asked(f"{origin}/nowhere.bin")
        assert (status, body) == (404, FILES["404.html"])
        assert headers["Content-Type"].startswith("text/html")
        assert "ETag" not in headers


def test_what_is_known_is_not_sent_again() -> None:
    with web_server.serving(FILES) as origin:
        _, headers, _ = asked(f"{origin}/")
        status, _, body = asked(f"{origin}/", **{"If-None-Match": headers["ETag"]})
        assert (status, body) == (304, b"")


def test_text_is_compressed_and_ciphertext_is_not() -> None:
    with web_server.serving(FILES) as origin:
        _, headers, body = asked(f"{origin}/", **{"Accept-Encoding": "br, gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == FILES["index.html"]
        _, headers, body = asked(f"{origin}/r/a.bin", **{"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in headers
        assert body == FILES["r/a.bin"]


@pytest.mark.parametrize(
    "path", ["../secret", "%2e%2e/secret", "..%2fsecret", "link", "a%00b", "/etc/hostname"]
)
def test_nothing_outside_the_folder(tmp_path: Path, path: str) -> None:
    public = tmp_path / "public"
    public.mkdir()
    (public / "index.html").write_bytes(b"<p>home")
    (tmp_path / "secret").write_bytes(b"secret")
    (public / "link").symlink_to(tmp_path / "secret")
    with web_server.serving(public) as origin:
        assert asked(f"{origin}/")[2] == b"<p>home"
        status, _, body = asked(f"{origin}/{path}")
        assert (status, body) == (404, b"404\n")


def test_a_rebuilt_folder_shows_at_once(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<p>old")
    with web_server.serving(tmp_path) as origin:
        assert asked(f"{origin}/")[2] == b"<p>old"
        (tmp_path / "index.html").write_bytes(b"<p>new")
        assert asked(f"{origin}/")[2] == b"<p>new"
