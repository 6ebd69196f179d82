"""The part of a subject access export that comes from records, letters and held rows (docs/privacy.md).

Members of staff are left out, and so is every other learner: where a record is about several, it says only
that this learner was among them. What people wrote in their own words about a case is listed, not given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from generator.edge.register.database import Register
from generator.edge.register.held_rows import HeldRow, HeldRows
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Messages
from generator.edge.register.records import OfficeRecords, subject
from generator.model.office_record import OfficeRecord
from generator.model.personal import identifying, marks, of_learner
from generator.model.quality_records import Interest, ReviewCheck
from generator.model.record_kinds import EVERY
from generator.model.result import VerificationRecord
from generator.sheets.shapes import SHAPES

# Columns of sheets that name staff, by what their headings speak of.
_STAFF_WORDS = ("assessor", "verifier", "instructor", "tutor", "teacher", "signed", "initials")


def recorded(register: Register, centre: str, learner_ref: str) -> list[dict[str, Any]]:
    """Every record about a learner, the replaced ones too, oldest first."""
    found = []
    for kept in OfficeRecords(register).about(subject(centre, learner_ref)).kept:
        told = {
            "kind": kept.record.KIND,
            "kept_at": kept.at,
            "came_from": kept.source,
            "current": kept.current,
        }
        found.append({**told, "record": dict(_theirs(kept.record))})
    return found


def of_centre(
    register: Register, centre: str, learner_ref: str, claim_ids: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """What the centre's own records say of this learner: work that was sampled, claims that were checked."""
    sampled, checked = [], []
    for kept in OfficeRecords(register).about(subject(centre, None)).kept:
        record = kept.record
        if isinstance(record, VerificationRecord) and learner_ref in record.sampled:
            fields = ("programme", "version", "unit", "assignment", "verified_on")
            plain = record.plain()
            sampled.append(
                {name: plain[name] for name in fields if name in plain} | {"current": kept.current}
            )
        if isinstance(record, ReviewCheck) and record.claim_id in claim_ids:
            told = {"claim_id": record.claim_id, "on": record.on, "outcome": record.outcome}
            checked.append(told | {"current": kept.current})
    return {"work_sampled_for_verification": sampled, "claims_checked_against_the_records": checked}


def messages_sent(register: Register, centre: str, learner_ref: str) -> list[dict[str, Any]]:
    """Messages about registrations, and what became of each."""
    recipient = subject(centre, learner_ref)
    sent = {item.key: item for item in Messages(register).to_recipient(recipient)}
    found = []
    for item in LearnerMessages(register).of(recipient):
        letter = sent.get(item.key)
        state = {"state": letter.state, "since": letter.changed_at} if letter else {"state": "not sent"}
        found.append({"kind": item.kind, "created_at": item.created_at, **dict(item.payload), **state})
    return found


def held_rows(
    register: Register, centre: str, learner_ref: str, names: Collection[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows that an import holds: those that are surely this learner's, and the places of those that may be.

    Surely: the reference stands where references stand, and another cell is the learner's name or number,
    or the centre's number.
    """
    sure: list[dict[str, Any]] = []
    unsure: list[str] = []
    for row in HeldRows(register).all():
        cells = set(row.cells.values())
        if not any(cell == learner_ref and _names_learner(head) for head, cell in row.cells.items()):
            continue
        if cells & set(names) or centre in cells:
            sure.append(_row(row))
        else:
            unsure.append(f"{row.file}:{row.line}")
    return sure, unsure


def names(register: Register, centre: str, learner_ref: str) -> set[str]:
    """The names and numbers under which a learner was ever recorded."""
    kept = OfficeRecords(register).about(subject(centre, learner_ref)).kept
    return {text for item in kept for text in identifying(item.record)}


def _names_learner(heading: str) -> bool:
    """Whether a column is one of those in which a reference stands."""
    return heading == "learner_ref" or any(shape.named(heading) == shape.key for shape in SHAPES)


def _row(row: HeldRow) -> dict[str, Any]:
    cells = {heading: cell for heading, cell in row.cells.items() if cell and not _names_staff(heading)}
    reasons = sorted({fault.code for fault in row.faults})
    return {"file": row.file, "line": row.line, "held_at": row.held_at, "reasons": reasons, "cells": cells}


def _names_staff(heading: str) -> bool:
    """Whether a column names staff: it is such a field of one of our layouts, or speaks of staff."""
    fields = {name for kind in EVERY.values() for name, mark in marks(kind).items() if mark.of == "staff"}
    return heading in fields or any(word in heading.casefold() for word in _STAFF_WORDS)


def _theirs(record: OfficeRecord) -> Iterator[tuple[str, Any]]:
    """The fields of a record that may be given to the learner whom it is about."""
    own, marked = of_learner(record), marks(type(record))
    for name, value in own.items():
        if name in marked and marked[name].of == "others":
            # Written of an event in which somebody else had a part.
            yield f"{name}_to_read_before_giving_out", True
        elif isinstance(record, Interest) and name == "interest":
            yield "interest", f"declared by a member of staff: {value}"
        elif value not in ((), []):
            yield name, value
