"""Every code of a problem that sheets raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

APPROVAL_FILE = Code("APPROVAL-FILE", "lead_internal_verifier", "")
CLAIM_EMAIL = Code("CLAIM-EMAIL", "exams_officer", "")
CLAIM_FIELD = Code("CLAIM-FIELD", "exams_officer", "")
IMPORT_ANSWER = Code("IMPORT-ANSWER", "administrator", "")
IMPORT_DATE = Code("IMPORT-DATE", "administrator", "")
LAYOUT_FIELD = Code("LAYOUT-FIELD", "administrator", "")
LAYOUT_FORM = Code("LAYOUT-FORM", "administrator", "")
LAYOUT_JSON = Code("LAYOUT-JSON", "administrator", "")
LAYOUT_NAME = Code("LAYOUT-NAME", "administrator", "")
LAYOUT_SIZE = Code("LAYOUT-SIZE", "administrator", "")
LEARNER_ULN = Code(
    "LEARNER-ULN",
    "exams_officer",
    "A unique learner number is there where it is required, and passes its check digit.",
    "Ask the learner; a ULN is never guessed.",
)
REGISTRATION_DATES = Code("REGISTRATION-DATES", "registrar", "")
REGISTRATION_ROW = Code("REGISTRATION-ROW", "registrar", "")
REGISTRATION_TWICE = Code("REGISTRATION-TWICE", "registrar", "")
SHEET_CELL = Code("SHEET-CELL", "exams_officer", "")
SHEET_COLUMN = Code("SHEET-COLUMN", "exams_officer", "")
SHEET_COLUMN_TWICE = Code("SHEET-COLUMN-TWICE", "exams_officer", "")
SHEET_CSV = Code("SHEET-CSV", "exams_officer", "")
SHEET_DAMAGED = Code("SHEET-DAMAGED", "exams_officer", "")
SHEET_EMPTY = Code("SHEET-EMPTY", "exams_officer", "")
SHEET_ENCODING = Code("SHEET-ENCODING", "exams_officer", "")
SHEET_HIDDEN = Code("SHEET-HIDDEN", "exams_officer", "")
SHEET_MISSING = Code("SHEET-MISSING", "exams_officer", "")
SHEET_PROGRAMME = Code("SHEET-PROGRAMME", "exams_officer", "")
SHEET_ROW = Code("SHEET-ROW", "exams_officer", "")
SHEET_SHAPE = Code("SHEET-SHAPE", "exams_officer", "")
SHEET_SWAPPED = Code("SHEET-SWAPPED", "exams_officer", "")
SHEET_TWICE = Code("SHEET-TWICE", "exams_officer", "")
SHEET_TWO = Code("SHEET-TWO", "exams_officer", "")
YAML_FIELD = Code("YAML-FIELD", "administrator", "")
