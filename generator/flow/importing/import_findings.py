"""What an import found and would do, before anything is written (docs/import.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.edge.register.claims import RegisteredClaim
from generator.edge.register.staging import Batch, StagedRow, Staging
from generator.errors import Problem
from generator.flow.importing.import_sources import Input
from generator.flow.importing.name_questions import Question
from generator.flow.importing.records import Incoming
from generator.model.quality_records import Irregularity
from generator.model.value import ClaimId
from generator.sheets.claim_sheets import SheetClaim


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What one file held: claims by kind, learners not finished yet, how it was read, who verified what."""

    file: str
    programme: str
    claims: Mapping[str, int]
    unfinished: int
    remarks: tuple[str, ...] = ()
    where: str = ""
    centre: str = ""
    verifiers: Mapping[str, str] = field(default_factory=dict)
    # Of a list: how many rows it has, and of which shape.
    rows: int = 0
    shape: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do. `new` and `amended` are claims without a problem; `held`, rows with one.

    `problems` are the first of them; `faults` is how many there are, and `staging` has them all.
    `drafts` are reports of what came early or late.
    """

    new: Batch[SheetClaim]
    amended: Batch[tuple[RegisteredClaim, SheetClaim]]
    held: Batch[StagedRow]
    same: int
    problems: tuple[Problem, ...]
    faults: int
    faulty: int
    sources: tuple[SourceCount, ...]
    questions: tuple[Question, ...]
    inputs: tuple[Input, ...]
    answers: Mapping[str, str]
    staging: Staging
    readdressed: Batch[tuple[ClaimId, str]]
    records: Incoming
    reported: tuple[Problem, ...]
    drafts: tuple[Irregularity, ...] = ()
