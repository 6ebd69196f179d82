"""Every control by its name, family by family, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rules.controls import (
    approvals,
    assessment,
    claims,
    grades,
    holds,
    learners,
    registration,
    results,
)
from generator.rules.controls.control import Control

FAMILIES: Mapping[str, tuple[Control[Any], ...]] = {
    "Claims": claims.CONTROLS,
    "Registration": registration.CONTROLS,
    "Learners": learners.CONTROLS,
    "Verified assessment": assessment.CONTROLS,
    "Results": results.CONTROLS,
    "Grades": grades.CONTROLS,
    "Block and holds": holds.CONTROLS,
    "Approvals": approvals.CONTROLS,
}
CONTROLS: Mapping[str, Control[Any]] = {
    control.name: control for family in FAMILIES.values() for control in family
}
