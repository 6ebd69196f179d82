"""Every code of a problem that importing raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

CLAIM_ERASED = Code(
    "CLAIM-ERASED",
    "exams_officer",
    "The learner was erased and does not come back; the row was passed over.",
    "Remove the row from the file.",
)
CLAIM_ISSUED = Code(
    "CLAIM-ISSUED",
    "quality_nominee",
    "The row differs from a certificate that is issued.",
    "Undo the change; an issued certificate is corrected by a replacement.",
)
IMPORT_CHANGED = Code(
    "IMPORT-CHANGED",
    "administrator",
    "The rows that were looked at are not those that would be taken in.",
    "Look at them again, then write.",
)
IMPORT_NAME = Code(
    "IMPORT-NAME",
    "exams_officer",
    "A name or reference is spelt otherwise than it is registered.",
    "Answer the question: same or different.",
)
IMPORT_SHAPE = Code(
    "IMPORT-SHAPE",
    "exams_officer",
    "The sheet is compared and never kept.",
    "Import it without --write to see what it holds.",
)
NAME_SWAPPED = Code(
    "NAME-SWAPPED",
    "sender",
    "First and last names are in each other's columns.",
    "Swap the two cells, or the headings where the whole column is so.",
)
RECORD_DATES = Code(
    "RECORD-DATES",
    "exams_officer",
    "A day of the record lies in the future.",
    "Correct the date.",
)
RECORD_PROGRAMME = Code(
    "RECORD-PROGRAMME",
    "exams_officer",
    "The record is of a programme that is not in the catalogue.",
    "Correct it, or add the programme to the catalogue.",
)
RECORD_TWICE = Code(
    "RECORD-TWICE",
    "exams_officer",
    "Two records say different things of the same.",
    "Keep the one that is right.",
)
REGISTRATION_FIELD = Code(
    "REGISTRATION-FIELD",
    "exams_officer",
    "A row of the registration sheet makes no record.",
    "Correct the registration sheet.",
)
SHEET_CENTRE = Code(
    "SHEET-CENTRE",
    "exams_officer",
    "The sheet could be of any of several centres.",
    "Say which with --centre.",
)
SHEET_COHORT = Code(
    "SHEET-COHORT",
    "sender",
    "Most learners of the sheet are not registered for its programme.",
    "Check that it is the sheet of this programme and year, and the right registration sheet.",
)
SHEET_REGISTRATIONS = Code(
    "SHEET-REGISTRATIONS",
    "exams_officer",
    "Several registration sheets could be meant.",
    "Say which with --registrations.",
)
