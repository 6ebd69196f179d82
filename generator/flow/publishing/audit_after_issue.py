"""Auditing what was done after issue: no state without its evidence (docs/audit.md)."""

from __future__ import annotations

import json
from pathlib import Path

from generator.edge.register.cases import Cases, RegisteredCase
from generator.edge.register.certificates import Certificates, Issued, decode_entry
from generator.edge.register.database import Register
from generator.edge.register.erasures import Erasures
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds, RegisteredHold
from generator.edge.register.replacements import Replacements
from generator.edge.register.runs import Runs
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.errors import Malformed
from generator.flow.publishing.audit import Audit
from generator.flow.shared import rulings
from generator.flow.shared.session import Session
from generator.formats import entry, record, status
from generator.formats.derivation import derive
from generator.model.value import Digest
from generator.rules.case_rulings import Ruling, open_decision

TAKEN_BACK = "state_taken_back"
_RESTORE = "restore the register from the backup and report it"
_OUTCOME = {"revoked": ("revoke",), "suspended": ("suspend",), "erased": ("erase",)}


def audit_after_issue(session: Session, found: Audit) -> None:
    """Check every state after issue against its case or replacement, its exception, and what is left."""
    changes = StateChanges(session.register)
    newest: dict[str, StateChange] = {}
    for change in changes.all():
        newest[change.serial] = change
        _evidence(session, change, found)
    issuer_id = session.workspace.keystore.pin().issuer_id
    for serial, change in newest.items():
        issued = Certificates(session.register).find(serial)
        if issued is None:
            found.fault(serial, f"is {change.kind}, but was never issued", _RESTORE)
        else:
            _exception(session.register, issuer_id, issued, change, found)
    _erasures(session, found)
    _holds(session.register, found)


def _holds(register: Register, found: Audit) -> None:
    """Every hold was placed, and is released, by an event: none was lifted by editing the register."""
    holds, trail = Holds(register).all(), EventLog(register)
    for hold in holds:
        if hold.reason is None:
            continue  # erased: its events have no details any more

        def logged(kind: str, hold: RegisteredHold = hold) -> bool:
            events = trail.of(hold.subject, kind)
            return any(event.good and event.details.get("hold") == hold.hold_id for event in events)

        where = f"hold {hold.hold_id} on {hold.subject}"
        if not logged("hold_placed"):
            found.fault(where, "was placed by no event", _RESTORE)
        if logged("hold_released") != (hold.released_at is not None):
            what = "is in force, but was released" if hold.released_at is None else "was released by no event"
            found.fault(where, what, _RESTORE)
    lost = Runs(register).happened("hold_placed", 0) - len(holds)
    if lost > 0:
        found.fault("holds", f"{lost} that were placed are no longer in the register", _RESTORE)


def _evidence(session: Session, change: StateChange, found: Audit) -> None:
    """The case that decided a state, worked out again from its signatures; or the replacement."""
    if change.case_id is None:
        _replaced(session.register, change, found)
        return
    held = Cases(session.register).find(change.case_id)
    where = f"{change.serial} {change.kind}"
    if held is None or held.closed_at is None or held.used_at is None:
        found.fault(where, f"rests on case {change.case_id}, which is not closed and carried out", _RESTORE)
        return
    if held.case is None:
        _signed(session, held, found)
        return
    ruling = rulings.ruling_of(session, held)
    if not isinstance(ruling, Ruling):
        found.problems += ruling
        return
    expected = _OUTCOME.get(change.kind, ("reinstate", "dismiss"))
    agrees = ruling.outcome in expected and (change.kind != "suspended" or ruling.until == change.until)
    if not agrees or change.serial not in held.case.subjects:
        found.fault(where, f"is not what case {held.case_id} decided", _RESTORE)


def _signed(session: Session, held: RegisteredCase, found: Audit) -> None:
    """Of an erased case the signed decisions are left: they name it, its digest and its outcome."""
    roster = session.workspace.keystore.roster()
    for item in Cases(session.register).decisions(held.case_id):
        try:
            opened = open_decision(item, roster)
        except Malformed as error:
            found.fault(f"case {held.case_id}", f"a decision is not genuine: {error}", _RESTORE)
            continue
        if opened.case_id != held.case_id:
            found.fault(f"case {held.case_id}", "holds a decision of another case", _RESTORE)


def _replaced(register: Register, change: StateChange, found: Audit) -> None:
    logged = EventLog(register).of(change.serial, TAKEN_BACK)
    if any(item.good and item.details.get("state") == change.kind for item in logged):
        # Read back from the site by a register that had lost the case.
        return
    made = [item for item in Replacements(register).of_old(change.serial) if item.new_serial is not None]
    new = [Certificates(register).find(item.new_serial or "") for item in made]
    successors = [item for item in new if item is not None]
    if change.kind != "superseded" or not successors:
        found.fault(change.serial, f"is {change.kind} without a case or a replacement", _RESTORE)
        return
    for item in successors:
        printed = json.loads(item.statement) if item.statement else {"replacement": True}
        if printed.get("replacement") is not True:
            found.fault(item.serial, "replaces another and does not say Replacement", _RESTORE)


def _exception(
    register: Register, issuer_id: Digest, issued: Issued, change: StateChange, found: Audit
) -> None:
    """The exception, published or waiting, says what the state is; an erased record keeps its last."""
    sealed = StateChanges(register).sealed(issued.serial)
    if change.kind == "erased":
        return
    try:
        opened = status.unseal(derive(issued.number, issuer_id), sealed) if sealed else None
    except Malformed:
        opened = None
    said = (opened.kind, opened.changed_on, opened.reason_code, opened.until) if opened else None
    if said != (change.kind, change.changed_on, change.reason_code, change.until):
        found.fault(issued.serial, f"is {change.kind}, but what is published of it says otherwise", _RESTORE)


def _erasures(session: Session, found: Audit) -> None:
    """Nothing is left of what was erased, and only what was erased has lost its events' details."""
    removed = 0
    trail = EventLog(session.register)
    for item in Erasures(session.register).all():
        issued = Certificates(session.register).find(item.serial)
        if issued is None or issued.statement is not None:
            found.fault(item.serial, "was erased, but its statement is still here", _RESTORE)
            continue
        left = session.workspace.issued_file(item.serial, issued.issued_on)
        if item.file is not None or Path(left).exists():
            fix = "run `certportal erase --finish`"
            found.fault(session.workspace.shown(left), "was erased and may still be here", fix)
        logged = [details for _, _, kind, details in trail.about(item.serial) if kind == "certificate_erased"]
        removed += sum(int(details["events"]) for details in logged)
        _tombstone(session.register, session.workspace.keystore.pin().issuer_id, issued, found)
    if trail.silent() != removed:
        what = f"{trail.silent()} events have lost their details, {removed} of them by erasure"
        found.fault("register.db", what, _RESTORE)


def _tombstone(register: Register, issuer_id: Digest, issued: Issued, found: Audit) -> None:
    try:
        sealed = decode_entry(Certificates(register).entry(issued.serial))
        frame = record.decode(entry.unseal(derive(issued.number, issuer_id), sealed))
    except Malformed:
        frame = None
    if not isinstance(frame, record.Tombstone):
        found.fault(issued.serial, "was erased, but its record is not a tombstone", _RESTORE)
