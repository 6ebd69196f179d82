"""Controls that hold: a certification block, open reports, holds with owner and end, the drawn sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from generator.model.claim import Claim
from generator.model.people import RoleName
from generator.model.quality_records import BlockStep, Finding, StepName
from generator.model.value import Distinct, Field
from generator.rules.controls.control import Complaint, Control, Findings, Parameters, control
from generator.rules.controls.facts import ClaimFacts, known
from generator.terms import spoken

OPEN = "HOLD-OPEN"
# What may follow each step; a case begins with a judgement.
_FOLLOWS: Mapping[StepName | None, tuple[StepName, ...]] = {
    None: ("judged",),
    "judged": ("recommended", "not_agreed"),
    "recommended": ("applied", "not_agreed"),
    "applied": ("released",),
    "not_agreed": (),
    "released": (),
}


class Steps(Parameters):
    """Which role takes each step of a block."""

    judged: RoleName = "quality_reviewer"
    recommended: RoleName = "standards_verifier"
    applied: RoleName = "responsible_officer"
    not_agreed: RoleName = "responsible_officer"
    released: RoleName = "quality_reviewer"


class Reports(Parameters):
    """`findings`: reports of which kind hold what they are about until they are closed."""

    findings: Annotated[tuple[Finding, ...], Distinct] = ("inaccurate", "suspect")


class Draw(Parameters):
    """`percent` of each draw, at least `least` claims, is compared with the records before issue."""

    percent: Annotated[int, Field(ge=1, le=100)] = 10
    least: Annotated[int, Field(ge=1, le=1000)] = 1


def block_faults(steps: Sequence[BlockStep], given: Steps) -> tuple[StepName | None, str]:
    """The last step of a case, and what contradicts the order, the roles or the papers (else empty)."""
    last: StepName | None = None
    day = ""
    for step in sorted(steps, key=lambda item: (item.on, _ORDER[item.step])):
        if step.step not in _FOLLOWS[last] or step.on < day:
            return last, f"`{step.step}` does not follow `{last or 'nothing'}`"
        if step.role != getattr(given, step.step):
            return last, f"`{step.step}` was decided as {spoken(step.role)}"
        if step.step == "judged" and (step.level is None or not step.judgement):
            return last, "the judgement has no level or no reasons"
        if step.step == "not_agreed" and not step.judgement:
            return last, "the other judgement is not kept beside the first"
        if step.step == "released" and not step.progress_report:
            return last, "released without a progress report"
        last, day = step.step, step.on
    return last, ""


_ORDER: Mapping[StepName, int] = {
    "judged": 0,
    "recommended": 1,
    "applied": 2,
    "not_agreed": 2,
    "released": 3,
}


@control(
    "HOLD-BLOCK",
    ("block_steps",),
    Steps,
    owner="responsible_officer",
    remedy="The block is released on a progress report, or its record is put right.",
)
def block(claim: Claim, facts: ClaimFacts, given: Steps) -> Iterator[Complaint]:
    """An applied certification block holds every programme of the centre; contradictory papers hold too."""
    cases: dict[str, list[BlockStep]] = {}
    for step in known(facts.block_steps):
        if step.on <= facts.today:
            cases.setdefault(step.case, []).append(step)
    for case, steps in sorted(cases.items()):
        last, fault = block_faults(steps, given)
        if fault:
            yield Complaint("centre", f"block {case}: {fault}", "put the record of the block right")
        elif last == "applied":
            what = f"{claim.centre} is under certification block {case}"
            yield Complaint("centre", what, "release it on a progress report", "quality_reviewer")


@control(
    "HOLD-REPORT",
    ("irregularities",),
    Reports,
    owner="quality_nominee",
    remedy="Take the report to its end: senior manager, awarding organisation, outcome.",
)
def report(claim: Claim, facts: ClaimFacts, given: Reports) -> Iterator[Complaint]:
    """An open report about the learner, or about the whole programme, holds."""
    for item in known(facts.irregularities):
        concerned = item.learner_ref in (None, claim.learner_ref) and item.programme in (
            None,
            claim.programme,
        )
        todo = item.next_step()
        if concerned and todo and item.finding in given.findings:
            what = f"report {item.report} ({item.finding} {item.about}) is open"
            yield Complaint("learner_ref", what, todo.said(), todo.role)


@control(
    OPEN,
    ("holds",),
    Parameters,
    always=True,
    owner="exams_officer",
    remedy="Its owner settles it, then releases it with `certportal hold release`.",
)
def held(claim: Claim, facts: ClaimFacts, _: Parameters) -> Iterator[Complaint]:
    """A hold stays until its owner lifts it: its end is a reminder, never a release."""
    del claim
    for item in known(facts.holds):
        # The reason stays in the office: what is printed here goes to whoever sent the claim.
        what = f"on hold until {item.until} by {item.owner}: {item.kind.replace('_', ' ')}"
        yield Complaint(
            "",
            what,
            f"settle it, then `certportal hold release {item.hold_id} --as {item.owner}`",
        )


def at_registration(found: Findings) -> Findings:
    """The findings where a claim is only registered: a hold is on issuing it, so it is told and no more.

    The correction for which a hold waits must be able to come in while it lasts.
    """
    open_holds = tuple(item for item in found.held if item.code == OPEN)
    held = tuple(item for item in found.held if item.code != OPEN)
    return Findings(held, (*open_holds, *found.reported))


@control(
    "REVIEW-CHECKED",
    ("draw",),
    Draw,
    "approval",
    owner="quality_nominee",
    remedy="Compare the claim with the records: `certportal review --check`.",
)
def checked(claim: Claim, facts: ClaimFacts, _: Draw) -> Iterator[Complaint]:
    """A claim that the draw chose was compared with the records, and agreed."""
    del claim
    draw = known(facts.draw)
    ask = "compare with the records, `certportal review --check`"
    if not draw.sampled:
        return
    if draw.check is None:
        yield Complaint("claim", "was drawn for checking against the records and is not checked", ask)
    elif draw.check.outcome != "agrees":
        yield Complaint(
            "claim",
            f"{draw.check.person} found that it differs from the records",
            "correct it",
            "exams_officer",
        )


CONTROLS: tuple[Control[Any], ...] = (block, report, held, checked)
