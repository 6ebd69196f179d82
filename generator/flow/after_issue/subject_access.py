"""Subject access: everything that is held of one learner, and nothing of anybody else (docs/privacy.md).

The learner is found by the centre's own reference, never by name. Members of staff are named by their role
only; what a case says in free words may speak of others, so it is listed for a person to read before it is
given out.

Other learners are left out, as is staff, of records, letters and held rows: where a record is about
several, it says only that this learner was among them. What people wrote in their own words about a case is
listed, not given.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from generator.edge import disk
from generator.edge.register.approvals import Approvals
from generator.edge.register.cases import Cases
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.draws import Draws
from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import HeldRow, HeldRows
from generator.edge.register.holds import Holds, RegisteredHold
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Messages
from generator.edge.register.records import OfficeRecords, subject
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Malformed, Place, Refused
from generator.flow.after_issue import revalidation
from generator.flow.after_issue.codes import ACCESS_UNKNOWN
from generator.flow.shared.session import Session
from generator.formats import approval
from generator.model.case import REASON_WORDS
from generator.model.office_record import OfficeRecord
from generator.model.personal import identifying, marks, of_learner
from generator.model.quality_records import Interest, ReviewCheck
from generator.model.record_kinds import EVERY
from generator.model.result import VerificationRecord
from generator.model.value import ClaimId, Serial
from generator.rules.received_approvals import open_approval
from generator.sheets.shapes import SHAPES
from generator.terms import CENTRE, CLAIM

_PDF_CAP = 50_000_000
# Words of staff and of the office's own order, not of the learner.
_NOT_THEIRS = frozenset({"person", "people", "by", "owner", "because"})


def export(session: Session, centre: str, learner_ref: str) -> dict[str, bytes]:
    """Path -> bytes of the export: `your-data.json`, `your-data.txt`, and every certificate's PDF."""
    claims = Claims(session.register).of_learner(centre, learner_ref)
    recorded = records_about(session.register, centre, learner_ref)
    registered = [
        {"programme": code, "version": version, "name": item.name, "uln": item.uln}
        for code, version in sorted(session.workspace.programmes)
        for ref, item in revalidation.registrations(session.workspace, code, version, centre)
        if ref == learner_ref
    ]
    if not claims and not recorded and not registered:
        what = f"nothing is held of a learner {learner_ref} of {centre}"
        fix = f"give the {CENTRE} and its own reference as they are in the {CLAIM}"
        raise Refused(ACCESS_UNKNOWN.at(Place(subject=f"{centre}/{learner_ref}"), what, fix))
    found: dict[str, Any] = {
        "made_at": session.now,
        "issuer": session.workspace.portal.organisation.name,
        "centre": centre,
        "learner_ref": learner_ref,
        "registrations": registered,
        "records": recorded,
        **_of_centre(session.register, claims, centre, learner_ref),
        "messages_about_registrations": messages_sent(session.register, centre, learner_ref),
        **_held_rows(session.register, claims, centre, learner_ref),
        "claims": [_claim(session, held) for held in claims],
        "events": list(_events(session.register, [subject(centre, learner_ref)])),
    }
    files = {
        "your-data.json": json.dumps(found, ensure_ascii=False, indent=2, sort_keys=False).encode() + b"\n",
        "your-data.txt": ("\n".join(_readable(found)) + "\n").encode(),
    }
    for held in claims:
        if held.serial is not None:
            files |= _pdf(session, held.serial)
    with session.register.transaction():
        shown = {"certificates": sum(held.serial is not None for held in claims)}
        for about in [str(held.claim_id) for held in claims] or [subject(centre, learner_ref)]:
            EventLog(session.register).append(session.now, "access_exported", about, shown)
    return files


def _of_centre(
    register: Register, claims: list[RegisteredClaim], centre: str, learner_ref: str
) -> dict[str, list[dict[str, Any]]]:
    ids = {held.claim_id for held in claims}
    return centre_records_about(register, centre, learner_ref, ids)


def _held_rows(
    register: Register, claims: list[RegisteredClaim], centre: str, learner_ref: str
) -> dict[str, Any]:
    names = names_on_record(register, centre, learner_ref)
    names |= {held.claim.learner_name for held in claims}
    sure, unsure = held_rows_about(register, centre, learner_ref, names)
    return {"rows_held_by_an_import": sure, "held_rows_to_read_before_giving_out": unsure}


def _claim(session: Session, held: RegisteredClaim) -> dict[str, Any]:
    register = session.register
    issued = Certificates(register).find(held.serial) if held.serial else None
    return {
        "claim_id": held.claim_id,
        "came_from": held.source,
        "email": Contacts(register).of(held.claim_id),
        "claim": of_learner(held.claim),
        "drawn_for_checking": Draws(register).sampled(held.claim_id),
        "approvals": list(_approvals(session, held.claim_id)),
        "holds": [_hold(item) for item in _holds(register, held)],
        "certificate": _certificate(register, issued) if issued else None,
        "events": list(_events(register, [held.claim_id, *([held.serial] if held.serial else [])])),
    }


def _holds(register: Register, held: RegisteredClaim) -> list[RegisteredHold]:
    holds = Holds(register)
    on_certificate = holds.ever_on("certificate", held.serial) if held.serial else []
    return holds.ever_on("claim", held.claim_id) + on_certificate


def _hold(item: RegisteredHold) -> dict[str, Any]:
    released = item.released_at
    shown = {"kind": item.kind, "placed_at": item.placed_at, "until": item.until, "released": released}
    permission = {"permitted_on": item.permission_on, "permission": item.permission_reference}
    return shown | ({} if item.permission_on is None else permission)


def _certificate(register: Register, issued: Issued) -> dict[str, Any]:
    printed = json.loads(issued.statement) if issued.statement else None
    return {
        "serial": issued.serial,
        "issued_on": issued.issued_on,
        "file": f"{issued.serial}.pdf",
        "as_certified": printed,
        "status": [
            {
                "state": change.kind,
                "since": change.changed_on,
                "until": change.until,
                "public_reason": REASON_WORDS[change.reason_code],
            }
            for change in StateChanges(register).of(issued.serial)
        ],
        "messages": [
            {"kind": item.kind, "created_at": item.created_at, "state": item.state, "since": item.changed_at}
            for item in Messages(register).of_serial(issued.serial)
        ],
        "reminders": [
            {"to": item.recipient, "asked_at": item.asked_at, "sent_at": item.sent_at}
            for item in RequestedMessages(register).about(issued.serial)
        ],
        "cases_to_read_before_giving_out": [
            {
                "case": held.case_id,
                "kind": held.kind,
                "closed_at": held.closed_at,
                "outcome": held.outcome,
            }
            for held in Cases(register).of(issued.serial)
        ],
    }


def _approvals(session: Session, claim_id: ClaimId) -> Iterator[dict[str, Any]]:
    roster = session.workspace.keystore.roster()
    for item in Approvals(session.register).of_claim(claim_id)[0]:
        try:
            opened = open_approval(item, roster)
        except Malformed:
            continue
        if isinstance(opened, approval.Approval):
            yield {"at": item.at, "decision": opened.decision, "role": opened.role}


def _events(register: Register, subjects: list[str]) -> Iterator[dict[str, Any]]:
    for about in subjects:
        for _, at, kind, details in EventLog(register).about(about):
            shown = {name: value for name, value in details.items() if name not in _NOT_THEIRS}
            yield {"at": at, "what": kind, **shown}


def _pdf(session: Session, serial: Serial) -> dict[str, bytes]:
    issued = Certificates(session.register).find(serial)
    if issued is None:
        return {}
    path = session.workspace.issued_file(serial, issued.issued_on)
    if not path.is_file():
        return {}
    return {f"{serial}.pdf": disk.read(path, _PDF_CAP, session.workspace.shown(path))}


def _readable(value: Any, label: str = "", depth: int = 0) -> Iterator[str]:
    """The same content as lines of plain text."""
    indent = "  " * depth
    name = label.replace("_", " ")
    if isinstance(value, Mapping):
        if label:
            yield f"{indent}{name}:"
        for key, item in value.items():
            yield from _readable(item, key, depth + bool(label))
    elif isinstance(value, list | tuple):
        yield f"{indent}{name}: {'' if value else 'none'}".rstrip()
        for rank, item in enumerate(value, 1):
            yield from _readable(item, f"{rank}", depth + 1)
    elif isinstance(value, bool):
        yield f"{indent}{name}: {'yes' if value else 'no'}"
    elif value is not None and not label.endswith("sha256"):
        yield f"{indent}{name}: {value}"


# Columns of sheets that name staff, by what their headings speak of.
_STAFF_WORDS = ("assessor", "verifier", "instructor", "tutor", "teacher", "signed", "initials")


def records_about(register: Register, centre: str, learner_ref: str) -> list[dict[str, Any]]:
    """Every record about a learner, the replaced ones too, oldest first."""
    found = []
    for kept in OfficeRecords(register).about(subject(centre, learner_ref)).kept:
        shown = {
            "kind": kept.record.KIND,
            "kept_at": kept.at,
            "came_from": kept.source,
            "current": kept.current,
        }
        found.append({**shown, "record": dict(_theirs(kept.record))})
    return found


def centre_records_about(
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
            shown = {"claim_id": record.claim_id, "on": record.on, "outcome": record.outcome}
            checked.append(shown | {"current": kept.current})
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


def held_rows_about(
    register: Register, centre: str, learner_ref: str, names: Collection[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows that an import holds: those that are surely this learner's, and the places of those that may be.

    Surely: the reference is where references are, and another cell is the learner's name or number,
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


def names_on_record(register: Register, centre: str, learner_ref: str) -> set[str]:
    """The names and numbers under which a learner was ever recorded."""
    kept = OfficeRecords(register).about(subject(centre, learner_ref)).kept
    return {text for item in kept for text in identifying(item.record)}


def _names_learner(heading: str) -> bool:
    """Whether a column is one of those that hold a reference."""
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
