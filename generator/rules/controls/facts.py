"""Everything that the controls may look at for one claim, frozen and loaded before they are asked.

A fact that nobody knows, or that is recorded twice and differently, is `Missing` and says who must
act: a control that needs it holds the claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from generator.errors import Owner
from generator.model.catalogue import Programme
from generator.model.hold import HoldKind
from generator.model.people import Person, RoleName
from generator.model.portal import Centre, Organisation
from generator.model.quality_records import BlockStep, CentreApproval, Interest, Irregularity, ReviewCheck
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord
from generator.model.value import Day, Serial
from generator.terms import Worded

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Missing(Worded):
    """Why a fact is not to be had, and who must do what about it."""

    what: str
    fix: str
    owner: Owner


class Unknown(Exception):
    """Raised by `known`; `evaluate` turns it into a complaint."""

    def __init__(self, missing: Missing) -> None:
        self.missing = missing
        super().__init__(missing.what)


@dataclass(frozen=True, slots=True)
class SimilarClaim(Worded):
    """Another claim that may be of the same learner, with the reason why it looks so."""

    where: str
    serial: Serial | None
    why: str


@dataclass(frozen=True, slots=True)
class ActiveHold:
    """A standing hold on a claim or its centre: number, kind, and when its owner looks at it again."""

    hold_id: int
    kind: HoldKind
    owner: str
    until: str


@dataclass(frozen=True, slots=True)
class SampleState:
    """Whether the claim is part of a draw, whether it fell into the sample, and the checks of it."""

    sampled: bool
    check: ReviewCheck | None = None


@dataclass(frozen=True, slots=True)
class ProspectiveApproval:
    """Somebody whose approval would count: the role, the person, the organisation's day of receipt."""

    role: RoleName
    person: Person
    received_on: Day


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim's facts. Absent records are empty tuples; what cannot be known is `Missing`."""

    today: Day
    organisation: Organisation
    programme: Programme | Missing
    centre: Centre | Missing
    learner: LearnerRecord | Missing
    registration: tuple[RegistrationEvent, ...] | Missing
    results: tuple[Result, ...] | Missing
    verifications: tuple[VerificationRecord, ...] | Missing
    attendance: Attendance | Missing
    centre_approvals: tuple[CentreApproval, ...] | Missing = ()
    interests: tuple[Interest, ...] | Missing = ()
    block_steps: tuple[BlockStep, ...] | Missing = ()
    irregularities: tuple[Irregularity, ...] | Missing = ()
    others: tuple[SimilarClaim, ...] | Missing = ()
    holds: tuple[ActiveHold, ...] | Missing = ()
    draw: SampleState | Missing = field(
        default=Missing("is in no draw yet", "run `certportal review`", "quality_nominee")
    )
    signers: tuple[ProspectiveApproval, ...] = ()
    # Persons of the roster by handle: replacements of a lead internal verifier are looked up here.
    staff: tuple[Person, ...] = ()
    evidence: tuple[str, ...] = ()


def known(fact: Known | Missing) -> Known:
    """The fact, or `Unknown`."""
    if isinstance(fact, Missing):
        raise Unknown(fact)
    return fact
