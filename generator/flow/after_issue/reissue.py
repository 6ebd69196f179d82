"""A cohort's reissue: one record of adverse effect, one decision, one message each (docs/afterwards.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.edge.register.cases import Cases
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.replacements import Replacements
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Problem, Refused
from generator.flow.after_issue import cases, replacement
from generator.flow.after_issue.codes import CASE_OUTCOME, CASE_USED, REISSUE_SAME
from generator.flow.after_issue.replacement import PlannedReplacement
from generator.flow.certifying import approvals
from generator.flow.shared import rollback_guard, rulings
from generator.flow.shared.codes import AFTER_CHANGED
from generator.flow.shared.session import Session
from generator.model.case import Case, Decision, Outcome, Request
from generator.rules.case_rulings import Ruling

_OUR_ERROR = "our own error"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A case of reissue with everything that it would print anew."""

    case: Case
    planned: tuple[PlannedReplacement, ...]


def plan(session: Session, opening: cases.Opening) -> Cohort:
    """The preview: every certificate, every field that will differ. Raises `Refused` with every problem."""
    rollback_guard.check(session)
    case = cases.draw_up(session, opening)
    corrections = case.corrections.plain() if case.corrections else {}
    problems: list[Problem] = []
    planned = []
    for serial in case.subjects:
        request = Request(old_serial=serial, case_id=case.case_id, fee_waived=_OUR_ERROR)
        try:
            planned.append(replacement.plan(session, request, corrections))
        except Refused as refused:
            problems += refused.problems
    same = [
        item.request.old_serial
        for item in planned
        if "template" not in corrections and [name for name, _, _ in item.differences()] == ["replacement"]
    ]
    for serial in same:
        what = "is right already: nothing on it would change"
        problems.append(REISSUE_SAME.at(Place(subject=serial), what, "leave it out"))
    if problems:
        raise Refused(problems)
    return Cohort(case, tuple(planned))


def open_cohort(session: Session, cohort: Cohort) -> None:
    """Open the case and register every replacement's claim, in one transaction."""
    with session.register.transaction():
        cases.open_case(session, cohort.case)
        for item in cohort.planned:
            replacement.add(session, item, cohort.case.opened_by)


def decide(
    session: Session, case_id: str, made: tuple[Outcome, int, str | None], who: tuple[str, str]
) -> Decision:
    """One person's decision, and with it their approval of every single replacement as it will be printed."""
    signed: list[approvals.Signed] = []
    if made[0] == "reissue":
        claims = Claims(session.register)
        listed = Replacements(session.register).of_case(case_id)
        held = [found for item in listed if (found := claims.by_id(item.claim_id)) is not None]
        signed, problems = approvals.sign_claims(session, *who, held)
        if problems:
            raise Refused(problems)
    data, opened = cases.signed(session, case_id, made, who)
    # Together or not at all: a decision without its approvals could never be made whole again.
    with session.register.transaction():
        cases.receive(session, case_id, data, opened)
        approvals.take_in(session, signed)
    return opened


def close(session: Session, case_id: str) -> Ruling:
    """Close a case; a reissue that was dismissed withdraws its replacements."""
    rollback_guard.check(session)
    with session.register.transaction():
        ruling = cases.close(session, case_id)
        if ruling.outcome == "dismiss":
            for item in Replacements(session.register).of_case(case_id):
                if item.withdrawn_at is None:
                    Replacements(session.register).withdraw(item.claim_id, session.now)
    return ruling


def plan_release(session: Session, case_id: str) -> Sequence[str]:
    """The certificates that a closed case of reissue will have made anew. Raises `Refused`."""
    rollback_guard.check(session)
    held = cases.held_case(session.register, case_id)
    where = f"case {case_id}"
    if held.kind != "reissue" or held.used_at is not None:
        what = "is not a case of reissue" if held.kind != "reissue" else f"was carried out on {held.used_at}"
        raise Refused(CASE_USED.at(Place(subject=where), what, "name a case of reissue that is decided"))
    ruling = rulings.ruling_of(session, held)
    if not isinstance(ruling, Ruling):
        raise Refused(ruling)
    if ruling.outcome != "reissue":
        fix = "open another case if there is something new"
        raise Refused(CASE_OUTCOME.at(Place(subject=where), f"was decided otherwise: {ruling.outcome}", fix))
    return [item.old_serial for item in Replacements(session.register).of_case(case_id)]


def release(session: Session, case_id: str, shown: Sequence[str]) -> None:
    """Let a decided reissue go on: `issue` makes the new certificates and supersedes the old."""
    with session.register.transaction():
        if list(plan_release(session, case_id)) != list(shown):
            what = "was changed since this was shown; nothing was done"
            raise Refused(AFTER_CHANGED.at(Place(subject=f"case {case_id}"), what, "run the command again"))
        Cases(session.register).used(case_id, session.now)
        details = {"certificates": len(shown)}
        EventLog(session.register).append(session.now, "reissue_released", case_id, details)


def progress(register: Register, case_id: str) -> tuple[int, int]:
    """How many of a case's replacements are made, and how many there are."""
    listed = Replacements(register).of_case(case_id)
    done = sum(StateChanges(register).state(item.old_serial) == "superseded" for item in listed)
    return done, len(listed)
