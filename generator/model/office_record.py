"""What an office records about learners, assessment and centres, besides claims (docs/layouts.md).

A record has a kind, a key of its own (the fields that make it this record and no other) and belongs
to a centre and mostly to one learner. A changed record takes the place of the one with the same
key; the register keeps the earlier one, so that a trail shows both.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from generator.model.claim import Reference
from generator.model.people import RoleName
from generator.model.personal import Personal
from generator.model.value import Code, Day, Handle, Value


class SignOff(Value):
    """Somebody's agreement to an event, in a role, on a day."""

    role: RoleName
    person: Annotated[Handle, Personal("staff")]
    on: Day


class OfficeRecord(Value):
    """A row of one of our layouts. `KEY` names the fields that tell it from every other."""

    KIND: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]

    centre: Code

    def key(self) -> tuple[str, ...]:
        """What makes it this record and no other."""
        return tuple(str(getattr(self, name) or "") for name in self.KEY)

    def learner(self) -> str | None:
        """The centre's reference of the learner whom it is about, or None."""
        found: str | None = getattr(self, "learner_ref", None)
        return found


class OfLearner(OfficeRecord):
    """A record about one learner of a centre."""

    learner_ref: Annotated[Reference, Personal(common=True)]


class OfProgramme(OfLearner):
    """A record about one learner on one version of a programme."""

    programme: Code
    version: Code


def is_about(record: OfProgramme, programme: str, version: str) -> bool:
    """Whether a record is about this version of a programme."""
    return (record.programme, record.version) == (programme, version)
