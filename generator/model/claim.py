"""A claim: what a centre asks to have certified for one learner, and the results it rests on."""

from __future__ import annotations

from typing import Annotated

from generator.model.certificate import Kind
from generator.model.personal import Personal
from generator.model.value import ClaimId, Code, Day, Field, PersonName, Text, Value, model_validator, written
from generator.terms import UNIT

# The centre's own number; the learner's address at an LMS whose report gives no other.
Reference = Annotated[
    str,
    written(
        r"^[A-Za-z0-9][A-Za-z0-9._/@+'-]{0,59}$", "a reference: up to 60 letters, digits and . _ / @ + ' -"
    ),
]


class UnitResult(Value):
    """A unit's or module's result. `assessor` is `external` where the awarding organisation marks it.

    `verifier` and `verified_on` come from the internal verification record, if the sample took it.
    """

    unit: Code
    grade: Annotated[Text, Personal(common=True)] | None = None
    assessor: Annotated[Text, Personal("staff")] | None = None
    verifier: Annotated[Text, Personal("staff")] | None = None
    verified_on: Annotated[Day, Personal(common=True)] | None = None


class Claim(Value):
    """One claim. People are told apart by the centre's own reference, never by name."""

    kind: Kind
    programme: Code
    version: Code
    centre: Code
    learner_ref: Annotated[Reference, Personal(common=True)]
    learner_name: Annotated[PersonName, Personal()]
    grade: Annotated[Text, Personal(common=True)] | None = None
    results: Annotated[tuple[UnitResult, ...], Field(max_length=60)] = ()
    completed_on: Annotated[Day, Personal(common=True)]
    renews: ClaimId | None = None

    @model_validator(mode="after")
    def _units(self) -> Claim:
        units = [result.unit for result in self.results]
        if len(set(units)) != len(units):
            raise ValueError(f"a {UNIT} is listed twice")
        return self

    def identity(self) -> tuple[str, ...]:
        """What makes it this claim and no other: two claims alike in this are one."""
        units = ",".join(sorted(result.unit for result in self.results)) if self.kind == "units" else ""
        return (
            self.centre,
            self.learner_ref,
            self.programme,
            self.version,
            self.kind,
            units,
            self.renews or "",
        )
