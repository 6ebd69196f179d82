"""What a claim rests on: results with attempts, verification records, attendance (docs/layouts.md)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.model.claim import Reference
from generator.model.office_record import OfficeRecord, OfProgramme
from generator.model.personal import Personal
from generator.model.value import Code, Count, Day, Distinct, Field, Handle, Text, model_validator

State = Literal["provisional", "confirmed", "under_review", "amended", "void"]
Attempt = Literal["first", "resubmission", "resit"]
Provenance = Literal["assessed", "external", "credit_transfer", "prior_learning", "exemption"]
COUNTING: tuple[State, ...] = ("confirmed", "amended")
ELSEWHERE: tuple[Provenance, ...] = ("credit_transfer", "prior_learning", "exemption")


class Result(OfProgramme):
    """One attempt at a unit, or at one assignment of it, and what it came to.

    `special_consideration` is kept for the record and never printed.
    """

    KIND: ClassVar[str] = "results"
    KEY: ClassVar[tuple[str, ...]] = (
        *("centre", "learner_ref", "programme", "version"),
        *("unit", "assignment", "attempt_number"),
    )

    unit: Code
    assignment: Text | None = None
    attempt_number: Annotated[int, Field(ge=1, le=20)] = 1
    attempt: Attempt = "first"
    grade: Annotated[Text, Personal(common=True)] | None = None
    assessor: Annotated[Text, Personal("staff")] | None = None
    assessed_on: Annotated[Day, Personal(common=True)] | None = None
    state: State = "provisional"
    provenance: Provenance = "assessed"
    source: Annotated[Text, Personal(common=True)] | None = None
    decided_by: Annotated[Handle, Personal("staff")] | None = None
    decided_on: Annotated[Day, Personal(common=True)] | None = None
    authorised_by: Annotated[Handle, Personal("staff")] | None = None
    authorised_on: Annotated[Day, Personal(common=True)] | None = None
    special_consideration: Annotated[bool, Personal(common=True)] = False

    @property
    def counts(self) -> bool:
        """Whether it is confirmed, or amended after confirmation."""
        return self.state in COUNTING


class VerificationRecord(OfficeRecord):
    """An internal verification: the brief, and the sample of one assessor's decisions.

    Sampled means sampled: nothing asks for every learner in `sampled`.
    """

    KIND: ClassVar[str] = "verifications"
    KEY: ClassVar[tuple[str, ...]] = (
        *("centre", "programme", "version", "unit"),
        *("assignment", "assessor", "verified_on"),
    )

    programme: Code
    version: Code
    unit: Code
    assignment: Text
    assessor: Annotated[Text, Personal("staff")]
    brief_verified_by: Annotated[Text, Personal("staff")] | None = None
    brief_verified_on: Day | None = None
    verifier: Annotated[Text, Personal("staff")] | None = None
    verified_on: Day | None = None
    sampled: Annotated[tuple[Reference, ...], Field(max_length=500), Distinct, Personal(common=True)] = ()
    outcome: Literal["agreed", "action"] | None = None
    action: Annotated[Text, Personal("others")] | None = None
    action_closed_on: Day | None = None


class Attendance(OfProgramme):
    """Sessions held and attended: an exact fraction, never rounded."""

    KIND: ClassVar[str] = "attendance"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "learner_ref", "programme", "version")

    attended: Annotated[Count, Personal(common=True)]
    sessions: Annotated[int, Field(ge=1, le=100_000), Personal(common=True)]
    until: Annotated[Day, Personal(common=True)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Attendance:
        if self.attended > self.sessions:
            raise ValueError("more sessions were attended than held")
        return self

    def reaches(self, percent: int) -> bool:
        """Whether at least this many hundredths were attended."""
        return self.attended * 100 >= percent * self.sessions
