"""Who may sign what, until when, and how a verifier follows the root through its changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.crypto.ed25519 import SeedSigner
from generator.formats import envelope, head, manifest, paths, status
from generator.model.keyring import Cutoff, Key, RootKeys
from tests import altered_site as altered
from tests import small_site as small
from tests.vectors.case import case

_CERTIFICATE_KEY = small.key(small.CERTIFICATE, "2025-01-01T00:00:00Z")
_ONLINE_KEY = small.key(small.ONLINE, "2026-11-20T00:00:00Z", "2026-12-20T00:00:00Z")


def key_cases() -> Iterator[dict[str, Any]]:
    """Strangers, other roles, windows, cut-offs, manifests."""
    asked = small.small_site().numbers["valid"]
    yield from _shard_cases(asked)
    yield from _head_cases(asked)
    yield from _manifest_cases(asked)
    yield from _certificate_key_cases(asked)
    yield from _root_cases(asked)


def _shard_cases(asked: str) -> Iterator[dict[str, Any]]:
    path, _ = altered.places(asked)
    shard = status.decode(status.split(small.small_site().files[path]).body)
    late = replace(shard, issued_at="2026-12-25T00:00:00Z", next_update="2026-12-30T00:00:00Z")
    long = replace(shard, next_update="2027-01-01T00:00:00Z")
    for name, reason, files in (
        (
            "shard by a stranger",
            "damaged",
            altered.resigned(shard, SeedSigner.of(altered.STRANGER, "online")),
        ),
        (
            "shard by the certificate key",
            "damaged",
            altered.resigned(shard, altered.posing(small.CERTIFICATE, "online")),
        ),
        ("shard outside its key's window", "key_window", altered.resigned(late)),
        ("shard good for more than 35 days", "key_window", altered.resigned(long)),
    ):
        yield case(name, asked, "unreachable", 4, reason, files=files)


def _head_cases(asked: str) -> Iterator[dict[str, Any]]:
    """A stolen key whose window is over must not sign under the name of the current one."""
    data = small.small_site().files[paths.HEAD]
    outer = head.split(data)
    twice = envelope.encode(replace(outer, signatures=outer.signatures * 2))
    yield case("head signed twice", asked, "unreachable", 3, "damaged", files={paths.HEAD: twice})
    current = altered.with_keys(_CERTIFICATE_KEY, _ONLINE_KEY, altered.OLD_ONLINE_KEY)
    files = altered.published_under(current)
    yield case("an online key retired", asked, "valid", 12, files=files)
    by_old = altered.published_under(current, online=altered.OLD_ONLINE)
    mine = {paths.HEAD: by_old[paths.HEAD]}
    yield case("head by the retired key", asked, "unreachable", 3, "key_window", files={**files, **mine})
    payload = head.split(files[paths.HEAD] or b"").payload
    emptied = head.decode(payload).model_copy(update={"years": ()})
    stolen = head.split(head.sign(emptied, altered.OLD_ONLINE))
    hidden = replace(
        stolen, signatures=(envelope.Signature(small.ONLINE.key_id, bytes(64)), *stolen.signatures)
    )
    yield case(
        "head by the retired key behind the current one's name", asked, "unreachable", 3, "damaged",
        files={**files, paths.HEAD: envelope.encode(hidden)},
    )  # fmt: skip
    cut = altered.with_keys(_CERTIFICATE_KEY, _ONLINE_KEY.model_copy(update={"cutoff": Cutoff(log_index=0)}))
    yield case(
        "an online key cut off", asked, "unreachable", 3, "key_cut_off", files=altered.published_under(cut)
    )


def _manifest_cases(asked: str) -> Iterator[dict[str, Any]]:
    numbers = small.small_site().numbers
    renamed = small.GENESIS.model_copy(update={"name": "Northfeild Awarding"})
    another = manifest.sign(renamed, [small.ROOT])
    yield case(
        "another genesis by the same root", asked, "unreachable", 3, "damaged",
        files={paths.MANIFEST: another},
    )  # fmt: skip
    by_stranger = manifest.sign(small.GENESIS, [SeedSigner.of(altered.STRANGER, "root")])
    yield case(
        "manifest by a stranger", asked, "unreachable", 3, "damaged", files={paths.MANIFEST: by_stranger}
    )
    second = altered.published_under(altered.next_manifest())
    yield case("the second manifest", asked, "valid", 12, files=second)
    yield case(
        "the second manifest with the first one's head", asked, "unreachable", 3, "outdated",
        files={paths.MANIFEST: second[paths.MANIFEST]},
    )  # fmt: skip
    later = manifest.encode_pin(small.PIN.model_copy(update={"manifest_version": 2})).decode()
    yield case("a manifest older than the pin", asked, "unreachable", 3, "outdated", pin=later)
    over = altered.published_under(altered.next_manifest(expires_at="2026-11-22T12:00:00Z"))
    yield case("manifest expired", asked, "stale", 4, "old", files=over)
    yield case("manifest expired, revoked", numbers["revoked"], "revoked", 10, files=over)
    yield case("manifest expired, not found", small.number_of("nobody"), "stale", 6, "absent", files=over)


def _certificate_key_cases(asked: str) -> Iterator[dict[str, Any]]:
    """The certificate is dated 2026-11-22; a day of grace covers every time zone."""
    for name, start, until, good in (
        ("until the day before", "2025-01-01T00:00:00Z", "2026-11-21T23:59:59Z", True),
        ("until two days before", "2025-01-01T00:00:00Z", "2026-11-20T23:59:59Z", False),
        ("from the day after", "2026-11-23T00:00:00Z", None, True),
        ("from two days after", "2026-11-24T00:00:00Z", None, False),
        ("from the first to the last day there is", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", True),
    ):
        files = altered.published_under(
            altered.with_keys(small.key(small.CERTIFICATE, start, until), _ONLINE_KEY)
        )
        yield _window_case(f"certificate key {name}", asked, "valid", good, files)
    ended = small.key(small.CERTIFICATE, "2025-01-01T00:00:00Z", "2026-11-19T23:59:59Z")
    erased = small.small_site().numbers["erased"]
    files = altered.published_under(altered.with_keys(ended, _ONLINE_KEY))
    yield _window_case("erased after the key's window", erased, "erased", False, files)
    cut = _CERTIFICATE_KEY.model_copy(update={"cutoff": Cutoff(log_index=7)})
    yield case(
        "a certificate key cut off", asked, "unreachable", 8, "key_cut_off",
        files=altered.published_under(altered.with_keys(cut, _ONLINE_KEY)),
    )  # fmt: skip
    swapped = Key.of({**_CERTIFICATE_KEY.plain(), "role": "log"})
    yield case(
        "a record by a key of another role", asked, "unreachable", 8, "damaged",
        files=altered.published_under(altered.with_keys(swapped, _ONLINE_KEY)),
    )  # fmt: skip


def _window_case(name: str, asked: str, kind: str, good: bool, files: altered.Changes) -> dict[str, Any]:
    if good:
        return case(name, asked, kind, 12, files=files)
    return case(name, asked, "unreachable", 8, "key_window", files=files)


def _root_cases(asked: str) -> Iterator[dict[str, Any]]:
    """The pin knows the first root; the second manifest hands over to another."""
    root, other = small.ROOT, altered.OTHER_ROOT
    second = altered.next_manifest(root=RootKeys(keys=(other.public,)).plain())
    third = altered.next_manifest(second)
    both = (second, (root, other))
    yield case("a new root, signed by both", asked, "valid", 12,
               files=altered.published_under(second, (root, other)))  # fmt: skip
    yield case("a new root, signed by the old alone", asked, "unreachable", 3, "damaged",
               files=altered.published_under(second, (root,)))  # fmt: skip
    yield case("a new root, signed by itself alone", asked, "unreachable", 3, "damaged",
               files=altered.published_under(second, (other,)))  # fmt: skip
    yield case("two manifests on, by the new root", asked, "valid", 12,
               files=altered.published_under(third, (other,), before=[both]))  # fmt: skip
    gap = altered.published_under(third, (other,))
    yield case("the manifest between is missing", asked, "unreachable", 3, "damaged", files=gap)
    pair = altered.next_manifest(root=RootKeys(threshold=2, keys=(root.public, other.public)).plain())
    yield case("two of two roots", asked, "valid", 12,
               files=altered.published_under(pair, (root, other)))  # fmt: skip
    yield case("one of two roots, twice", asked, "unreachable", 3, "damaged",
               files=altered.published_under(pair, (root, root)))  # fmt: skip
