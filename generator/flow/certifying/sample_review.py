"""The draw: claims that somebody compares with the records before they are certified (DESIGN 8).

The first review of new claims draws among them by a rule that rests on a secret of the register and
on all their ids; the result is kept and never drawn again, so nobody can look for a kinder one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.database import Register
from generator.edge.register.draws import Draws
from generator.edge.register.event_log import EventLog
from generator.edge.register.records import OfficeRecords, subject
from generator.errors import Place, Refused
from generator.flow.certifying.codes import REVIEW_CLAIM, REVIEW_PARTY
from generator.flow.office.keys import unlock
from generator.flow.shared.fact_loader import Loader
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.quality_records import ReviewCheck
from generator.rules.codes import STAFF_UNKNOWN
from generator.rules.controls.approvals import involved
from generator.rules.controls.facts import Unknown
from generator.rules.controls.holds import Draw
from generator.terms import CLAIM


@dataclass(frozen=True, slots=True)
class SampledClaim:
    """A claim of the sample, and what was found when it was compared with the records (None: not yet)."""

    held: RegisteredClaim
    check: ReviewCheck | None


@dataclass(frozen=True, slots=True)
class SampleReview:
    """How many claims were drawn over just now, and the whole sample among claims that wait."""

    new: int
    digest: str
    sample: tuple[SampledClaim, ...]


def review(session: Session) -> SampleReview:
    """Draw among the claims that were in no draw yet, and list the sample of all that wait."""
    claims, draws = Claims(session.register), Draws(session.register)
    waiting = [item for item in claims.uncertified() if _asked(session.workspace, item)]
    fresh = [item.claim_id for item in waiting if draws.sampled(item.claim_id) is None]
    digest = ""
    if fresh:
        given = session.workspace.policy.controls["REVIEW-CHECKED"].parameters
        size = given if isinstance(given, Draw) else Draw()
        trail = EventLog(session.register)
        trail.check_clock(session.now)
        with session.register.transaction():
            digest, chosen = draws.draw(fresh, size.percent, size.least, session.now)
            details = {"claims": len(fresh), "chosen": sorted(chosen), "claims_sha256": digest}
            trail.append(session.now, "sample_drawn", "review", details)
    checks = _checks(session.register, waiting)
    sample = [item for item in waiting if draws.sampled(item.claim_id)]
    return SampleReview(
        len(fresh), digest, tuple(SampledClaim(item, checks.get(item.claim_id)) for item in sample)
    )


def check(
    session: Session,
    claim_id: str,
    handle: str,
    outcome: Literal["agrees", "differs"],
    note: str | None,
) -> None:
    """Keep what somebody found; they prove who they are with their key, and are no party to the claim."""
    held = Claims(session.register).by_id(claim_id)
    if held is None or not Draws(session.register).sampled(claim_id):
        what = "is not in the sample"
        raise Refused(REVIEW_CLAIM.at(Place(subject=claim_id), what, "`certportal review` lists the sample"))
    today = session.today
    person = session.workspace.keystore.roster().find(handle)
    if person is None or not any(
        role.live(today, held.claim.programme, held.claim.centre) for role in person.roles
    ):
        what = f"{handle} holds no role today"
        raise Refused(STAFF_UNKNOWN.at(Place("keys/roster.json"), what, "somebody on the roster checks"))
    facts = Loader(session).of(held.claim, held.claim_id)
    try:
        party = handle in involved(held.claim, facts)
    except Unknown:
        party = False
    if party:
        what = f"{handle} assessed or verified this learner"
        raise Refused(REVIEW_PARTY.at(Place(subject=claim_id), what, f"another person checks this {CLAIM}"))
    unlock(session.workspace, session.environment, f"person-{handle}", handle)
    made = ReviewCheck.of(
        {
            "centre": held.claim.centre,
            "claim_id": claim_id,
            "person": handle,
            "on": today,
            "outcome": outcome,
            "note": note,
        }
    )
    EventLog(session.register).check_clock(session.now)
    with session.register.transaction():
        OfficeRecords(session.register).keep(made, f"review by {handle}", session.now)


def _asked(workspace: Workspace, item: RegisteredClaim) -> bool:
    return item.claim.kind in workspace.policy.controls["REVIEW-CHECKED"].parameters.kinds


def _checks(register: Register, waiting: Sequence[RegisteredClaim]) -> dict[str, ReviewCheck]:
    records = OfficeRecords(register)
    found: dict[str, ReviewCheck] = {}
    for centre in sorted({item.claim.centre for item in waiting}):
        for kept in records.about(subject(centre, None)).current():
            if isinstance(kept.record, ReviewCheck):
                found[kept.record.claim_id] = kept.record
    return found
