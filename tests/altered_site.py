"""The small site as somebody else would have it: other entries, other keys, other manifests.

Each function gives `{path: bytes, or None for absent}`, to be laid over the small site's files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.crypto.ed25519 import SeedSigner
from generator.formats import bucket, entry, head, manifest, paths, status
from generator.formats.derivation import derive
from generator.model.keyring import Key, Manifest
from tests import small_site as small

Changes = dict[str, bytes | None]

STRANGER = small.seed("stranger")
OTHER_ROOT = SeedSigner.of(small.seed("other root"), "root")
# Its window ended before the small site was published.
OLD_ONLINE = SeedSigner.of(small.seed("old online"), "online")
OLD_ONLINE_KEY = small.key(OLD_ONLINE, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")


def posing(signer: SeedSigner, role: str) -> SeedSigner:
    """The signer, claiming another role than its own."""
    return SeedSigner(role, signer.public, signer.key_id, signer._secret)  # type: ignore[arg-type]  # that is the lie


def places(number: str, site: small.SmallSite | None = None) -> tuple[str, str]:
    """Paths of the shard and the bucket that a look-up of this number reads."""
    site = site or small.small_site()
    year = head_of(site).find(int(number[:4]))
    if year is None:
        raise LookupError(f"the small site has no year {number[:4]}")
    prefix = derive(number, small.ISSUER_ID).prefix(year.bits)
    return paths.shard(year.year, year.bits, prefix), paths.bucket(year.year, year.bits, prefix)


def resigned(shard: status.Shard, signer: SeedSigner = small.ONLINE) -> Changes:
    """A status shard at its place."""
    return {paths.shard(shard.year, shard.bits, shard.prefix): status.sign(shard, signer)}


def listed(held: bucket.Bucket) -> Changes:
    """A bucket at its place, with the shard that names it."""
    path = paths.shard(held.year, held.bits, held.prefix)
    shard = status.decode(status.split(small.small_site().files[path]).body)
    rank = (held.prefix - shard.prefix) >> (24 - held.bits)
    named = (*shard.buckets[:rank], bucket.listed(held), *shard.buckets[rank + 1 :])
    return {
        paths.bucket(held.year, held.bits, held.prefix): bucket.encode(held),
        **resigned(replace(shard, buckets=named)),
    }


def without_entry(number: str) -> bucket.Bucket:
    """The bucket of this number, its entry left out and nothing else changed."""
    held = bucket.decode(small.small_site().files[places(number)[1]])
    tag = derive(number, small.ISSUER_ID).tag
    return replace(held, entries=tuple(item for item in held.entries if item.tag != tag))


def with_entry(number: str, item: entry.Entry) -> bucket.Bucket:
    """The bucket of this number with another entry for it."""
    held = without_entry(number)
    return replace(held, entries=tuple(sorted([*held.entries, item], key=lambda each: each.tag)))


def with_frame(number: str, frame: bytes) -> Changes:
    """The site as it would publish this frame for this number."""
    return listed(with_entry(number, entry.seal(derive(number, small.ISSUER_ID), frame)))


def head_of(site: small.SmallSite) -> head.Head:
    """The site's head, opened."""
    return head.decode(head.split(site.files[paths.HEAD]).payload)


def next_manifest(before: Manifest = small.GENESIS, **changes: object) -> Manifest:
    """The manifest after this one, with these fields replaced."""
    digest = manifest.digest(manifest.split(manifest.sign(before, [small.ROOT])).payload)
    fields = {
        **before.plain(),
        "version": before.version + 1,
        "issuer_id": small.ISSUER_ID,
        "previous": digest,
        "created_at": "2026-11-21T00:00:00Z",
    }
    return Manifest.of({**fields, **changes})


def with_keys(*keys: Key) -> Manifest:
    """The second manifest with these keys in place of the small site's."""
    return next_manifest(keys=[key.plain() for key in keys])


def published_under(
    current: Manifest,
    roots: Iterable[SeedSigner] = (small.ROOT,),
    *,
    online: SeedSigner = small.ONLINE,
    before: Iterable[tuple[Manifest, Iterable[SeedSigner]]] = (),
) -> Changes:
    """The site published under another manifest, after those of `before`."""
    changes: Changes = {
        paths.manifest_version(item.version): manifest.sign(item, signers) for item, signers in before
    }
    data = manifest.sign(current, roots)
    changes |= {paths.MANIFEST: data, paths.manifest_version(current.version): data}
    for path, file in small.small_site().files.items():
        if path.startswith("s/"):
            shard = status.decode(status.split(file).body)
            changes |= resigned(replace(shard, manifest_version=current.version), online)
    top = head_of(small.small_site())
    changes[paths.HEAD] = head.sign(top.model_copy(update={"manifest_version": current.version}), online)
    return changes
