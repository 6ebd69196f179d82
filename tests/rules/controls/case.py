"""One claim that every control likes, with its facts; a test changes one thing and names what complains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.errors import Place
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.model.people import Person
from generator.model.portal import Centre, Organisation
from generator.model.quality_records import CentreApproval
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord
from generator.rules.controls.control import ConfiguredControl, Mode, evaluate
from generator.rules.controls.facts import ClaimFacts, ProspectiveApproval, SampleState
from generator.rules.controls.registry import CONTROLS

TODAY = "2026-11-22"
ON = {"centre": "C1", "learner_ref": "L1", "programme": "Q1", "version": "1"}

PROGRAMME: dict[str, Any] = {
    "schema": 1,
    "programme": "Q1",
    "version": "1",
    "title": "Extended Certificate in Baking",
    "labels": {
        "qualification": "Certificate",
        "units": "Unit Certificate",
        "course": "Certificate of Completion",
    },
    "scale": {"U": "Unclassified", "P": "Pass", "M": "Merit", "D": "Distinction"},
    "overall_grades": {"P": "Pass", "M": "Merit", "D": "Distinction"},
    "units": [
        {"code": "U1", "title": "Theory", "external": True, "hours": 120},
        {"code": "U2", "title": "Bread", "hours": 60, "assignments": ["A1", "A2"]},
        {"code": "U3", "title": "Pastry", "hours": 60},
    ],
    "grade_rule": {
        "hours": 240,
        "points": [
            {"hours": 60, "points": {"U": 0, "P": 6, "M": 10, "D": 16}},
            {"hours": 120, "points": {"U": 0, "P": 12, "M": 20, "D": 32}},
        ],
        "thresholds": {"P": 24, "M": 36, "D": 54},
        "fails": ["U"],
    },
}
RESULTS: list[dict[str, Any]] = [
    {"unit": "U1", "grade": "M", "assessor": "external"},
    {"unit": "U2", "grade": "P", "assessor": "a.one", "verifier": "v.two", "verified_on": "2026-06-01"},
    {"unit": "U3", "grade": "M", "assessor": "a.one", "verifier": "v.two", "verified_on": "2026-06-01"},
]
CLAIM: dict[str, Any] = {
    **ON,
    "kind": "qualification",
    "learner_name": "Zoë Ó Briain",
    "grade": "M",
    "completed_on": "2026-06-26",
    "results": RESULTS,
}


def claim(**changes: Any) -> Claim:
    return Claim.of({**CLAIM, **changes})


def programme(**changes: Any) -> Programme:
    return Programme.of({**PROGRAMME, **changes})


def learner(**changes: Any) -> LearnerRecord:
    fields = {"centre": "C1", "learner_ref": "L1", "name": "Zoë Ó Briain", "uln": "8802212715"}
    return LearnerRecord.of({**fields, "consents": ["certification"], **changes})


def event(name: str, on: str | None = "2025-09-10", **more: Any) -> RegistrationEvent:
    return RegistrationEvent.of({**ON, "event": name, "on": on, **more})


def signed(*roles: str, person: str | None = None, on: str = "2025-09-12") -> list[dict[str, str]]:
    return [{"role": role, "person": person or f"p.{role[:5]}", "on": on} for role in roles]


def registration() -> tuple[RegistrationEvent, ...]:
    return (
        event("registered", by="e.o", starts_on="2025-09-01", ends_on="2026-07-31"),
        event("identity_seen", by="e.o", detail="passport"),
        event("confirmed", signed_off=signed("lead_internal_verifier")),
        event("told"),
    )


def result(unit: str, grade: str, **more: Any) -> Result:
    fields = {"assessor": "a.one", "state": "confirmed", "assessed_on": "2026-05-01"}
    return Result.of({**ON, "unit": unit, "grade": grade, **fields, **more})


def results() -> tuple[Result, ...]:
    return (
        result("U1", "M", assessor="external", provenance="external"),
        result("U2", "P"),
        result("U3", "M"),
    )


def verification(unit: str, assignment: str, **more: Any) -> VerificationRecord:
    fields = {
        "centre": "C1",
        "programme": "Q1",
        "version": "1",
        "unit": unit,
        "assignment": assignment,
        "assessor": "a.one",
        "brief_verified_by": "v.two",
        "brief_verified_on": "2026-02-01",
        "verifier": "v.two",
        "verified_on": "2026-06-01",
        "sampled": ["L9"],
        "outcome": "agreed",
    }
    return VerificationRecord.of({**fields, **more})


def verifications() -> tuple[VerificationRecord, ...]:
    return (verification("U2", "A1"), verification("U2", "A2"), verification("U3", "B1"))


def attended(attended: int, sessions: int = 10) -> Attendance:
    return Attendance.of({**ON, "attended": attended, "sessions": sessions})


def approval(**more: Any) -> CentreApproval:
    return CentreApproval.of({"centre": "C1", "programme": "Q1", "start": "2020-01-01", **more})


def person(handle: str, *roles: dict[str, Any]) -> Person:
    held = [{"start": "2020-01-01", **role} for role in roles]
    return Person.of({"person": handle, "name": handle, "roles": held, "keys": []})


def organisation(kind: str = "awarding_organisation") -> Organisation:
    return Organisation.of(
        {
            "kind": kind,
            "code": "NW",
            "name": "Northfield Awarding",
            "timezone": "Europe/London",
            "language": "en",
            "contact": {"email": "a@b.example"},
        }
    )


def facts(**changes: Any) -> ClaimFacts:
    whole = ClaimFacts(
        today=TODAY,
        organisation=organisation(),
        programme=programme(),
        centre=Centre.of({"number": "C1", "name": "College"}),
        learner=learner(),
        registration=registration(),
        results=results(),
        verifications=verifications(),
        attendance=attended(8),
        centre_approvals=(approval(),),
        draw=SampleState(False),
        signers=(
            ProspectiveApproval(
                "lead_internal_verifier", person("l.iv", {"role": "lead_internal_verifier"}), "2026-11-20"
            ),
            ProspectiveApproval("quality_nominee", person("q.n", {"role": "quality_nominee"}), "2026-11-20"),
        ),
    )
    return replace(whole, **changes)


def ask(name: str, asked: Claim, about: ClaimFacts, mode: Mode = "hold", **parameters: Any) -> list[str]:
    """What one control finds, in words."""
    control = CONTROLS[name]
    switched = ConfiguredControl(control, mode, control.parameters.of(parameters))
    found = evaluate([switched], asked, about, Place(subject="row 2"), control.phase)
    return [problem.what for problem in (*found.held, *found.reported)]
