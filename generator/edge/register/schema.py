"""The register's tables, migration by migration (docs/register.md).

In which columns personal data stand says `tables`; everything else names serials and random ids.
"""

from __future__ import annotations

from generator.edge.register.additions import (
    AFTER_ISSUE,
    CARRIED,
    EVIDENCE,
    IMPORTING,
    NIGHT,
    PERMISSIONS,
    RECIPIENTS,
    SUBJECTS,
)

_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    # identity: HMAC of what makes the claim unique, so that it stays unique when its body is erased.
    """CREATE TABLE claims (
        claim_id TEXT PRIMARY KEY,
        identity BLOB NOT NULL UNIQUE,
        salt TEXT,
        body BLOB,
        source TEXT NOT NULL,
        imported_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE approvals (
        id INTEGER PRIMARY KEY,
        claim_id TEXT REFERENCES claims,
        received_at TEXT NOT NULL,
        person TEXT NOT NULL,
        role TEXT NOT NULL,
        decision TEXT NOT NULL,
        envelope BLOB NOT NULL UNIQUE,
        draft BLOB
    ) STRICT""",
    "CREATE INDEX approvals_of_claim ON approvals (claim_id, id)",
    # A row exists from the moment the number is allotted; entry is NULL until the PDF is made.
    # sequence: the publication in which the current entry is, or will be, first published.
    """CREATE TABLE certificates (
        serial TEXT PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        claim_id TEXT NOT NULL UNIQUE REFERENCES claims,
        year INTEGER NOT NULL,
        issued_on TEXT NOT NULL,
        template TEXT NOT NULL,
        recipe_id TEXT NOT NULL,
        approvals_sha256 TEXT NOT NULL,
        statement BLOB,
        pdf_sha256 TEXT,
        prefix INTEGER,
        entry BLOB,
        sequence INTEGER
    ) STRICT""",
    "CREATE INDEX certificates_by_place ON certificates (year, prefix)",
    "CREATE INDEX certificates_unmade ON certificates (serial) WHERE entry IS NULL",
    "CREATE INDEX certificates_unpublished ON certificates (year, prefix) WHERE sequence IS NULL",
    """CREATE TABLE counters (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT""",
    # The exception of a certificate as it is published: sealed under the certificate's own number.
    """CREATE TABLE exceptions (
        serial TEXT PRIMARY KEY REFERENCES certificates,
        year INTEGER NOT NULL,
        prefix INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        sequence INTEGER
    ) STRICT""",
    "CREATE INDEX exceptions_by_year ON exceptions (year)",
    """CREATE TABLE years (
        year INTEGER PRIMARY KEY, bits INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE buckets (
        year INTEGER NOT NULL, bits INTEGER NOT NULL, prefix INTEGER NOT NULL,
        version INTEGER NOT NULL, digest BLOB NOT NULL,
        PRIMARY KEY (year, bits, prefix)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE publications (
        sequence INTEGER PRIMARY KEY,
        issued_at TEXT NOT NULL,
        next_update TEXT NOT NULL,
        manifest_version INTEGER NOT NULL,
        events INTEGER NOT NULL,
        chain TEXT NOT NULL,
        facts_sha256 TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        commitment TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE event_details (
        seq INTEGER PRIMARY KEY REFERENCES events, subject TEXT, salt BLOB NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX event_details_by_subject ON event_details (subject)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    NIGHT,
    AFTER_ISSUE,
    EVIDENCE,
    IMPORTING,
    PERMISSIONS,
    RECIPIENTS,
    SUBJECTS,
    CARRIED,
)
