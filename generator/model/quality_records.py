"""The office's own records: interests, evidence, blocks, reports of irregularities (docs/layouts.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from generator.model.claim import Reference
from generator.model.office_record import OfficeRecord
from generator.model.people import RoleName
from generator.model.personal import Personal
from generator.model.value import Code, Day, Digest, Distinct, Field, Handle, Text, model_validator, written

Finding = Literal["early", "late", "inaccurate", "suspect"]
StepName = Literal["judged", "recommended", "applied", "not_agreed", "released"]


class Interest(OfficeRecord):
    """A declared interest between a member of staff and a learner, or (without one) a whole centre."""

    KIND: ClassVar[str] = "interests"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "person", "learner_ref")

    person: Annotated[Handle, Personal("staff")]
    learner_ref: Annotated[Reference, Personal(common=True)] | None = None
    interest: Annotated[Literal["self", "family", "friend", "business", "other"], Personal(common=True)]
    declared_on: Annotated[Day, Personal(common=True)]
    until: Annotated[Day, Personal(common=True)] | None = None


class EvidenceItem(OfficeRecord):
    """One line of the evidence register: what is kept, who owns it, when it is looked at again."""

    KIND: ClassVar[str] = "evidence"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "evidence")

    evidence: Reference
    what: Literal[
        "centre_approval",
        "agreement",
        "third_party",
        "risk",
        "feedback",
        "employer_engagement",
        "declaration",
        "essential_action",
        "policy",
        "decision",
        "adverse_effect",
        "conflict_of_interest",
        "allegation",
        "malpractice",
        "appeal",
        "enquiry",
        "other",
    ]
    subject: Annotated[Text, Personal("others")]
    owner: Annotated[Handle, Personal("staff")]
    document_sha256: Digest | None = None
    on: Day
    review_on: Day | None = None
    status: Literal["open", "current", "closed"] = "current"
    clauses: Annotated[tuple[Text, ...], Field(max_length=20), Distinct] = ()
    related: Annotated[tuple[Reference, ...], Field(max_length=20), Distinct] = ()


class BlockStep(OfficeRecord):
    """One step of a certification block of a centre: by whom, in which role, on which day, and why."""

    KIND: ClassVar[str] = "block-steps"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "case", "step")

    case: Reference
    step: StepName
    level: Literal[1, 2, 3] | None = None
    by: Annotated[Handle, Personal("staff")]
    role: RoleName
    on: Day
    judgement: Annotated[Text, Personal("others")] | None = None
    progress_report: Annotated[Text, Personal("others")] | None = None


# Who found what is drafted by the program and not by a person.
CERTPORTAL: Handle = "certportal"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, in which role, and by whom where a person is named."""

    role: RoleName
    person: str | None
    what: str

    def who(self) -> str:
        """The person, or the role in words."""
        return self.person or self.role.replace("_", " ")

    def said(self) -> str:
        """The step with the person who takes it, where one is named."""
        return f"{self.what} ({self.person})" if self.person else self.what


class Irregularity(OfficeRecord):
    """An early, late, inaccurate or suspect registration or claim, from finding to closing.

    found -> senior manager told -> awarding organisation told (date and reference) -> closed.
    """

    KIND: ClassVar[str] = "irregularities"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "report")

    report: Reference
    about: Literal["registration", "claim"]
    finding: Finding
    programme: Code | None = None
    learner_ref: Annotated[Reference, Personal(common=True)] | None = None
    found_on: Day
    found_by: Annotated[Handle, Personal("staff")]
    senior_manager: Annotated[Handle, Personal("staff")] | None = None
    manager_told_on: Day | None = None
    awarding_told_on: Day | None = None
    awarding_reference: Text | None = None
    closed_on: Day | None = None
    outcome: Annotated[Text, Personal("others")] | None = None
    related: Annotated[tuple[Reference, ...], Field(max_length=20), Distinct, Personal("others")] = ()

    @model_validator(mode="after")
    def _path(self) -> Irregularity:
        steps = (self.found_on, self.manager_told_on, self.awarding_told_on, self.closed_on)
        given = [day for day in steps if day]
        if tuple(given) != steps[: len(given)] or given != sorted(given):
            raise ValueError(
                "the steps are found, manager told, awarding organisation told, closed, in order"
            )
        if bool(self.manager_told_on) != bool(self.senior_manager):
            raise ValueError("telling the senior manager is a person and a day")
        if bool(self.awarding_told_on) != bool(self.awarding_reference):
            raise ValueError("telling the awarding organisation is a day and a reference")
        if bool(self.closed_on) != bool(self.outcome):
            raise ValueError("closing is a day and an outcome")
        return self

    def next_step(self) -> NextStep | None:
        """Who must do what next, or None once it is closed."""
        if not self.manager_told_on:
            finder = None if self.found_by == CERTPORTAL else self.found_by
            return NextStep("quality_nominee", finder, "tell the senior manager")
        if not self.awarding_told_on:
            what = "tell the awarding organisation and keep its reference"
            return NextStep("senior_manager", self.senior_manager, what)
        if not self.closed_on:
            return NextStep("senior_manager", self.senior_manager, "close it with its outcome")
        return None


class CentreApproval(OfficeRecord):
    """A centre's approval to offer a programme. Without direct claims a standards verifier releases."""

    KIND: ClassVar[str] = "centre-approvals"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "programme", "start")

    programme: Code
    start: Day
    until: Day | None = None
    direct_claims: bool = True

    def live(self, programme: str, day: str) -> bool:
        """Whether it covers this programme on this day."""
        return self.programme == programme and self.start <= day and (self.until is None or day <= self.until)


class ReviewCheck(OfficeRecord):
    """That somebody held a drawn claim against the records, and what they found."""

    KIND: ClassVar[str] = "review-checks"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "claim_id")

    claim_id: Annotated[str, written(r"^[0-9a-f]{20}$", "the id of a claim")]
    person: Annotated[Handle, Personal("staff")]
    on: Day
    outcome: Literal["agrees", "differs"]
    note: Annotated[Text, Personal("others")] | None = None
