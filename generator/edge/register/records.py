"""Records in the register: kept, replaced, and compared with the event that each of them caused.

A record is never changed in place: the new one replaces the old, which stays for the trail. Each is
named in an event by its digest, so a row that is edited, added or removed by other means shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.crypto.digest import sha256
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.errors import Malformed
from generator.formats import strict_json
from generator.model.office_record import OfficeRecord
from generator.model.quality_records import ReviewCheck
from generator.model.record_kinds import EVERY
from generator.model.registration import LearnerRecord
from generator.model.value import ClaimId, Digest, Instant

_CAP = 262_144
_EVENT = "record_kept"


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as it is kept: when it came, from where, and whether another has replaced it."""

    record: OfficeRecord
    sha256: Digest
    source: str
    at: Instant
    current: bool


@dataclass(frozen=True, slots=True)
class SubjectRecords:
    """All records about one subject, oldest first. `fault`: how they differ from the event chain."""

    kept: tuple[KeptRecord, ...]
    fault: str

    def current(self) -> tuple[KeptRecord, ...]:
        """Those that nothing has replaced."""
        return tuple(item for item in self.kept if item.current)


def subject(centre: str, learner_ref: str | None) -> str:
    """What a record is about, as events name it: `NF041/NF04131`, or the centre alone."""
    return f"{centre}/{learner_ref}" if learner_ref else centre


def digest(record: OfficeRecord) -> Digest:
    """SHA-256 over the kind and the canonical content: what events and evidence lists name."""
    return sha256(strict_json.encode([record.KIND, record.plain()]))


class OfficeRecords:
    """Keeps records within the caller's transaction, and finds them by subject, kind or mark."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._secret = register.secret()

    def keep(self, record: OfficeRecord, source: str, at: Instant) -> bool:
        """Keep a new or changed record; False if it is here as it is."""
        key = self._key(record)
        found = self._register.row(
            "SELECT id, sha256 FROM records WHERE kind = ? AND key = ? AND replaced_by IS NULL",
            record.KIND,
            key,
        )
        sha256 = digest(record)
        if found and found[1] == sha256:
            return False
        about = subject(record.centre, record.learner())
        rank = self._register.row("SELECT coalesce(max(id), 0) + 1 FROM records")
        made = int(rank[0]) if rank else 1
        if found:
            # Out of the way of the index first; a deferred reference would need another migration.
            self._register.change("UPDATE records SET replaced_by = id WHERE id = ?", found[0])
        self._register.change(
            "INSERT INTO records (id, kind, key, subject, mark, body, sha256, source, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(made, record.KIND, key, about, self._mark(record), strict_json.encode(record.plain())),
            *(sha256, source, at),
        )
        if found:
            self._register.change("UPDATE records SET replaced_by = ? WHERE id = ?", made, found[0])
        details = {"record": record.KIND, "record_sha256": sha256, "source": source}
        EventLog(self._register).append(at, _EVENT, about, details)
        return True

    def about(self, about: str) -> SubjectRecords:
        """Every record about a subject, compared with the events that name them."""
        rows = self._register.rows(
            "SELECT kind, body, sha256, source, at, replaced_by FROM records WHERE subject = ? ORDER BY id",
            about,
        )
        kept, erased, fault = [], [], ""
        for kind, body, kept_digest, source, at, replaced_by in rows:
            if body is None:
                erased.append(kept_digest)
                continue
            try:
                record = EVERY[kind].of(strict_json.decode(body, _CAP))
            except (Malformed, KeyError):
                fault = f"a record of {about} cannot be read"
                continue
            if digest(record) != kept_digest:
                fault = f"a record of {about} ({kind}) was edited in the register"
            kept.append(KeptRecord(record, kept_digest, source, at, replaced_by is None))
        named = self._named(about)
        for kept_digest in erased:
            if kept_digest in named:
                named.remove(kept_digest)
        if not fault and sorted(item.sha256 for item in kept) != named:
            fault = f"the records of {about} are not those that the event chain names"
        return SubjectRecords(tuple(kept), fault)

    def of_kind(self, kind: str) -> Iterator[OfficeRecord]:
        """Every current record of a kind, oldest first."""
        rows = self._register.each(
            "SELECT body FROM records WHERE kind = ?"
            " AND replaced_by IS NULL AND body IS NOT NULL ORDER BY id",
            kind,
        )
        return (EVERY[kind].of(strict_json.decode(body, _CAP)) for (body,) in rows)

    def subjects(self, *kinds: str) -> list[str]:
        """What current records of these kinds are about, in order."""
        sql = (
            "SELECT DISTINCT subject FROM records WHERE kind IN (SELECT value FROM json_each(?))"
            " AND replaced_by IS NULL AND body IS NOT NULL ORDER BY 1"
        )
        return [str(about) for (about,) in self._register.rows(sql, json.dumps(kinds))]

    def find(self, record: OfficeRecord) -> OfficeRecord | None:
        """The current record with the same key."""
        row = self._register.row(
            "SELECT body FROM records WHERE kind = ? AND key = ?"
            " AND replaced_by IS NULL AND body IS NOT NULL",
            record.KIND,
            self._key(record),
        )
        return type(record).of(strict_json.decode(row[0], _CAP)) if row else None

    def learner(self, centre: str, learner_ref: str) -> LearnerRecord | None:
        """The current record of a learner: how they are reached today."""
        wanted = {"centre": centre, "learner_ref": learner_ref, "name": "?"}
        found = self.find(LearnerRecord.of(wanted))
        return found if isinstance(found, LearnerRecord) else None

    def addressed(self) -> dict[str, str]:
        """Learners (`NF041/NF04131`) whose current record holds an e-mail address, and the address."""
        email = "json_extract(CAST(body AS TEXT), '$.email')"
        rows = self._register.rows(
            f"SELECT subject, {email} FROM records WHERE kind = ?"  # noqa: S608 - made of constants only
            f" AND replaced_by IS NULL AND body IS NOT NULL AND {email} IS NOT NULL",
            LearnerRecord.KIND,
        )
        return {str(about): str(address) for about, address in rows}

    def retract(self, record: OfficeRecord, at: Instant, why: str) -> bool:
        """Let a record count no longer, though nothing takes its place; False if it is not here."""
        row = self._register.row(
            "SELECT id FROM records WHERE kind = ? AND key = ? AND replaced_by IS NULL",
            record.KIND,
            self._key(record),
        )
        if row is None:
            return False
        self._register.change("UPDATE records SET replaced_by = id WHERE id = ?", row[0])
        details = {"record": record.KIND, "record_sha256": digest(record), "because": why}
        EventLog(self._register).append(
            at, "record_retracted", subject(record.centre, record.learner()), details
        )
        return True

    def same_number(self, learner: LearnerRecord) -> list[LearnerRecord]:
        """Other learners with the same ULN: one person under two references."""
        mark = self._mark(learner)
        if mark is None:
            return []
        rows = self._register.rows(
            "SELECT body FROM records WHERE mark = ?"
            " AND replaced_by IS NULL AND body IS NOT NULL ORDER BY id",
            mark,
        )
        found = [LearnerRecord.of(strict_json.decode(body, _CAP)) for (body,) in rows]
        return [item for item in found if item.key() != learner.key()]

    def forget(self, about: str) -> None:
        """Remove every record about a subject, and messages to them.

        No digest stays: it has no salt, so that whoever guesses a record could confirm it. The chain
        keeps its commitments, whose salts the caller removes with the details of the events.
        """
        self._register.change("DELETE FROM records WHERE subject = ?", about)
        self._register.change("DELETE FROM learner_messages WHERE recipient = ?", about)

    def forget_check(self, centre: str, claim_id: ClaimId) -> None:
        """Remove what checks of a claim found; the centre's other records stay whole."""
        kind = ReviewCheck.KIND
        self._register.change(
            "UPDATE records SET body = NULL WHERE kind = ? AND key = ?",
            *(kind, self._hashed(kind, (centre, claim_id))),
        )

    def _named(self, about: str) -> list[str]:
        """The digests that events name; an altered event names none."""
        events = EventLog(self._register).of(about, _EVENT)
        return sorted(str(event.details.get("record_sha256")) if event.good else "" for event in events)

    def _key(self, record: OfficeRecord) -> bytes:
        return self._hashed(record.KIND, record.key())

    def _hashed(self, kind: str, key: tuple[str, ...]) -> bytes:
        return mac(self._secret, b"record-key\0" + strict_json.encode([kind, *key]))

    def _mark(self, record: OfficeRecord) -> bytes | None:
        """The ULN under the register's secret: equal ones are found, none can be read."""
        if not isinstance(record, LearnerRecord) or record.uln is None:
            return None
        return mac(self._secret, b"record-uln\0" + record.uln.encode())
