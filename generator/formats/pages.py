"""pages.json: every page and asset with its digest, the inlined head left out (SPEC, chapter Pages).

The verify page carries the head, and the head carries the digest of pages.json; so pages are
digested with the text between the two markers removed.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.crypto.digest import sha256
from generator.errors import Malformed
from generator.formats import strict_json
from generator.model.value import Digest, Field, Value, model_validator

CAP = 8_388_608
HEAD_OPEN = b'<script type="application/json" id="certportal-head">'
HEAD_CLOSE = b"</script>"


class PublishedPage(Value):
    """A published page or asset: path below the site's root, SHA-256 of its blanked bytes."""

    path: str = Field(pattern=r"^[A-Za-z0-9._][A-Za-z0-9._/-]{0,199}$")
    sha256: Digest

    @model_validator(mode="after")
    def _inside(self) -> PublishedPage:
        if any(part in ("", ".", "..") for part in self.path.split("/")):
            raise ValueError("the path leaves the site")
        return self


class Pages(Value):
    """All pages and assets, in the order of their paths."""

    v: int = Field(default=1, ge=1, le=1)
    pages: tuple[PublishedPage, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Pages:
        paths = [page.path for page in self.pages]
        if paths != sorted(set(paths)):
            raise ValueError("paths are not in order")
        return self


def of(files: Mapping[str, bytes]) -> Pages:
    """The list for these files (path -> bytes, with or without the head inlined)."""
    return Pages(pages=tuple(PublishedPage(path=path, sha256=digest(files[path])) for path in sorted(files)))


def encode(pages: Pages) -> bytes:
    """The file's bytes; its SHA-256 is in the head."""
    return strict_json.encode(pages.plain())


def decode(data: bytes) -> Pages:
    """The list from its file. Raises `Malformed`."""
    pages = Pages.of(strict_json.decode(data, CAP))
    if encode(pages) != data:
        raise Malformed("another spelling of the same list")
    return pages


def digest(page: bytes) -> Digest:
    """SHA-256 of a page with its head block blanked."""
    return sha256(inlined(page, b""))


def inlined(page: bytes, head: bytes) -> bytes:
    """The page with `head` as the content of its head block; the page itself where it has none."""
    before, opened, rest = page.partition(HEAD_OPEN)
    if not opened:
        return page
    _, closed, after = rest.partition(HEAD_CLOSE)
    if not closed or HEAD_OPEN in after or b"<" in head:
        raise Malformed("the head block does not close, or is there twice")
    return before + opened + head + closed + after
