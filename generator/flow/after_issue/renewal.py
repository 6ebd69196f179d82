"""Renewing: a new claim that links to the certificate it renews (docs/expiry.md)."""

from __future__ import annotations

from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Refused
from generator.flow.shared import certificate_states, rollback_guard
from generator.flow.shared.codes import CLAIM_DUPLICATE
from generator.flow.shared.fact_loader import Loader
from generator.flow.shared.session import Session
from generator.model.claim import Claim, UnitResult
from generator.model.value import ClaimId
from generator.rules import renewals
from generator.rules.codes import AFTER_STATE
from generator.rules.controls.control import evaluate
from generator.rules.controls.holds import at_registration
from generator.rules.state_transitions import may
from generator.sheets.codes import CLAIM_FIELD
from generator.terms import CLAIM


def plan(
    session: Session, serial: str, version: str | None, completed_on: str, results: dict[str, str]
) -> Claim:
    """The claim that would renew a certificate; the new results are given, never taken from the old."""
    rollback_guard.check(session)
    found = certificate_states.certificate(session.register, serial)
    faults = may("renew", StateChanges(session.register).state(serial), serial)
    claims = Claims(session.register)
    old = claims.by_id(found.claim_id)
    if faults or old is None:
        raise Refused(faults or [AFTER_STATE.at(Place(subject=serial), "was erased", f"make a new {CLAIM}")])
    made, wrong = Claim.tried(
        {
            **old.claim.plain(),
            "version": version or old.claim.version,
            "completed_on": completed_on,
            "results": [UnitResult(unit=unit, grade=grade or None) for unit, grade in results.items()],
            "renews": found.claim_id,
        }
    )
    if made is None:
        raise Refused(
            CLAIM_FIELD.at(Place(subject=f"renewal {field}"), what, "correct it") for field, what in wrong
        )
    where = f"renewal of {serial}"
    facts = Loader(session).of(made)
    found_now = at_registration(
        evaluate(session.workspace.policy.controls.values(), made, facts, Place(subject=where))
    )
    faults = [*found_now.held, *renewals.problems(made, claims.by_id(found.claim_id), Place(subject=where))]
    if claims.find(made) is not None:
        what = "is being renewed already"
        faults.append(
            CLAIM_DUPLICATE.at(Place(subject=serial), what, f"approve and issue the {CLAIM} that is here")
        )
    if faults:
        raise Refused(faults)
    return made


def ask(session: Session, serial: str, claim: Claim) -> ClaimId:
    """Register the claim of a renewal; it is approved and issued like any other. Its id."""
    with session.register.transaction():
        claim_id = Claims(session.register).add(claim, f"a renewal of {serial}", session.now)
        address = Contacts(session.register).of(claim.renews or "")
        if address is not None:
            Contacts(session.register).put(claim_id, address)
        details = {"source": "renewal", "programme": claim.programme, "kind": claim.kind}
        EventLog(session.register).append(session.now, "claim_imported", claim_id, details)
    return claim_id
