"""From a certified statement to the head, for many certificates: all but the PDF."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from dataclasses import dataclass

from generator.formats import entry, head, record, statement, verification_code
from generator.formats.derivation import derive
from generator.model.certificate import Statement
from generator.rules.publication import (
    ChangedBucket,
    PublicationStamp,
    YearFacts,
    bits_for,
    bucket_file,
    head_file,
    shard_files,
)
from generator.rules.signing import attachment
from tests import small_site as small

YEAR = 2026
STAMP = PublicationStamp(small.ISSUER_ID, 1, small.NOW, small.NEXT, 1)


@dataclass(frozen=True)
class Chain:
    """What came out: published files and their bytes, prefix bits, entries in the fullest bucket."""

    certificates: int
    bits: int
    files: dict[str, int]
    most: int


def statement_of(rank: int) -> Statement:
    """The statement of one certificate: invented, with units and an accreditation."""
    drawn = hashlib.sha256(b"bench %d" % rank).digest()
    secret = verification_code.encode(
        YEAR, int.from_bytes(drawn, "big") >> (256 - verification_code.RANDOM_BITS)
    )
    return small.statement_of(
        "bench", rank + 1, number=secret, learner={"name": f"Learner {drawn.hex()[:12]} Ó Briain"}
    )


def sealed(rank: int) -> tuple[int, entry.Entry]:
    """One certificate: statement, its signature, record, its signature, sealed entry; and its place."""
    certified = statement_of(rank)
    data = statement.encode(certified)
    attachment(data, small.CERTIFICATE)
    pdf_digest = hashlib.sha256(data).digest()
    frame = record.encode(record.sign(data, record.Files(pdf_digest), small.CERTIFICATE))
    derived = derive(certified.number, small.ISSUER_ID)
    return derived.prefix(24), entry.seal(derived, frame)


def chain(count: int) -> Chain:
    """Issue and publish that many certificates of one year, without PDFs."""
    placed = sorted((sealed(rank) for rank in range(count)), key=lambda item: item[0])
    sizes: dict[int, int] = {}
    for place, item in placed:
        sizes[place] = sizes.get(place, 0) + len(item.encode())
    bits = bits_for(sizes, 0)
    groups: dict[int, list[entry.Entry]] = {}
    for place, item in placed:
        groups.setdefault(place >> (24 - bits) << (24 - bits), []).append(item)
    files: dict[str, int] = {}
    listed = {}
    for prefix, held in groups.items():
        content = ChangedBucket(prefix, 1, tuple(held))
        path, data, listed[prefix] = bucket_file(small.SECRET, YEAR, bits, content)
        files[path] = len(data)
    facts = YearFacts(YEAR, bits, False, listed)
    shards = dict(shard_files(facts, STAMP, small.ONLINE))
    files |= {path: len(data) for path, data in shards.items()}
    events = head.EventsState(chain="ab" * 32)
    files["head.json"] = len(head_file(STAMP, [facts], shards, "cd" * 32, events, small.ONLINE))
    return Chain(count, bits, files, max(map(len, groups.values())))


def measured(count: int) -> dict[str, float]:
    """CPU seconds, peak memory and files of one chain, in this process."""
    chain(50)  # imports and caches are not what is measured
    begun = time.process_time()
    done = chain(count)
    spent = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )
    return {
        "seconds": spent,
        "megabytes": peak,
        "files": len(done.files),
        "bytes": sum(done.files.values()),
        "bits": done.bits,
        "most": done.most,
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
