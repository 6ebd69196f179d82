"""Every published path, in one place (SPEC, chapter Layout). Paths are relative to the site's root."""

from __future__ import annotations

from generator.formats.status import shard_prefix
from generator.model.value import VerificationCode

HEAD = "head.json"
MANIFEST = "manifest.json"
PAGES = "pages.json"
INDEX = "index.html"
PRIVATE_PAGE = "mine.html"


def manifest_version(version: int) -> str:
    """A version of the key manifest; all stay published, the newest also as `MANIFEST`."""
    return f"m/{version}.json"


def bucket(year: int, bits: int, prefix: int) -> str:
    """The bucket of a prefix (left-aligned in 24 bits)."""
    name = f"{prefix:06x}"
    return f"r/{year}/{bits}/{name[:2]}/{name}.bin"


def shard(year: int, bits: int, prefix: int) -> str:
    """The status shard above a bucket prefix."""
    return f"s/{year}/{bits}/{shard_prefix(prefix, bits):06x}.bin"


def link(origin: str, number: VerificationCode) -> str:
    """The address in the QR: the number travels in the fragment, which is never sent to the host."""
    return f"{origin}/#{number}"
