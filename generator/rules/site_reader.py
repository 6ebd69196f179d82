"""Steps 3 to 5 of the verdict recipe, for one number or for a run over many (SPEC, chapter Verdict).

Authenticating a status shard costs more than judging a certificate, and a thousand certificates share one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from generator.formats import bucket, paths, status
from generator.formats.head import Head
from generator.model.keyring import Manifest, Pin
from generator.rules.published_files import Site, read_bucket, read_head, read_manifest, read_shard

Trusted = TypeVar("Trusted")


class SiteReader:
    """Reads and authenticates each file whenever it is asked. Everything raises `Unreachable`."""

    def __init__(self, site: Site, pin: Pin) -> None:
        self.site, self.pin = site, pin

    def manifest(self, again: bool) -> Manifest:
        """The key manifest."""
        return read_manifest(self.site, self.pin, again)

    def head(self, keys: Manifest, again: bool) -> Head:
        """The head."""
        return read_head(self.site, keys, self.pin, again)

    def shard(
        self, keys: Manifest, top: Head, year: int, bits: int, prefix: int, again: bool
    ) -> status.Shard:
        """The status shard of a place (24 bits)."""
        return read_shard(self.site, keys, top, year, bits, prefix, again)

    def bucket(self, year: int, bits: int, prefix: int, named: bucket.Listed, again: bool) -> bucket.Bucket:
        """The bucket of a place (24 bits), the one that its shard names."""
        return read_bucket(self.site, year, bits, prefix, named, again)


class CachingSiteReader(SiteReader):
    """Remembers the file of each kind that it read last: numbers in the order of their places read each once.

    For one run over a site that stands still. What could not be authenticated is not remembered, and a
    reload (`again`) is left to a plain `Reader`, so nothing bad is ever said from memory.
    """

    def __init__(self, site: Site, pin: Pin) -> None:
        super().__init__(site, pin)
        self._last: dict[str, tuple[object, object]] = {}

    def manifest(self, again: bool) -> Manifest:
        """The key manifest, authenticated once."""
        return self._once("manifest", None, lambda: super(CachingSiteReader, self).manifest(again))

    def head(self, keys: Manifest, again: bool) -> Head:
        """The head, authenticated once under a manifest."""
        return self._once("head", keys, lambda: super(CachingSiteReader, self).head(keys, again))

    def shard(
        self, keys: Manifest, top: Head, year: int, bits: int, prefix: int, again: bool
    ) -> status.Shard:
        """The status shard of a place, authenticated once for each file of it."""
        path = paths.shard(year, bits, status.shard_prefix(prefix, bits))
        return self._once(
            "shard", path, lambda: super(CachingSiteReader, self).shard(keys, top, year, bits, prefix, again)
        )

    def bucket(self, year: int, bits: int, prefix: int, named: bucket.Listed, again: bool) -> bucket.Bucket:
        """The bucket of a place, held once against what its shard names."""
        path = paths.bucket(year, bits, prefix)
        return self._once(
            "bucket",
            (path, named),
            lambda: super(CachingSiteReader, self).bucket(year, bits, prefix, named, again),
        )

    def _once(self, kind: str, key: object, read: Callable[[], Trusted]) -> Trusted:
        held = self._last.get(kind)
        if held is None or not (held[0] is key or held[0] == key):
            held = self._last[kind] = (key, read())
        return cast(Trusted, held[1])
