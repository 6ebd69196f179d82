"""Costs that a count can guard: files, bytes and rewritten buckets in proportion, never a stop-watch."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.flow.workspace import Workspace
from generator.model.claim import Claim
from generator.rules.signing import Allotted
from generator.wire import bucket, entry, number, record, statement
from generator.wire.derivation import derive
from tests import small_site as small
from tests import workshop
from tests.bench.chain import chain

NIGHT = "2026-11-23T09:00:00Z"


def test_what_is_published_grows_with_the_certificates() -> None:
    few, many = chain(200), chain(800)
    for one in (few, many):
        buckets = [size for path, size in one.files.items() if path.startswith("r/")]
        assert max(buckets) <= bucket.CAP
        # Half full at least on average: a prefix bit more would have been one too many.
        assert sum(buckets) >= len(buckets) * bucket.CAP / 5
        assert len([path for path in one.files if path.startswith("s/")]) == 1
        assert sum(one.files.values()) / one.certificates <= 1_400
    assert sum(many.files.values()) <= 4.4 * sum(few.files.values())


def filled(workspace: Workspace, register: Register, ranks: range) -> None:
    """Certificates as issued, straight into the register: their PDFs are not what is counted here."""
    claims, certificates = Claims(register), Certificates(register)
    issuer_id = workspace.keystore.pin().issuer_id
    with register.transaction():
        for rank in ranks:
            claim_id = claims.add(claim_of(rank), f"bench:{rank}", workshop.NOW)
            drawn = int.from_bytes(workshop.dice(f"bench number {rank}", 12), "big")
            secret = number.encode(2026, drawn >> (96 - number.RANDOM_BITS))
            allotted = Allotted(secret, f"NW-26-{rank:06d}", "2026-11-22")
            certified = small.statement_of("bench", rank, number=secret, issuer_id=issuer_id)
            data = statement.encode(certified)
            certificates.add(allotted, claim_id, data, "completion", "0" * 64, "0" * 64)
            derived = derive(secret, issuer_id)
            frame = record.encode(record.sign(data, record.Files(bytes(32)), small.CERTIFICATE))
            certificates.made(
                allotted.serial, "00" * 32, derived.prefix(24), entry.seal(derived, frame).encode()
            )


def claim_of(rank: int) -> Claim:
    return Claim.of(
        {
            "kind": "course",
            "programme": "KNIFE",
            "version": "1",
            "centre": "NF041",
            "learner_ref": f"B{rank}",
            "learner_name": "Kwame Brown",
            "completed_on": "2026-06-26",
        }
    )


@pytest.mark.slow
def test_a_night_of_ten_new_on_two_thousand_rewrites_ten_buckets_at_most(tmp_path: Path) -> None:
    root = workshop.small(tmp_path)
    workshop.prepare(root)
    with workshop.opened(root) as (workspace, register, _door):
        filled(workspace, register, range(1, 2001))
    first = workshop.publish_all(root)
    buckets = {path: path.stat().st_ino for path in (root / "public/r").rglob("*.bin")}
    assert len(buckets) >= 64
    with workshop.opened(root) as (workspace, register, _door):
        filled(workspace, register, range(2001, 2011))
    night = workshop.publish_all(root, NIGHT)
    assert 1 <= night.new <= 10
    after = {path: path.stat().st_ino for path in (root / "public/r").rglob("*.bin")}
    assert sum(1 for path, inode in after.items() if buckets.get(path) != inode) == night.new
    assert after.keys() == buckets.keys()
    # Besides the buckets: shards, head, manifests, pages; the same few on every night.
    assert night.written - night.new == first.written - first.new
    assert night.bytes_written < first.bytes_written / 3


@pytest.mark.slow
def test_a_night_without_news_writes_nothing_at_all(tmp_path: Path) -> None:
    root = workshop.small(tmp_path)
    workshop.prepare(root)
    with workshop.opened(root) as (workspace, register, _door):
        filled(workspace, register, range(1, 501))
    workshop.publish_all(root)
    before = {path: path.stat() for path in root.rglob("*") if "register.db" not in path.name}
    assert workshop.publish_all(root, NIGHT).written == 0
    after = {path: path.stat() for path in root.rglob("*") if "register.db" not in path.name}
    assert {path: (one.st_ino, one.st_mtime_ns) for path, one in after.items() if path.is_file()} == {
        path: (one.st_ino, one.st_mtime_ns) for path, one in before.items() if path.is_file()
    }
