"""Reading and authenticating published files: reloads, root changes, roles (SPEC, Verdict, steps 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest

from generator.crypto.ed25519 import SeedSigner
from generator.errors import Malformed
from generator.formats import envelope, manifest, paths
from generator.model.keyring import Manifest, RootKeys
from generator.rules.published_files import Unreachable, Unreadable, check_signature, read_manifest
from generator.rules.verifying import verify
from tests import altered_site as altered
from tests import small_site as small

LATER = "2026-11-23T00:00:00Z"
VALID = small.small_site().numbers["valid"]


@dataclass
class Flaky:
    """A site whose files can differ at the second reading; keeps what was read."""

    first: small.SmallSite
    second: small.SmallSite
    reads: list[tuple[str, bool]] = field(default_factory=list)

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        self.reads.append((path, again))
        return (self.second if again else self.first).read(path, cap, again=again)


class Down:
    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        raise Unreadable("network")


def test_one_reload_heals_what_was_published_between_two_requests() -> None:
    old = small.small_site(6, "2026-11-21T02:00:00Z", "2026-12-12T02:00:00Z")
    new = small.small_site()
    _, bucket = altered.places(VALID)
    site = Flaky(old.but({bucket: new.files[bucket]}), new)
    assert verify(VALID, site, small.PIN, LATER).kind == "valid"
    assert len(site.reads) == 8
    assert [again for _, again in site.reads] == [False] * 4 + [True] * 4


def test_only_one_reload() -> None:
    broken = small.small_site().but({paths.HEAD: None})
    site = Flaky(broken, broken)
    assert verify(VALID, site, small.PIN, LATER).kind == "unreachable"
    assert [path for path, _ in site.reads] == [paths.MANIFEST, paths.HEAD] * 2


def test_no_reload_when_all_is_well() -> None:
    site = Flaky(small.small_site(), small.small_site())
    verify(VALID, site, small.PIN, LATER)
    assert [again for _, again in site.reads] == [False] * 4


def test_no_network() -> None:
    found = verify(VALID, Down(), small.PIN, LATER)
    assert (found.kind, found.step, found.reason) == ("unreachable", 3, "network")


def test_a_number_that_is_none_reads_nothing() -> None:
    site = Flaky(small.small_site(), small.small_site())
    assert verify("2026-AAAAA", site, small.PIN, LATER).kind == "malformed"
    assert site.reads == []


Signed = tuple[Manifest, tuple[SeedSigner, ...]]


def _chain(length: int) -> list[Signed]:
    """Manifests 2 to `length`, each with a root of its own, signed by it and by the one before."""
    later = (SeedSigner.of(small.seed(f"root {rank}"), "root") for rank in range(2, length + 1))
    chain: list[Signed] = []
    before = small.GENESIS
    for old, new in pairwise((small.ROOT, *later)):
        before = altered.next_manifest(before, root=RootKeys(keys=(new.public,)).plain())
        chain.append((before, (old, new)))
    return chain


def _published(chain: list[Signed]) -> small.SmallSite:
    last, signers = chain[-1]
    return small.small_site().but(altered.published_under(last, signers, before=chain[:-1]))


@pytest.mark.parametrize("length", [2, 3, 6])
def test_the_chain_of_root_changes(length: int) -> None:
    site = _published(_chain(length))
    assert read_manifest(site, small.PIN, False).version == length
    assert verify(VALID, site, small.PIN, LATER).kind == "valid"


def test_a_chain_with_a_missing_or_exchanged_link() -> None:
    chain = _chain(5)
    site = _published(chain)
    for version in (2, 3, 4):
        for damaged in (None, b"{}", site.files[paths.manifest_version(version - 1)]):
            with pytest.raises(Unreachable, match="damaged"):
                read_manifest(site.but({paths.manifest_version(version): damaged}), small.PIN, False)


def test_a_later_pin_needs_no_earlier_link() -> None:
    chain = _chain(5)
    site = _published(chain)
    third, _ = chain[1]
    pin = small.PIN.model_copy(update={"manifest_version": 3, "root": third.root})
    gone = {paths.manifest_version(version): None for version in (1, 2, 3)}
    assert read_manifest(site.but(dict(gone)), pin, False).version == 5


@pytest.mark.slow
@pytest.mark.parametrize(("length", "good"), [(65, True), (66, False)])
def test_the_longest_chain(length: int, good: bool) -> None:
    site = _published(_chain(length))
    if good:
        assert read_manifest(site, small.PIN, False).version == length
    else:
        with pytest.raises(Unreachable):
            read_manifest(site, small.PIN, False)


def test_a_pair_of_roots_hands_over_to_another_pair() -> None:
    pair = [SeedSigner.of(small.seed(f"pair {rank}"), "root") for rank in range(4)]

    def keys(signers: Iterable[SeedSigner]) -> dict[str, object]:
        return RootKeys(threshold=2, keys=tuple(signer.public for signer in signers)).plain()

    second = altered.next_manifest(root=keys(pair[:2]))
    third = altered.next_manifest(second, root=keys(pair[2:]))
    before = [(second, (small.ROOT, *pair[:2]))]
    for signers, good in (
        (pair, True),
        ([pair[0], pair[2], pair[3]], False),
        ([pair[0], pair[0], pair[2], pair[3]], False),
        (pair[2:], False),
        (pair[:2], False),
    ):
        site = small.small_site().but(altered.published_under(third, signers, before=before))
        if good:
            assert read_manifest(site, small.PIN, False).version == 3
        else:
            with pytest.raises(Unreachable):
                read_manifest(site, small.PIN, False)


def test_a_signature_counts_for_its_own_type_only() -> None:
    """The same key, the same bytes, another payload type: never good."""
    payload = envelope.decode(small.MANIFEST_FILE, envelope.MANIFEST, manifest.CAP).payload
    for kind, role in envelope.ROLE_OF.items():
        if role in ("certificate", "online"):
            signer = {"certificate": small.CERTIFICATE, "online": small.ONLINE}[role]
            raw = envelope.sign_bytes(kind, payload, signer)
            signature = envelope.Signature(signer.key_id, raw)
            check_signature(small.GENESIS, kind, signature, envelope.pae(kind, payload))
            for other in envelope.ROLE_OF.keys() - {kind}:
                if envelope.ROLE_OF[other] in ("certificate", "online"):
                    with pytest.raises(Malformed):
                        check_signature(small.GENESIS, other, signature, envelope.pae(other, payload))


def test_every_role_against_every_type() -> None:
    for kind, role in envelope.ROLE_OF.items():
        for other in ("root", "certificate", "online", "log", "person", "badge"):
            signer = replace(altered.posing(small.ROOT, other))
            if other == role:
                envelope.sign_bytes(kind, b"{}", signer)
            else:
                with pytest.raises(Malformed):
                    envelope.sign_bytes(kind, b"{}", signer)
