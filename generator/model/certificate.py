"""What is certified: the statement, field by field as it is printed (SPEC, chapter Statement).

A `Draft` is what people approve: every field that will be printed but the four that issuing
adds. A `Statement` is a draft with these four, and is what the certificate key signs.
"""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.personal import Personal
from generator.model.value import (
    Code,
    Count,
    Day,
    Digest,
    Distinct,
    Field,
    Language,
    Serial,
    Text,
    Value,
    VerificationCode,
    model_validator,
    months_after,
)

Kind = Literal["qualification", "units", "course"]


class Learner(Value):
    """The holder, as named on the certificate."""

    name: Annotated[Text, Personal()]


class ProgrammePrinted(Value):
    """The qualification or course as printed; `number` is the regulator's, `size` in its own words."""

    code: Code
    version: Code
    title: Text
    level: Text | None = None
    number: Text | None = None
    size: Text | None = None


class UnitPrinted(Value):
    """One line of the table of units (with a grade) or of modules (without)."""

    code: Code
    title: Text
    grade: Annotated[Text, Personal(common=True)] | None = None


class CentrePrinted(Value):
    """Where the learner was taught and assessed."""

    name: Text
    number: Code | None = None


class Accreditation(Value):
    """The body that accredits the programme; printed only while current."""

    body: Text
    number: Text | None = None
    statement: Text | None = None


class Signatory(Value):
    """A person whose name is under the certificate."""

    name: Annotated[Text, Personal("staff")]
    title: Annotated[Text, Personal("staff")]


class Validity(Value):
    """How long the certificate holds: for months from issue, until a day, or (neither) for ever."""

    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _one(self) -> Validity:
        if self.months is not None and self.until is not None:
            raise ValueError("give months or until, not both")
        return self

    def end(self, issued_on: Day) -> Day | None:
        """The last day on which it holds, or None."""
        return months_after(issued_on, self.months) if self.months else self.until


class Draft(Value):
    """The statement-to-be: everything that will be printed and must be approved."""

    v: Literal[1] = 1
    issuer_id: Digest
    issuer: Text
    language: Language
    kind: Kind
    label: Text
    replacement: Literal[True] | None = None
    learner: Learner
    programme: ProgrammePrinted
    grade: Annotated[Text, Personal(common=True)] | None = None
    units: Annotated[tuple[UnitPrinted, ...], Field(min_length=1, max_length=60)] | None = None
    score: Annotated[Text, Personal(common=True)] | None = None
    hours: Annotated[Count, Personal(common=True)] | None = None
    sponsor: Annotated[Text, Personal("others")] | None = None
    instructor: Annotated[Text, Personal("staff")] | None = None
    signatories: Annotated[tuple[Signatory, ...], Field(max_length=4), Distinct] = ()
    centre: CentrePrinted | None = None
    accreditation: Accreditation | None = None
    completed_on: Annotated[Day, Personal(common=True)]
    validity: Validity = Validity()


class Statement(Draft):
    """A draft with what issuing allots: the secret number, the office's serial, the dates."""

    number: Annotated[VerificationCode, Personal()]
    serial: Annotated[Serial, Personal(common=True)]
    issued_on: Annotated[Day, Personal(common=True)]
    expires_on: Annotated[Day, Personal(common=True)] | None = None

    @model_validator(mode="after")
    def _dates(self) -> Statement:
        if self.expires_on != self.validity.end(self.issued_on):
            raise ValueError("expires_on does not follow from the validity and issued_on")
        if self.number[:4] != self.issued_on[:4] or self.serial.split("-")[1] != self.issued_on[2:4]:
            raise ValueError("number, serial and issued_on name different years")
        return self

    def draft(self) -> Draft:
        """What had to be approved for this statement."""
        return Draft(**{name: getattr(self, name) for name in Draft.model_fields})
