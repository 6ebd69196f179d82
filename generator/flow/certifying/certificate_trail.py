"""Everything that one certificate rests on, every signature verified as it is told (docs/policies.md)."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.crypto import ed25519
from generator.edge import disk
from generator.edge.register.approvals import Approvals
from generator.edge.register.certificates import Certificates, Issued, decode_entry
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog, LoggedEvent
from generator.edge.register.records import OfficeRecords, SubjectRecords, subject
from generator.errors import Malformed, Place, Refused
from generator.flow.shared import rosters
from generator.flow.shared.codes import CERTIFICATE_UNKNOWN
from generator.flow.shared.session import Session
from generator.formats import approval, entry, record, statement
from generator.formats.approval import Approval
from generator.formats.derivation import derive
from generator.model.certificate import Statement
from generator.model.office_record import OfficeRecord, OfProgramme, is_about
from generator.model.people import Roster
from generator.model.result import VerificationRecord
from generator.model.value import Serial
from generator.rules.received_approvals import (
    OpenedStandingApproval,
    ReceivedApproval,
    open_standing,
    opened_approvals,
)
from generator.terms import CLAIM, Worded, spoken

_ERASED_BYTES = 32
# Approvals come from one person for each role that the policy names; more than this it never names.
_ROLES_AT_MOST = 5
_ORDERS_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class TrailLine(Worded):
    """One line of the trail. `good`: what was verified held; None where there is nothing to verify."""

    section: str
    text: str
    good: bool | None = None


def trail(session: Session, serial: str) -> list[TrailLine]:
    """The lines of a certificate's trail, in the order of its life. Raises `Refused` if unknown."""
    issued = Certificates(session.register).find(serial)
    if issued is None:
        fix = "copy the serial from the certificate, or run `certportal issue`"
        raise Refused(CERTIFICATE_UNKNOWN.at(Place(subject=serial), "no certificate has this serial", fix))
    if issued.statement is None:
        return [
            TrailLine("certificate", f"{serial} issued on {issued.issued_on}; its content was erased"),
            *_chain(session.register),
        ]
    certified = statement.decode(issued.statement)
    held = Claims(session.register).by_id(issued.claim_id)
    lines: list[TrailLine] = []
    if held is not None:
        lines += _records(session.register, held)
        lines += _claim(session.register, held)
    lines += _approvals(session, issued, certified)
    lines += _certificate(session, issued, certified)
    lines += [TrailLine("events", *_event(event)) for event in EventLog(session.register).of(serial)]
    return [*lines, *_chain(session.register)]


def _records(register: Register, held: RegisteredClaim) -> Iterator[TrailLine]:
    """Registration, results and attendance of the learner; verification of what they rest on."""
    claim, records = held.claim, OfficeRecords(register)
    of_learner = subject(claim.centre, claim.learner_ref)
    about = records.about(of_learner)
    yield from _kept(about, of_learner, lambda one: not isinstance(one, OfProgramme) or _of(one, held))
    for event in EventLog(register).of(of_learner):
        yield TrailLine("records", *_event(event))
    results = {unit.unit: unit.assessor for unit in claim.results}
    assessors = {value for value in results.values() if value}
    for item in about.kept:
        assessors.add(str(getattr(item.record, "assessor", "") or ""))
    common = records.about(subject(claim.centre, None))
    if common.kept:
        yield from _kept(
            common,
            claim.centre,
            lambda one: (
                isinstance(one, VerificationRecord)
                and (one.programme, one.version) == (claim.programme, claim.version)
                and one.unit in results
                and one.assessor in assessors
            ),
        )
    for unit in claim.results:
        if unit.verifier:
            said = (
                f"{unit.unit}: assessed by {unit.assessor}, verified by {unit.verifier} on {unit.verified_on}"
            )
            yield TrailLine("verification", f"{said} (grade sheet)")


def _of(one: OfProgramme, held: RegisteredClaim) -> bool:
    return is_about(one, held.claim.programme, held.claim.version)


def _kept(
    about: SubjectRecords, subject_: str, wanted: Callable[[OfficeRecord], bool]
) -> Iterator[TrailLine]:
    if about.fault:
        yield TrailLine("records", about.fault, False)
    for item in about.kept:
        if wanted(item.record):
            state = "" if item.current else ", replaced since"
            head = f"{_said(item.record)} (from {item.source}, {item.at}{state}; {item.sha256[:12]})"
            yield TrailLine(item.record.KIND, head, not about.fault)
    if not about.kept:
        yield TrailLine("records", f"none about {subject_}")


def _said(one: OfficeRecord) -> str:
    skipped = {"centre", "learner_ref", "programme", "version"}
    parts = []
    for name, value in one.plain().items():
        if name in skipped or value in ((), [], False):
            continue
        if isinstance(value, list | tuple):
            value = " + ".join(
                " ".join(str(part) for part in each.values()) if isinstance(each, dict) else str(each)
                for each in value
            )
        parts.append(f"{name.replace('_', ' ')} {value}")
    return ", ".join(parts)


def _claim(register: Register, held: RegisteredClaim) -> Iterator[TrailLine]:
    claim = held.claim
    grades = " · ".join(f"{unit.unit} {unit.grade or ''}".strip() for unit in claim.results)
    what = f"{claim.kind} of {claim.programme} {claim.version} for {claim.learner_ref} at {claim.centre}"
    yield TrailLine(CLAIM, f"{held.claim_id} from {held.source}: {what}")
    yield TrailLine(
        CLAIM, f"{claim.learner_name}, {claim.grade or 'no overall grade'}, {claim.completed_on}: {grades}"
    )
    yield from (TrailLine(CLAIM, *_event(event)) for event in EventLog(register).of(held.claim_id))


def _approvals(session: Session, issued: Issued, certified: Statement) -> Iterator[TrailLine]:
    approvals = Approvals(session.register)
    roster = rosters.current(session)
    single, fault = approvals.of_claim(issued.claim_id)
    standing, other = approvals.standing()
    for what in (fault, other):
        if what:
            yield TrailLine("approvals", what, False)
    used = [item for item in single if approvals.consumed_by(item.data) == issued.serial]
    for item in single:
        yield _approval(item, roster, certified, item in used)
    kept = Certificates(session.register).approvals_digest(issued.serial)
    named = _named(session.register, issued.serial)
    if used:
        good = kept == named and _in_some_order([item.data for item in used], kept, (len(used),)) is not None
        yield TrailLine("approvals", f"{len(used)} approvals consumed by {issued.serial} ({kept[:12]})", good)
        return
    about = (certified.programme.code, certified.programme.version)
    opened = [item for item in open_standing(standing, roster) if _concerns(item, about)]
    rests_on = _in_some_order([item.data for item in opened], kept, range(2, _ROLES_AT_MOST + 1)) or ()
    for consent in opened:
        yield _standing(consent, issued, consent.data in rests_on)
    what = f"{issued.serial} rests on {len(rests_on)} standing approvals ({kept[:12]})"
    if not rests_on:
        what = f"{issued.serial} rests on approvals that are not those of the register ({kept[:12]})"
    yield TrailLine("approvals", what, bool(rests_on) and kept == named)


def _named(register: Register, serial: Serial) -> str:
    """The digest over the approvals as the event of the numbering has it; an altered event names none."""
    event = EventLog(register).of(serial, "certificate_numbered")
    return next((str(event.details.get("approvals_sha256")) for event in event if event.good), "")


def _in_some_order(envelopes: Sequence[bytes], kept: str, sizes: Iterable[int]) -> tuple[bytes, ...] | None:
    """Those of the envelopes over which the digest was made; None where it was made over others.

    They were digested in the order of the policy's roles, which may have changed since.
    """
    orders = itertools.chain.from_iterable(itertools.permutations(envelopes, size) for size in sizes)
    for order in itertools.islice(orders, _ORDERS_TRIED):
        if hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in order)).hexdigest() == kept:
            return order
    return None


def _approval(item: ReceivedApproval, roster: Roster, certified: Statement, used: bool) -> TrailLine:
    if len(item.data) <= _ERASED_BYTES:
        return TrailLine("approvals", f"received {item.at}; its content was erased")
    try:
        opened, key = opened_approvals(item, roster)
    except Malformed as error:
        return TrailLine("approvals", f"received {item.at}: {error}", False)
    if not isinstance(opened, Approval):
        return TrailLine("approvals", f"received {item.at}: is a standing approval", False)
    good = True
    said = f"{opened.person} as {spoken(opened.role)}: {opened.decision}"
    said += f", key {key.id}, received {item.at}"
    if opened.note:
        said += f" ({opened.note})"
    if used:
        good = approval.commitment(opened.salt, certified.draft()) == opened.statement_sha256
        said += ", over exactly what is printed" if good else ", over something else than is printed"
    return TrailLine("approvals", said, good)


def _concerns(item: OpenedStandingApproval, about: tuple[str, str]) -> bool:
    """Whether a standing approval is about this programme; one that is not genuine may be."""
    opened = item.opened
    return opened is None or (opened.programme, opened.programme_version) == about


def _standing(item: OpenedStandingApproval, issued: Issued, used: bool) -> TrailLine:
    opened = item.opened
    if opened is None or item.key is None:
        return TrailLine("standing approvals", f"received {item.at}: {item.fault}", False)
    role = spoken(opened.role)
    said = f"{opened.person} as {role}: {opened.decision}, {opened.start} to {opened.until}"
    said += f", key {item.key.id}, received {item.at}"
    good = True
    if used:
        good = opened.decision == "approve" and opened.start <= issued.issued_on <= opened.until
        said += f", which {'covers' if good else 'does not cover'} {issued.issued_on}"
    return TrailLine("standing approvals", said, good)


def _certificate(session: Session, issued: Issued, certified: Statement) -> Iterator[TrailLine]:
    yield TrailLine(
        "certificate",
        f"{issued.serial} issued on {issued.issued_on}: {certified.label}, {certified.learner.name}",
    )
    keys = {key.id: key for key in session.workspace.keystore.manifest().of_role("certificate")}
    sealed = decode_entry(Certificates(session.register).entry(issued.serial))
    frame = record.decode(entry.unseal(derive(certified.number, certified.issuer_id), sealed))
    if not isinstance(frame, record.Record):
        yield TrailLine("certificate", "its record was erased")
        return
    for name, (signature, message) in zip(("statement", "record"), frame.signed(), strict=True):
        key = keys.get(signature.key_id)
        good = key is not None and ed25519.verify(bytes.fromhex(key.public), message, signature.raw)
        yield TrailLine("certificate", f"{name} signed with the certificate key {signature.key_id}", good)
    yield TrailLine(
        "certificate", "the record holds the statement of the register", frame.statement == issued.statement
    )
    path = session.workspace.issued_file(issued.serial, issued.issued_on)
    if path.is_file():
        same = disk.sha256(path, session.workspace.shown(path)).hex() == issued.pdf_sha256
        yield TrailLine("certificate", f"{session.workspace.shown(path)} is the file that was issued", same)


def _event(event: LoggedEvent) -> tuple[str, bool]:
    return f"event {event.seq} {event.at} {event.kind.replace('_', ' ')}, hash {event.hash[:16]}", event.good


def _chain(register: Register) -> Iterator[TrailLine]:
    events = EventLog(register)
    count, chain = events.state()
    problems = events.check()
    yield TrailLine("event chain", f"{count} events up to {chain[:16]}", not problems)
    yield from (TrailLine("event chain", problem.what, False) for problem in problems)
