"""Replacing: a new certificate for an old one, and the one restricted link between them (docs/afterwards.md).

What a replacement prints follows from the old certificate, not from today's catalogue: the achievement, its
date and every grade stay as they were certified, but for what is corrected. It is approved and issued like
any other certificate; the old one is superseded in the very transaction that makes the new one.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.replacements import Replacement, Replacements
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Problem, Refused, UsageError
from generator.flow.after_issue import cases
from generator.flow.after_issue.codes import (
    AFTER_PENDING,
    LINK_REASON,
    REPLACE_CONSENT,
    REPLACE_DATE,
    REPLACE_NAME,
    REPLACE_TWICE,
    REPLACE_UNKNOWN,
)
from generator.flow.shared import certificate_states, rollback_guard, rosters
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import statement, strict_json
from generator.model.case import Request
from generator.model.certificate import Draft, Statement
from generator.model.claim import Claim
from generator.model.value import ClaimId, Serial
from generator.rules.codes import AFTER_STATE, STAFF_UNKNOWN
from generator.rules.state_transitions import may
from generator.terms import CLAIM


@dataclass(frozen=True, slots=True)
class PlannedReplacement:
    """A replacement that is not asked for yet: the old certificate, and every field that will differ."""

    request: Request
    before: Statement
    draft: Draft
    claim: Claim
    template: str

    def differences(self) -> list[tuple[str, str, str]]:
        """Field, as certified, as it will be printed."""
        old, new = self.before.draft().plain(), self.draft.plain()
        names = [name for name in Draft.model_fields if old.get(name) != new.get(name)]
        return [(name, _said(old.get(name)), _said(new.get(name))) for name in names]


def plan(session: Session, request: Request, corrections: dict[str, object]) -> PlannedReplacement:
    """What a replacement would print; `corrections` are whole fields of the draft, or `template`."""
    rollback_guard.check(session)
    serial = request.old_serial
    found = certificate_states.certificate(session.register, serial)
    problems = may("replace", StateChanges(session.register).state(serial), serial)
    problems += _asked_already(session.register, serial)
    held = Claims(session.register).by_id(found.claim_id)
    if problems or found.statement is None or held is None:
        raise Refused(problems or [_erased(serial)])
    before = statement.decode(found.statement)
    changed = {name: value for name, value in corrections.items() if name != "template"}
    changed["replacement"] = True
    if "completed_on" in changed and request.case_id is None:
        what = "a replacement keeps the date of achievement"
        fix = "a wrong date is our error: `certportal reissue open`, with its record of adverse effect"
        raise UsageError(REPLACE_DATE.at(Place(subject=serial), what, fix))
    draft = Draft.of({**before.draft().plain(), **changed})
    # Kept with the request: what is approved is not changed by a design that comes later.
    template = str(corrections.get("template") or session.workspace.replacement_template(found.template))
    _checked(session.workspace, request, before, draft)
    claim = _claim(held, draft)
    return PlannedReplacement(request, before, draft, claim, template)


def ask(session: Session, planned: PlannedReplacement, by: str) -> ClaimId:
    """Register a request for a replacement; its claim waits for two approvals. The claim's id."""
    roles = session.workspace.portal.policy.after_issue.replace
    rosters.on_roster(session.workspace, by, roles, session.today)
    with session.register.transaction():
        problems = _asked_already(session.register, planned.request.old_serial)
        problems += may(
            "replace",
            StateChanges(session.register).state(planned.request.old_serial),
            planned.request.old_serial,
        )
        if problems:
            raise Refused(problems)
        return add(session, planned, by)


def add(session: Session, planned: PlannedReplacement, by: str) -> ClaimId:
    """Register a replacement's claim, inside the caller's transaction."""
    request = planned.request
    source = f"case {request.case_id}" if request.case_id else "a request for a replacement"
    claim_id = Replacements(session.register).add(
        request,
        statement.draft_bytes(planned.draft),
        planned.template,
        strict_json.encode(planned.claim.plain()),
        source,
        session.now,
    )
    old = certificate_states.certificate(session.register, request.old_serial)
    address = Contacts(session.register).of(old.claim_id)
    if address is not None:
        # The new certificate is announced like any other, once, when it verifies.
        Contacts(session.register).put(claim_id, address)
    # The event names the claim only: which certificate it replaces is kept in the restricted place.
    details = {"by": by}
    EventLog(session.register).append(session.now, "replacement_requested", claim_id, details)
    return claim_id


def withdraw(session: Session, claim_id: str, by: str) -> None:
    """Withdraw a request that has no number yet; the old certificate stays as it is."""
    rollback_guard.check(session)
    roles = session.workspace.portal.policy.after_issue.replace
    rosters.on_roster(session.workspace, by, roles, session.today)
    with session.register.transaction():
        found = Replacements(session.register).of_claim(claim_id)
        if found is None or found.new_serial or found.withdrawn_at:
            what = "no request for a replacement waits under this id"
            fix = "name the claim that `certportal replace request` gave"
            raise Refused(REPLACE_UNKNOWN.at(Place(subject=claim_id), what, fix))
        Replacements(session.register).withdraw(claim_id, session.now)
        EventLog(session.register).append(session.now, "replacement_withdrawn", claim_id, {"by": by})


def link(session: Session, serial: str, by: str, why: str) -> list[str]:
    """What the restricted link says of a certificate; every look is an event, also where it says nothing."""
    rollback_guard.check(session)
    certificate_states.certificate(session.register, serial)
    roles = session.workspace.portal.policy.after_issue.restricted
    role = rosters.on_roster(session.workspace, by, roles, session.today)
    if not why.strip():
        what = "looking at which certificate follows which needs a reason"
        raise UsageError(
            LINK_REASON.at(Place(subject="--because"), what, "say why, for example: enquiry 2026/14")
        )
    cases.holder_of_key(session, by)
    with session.register.transaction():
        details = {"by": by, "role": role, "because": why}
        EventLog(session.register).append(session.now, "link_viewed", serial, details)
        newer = [item for item in Replacements(session.register).of_old(serial) if item.new_serial]
        older = Replacements(session.register).of_new(serial)
    lines = [f"replaced by {item.new_serial}{_because(item)}" for item in newer]
    return lines + ([f"replaces {older.old_serial}{_because(older)}"] if older else [])


def _because(item: Replacement) -> str:
    if item.request is None:
        return ""
    return f" ({item.request.because or item.request.case_id})"


def _asked_already(register: Register, serial: Serial) -> list[Problem]:
    for item in Replacements(register).of_old(serial):
        if item.withdrawn_at is None and item.new_serial is None:
            what = f"a replacement is asked for already ({CLAIM} {item.claim_id})"
            fix = f"approve it, or `certportal replace withdraw {item.claim_id}`"
            return [REPLACE_TWICE.at(Place(subject=serial), what, fix)]
        if item.new_serial is not None and StateChanges(register).state(serial) != "superseded":
            # Its number is allotted and its PDF is not made: `issue` was killed.
            what = "its replacement has a number and is not finished"
            return [AFTER_PENDING.at(Place(subject=serial), what, "run `certportal issue`, then this again")]
    return []


def _checked(workspace: Workspace, request: Request, before: Statement, draft: Draft) -> None:
    renamed = draft.learner != before.learner
    if renamed and request.because != "name" and request.because != "error":
        what = "the name differs, but the reason given is neither `name` nor `error`"
        raise UsageError(REPLACE_NAME.at(Place(subject=request.old_serial), what, "give the reason as it is"))
    if renamed and request.consent:
        what = "after a change of name the old number never leads to the new one"
        raise UsageError(REPLACE_CONSENT.at(Place(subject=request.old_serial), what, "leave out --consent"))
    if request.because == "name" and not renamed:
        what = "the name is the one that was certified"
        raise UsageError(
            REPLACE_NAME.at(Place(subject=request.old_serial), what, "give the new name with --name")
        )
    seen_by = request.evidence.seen_by if request.evidence else None
    if seen_by is not None and workspace.keystore.roster().find(seen_by) is None:
        what = f"{seen_by} is not on the roster"
        fix = "name the member of staff who saw the evidence"
        raise Refused(STAFF_UNKNOWN.at(Place("keys/roster.json"), what, fix))


def _claim(held: RegisteredClaim, draft: Draft) -> Claim:
    fields = {"learner_name": draft.learner.name, "completed_on": draft.completed_on}
    return held.claim.model_copy(update=fields)


def _erased(serial: str) -> Problem:
    return AFTER_STATE.at(Place(subject=serial), "was erased", "nothing is kept of it that could be replaced")


def _said(value: object) -> str:
    """A field's plain value as a person reads it, its parts one after the other."""
    match value:
        case None:
            return "not printed"
        case True:
            return "printed"
        case dict():
            return ", ".join(_said(part) for part in value.values())
        case list() | tuple():
            return "; ".join(_said(part) for part in value)
    return str(value)
