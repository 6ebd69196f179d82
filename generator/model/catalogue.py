"""The catalogue: each qualification and course as it may be certified (docs/catalogue.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.certificate import Accreditation, Kind, Signatory, Validity
from generator.model.claim import Reference
from generator.model.value import Code, Count, Day, Distinct, Field, Handle, Text, Value, model_validator
from generator.terms import UNIT


class Unit(Value):
    """A unit of a qualification or a module of a course. `hours`: guided learning hours."""

    code: Code
    title: Text
    external: bool = False
    mandatory: bool = True
    hours: Annotated[int, Field(ge=1, le=10_000)] | None = None
    assignments: Annotated[tuple[Text, ...], Field(max_length=20), Distinct] = ()


class Points(Value):
    """How many points each grade of a unit of this size gives."""

    hours: Annotated[int, Field(ge=1, le=10_000)]
    points: dict[str, Count]


class GradeRule(Value):
    """How the overall grade follows from the units' grades, in whole points.

    `hours`: guided learning hours that the counted units must add up to. `fails`: grades with which
    a unit named in `must_pass` (all mandatory units where it is absent) stops the award.
    """

    hours: Annotated[int, Field(ge=1, le=100_000)] | None = None
    points: Annotated[tuple[Points, ...], Field(min_length=1, max_length=20)]
    thresholds: dict[str, Count]
    fails: Annotated[tuple[str, ...], Distinct] = ()
    must_pass: Annotated[tuple[Code, ...], Distinct] | None = None

    @model_validator(mode="after")
    def _thresholds(self) -> GradeRule:
        if not self.thresholds or len(set(self.thresholds.values())) != len(self.thresholds):
            raise ValueError("each overall grade has a threshold of its own")
        sizes = [row.hours for row in self.points]
        if len(set(sizes)) != len(sizes):
            raise ValueError("points are given twice for one size")
        return self


class AccreditationFrom(Value):
    """An accreditation with the days between which it may be printed."""

    body: Text
    number: Text | None = None
    statement: Text | None = None
    start: Day
    until: Day | None = None

    def printed(self, day: Day) -> Accreditation | None:
        """What may be printed for an award completed on this day."""
        current = self.start <= day and (self.until is None or day <= self.until)
        if not current:
            return None
        return Accreditation(body=self.body, number=self.number, statement=self.statement)


class Labels(Value):
    """The printed title of each kind of certificate that the programme allows."""

    qualification: Text | None = None
    units: Text | None = None
    course: Text | None = None


class Templates(Value):
    """The template of each kind; the portal's default where none is named."""

    qualification: Handle | None = None
    units: Handle | None = None
    course: Handle | None = None


class AutomaticIssue(Value):
    """Issue without an approval of each claim, under a standing approval of this very entry."""

    modules: Literal["all"] = "all"
    exam: Code | None = None


class Extension(Value):
    """A learner who may be claimed for longer than `last_claim` says."""

    learner_ref: Reference
    until: Day


class Programme(Value):
    """One version of a qualification or course. Grades are `scale`: short form -> printed form.

    `released_by`: whose standing in the subject area the qualification requires for its claims.
    `awarded_by`: the awarding organisation, where it is another than the issuer.
    """

    schema_: Literal[1] = Field(alias="schema")
    programme: Code
    version: Code
    title: Text
    level: Text | None = None
    number: Text | None = None
    size: Text | None = None
    labels: Labels
    scale: dict[str, Text] = {}
    overall_grades: dict[str, Text] = {}
    units: Annotated[tuple[Unit, ...], Field(min_length=1, max_length=60)]
    grade_rule: GradeRule | None = None
    hours: Count | None = None
    subject_area: Text | None = None
    released_by: Literal["lead_internal_verifier", "standards_verifier", "nobody"] = "nobody"
    awarded_by: Text | None = None
    instructor: Text | None = None
    sponsor: Text | None = None
    signatories: Annotated[tuple[Signatory, ...], Field(max_length=4), Distinct] = ()
    accreditation: AccreditationFrom | None = None
    validity: Validity = Validity()
    templates: Templates = Templates()
    automatic: AutomaticIssue | None = None
    last_registration: Day | None = None
    last_claim: Day | None = None
    review: Day | None = None
    extensions: Annotated[tuple[Extension, ...], Field(min_length=1, max_length=5000)] | None = None

    @model_validator(mode="after")
    def _revalidation(self) -> Programme:
        last, registered = self.last_claim, self.last_registration
        if last is not None and registered is not None and last <= registered:
            raise ValueError("last_claim must lie after last_registration, or learners are stranded")
        if self.extensions and not last:
            raise ValueError("extensions need a last_claim that they extend")
        if any(item.until <= (last or "") for item in self.extensions or ()):
            raise ValueError("an extension ends before last_claim")
        return self

    @model_validator(mode="after")
    def _codes(self) -> Programme:
        codes = [unit.code for unit in self.units]
        if len(set(codes)) != len(codes):
            raise ValueError(f"a {UNIT} is listed twice")
        if not any((self.labels.qualification, self.labels.units, self.labels.course)):
            raise ValueError("labels names no kind of certificate")
        if self.released_by != "nobody" and self.subject_area is None:
            raise ValueError("released_by needs the subject_area")
        return self

    def unit(self, code: str) -> Unit | None:
        """The unit of this code."""
        return next((unit for unit in self.units if unit.code == code), None)

    def label(self, kind: Kind) -> str | None:
        """The printed title for a kind, or None where the programme does not allow it."""
        label: str | None = getattr(self.labels, kind)
        return label

    def claimable_until(self, learner_ref: str) -> Day | None:
        """The last day on which this learner may be claimed, or None."""
        until = [item.until for item in self.extensions or () if item.learner_ref == learner_ref]
        return max([self.last_claim, *until]) if self.last_claim else None

    def template(self, kind: Kind) -> str | None:
        """The template named for a kind."""
        name: str | None = getattr(self.templates, kind)
        return name
