"""Steps 3 to 5 of the verdict recipe: published files, read and authenticated (SPEC, chapter Verdict).

Verify and audit both go through here. A fault in a published byte is the site's, never the
certificate's, so everything here ends in `Unreachable`.
"""

from __future__ import annotations

from typing import Protocol

from generator.crypto import ed25519
from generator.errors import Malformed
from generator.formats import bucket, head, manifest, paths, status
from generator.formats.envelope import HEAD, ROLE_OF, STATUS, Signature, pae
from generator.model.keyring import ONLINE_WINDOW_DAYS, Manifest, Pin, Role, RootKeys
from generator.model.value import Instant, seconds

_ROOT_CHANGES_CAP = 64


class Unreadable(Exception):
    """A published file could not be had; `reason` is `network`, `missing` or `refused`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Site(Protocol):
    """Where the published files are read from."""

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """At most `cap` bytes of a file; `again` bypasses every cache. Raises `Unreadable`."""
        ...


class Unreachable(Exception):
    """The recipe cannot go on: the step, and `network`, `missing`, `refused`, `damaged`, `outdated`,
    `key_window` or `key_cut_off`."""

    def __init__(self, step: int, reason: str) -> None:
        self.step, self.reason = step, reason
        super().__init__(reason)


def read_manifest(site: Site, pin: Pin, again: bool) -> Manifest:
    """Step 3, first half: the manifest, by the pinned root or by roots that it led to."""
    data = _read(site, paths.MANIFEST, manifest.CAP, 3, again)
    try:
        current = manifest.verified(data, pin.root, pin.issuer_id)
    except Malformed:
        current = _through_root_changes(data, site, pin, again)
    if current.version < pin.manifest_version:
        raise Unreachable(3, "outdated")
    return current


def _through_root_changes(data: bytes, site: Site, pin: Pin, again: bool) -> Manifest:
    trusted: RootKeys = pin.root
    for version in range(pin.manifest_version + 1, pin.manifest_version + 1 + _ROOT_CHANGES_CAP):
        try:
            step = site.read(paths.manifest_version(version), manifest.CAP, again=again)
            known = manifest.verified(step, trusted, pin.issuer_id)
        except (Unreadable, Malformed):
            raise Unreachable(3, "damaged") from None
        if known.version != version:
            raise Unreachable(3, "damaged")
        if step == data:
            return known
        trusted = known.root
    raise Unreachable(3, "damaged")


def read_head(site: Site, keys: Manifest, pin: Pin, again: bool) -> head.Head:
    """Step 3, second half: the head, signed by an online key in its window."""
    data = _read(site, paths.HEAD, head.CAP, 3, again)
    try:
        outer = head.split(data)
        signer = outer.signatures[0]
        check_signature(keys, HEAD, signer, pae(HEAD, outer.payload))
        top = head.decode(outer.payload)
    except Malformed:
        raise Unreachable(3, "damaged") from None
    _check_window(keys, signer, top.issued_at, top.next_update, 3)
    if top.issuer_id != pin.issuer_id:
        raise Unreachable(3, "damaged")
    if top.manifest_version != keys.version:
        raise Unreachable(3, "outdated")
    return top


def read_shard(
    site: Site, keys: Manifest, top: head.Head, year: int, bits: int, prefix: int, again: bool
) -> status.Shard:
    """Step 4: the status shard, signed, of this place, and not older than the head."""
    data = _read(site, paths.shard(year, bits, prefix), status.CAP, 4, again)
    try:
        signed = status.split(data)
        check_signature(keys, STATUS, signed.signature, signed.signed())
        shard = status.decode(signed.body)
    except Malformed:
        raise Unreachable(4, "damaged") from None
    _check_window(keys, signed.signature, shard.issued_at, shard.next_update, 4)
    if (shard.year, shard.bits, shard.prefix) != (year, bits, status.shard_prefix(prefix, bits)):
        raise Unreachable(4, "damaged")
    if shard.sequence < top.sequence or shard.manifest_version != keys.version:
        raise Unreachable(4, "outdated")
    return shard


def read_bucket(
    site: Site, year: int, bits: int, prefix: int, named: bucket.Listed, again: bool
) -> bucket.Bucket:
    """Step 5: the bucket, of this place, and the very one that the shard names."""
    path = paths.bucket(year, bits, prefix)
    data = _read(site, path, bucket.CAP + bucket.PROOF_CAP, 5, again)
    try:
        held = bucket.decode(data)
    except Malformed:
        raise Unreachable(5, "damaged") from None
    if (held.year, held.bits, held.prefix) != (year, bits, prefix):
        raise Unreachable(5, "damaged")
    if held.version != named.version:
        raise Unreachable(5, "outdated")
    if bucket.listed(held) != named:
        raise Unreachable(5, "damaged")
    return held


def check_signature(keys: Manifest, payload_type: str, signature: Signature, message: bytes) -> None:
    """Raises `Malformed` unless a key of the role that this type asks for signed `message`."""
    key = keys.find(signature.key_id, ROLE_OF[payload_type])
    if key is None or not ed25519.verify(bytes.fromhex(key.public), message, signature.raw):
        raise Malformed("not signed by a key of the right role")


def _check_window(
    keys: Manifest, signature: Signature, issued_at: Instant, next_update: Instant, step: int
) -> None:
    key = keys.find(signature.key_id, "online")
    period = seconds(next_update) - seconds(issued_at)
    if key is None or not key.covers(issued_at) or not 0 < period <= ONLINE_WINDOW_DAYS * 86400:
        raise Unreachable(step, "key_window")
    if key.cutoff is not None:
        # Needs a log proof older than the cut-off; until the log exists there is none.
        raise Unreachable(step, "key_cut_off")


def public_keys(keys: Manifest, role: Role) -> list[bytes]:
    """The raw public keys of a role."""
    return [bytes.fromhex(key.public) for key in keys.of_role(role)]


def _read(site: Site, path: str, cap: int, step: int, again: bool) -> bytes:
    try:
        return site.read(path, cap, again=again)
    except Unreadable as failure:
        raise Unreachable(step, failure.reason) from None
