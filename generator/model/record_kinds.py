"""Every kind of record that the register keeps, by the name of its layout (docs/layouts.md)."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.office import BlockStep, CentreApproval, Evidence, Interest, Irregularity, ReviewCheck
from generator.model.received import Handover, Received
from generator.model.register_record import Record
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord

_ALL: tuple[type[Record], ...] = (
    CentreApproval,
    LearnerRecord,
    RegistrationEvent,
    Result,
    VerificationRecord,
    Attendance,
    Interest,
    Evidence,
    BlockStep,
    Irregularity,
    Received,
    Handover,
)
KINDS: Mapping[str, type[Record]] = {kind.KIND: kind for kind in _ALL}
# Made by `certportal review` and never read from a file: who checks is proved by their key.
MADE_HERE: Mapping[str, type[Record]] = {ReviewCheck.KIND: ReviewCheck}
EVERY: Mapping[str, type[Record]] = {**KINDS, **MADE_HERE}
