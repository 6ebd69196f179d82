"""Every kind of record that the register keeps, by the name of its layout (docs/layouts.md)."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.office_record import OfficeRecord
from generator.model.paper import Handover, ReceivedCertificate
from generator.model.quality_records import (
    BlockStep,
    CentreApproval,
    EvidenceItem,
    Interest,
    Irregularity,
    ReviewCheck,
)
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord

_ALL: tuple[type[OfficeRecord], ...] = (
    CentreApproval,
    LearnerRecord,
    RegistrationEvent,
    Result,
    VerificationRecord,
    Attendance,
    Interest,
    EvidenceItem,
    BlockStep,
    Irregularity,
    ReceivedCertificate,
    Handover,
)
KINDS: Mapping[str, type[OfficeRecord]] = {kind.KIND: kind for kind in _ALL}
# Made by `certportal review` and never read from a file: who checks is proved by their key.
MADE_HERE: Mapping[str, type[OfficeRecord]] = {ReviewCheck.KIND: ReviewCheck}
EVERY: Mapping[str, type[OfficeRecord]] = {**KINDS, **MADE_HERE}
