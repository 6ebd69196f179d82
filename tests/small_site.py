"""A small published site from fixed seeds: every state a certificate can be in, and nobody real."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache

from generator.crypto.ed25519 import SeedSigner
from generator.formats import (
    entry,
    envelope,
    head,
    manifest,
    pages,
    paths,
    record,
    statement,
    status,
    verification_code,
)
from generator.formats.derivation import RecordKeys, derive
from generator.model.certificate import Statement
from generator.model.keyring import Key, Manifest, OriginFrom, Pin, RootKeys
from generator.rules.file_comparison import PresentedFile
from generator.rules.publication import (
    ChangedBucket,
    PublicationStamp,
    YearFacts,
    bits_for,
    bucket_file,
    head_file,
    shard_files,
)
from generator.rules.published_files import Unreadable

NOW = "2026-11-22T02:00:00Z"
NEXT = "2026-12-13T02:00:00Z"
ORIGIN = "https://verify.northfield.example"
SECRET = hashlib.sha256(b"small site: register secret").digest()


# Markup, quotes and a pile of combining marks: a name must stay text wherever it is shown.
_NASTY_NAME = '<img src=x onerror=alert(1)> & "O\'Neill" q\u0324\u0335\u0321\u0330\u0301'


def seed(name: str) -> bytes:
    """A seed that everybody knows: for tests only."""
    return hashlib.sha256(b"certportal test key: " + name.encode()).digest()


ROOT = SeedSigner.of(seed("root"), "root")
CERTIFICATE = SeedSigner.of(seed("certificate"), "certificate")
ONLINE = SeedSigner.of(seed("online"), "online")


def key(signer: SeedSigner, start: str, until: str | None = None) -> Key:
    return Key.of(
        {
            "id": signer.key_id,
            "role": signer.role,
            "public": signer.public,
            "start": start,
            "until": until,
        }
    )


GENESIS = Manifest(
    version=1,
    name="Northfield Awarding",
    code="NW",
    sample=True,
    created_at="2025-01-01T00:00:00Z",
    expires_at="2030-01-01T00:00:00Z",
    root=RootKeys(keys=(ROOT.public,)),
    keys=(
        key(CERTIFICATE, "2025-01-01T00:00:00Z"),
        key(ONLINE, "2026-11-20T00:00:00Z", "2026-12-20T00:00:00Z"),
    ),
    origins=(OriginFrom(origin=ORIGIN, start="2025-01-01T00:00:00Z"),),
)
MANIFEST_FILE = manifest.sign(GENESIS, [ROOT])
ISSUER_ID = manifest.digest(manifest.split(MANIFEST_FILE).payload)
PIN = Pin(issuer_id=ISSUER_ID, name=GENESIS.name, manifest_version=1, root=GENESIS.root)


def number_of(name: str, year: int = 2026) -> str:
    digest = hashlib.sha256(b"small site number: " + name.encode()).digest()
    return verification_code.encode(
        year, int.from_bytes(digest, "big") >> (256 - verification_code.RANDOM_BITS)
    )


def statement_of(name: str, rank: int, *, year: int = 2026, **changes: object) -> Statement:
    """A certified statement; `changes` replaces whole fields."""
    fields: dict[str, object] = {
        "issuer_id": ISSUER_ID,
        "issuer": "Northfield Awarding",
        "language": "en",
        "kind": "qualification",
        "label": "Certificate",
        "learner": {"name": "Zoë Ó Briain"},
        "programme": {
            "code": "L3IT",
            "version": "2025",
            "title": "Extended Certificate in Information Technology",
            "level": "Level 3",
            "number": "603/0455/X",
        },
        "grade": "Merit",
        "units": [
            {"code": "U1", "title": "Information Technology Systems", "grade": "Merit"},
            {"code": "U2", "title": "Creating Systems to Manage Information", "grade": "Pass"},
        ],
        "signatories": [{"name": "Ama Serwaa", "title": "Chief Executive"}],
        "centre": {"name": "Northfield College", "number": "NF041"},
        "completed_on": f"{year}-06-26",
        "number": number_of(name, year),
        "serial": f"NW-{year % 100:02d}-{rank:06d}",
        "issued_on": f"{year}-11-22",
    }
    return Statement.of({**fields, **changes})


@dataclass(frozen=True)
class SmallSite:
    """Published files, and what was certified under each state's name."""

    files: dict[str, bytes]
    numbers: dict[str, str]
    statements: dict[str, Statement]
    presented: dict[str, PresentedFile] = field(default_factory=dict)

    def read(self, path: str, cap: int, *, again: bool) -> bytes:
        """As `rules.published.Site`."""
        data = self.files.get(path)
        if data is None:
            raise Unreadable("missing")
        return data[: cap + 1]

    def but(self, changes: dict[str, bytes | None]) -> SmallSite:
        """The site with some files replaced, or (None) gone."""
        files = {**self.files, **changes}
        return replace(self, files={path: data for path, data in files.items() if data is not None})


_EXCEPTIONS = {
    "revoked": status.StatusException("revoked", "2026-11-21", 1),
    "suspended": status.StatusException("suspended", "2026-11-20", 2, until="2026-12-31"),
    "superseded": status.StatusException("superseded", "2026-11-19", 4),
    "superseded_with_successor": status.StatusException(
        "superseded", "2026-11-19", 3, successor=number_of("valid")
    ),
    "reinstated": status.StatusException("reinstated", "2026-11-22"),
    "erased_and_revoked": status.StatusException("revoked", "2026-11-21", 1),
    "revoked_closed_year": status.StatusException("revoked", "2026-03-01", 1),
}


def _statements() -> dict[str, Statement]:
    plain = [
        "valid", "revoked", "suspended", "superseded", "superseded_with_successor", "reinstated",
        "erased", "erased_and_revoked",
    ]  # fmt: skip
    made = {name: statement_of(name, rank) for rank, name in enumerate(plain, 1)}
    made["expiring"] = statement_of(
        "expiring", 20, validity={"months": 36}, expires_on="2029-11-22", kind="course"
    )
    made["expired"] = statement_of("expired", 1, year=2025, validity={"months": 6}, expires_on="2026-05-22")
    made["closed_year"] = statement_of("closed_year", 2, year=2025)
    made["revoked_closed_year"] = statement_of("revoked_closed_year", 3, year=2025)
    made["nasty"] = statement_of(
        "nasty",
        30,
        learner={"name": unicodedata.normalize("NFC", _NASTY_NAME)},
        programme={"code": "X", "version": "1", "title": "</script><script>alert(2)</script>"},
        grade=None,
        units=None,
    )
    names = ["محمد عبد الله الحسيني", "王 小明", "श्रीकांत देशपांडे", "Σωκράτης Παπαδόπουλος", "יעל כהן"]
    for rank, name in enumerate(names, 40):
        made[f"script_{rank}"] = statement_of(f"script_{rank}", rank, learner={"name": name})
    # Enough of them for several buckets.
    made |= {f"more_{rank}": statement_of(f"more_{rank}", 100 + rank) for rank in range(60)}
    return made


def pdf_digest(name: str) -> bytes:
    return hashlib.sha256(b"the PDF of " + name.encode()).digest()


def frame_of(name: str, certified: Statement) -> bytes:
    if name.startswith("erased"):
        erased = record.ErasedRecord(issuer_id=ISSUER_ID, number=certified.number, erased_on="2026-11-21")
        return record.encode(record.sign_tombstone(erased, CERTIFICATE))
    return record.encode(
        record.sign(statement.encode(certified), record.Files(pdf_digest(name)), CERTIFICATE)
    )


def stamp_of(sequence: int, issued_at: str, next_update: str) -> PublicationStamp:
    return PublicationStamp(ISSUER_ID, sequence, issued_at, next_update, 1)


@cache
def small_site(
    sequence: int = 7, issued_at: str = NOW, next_update: str = NEXT, without: frozenset[str] = frozenset()
) -> SmallSite:
    """The site as published at that time; `without` leaves some certificates and exceptions out."""
    statements = {name: item for name, item in _statements().items() if name not in without}
    derived = {name: derive(item.number, ISSUER_ID) for name, item in statements.items()}
    entries = {name: entry.seal(derived[name], frame_of(name, statements[name])) for name in statements}
    stamp = stamp_of(sequence, issued_at, next_update)
    files: dict[str, bytes] = {}
    years = []
    for year in (2025, 2026):
        names = [name for name in statements if derived[name].year == year]
        facts, data = _year(year, names, derived, entries, sequence)
        years.append(facts)
        files |= data
    shards = {path: data for facts in years for path, data in shard_files(facts, stamp, ONLINE)}
    files |= shards
    files[paths.PAGES] = pages.encode(pages.of({}))
    files[paths.MANIFEST] = files[paths.manifest_version(1)] = MANIFEST_FILE
    files[paths.HEAD] = head_file(
        stamp,
        years,
        shards,
        hashlib.sha256(files[paths.PAGES]).hexdigest(),
        head.EventsState(chain="ab" * 32),
        ONLINE,
    )
    return SmallSite(files, {name: item.number for name, item in statements.items()}, statements)


def _year(
    year: int, names: list[str], derived: dict[str, RecordKeys], entries: dict[str, entry.Entry], version: int
) -> tuple[YearFacts, dict[str, bytes]]:
    sizes: dict[int, int] = {}
    for name in names:
        place = derived[name].prefix(24)
        sizes[place] = sizes.get(place, 0) + len(entries[name].encode())
    bits = bits_for(sizes, 0)
    files, listed = {}, {}
    for prefix in sorted({derived[name].prefix(bits) for name in names}):
        held = [entries[name] for name in names if derived[name].prefix(bits) == prefix]
        content = ChangedBucket(prefix, version, tuple(held))
        path, files[path], listed[prefix] = bucket_file(SECRET, year, bits, content)
    exceptions = tuple(
        (derived[name].prefix(bits), status.seal(derived[name], item))
        for name, item in _EXCEPTIONS.items()
        if name in names
    )
    return YearFacts(year, bits, year == 2025, listed, exceptions), files


def attachment(name: str, certified: Statement, signer: SeedSigner = CERTIFICATE) -> bytes:
    """certificate.json as a PDF carries it."""
    outer = envelope.sign(envelope.STATEMENT, statement.encode(certified), [signer])
    return envelope.encode(outer)
