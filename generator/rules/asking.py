"""Who can put a fault right: the person to ask, by the control that found it (docs/import.md)."""

from __future__ import annotations

from collections.abc import Mapping

_WHO: Mapping[str, str] = {
    "LEARNER-ULN": "the learner",
    "REGISTRATION-MATCH": "the learner how the name is to be printed; the exams officer for the registration",
    "NAME-SWAPPED": "whoever filled in the sheet",
    "IMPORT-NAME": "the learner, or the exams officer who registered them",
    "IMPORT-DATE": "whoever filled in the sheet",
    "CLAIM-DATES": "whoever filled in the sheet",
    "CLAIM-FIELD": "whoever filled in the sheet",
    "CLAIM-DUPLICATE": "whoever filled in the sheet",
    "CLAIM-ISSUED": "the quality nominee",
    "CLAIM-PROGRAMME": "the exams officer",
    "CLAIM-CENTRE": "the exams officer",
    "CLAIM-COMPLETE": "the course's instructor",
}
_OTHERS = "the exams officer"


def whom(code: str, field: str, cells: Mapping[str, str], verifiers: Mapping[str, str]) -> str:
    """Whom to ask about a fault in a row. `verifiers` is who verified each unit in most other rows."""
    unit = field.split(" ")[0]
    assessor = cells.get(f"{unit} assessor", "")
    verifier = cells.get(f"{unit} internal verifier", "") or verifiers.get(unit, "")
    match code:
        case "CLAIM-VERIFIED":
            title = f"internal verifier for {unit}"
            said = f"{verifier} ({title})" if verifier else f"the {title}"
            return f"{said} for the record; the claim stays held"
        case "CLAIM-FOUR-EYES":
            return f"an internal verifier other than {assessor or 'the assessor'} to verify {unit}"
        case "CLAIM-GRADE" | "CLAIM-UNITS":
            who = assessor if assessor and assessor != "external" else ""
            return f"{who} (assessor of {unit})" if who else "the assessor"
    if code.startswith("SHEET-"):
        return "whoever exported or filled in the sheet"
    return _WHO.get(code, _OTHERS)
