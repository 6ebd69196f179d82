"""The register's tables, migration by migration (docs/register.md).

`tables` says which columns hold personal data; everything else names serials and random ids.

Tables that were added since the first version are in the order of `MIGRATIONS`.
"""

from __future__ import annotations

NIGHT = (
    # Where a learner wants the certificate sent; a row that can be deleted at any time.
    "CREATE TABLE contacts (claim_id TEXT PRIMARY KEY REFERENCES claims, email TEXT NOT NULL) STRICT",
    # One row for each message that is ever sent, by the event that causes it: `issued/NW-26-000001`.
    """CREATE TABLE messages (
        key TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        serial TEXT,
        message_id TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        reply TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX messages_by_state ON messages (state, next_at)",
    "CREATE INDEX messages_by_serial ON messages (serial)",
    # The secret of a private link; whoever deletes the row takes the file off the site.
    """CREATE TABLE links (
        serial TEXT PRIMARY KEY REFERENCES certificates, secret BLOB NOT NULL, sequence INTEGER
    ) STRICT""",
    # Every file of public/ as it was last written; unreferenced_at once nothing refers to it.
    """CREATE TABLE site_files (
        path TEXT PRIMARY KEY,
        sha256 BLOB NOT NULL,
        size INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        unreferenced_at TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX site_files_changed ON site_files (sequence)",
    # What each deploy target holds, as we put it there.
    """CREATE TABLE deployed (
        target TEXT NOT NULL, path TEXT NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY (target, path)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE deployments (
        target TEXT PRIMARY KEY, sequence INTEGER NOT NULL, at TEXT NOT NULL
    ) STRICT""",
    # Publications that were read back, from the printed code to the verdict, and found good.
    "CREATE TABLE round_trips (sequence INTEGER PRIMARY KEY, scanned INTEGER NOT NULL) STRICT",
    # Earlier pages, for a rollback: the blanked pages of a publication, by their digest.
    """CREATE TABLE page_sets (
        facts_sha256 TEXT NOT NULL, path TEXT NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (facts_sha256, path)
    ) STRICT""",
    # Switches of the office: mail_stopped, pages_from.
    "CREATE TABLE switches (name TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) STRICT",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        state TEXT NOT NULL,
        events INTEGER NOT NULL,
        report TEXT
    ) STRICT""",
    """CREATE TABLE run_steps (
        run INTEGER NOT NULL REFERENCES runs, step TEXT NOT NULL, state TEXT NOT NULL, words TEXT NOT NULL,
        PRIMARY KEY (run, step)
    ) STRICT""",
)

# Holds, cases and what followed from them. `body`, `salt`, `request`, `draft` and `reason` go at erasure.
AFTER_ISSUE = (
    """CREATE TABLE cases (
        case_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        appeals TEXT REFERENCES cases,
        salt BLOB,
        body BLOB,
        case_sha256 TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        closed_at TEXT,
        outcome TEXT,
        roles TEXT,
        used_at TEXT
    ) STRICT""",
    """CREATE TABLE case_subjects (
        serial TEXT NOT NULL REFERENCES certificates, case_id TEXT NOT NULL REFERENCES cases,
        PRIMARY KEY (serial, case_id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES cases,
        received_at TEXT NOT NULL,
        envelope BLOB NOT NULL UNIQUE
    ) STRICT""",
    "CREATE INDEX decisions_of_case ON decisions (case_id, id)",
    # Every state a certificate went through after issue, and the case on which it rests.
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        serial TEXT NOT NULL REFERENCES certificates,
        kind TEXT NOT NULL,
        changed_on TEXT NOT NULL,
        reason_code INTEGER NOT NULL,
        until TEXT,
        case_id TEXT REFERENCES cases
    ) STRICT""",
    "CREATE INDEX changes_of_certificate ON changes (serial, id)",
    # What waits for the next publication; `sealed` stays what the last one, also a killed one, holds.
    "ALTER TABLE exceptions ADD COLUMN waiting BLOB",
    """CREATE TABLE holds (
        hold_id INTEGER PRIMARY KEY,
        scope TEXT NOT NULL,
        subject TEXT NOT NULL,
        kind TEXT NOT NULL,
        owner TEXT NOT NULL,
        reason TEXT,
        until TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        released_at TEXT
    ) STRICT""",
    "CREATE INDEX holds_standing ON holds (scope, subject) WHERE released_at IS NULL",
    """CREATE TABLE withheld (
        serial TEXT NOT NULL REFERENCES certificates, hold_id INTEGER NOT NULL REFERENCES holds,
        PRIMARY KEY (serial, hold_id)
    ) STRICT, WITHOUT ROWID""",
    # The one place where an old certificate and its replacement are known to belong together.
    """CREATE TABLE replacements (
        claim_id TEXT PRIMARY KEY REFERENCES claims,
        old_serial TEXT NOT NULL REFERENCES certificates,
        case_id TEXT REFERENCES cases,
        request BLOB,
        draft BLOB,
        template TEXT NOT NULL,
        withdrawn_at TEXT
    ) STRICT""",
    "CREATE INDEX replacements_of ON replacements (old_serial)",
    """CREATE TABLE erasures (
        serial TEXT PRIMARY KEY REFERENCES certificates,
        erased_on TEXT NOT NULL,
        case_id TEXT NOT NULL REFERENCES cases,
        file TEXT
    ) STRICT""",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        recipient TEXT NOT NULL,
        details BLOB NOT NULL,
        asked_at TEXT NOT NULL,
        sent_at TEXT
    ) STRICT""",
    "CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL",
    "CREATE INDEX outbox_by_subject ON outbox (subject)",
    """CREATE TABLE reminders (
        subject TEXT NOT NULL, due TEXT NOT NULL, days INTEGER NOT NULL, reminded_at TEXT NOT NULL,
        PRIMARY KEY (subject, due, days)
    ) STRICT, WITHOUT ROWID""",
    # Indexes over one field inside a body: they go with it.
    """CREATE INDEX claims_renewing ON claims (json_extract(CAST(body AS TEXT), '$.renews'))
        WHERE json_extract(CAST(body AS TEXT), '$.renews') IS NOT NULL""",
    """CREATE INDEX certificates_by_expiry
        ON certificates (json_extract(CAST(statement AS TEXT), '$.expires_on'))
        WHERE json_extract(CAST(statement AS TEXT), '$.expires_on') IS NOT NULL""",
)

# Rows that an import could not take, kept with their cells until a corrected sheet replaces them; and what
# the office answered when a name was spelt otherwise than registered. Both are keyed by an HMAC.
IMPORTING = (
    """CREATE TABLE held_rows (
        id INTEGER PRIMARY KEY,
        file TEXT NOT NULL,
        line INTEGER NOT NULL,
        subject BLOB,
        cells BLOB NOT NULL,
        faults BLOB NOT NULL,
        held_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX held_rows_by_file ON held_rows (file, line)",
    "CREATE INDEX held_rows_by_subject ON held_rows (subject)",
    """CREATE TABLE import_answers (
        question TEXT PRIMARY KEY, answer TEXT NOT NULL, answered_at TEXT NOT NULL
    ) STRICT""",
)

# What claims rest on; the earlier content of a changed record stays.
EVIDENCE = (
    """CREATE TABLE records (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        key BLOB NOT NULL,
        subject TEXT NOT NULL,
        mark BLOB,
        body BLOB,
        sha256 TEXT NOT NULL,
        source TEXT NOT NULL,
        at TEXT NOT NULL,
        replaced_by INTEGER REFERENCES records
    ) STRICT""",
    "CREATE UNIQUE INDEX records_current ON records (kind, key) WHERE replaced_by IS NULL",
    "CREATE INDEX records_of_subject ON records (subject, id)",
    "CREATE INDEX records_by_mark ON records (mark) WHERE mark IS NOT NULL",
    # Which claims a learner has: random ids and the centre's own reference.
    """CREATE TABLE claim_subjects (
        claim_id TEXT PRIMARY KEY REFERENCES claims, subject TEXT NOT NULL,
        programme TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX claim_subjects_by_subject ON claim_subjects (subject)",
    # One draw over the claims that were in none before; `digest` is over their sorted ids.
    """CREATE TABLE draws (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, digest TEXT NOT NULL, claims INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE drawn (
        claim_id TEXT PRIMARY KEY REFERENCES claims, draw INTEGER NOT NULL REFERENCES draws,
        sampled INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Each approval that a certificate rests on serves that one certificate.
    """CREATE TABLE consumed (
        approval_sha256 TEXT PRIMARY KEY, serial TEXT NOT NULL REFERENCES certificates
    ) STRICT, WITHOUT ROWID""",
    # One message to a learner for each event that causes it; the night sends them.
    """CREATE TABLE learner_messages (
        id INTEGER PRIMARY KEY,
        event_key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        recipient TEXT NOT NULL,
        created_at TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT""",
)

# The awarding organisation's permission for a hold of kind fees.
PERMISSIONS = (
    "ALTER TABLE holds ADD COLUMN permission_reference TEXT",
    "ALTER TABLE holds ADD COLUMN permission_on TEXT",
)

# A message about no certificate says whom it is to: `NF041/NF04131` a learner, `NF041` a centre; one with
# neither is the office's own. An asked-for message names the one in which it went.
RECIPIENTS = (
    "ALTER TABLE messages ADD COLUMN recipient TEXT",
    "CREATE INDEX messages_by_recipient ON messages (recipient) WHERE recipient IS NOT NULL",
    "ALTER TABLE outbox ADD COLUMN message TEXT",
    "CREATE INDEX outbox_by_message ON outbox (message) WHERE message IS NOT NULL",
)

# Claims that were registered before, or by another way than the import, belong to their learners too.
SUBJECTS = (
    """INSERT OR IGNORE INTO claim_subjects
        SELECT claim_id, json_extract(t, '$.centre') || '/' || json_extract(t, '$.learner_ref'),
            json_extract(t, '$.programme'), json_extract(t, '$.version'), json_extract(t, '$.kind')
        FROM (SELECT claim_id, CAST(body AS TEXT) AS t FROM claims WHERE body IS NOT NULL)""",
)

# What the site shows and an older register no longer knows: kept sealed, so that it stays as it is shown.
SITE_ONLY = (
    # An entry's place is known only as far as its bucket told it: `bits` leading bits of `prefix`.
    """CREATE TABLE carried_entries (
        tag BLOB PRIMARY KEY, year INTEGER NOT NULL, bits INTEGER NOT NULL, prefix INTEGER NOT NULL,
        entry BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE carried_exceptions (
        tag BLOB PRIMARY KEY, year INTEGER NOT NULL, bits INTEGER NOT NULL, prefix INTEGER NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE carried_links (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    # The heads that this register accepted though another made them.
    """CREATE TABLE carried_heads (
        sequence INTEGER PRIMARY KEY, events INTEGER NOT NULL, chain TEXT NOT NULL
    ) STRICT""",
)

# A head no longer says how many events there were.
HEADS_WITHOUT_COUNT = ("ALTER TABLE carried_heads DROP COLUMN events",)

# What a report of undeliverable mail is compared with: where a letter went, and which reports were taken.
REPORTED = (
    "ALTER TABLE messages ADD COLUMN sent_to TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE taken_reports (digest TEXT PRIMARY KEY, taken_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
# Links that were withdrawn: none is made again for these certificates by itself.
LINKS_WITHDRAWN = (
    """CREATE TABLE withdrawn_links (
        serial TEXT PRIMARY KEY REFERENCES certificates, withdrawn_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
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
    SITE_ONLY,
    HEADS_WITHOUT_COUNT,
    REPORTED,
    LINKS_WITHDRAWN,
)
