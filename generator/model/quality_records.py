"""The office's own records: interests, evidence, blocks, reports of irregularities (docs/layouts.md).

`CLAUSES` are the ten objectives by which a centre's quality is reviewed, and the one place that says which
evidence belongs to each (docs/policies.md shows it). The words are ours. A line of the evidence register
belongs to the clauses that it names; one that names none belongs to the clause of its kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from generator.model.claim import Reference
from generator.model.office_record import OfficeRecord
from generator.model.people import RoleName
from generator.model.personal import Personal
from generator.model.value import ClaimId, Code, Day, Digest, Distinct, Field, Handle, Text, model_validator
from generator.terms import spoken

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
CERTPORTAL = Handle("certportal")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, in which role, and by whom where a person is named."""

    role: RoleName
    person: Handle | None
    what: str

    def who(self) -> str:
        """The person, or the role in words."""
        return self.person or spoken(self.role)

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

    def live(self, programme: str, day: Day) -> bool:
        """Whether it covers this programme on this day."""
        return self.programme == programme and self.start <= day and (self.until is None or day <= self.until)


class ReviewCheck(OfficeRecord):
    """That somebody held a drawn claim against the records, and what they found."""

    KIND: ClassVar[str] = "review-checks"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "claim_id")

    claim_id: ClaimId
    person: Annotated[Handle, Personal("staff")]
    on: Day
    outcome: Literal["agrees", "differs"]
    note: Annotated[Text, Personal("others")] | None = None


_NAMED = re.compile(r"QO\s?\.?\s?([1-9][0-9]?)(?:\.[0-9]{1,2})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """An objective: its number, what it is about, the kinds of evidence that belong to it by themselves."""

    number: int
    title: str
    kinds: tuple[str, ...] = ()
    beyond: str = ""

    @property
    def code(self) -> str:
        """`QO.3`."""
        return f"QO.{self.number}"


_TEACHING = "teaching: evidence is kept of it and nothing more"
CLAUSES: tuple[Clause, ...] = (
    Clause(
        1,
        "How the centre is run: approvals, agreements, policies, risks, employers",
        (
            *("centre_approval", "agreement", "third_party", "risk", "policy", "declaration"),
            "employer_engagement",
        ),
        "QO.1.4 is teaching: evidence is kept of it and nothing more",
    ),
    Clause(2, "Who does what: roles, accreditation, interests declared", ("conflict_of_interest",)),
    Clause(3, "Registering learners and claiming their certificates"),
    Clause(
        4, "Looking back every year: feedback, actions, what became of them", ("feedback", "essential_action")
    ),
    Clause(5, "Records: what is kept, how long, how it is found again", ("decision", "enquiry")),
    Clause(6, "Enrolling and inducting learners", beyond=_TEACHING),
    Clause(7, "Supporting learners on their programme", beyond=_TEACHING),
    Clause(8, "Planning and managing assessment"),
    Clause(9, "Standards of assessment: internal verification, samples, standardisation"),
    Clause(
        10,
        "Safeguards: malpractice, appeals, adverse effects, special consideration",
        ("adverse_effect", "allegation", "malpractice", "appeal"),
    ),
)
_BY_NUMBER = {clause.number: clause for clause in CLAUSES}


def clauses_of(line: EvidenceItem) -> tuple[Clause, ...]:
    """The clauses to which a line belongs; none where it names others only, or is of no clause's kind."""
    if not line.clauses:
        return tuple(clause for clause in CLAUSES if line.what in clause.kinds)
    named = {clause_of(text) for text in line.clauses}
    return tuple(clause for clause in CLAUSES if clause in named)


def clause_of(text: str) -> Clause | None:
    """The clause that a text names: `QO.3`, `QO.3.2`, `qo 3`; None where it names none of the ten."""
    match = _NAMED.fullmatch(text)
    return _BY_NUMBER.get(int(match[1])) if match else None
