"""Whatever a host does to published bytes, the answer is `unreachable` or true (SPEC, chapter Verdict)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

import pytest

from generator.crypto import ed25519
from generator.errors import Malformed
from generator.formats import bucket, head, manifest, paths, status
from generator.model.verdict import Verdict
from generator.rules.verifying import verify
from tests import altered_site as altered
from tests import small_site as small

LATER = "2026-11-23T00:00:00Z"
ASKED = ("valid", "revoked", "superseded_with_successor", "erased", "expired", "nobody")
PATTERNS = (0x01, 0x20, 0x80, 0xFF)


@pytest.fixture(autouse=True, scope="module")
def unchanged_files_are_read_once() -> Iterator[None]:
    """One file is damaged thousands of times: the others, byte for byte the same, are not checked each time.

    These are functions of their bytes alone, and a refusal is not remembered.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((manifest, "verified"), (head, "decode"), (ed25519, "verify")):
            patch.setattr(module, name, lru_cache(64)(getattr(module, name)))
        yield


@cache
def tiny_site() -> small.SmallSite:
    """Few enough certificates for every single byte to be tried."""
    kept = {"valid", "revoked", "erased", "expired"}
    return small.small_site(without=frozenset(small.small_site().numbers.keys() - kept))


def number_of(name: str) -> str:
    return small.small_site().numbers.get(name) or small.number_of(name)


def verdict(name: str, site: small.SmallSite) -> Verdict:
    return verify(number_of(name), site, small.PIN, LATER)


def flipped(site: small.SmallSite, path: str, at: int, pattern: int) -> small.SmallSite:
    data = bytearray(site.files[path])
    data[at] ^= pattern
    return site.but({path: bytes(data)})


def holds(name: str, site: small.SmallSite, damaged: small.SmallSite) -> bool:
    found = verdict(name, damaged)
    return found.kind == "unreachable" or found == verdict_on(name, site)


@cache
def _truth(name: str, tiny: bool) -> Verdict:
    return verdict(name, tiny_site() if tiny else small.small_site())


def verdict_on(name: str, site: small.SmallSite) -> Verdict:
    return _truth(name, site is tiny_site())


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("path", sorted(tiny_site().files))
def test_every_byte_of_every_file(path: str, part: int) -> None:
    site = tiny_site()
    name = "expired" if "/2025/" in path else "valid"
    lies = [
        at
        for at in range(part, len(site.files[path]), 4)
        if not holds(name, site, flipped(site, path, at, PATTERNS[at // 4 % 4]))
    ]
    assert lies == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_a_sample_of_bytes_for_every_answer(name: str) -> None:
    site, randomness = small.small_site(), random.Random(name)
    names = [paths.MANIFEST, paths.HEAD, *altered.places(number_of(name))]
    for path in names:
        for _ in range(40):
            at, pattern = randomness.randrange(len(site.files[path])), randomness.randrange(1, 256)
            assert holds(name, site, flipped(site, path, at, pattern)), (path, at, pattern)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["valid", "revoked", "nobody"])
def test_cut_short_or_made_longer(name: str) -> None:
    site, randomness = small.small_site(), random.Random(name)
    for path in [paths.MANIFEST, paths.HEAD, *altered.places(number_of(name))]:
        data = site.files[path]
        for end in (0, 1, len(data) - 1, *(randomness.randrange(len(data)) for _ in range(12))):
            assert verdict(name, site.but({path: data[:end]})).kind == "unreachable", (path, end)
        for more in (b"\0", b"\n", b"}", data):
            assert verdict(name, site.but({path: data + more})).kind == "unreachable", (path, more[:9])


@pytest.mark.parametrize("name", ["valid", "revoked", "erased", "nobody"])
def test_any_mixture_of_two_publications(name: str) -> None:
    """Old files beside new ones: the truth of one of the two, or no answer."""
    new = small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z")
    old = small.small_site(6, "2026-11-21T02:00:00Z", "2026-12-12T02:00:00Z")
    names = [paths.HEAD, *altered.places(number_of(name))]
    kinds = set()
    for choice in range(1 << len(names)):
        older = {path: old.files[path] for rank, path in enumerate(names) if choice >> rank & 1}
        kinds.add(verdict(name, new.but(dict(older))).kind)
    assert kinds == {"unreachable", verdict(name, new).kind}


def test_a_revocation_cannot_be_undone_by_old_files() -> None:
    """Before, the certificate was good. Only the whole old publication still says so, while it is fresh."""
    asked = small.small_site().numbers["revoked"]
    before = _without_exceptions()
    shard, held = altered.places(asked)
    now = small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z")
    for names in ([shard], [held], [shard, held]):
        mixed = now.but({path: before.files[path] for path in names})
        assert verify(asked, mixed, small.PIN, LATER).kind == "unreachable"
    assert verify(asked, now.but({paths.HEAD: before.files[paths.HEAD]}), small.PIN, LATER).kind == "revoked"
    assert verify(asked, before, small.PIN, "2026-12-12T02:00:01Z").kind == "stale"


def _without_exceptions() -> small.SmallSite:
    site = small.small_site(6, "2026-11-21T02:00:00Z", "2026-12-12T02:00:00Z")
    path, _ = altered.places(site.numbers["revoked"])
    shard = status.decode(status.split(site.files[path]).body)
    return site.but(altered.resigned(replace(shard, exceptions=())))


def test_files_of_another_issuer() -> None:
    """Every file genuine, but of an issuer that the pin does not name."""
    other = small.PIN.model_copy(update={"issuer_id": "ab" * 32})
    found = verify(number_of("valid"), small.small_site(), other, LATER)
    assert (found.kind, found.step, found.reason) == ("unreachable", 3, "damaged")


def test_files_in_one_anothers_place() -> None:
    site = small.small_site()
    names = [paths.MANIFEST, paths.HEAD, paths.PAGES, *altered.places(number_of("valid"))]
    for path in names:
        if path != paths.PAGES:
            for other in names:
                if other != path:
                    assert verdict("valid", site.but({path: site.files[other]})).kind == "unreachable"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["valid", "revoked", "erased", "nobody"])
def test_a_thief_of_the_online_key_cannot_make_a_certificate(name: str) -> None:
    """Any bucket may be listed as current; no other statement comes of it, and no erased one comes back."""
    site, randomness = small.small_site(), random.Random(f"thief {name}")
    path = altered.places(number_of(name))[1]
    truth = verdict(name, site)
    kinds = set()
    for _ in range(150):
        data = bytearray(site.files[path])
        for _ in range(randomness.choice((1, 1, 2, 40))):
            data[randomness.randrange(len(data))] ^= randomness.randrange(1, 256)
        try:
            held = bucket.decode(bytes(data))
            changes = altered.listed(held)
        except (Malformed, KeyError):
            continue
        found = verdict(name, site.but(changes))
        kinds.add(found.kind)
        assert found.kind in ("unreachable", "not_found", truth.kind)
        assert found.statement in (None, truth.statement)
    assert kinds
