"""Costs that a count can guard: files, bytes and rewritten buckets in proportion, never a stop-watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.crypto.ed25519 import SeedSigner
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.sites import FolderSite
from generator.flow.office import keys
from generator.flow.publishing import audit_register
from generator.flow.publishing.audit import Audit
from generator.flow.shared.workspace import Workspace
from generator.formats import bucket, entry, paths, record, statement, verification_code
from generator.formats.derivation import derive
from generator.model.claim import Claim
from generator.rules.signing import Allotted
from generator.rules.verifying import verify
from tests import small_site as small
from tests import workshop
from tests.bench.chain import chain

NIGHT = "2026-11-23T09:00:00Z"


@pytest.mark.slow
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


def filled(
    workspace: Workspace, register: Register, ranks: range, signer: SeedSigner = small.CERTIFICATE
) -> None:
    """Certificates as issued, straight into the register: their PDFs are not what is counted here."""
    claims, certificates = Claims(register), Certificates(register)
    issuer_id = workspace.keystore.pin().issuer_id
    with register.transaction():
        for rank in ranks:
            claim_id = claims.add(claim_of(rank), f"bench:{rank}", workshop.NOW)
            drawn = int.from_bytes(workshop.randomness(f"bench number {rank}", 12), "big")
            secret = verification_code.encode(2026, drawn >> (96 - verification_code.RANDOM_BITS))
            allotted = Allotted(secret, f"NW-26-{rank:06d}", "2026-11-22")
            certified = small.statement_of("bench", rank, number=secret, issuer_id=issuer_id)
            data = statement.encode(certified)
            certificates.add(allotted, claim_id, data, "completion", "0" * 64, "0" * 64)
            derived = derive(secret, issuer_id)
            frame = record.encode(record.sign(data, record.Files(bytes(32)), signer))
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
    root = workshop.prepared(tmp_path)
    with workshop.opened(root) as session:
        filled(session.workspace, session.register, range(1, 2001))
    first = workshop.publish_all(root)
    buckets = {path: path.stat().st_ino for path in (root / "public/r").rglob("*.bin")}
    assert len(buckets) >= 64
    with workshop.opened(root) as session:
        filled(session.workspace, session.register, range(2001, 2011))
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
    root = workshop.prepared(tmp_path)
    with workshop.opened(root) as session:
        filled(session.workspace, session.register, range(1, 501))
    workshop.publish_all(root)
    before = {path: path.stat() for path in root.rglob("*") if "register.db" not in path.name}
    assert workshop.publish_all(root, NIGHT).written == 0
    after = {path: path.stat() for path in root.rglob("*") if "register.db" not in path.name}
    assert {path: (one.st_ino, one.st_mtime_ns) for path, one in after.items() if path.is_file()} == {
        path: (one.st_ino, one.st_mtime_ns) for path, one in before.items() if path.is_file()
    }


class Counting(FolderSite):
    """The published folder; counts how often each file is read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reads = Counter[str]()

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        self.reads[path] += 1
        return super().read(path, cap, again=again)


def verdicts(root: Path) -> tuple[Counter[str], list[tuple[str, str]], Mapping[str, int]]:
    """How often the run over all numbers reads each file, what it finds, and the verdicts."""
    site, found = Counting(root / "public"), Audit()
    with workshop.opened(root) as session:
        kinds = audit_register.audit_verdicts(session, site, found)
    return site.reads, [(str(fault.place), fault.what) for fault in found.problems], kinds


@pytest.mark.slow
def test_a_run_over_all_numbers_reads_each_signed_file_once_and_says_nothing_bad_from_memory(
    tmp_path: Path,
) -> None:
    root = workshop.prepared(tmp_path)
    with workshop.opened(root) as session:
        signer = keys.certificate_signer(
            session.workspace, session.environment, session.workspace.keystore.manifest()
        )
        filled(session.workspace, session.register, range(1, 251), signer)
    workshop.publish_all(root)
    reads, faults, kinds = verdicts(root)
    buckets = sorted((root / "public/r").rglob("*.bin"))
    files = {paths.MANIFEST, paths.HEAD, paths.shard(2026, 3, 0)}
    assert len(buckets) == 8
    assert reads == dict.fromkeys(
        files | {path.relative_to(root / "public").as_posix() for path in buckets}, 1
    )
    assert (faults, kinds) == ([], {"valid": 250})

    spoiled = bytearray(buckets[3].read_bytes())
    spoiled[-1] ^= 1
    held = len(bucket.decode(buckets[3].read_bytes()).entries)
    buckets[3].unlink()  # it is one file with those of other publications
    buckets[3].write_bytes(spoiled)
    reads, faults, kinds = verdicts(root)
    with workshop.opened(root) as session:
        site, pin = FolderSite(root / "public"), session.workspace.keystore.pin()
        alone = {
            serial: verify(n, site, pin, session.now)
            for serial, n in Certificates(session.register).by_place()
        }
    bad = sorted(serial for serial, verdict in alone.items() if verdict.kind == "unreachable")
    assert 0 < len(bad) <= held
    assert faults == [(serial, "verifies as unreachable (damaged)") for serial in bad]
    assert kinds == {"valid": 250 - len(bad), "unreachable": len(bad)}
    assert reads[paths.HEAD] == 1 + len(bad), "what is bad is read anew before it is said"
