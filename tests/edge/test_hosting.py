"""What a host is told: one table of headers, four ways to write it."""

from __future__ import annotations

import pytest

from generator.edge import host_configuration


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("head.json", "application/json", "no-cache"),
        ("s/2026/11/abc000.bin", "application/octet-stream", "no-cache"),
        ("r/2026/11/ab/abc000.bin", "application/octet-stream", "no-cache"),
        ("m/3.json", "application/json", "public, max-age=31536000, immutable"),
        ("noble-ed25519.js", "text/javascript; charset=utf-8", "public, max-age=300"),
        ("logo.svg", "image/svg+xml", "public, max-age=300"),
    ],
)
def test_the_table(path: str, kind: str, cache: str) -> None:
    given = host_configuration.headers(path)
    assert (given["Content-Type"], given["Cache-Control"]) == (kind, cache)
    assert "frame-ancestors 'none'" in given["Content-Security-Policy"]


@pytest.mark.parametrize("name", host_configuration.WRITERS)
def test_every_configuration_names_every_security_header(name: str) -> None:
    _, write = host_configuration.WRITERS[name]
    text = write("verify.example.org", "/srv/verify", False)
    for header, value in host_configuration.headers("index.html").items():
        if header not in ("Content-Type", "Cache-Control"):
            assert header in text
            assert value in text


def test_nginx_repeats_headers_in_each_location() -> None:
    """nginx drops inherited headers where a location adds one of its own."""
    text = host_configuration.nginx("verify.example.org", "/srv/verify")
    locations = text.split("location ")[1:]
    assert len(locations) == 3
    for block in locations:
        assert block.count("add_header") == 7
    assert text.count("{") == text.count("}")
    assert "error_page 404 /404.html" in text
    assert "access_log off" in text


def test_brackets_close_in_the_caddyfile() -> None:
    for precompressed in (False, True):
        text = host_configuration.caddy("verify.example.org", "/srv/verify", precompressed)
        assert text.count("{") == text.count("}")
        assert ("precompressed" in text) is precompressed


@pytest.mark.parametrize(
    ("host", "files", "size", "largest", "words"),
    [
        ("cloudflare_pages", 20_000, 1, 1, "nearly"),
        ("cloudflare_pages", 20_001, 1, 1, "20,001 files"),
        ("cloudflare_pages", 18_000, 1, 1, ""),
        ("github_pages", 10**6, 1_000_000_001, 1, "1,000,000,001 bytes"),
        ("github_pages", 1, 1, 100_000_001, "bytes in one file"),
        ("nginx", 10**7, 10**13, 10**9, ""),
    ],
)
def test_limits(host: str, files: int, size: int, largest: int, words: str) -> None:
    found = host_configuration.limits_reached(host, files, size, largest)
    assert len(found) == bool(words)
    assert not words or words in found[0].words
