"""Every code of a problem that sheets raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

APPROVAL_FILE = Code(
    "APPROVAL-FILE",
    "lead_internal_verifier",
    "The file is neither claims to approve nor the answer to them.",
    "Ask for the file again, or send the answer as the command made it.",
)
CLAIM_DATES = Code(
    "CLAIM-DATES", "sender", "A date of the claim is missing or cannot be.", "Correct the date in the sheet."
)
CLAIM_EMAIL = Code(
    "CLAIM-EMAIL", "exams_officer", "The learner's e-mail address is none.", "Correct it, or leave it empty."
)
CLAIM_FIELD = Code(
    "CLAIM-FIELD",
    "sender",
    "A cell of the claim is empty or does not hold what it must.",
    "Correct the cell.",
)
IMPORT_ANSWER = Code(
    "IMPORT-ANSWER",
    "exams_officer",
    "The sheet of questions, or an answer in it, cannot be read.",
    "Write same or different in the last column of the sheet that the import wrote.",
)
IMPORT_DATE = Code(
    "IMPORT-DATE",
    "sender",
    "It is not clear whether the day or the month comes first in a date.",
    "Say which comes first: `--dates day_first`, or `dates:` in sources.yaml.",
)
LAYOUT_FIELD = Code(
    "LAYOUT-FIELD",
    "exams_officer",
    "A field of a file in one of our layouts does not hold what it must.",
    "Correct the cell; the second sheet of an exported workbook says what belongs in each column.",
)
LAYOUT_FORM = Code(
    "LAYOUT-FORM",
    "exams_officer",
    "A YAML file in one of our layouts does not begin as it must.",
    "Begin with `schema: 1`, then the layout's name and one list item for each.",
)
LAYOUT_JSON = Code(
    "LAYOUT-JSON", "exams_officer", "A line is not one JSON object.", "Write one object on each line."
)
LAYOUT_NAME = Code(
    "LAYOUT-NAME",
    "exams_officer",
    "The file's name does not say which layout or form it has.",
    "Begin the name with the layout and end it in .xlsx, .csv, .yaml or .jsonl.",
)
LAYOUT_SIZE = Code("LAYOUT-SIZE", "exams_officer", "The file is too large to be read.", "Split the file.")
LEARNER_ULN = Code(
    "LEARNER-ULN",
    "learner",
    "A unique learner number is missing where it is required, is wrong, or is not the registered one.",
    "Ask the learner; a ULN is never guessed.",
)
REGISTRATION_DATES = Code(
    "REGISTRATION-DATES", "registrar", "A date of a registration is none.", "Correct the date."
)
REGISTRATION_ROW = Code(
    "REGISTRATION-ROW",
    "registrar",
    "A row of the registration sheet has no reference or no name.",
    "Complete or remove the row.",
)
REGISTRATION_TWICE = Code(
    "REGISTRATION-TWICE",
    "registrar",
    "A learner is registered twice, or two learners have one number.",
    "Keep the registration that is right, asking the learners where only they know.",
)
SHEET_BOMB = Code(
    "SHEET-BOMB",
    "sender",
    "The workbook is built to fill memory or to mislead, as no spreadsheet program builds one.",
    "Check where it comes from; save a real workbook again as .xlsx.",
)
SHEET_CELL = Code("SHEET-CELL", "sender", "A cell does not hold what its column says.", "Correct the cell.")
SHEET_COLUMN = Code(
    "SHEET-COLUMN",
    "sender",
    "A column is missing, unknown or without a heading.",
    "Add the column, or name it in sources.yaml (`columns:`).",
)
SHEET_COLUMN_TWICE = Code(
    "SHEET-COLUMN-TWICE", "sender", "Two columns mean the same.", "Remove or rename one of them."
)
SHEET_CSV = Code(
    "SHEET-CSV",
    "sender",
    "The text is not a table.",
    "Look for an unmatched quotation mark, or export it again.",
)
SHEET_DAMAGED = Code("SHEET-DAMAGED", "sender", "The workbook cannot be read.", "Save it again as .xlsx.")
SHEET_DATE = Code("SHEET-DATE", "sender", "A cell that must hold a date holds none.", "Correct the date.")
SHEET_DELIMITER = Code(
    "SHEET-DELIMITER",
    "sender",
    "Nothing separates the cells of the text.",
    "Export it as CSV with commas, semicolons or tabs.",
)
SHEET_EMPTY = Code(
    "SHEET-EMPTY", "sender", "There is nothing in the sheet.", "Check that the right file was exported."
)
SHEET_ENCODING = Code(
    "SHEET-ENCODING",
    "sender",
    "The encoding of the text is not clear, or its letters were damaged on the way.",
    "Save it as `CSV UTF-8`, or say `encoding:` in sources.yaml.",
)
SHEET_FORMULA = Code(
    "SHEET-FORMULA",
    "sender",
    "A formula was never calculated, or ends in an error.",
    "Open the workbook, let it calculate, and save it.",
)
SHEET_HIDDEN = Code(
    "SHEET-HIDDEN",
    "sender",
    "A cell holds characters that nobody sees.",
    "Type the cell again.",
)
SHEET_INJECTION = Code(
    "SHEET-INJECTION",
    "sender",
    "A cell begins like a formula, which a spreadsheet program would run.",
    "Type the plain value.",
)
SHEET_KIND = Code(
    "SHEET-KIND", "sender", "The file is of a kind that cannot be read here.", "Save it as .xlsx or CSV."
)
SHEET_LINE = Code(
    "SHEET-LINE", "sender", "A line or cell is too long to be real.", "Check how the sheet was exported."
)
SHEET_MISSING = Code(
    "SHEET-MISSING",
    "exams_officer",
    "The workbook has no sheet of that name, or hidden sheets only.",
    "Name one of its sheets in sources.yaml (`sheet:`), or with --sheet.",
)
SHEET_NUMBER = Code(
    "SHEET-NUMBER", "sender", "A cell that must hold a whole number holds none.", "Write the number alone."
)
SHEET_PASSWORD = Code(
    "SHEET-PASSWORD",
    "sender",
    "The workbook is protected by a password.",
    "Save it again without the password.",
)
SHEET_PROGRAMME = Code(
    "SHEET-PROGRAMME",
    "exams_officer",
    "The sheet is of another programme, or could be of several.",
    "Say which with --programme and --version, or correct sources.yaml.",
)
SHEET_ROW = Code("SHEET-ROW", "sender", "A row has more or fewer cells than headings.", "Complete the row.")
SHEET_SCIENTIFIC = Code(
    "SHEET-SCIENTIFIC",
    "sender",
    "A spreadsheet program shortened a long number, and its last digits are lost.",
    "Format the column as text and enter the whole number.",
)
SHEET_SHAPE = Code(
    "SHEET-SHAPE",
    "exams_officer",
    "The sheet is of no known kind.",
    "`certportal import --propose FILE` proposes how to read it.",
)
SHEET_SIZE = Code("SHEET-SIZE", "sender", "The sheet is too large to be read.", "Split the sheet.")
SHEET_SWAPPED = Code(
    "SHEET-SWAPPED",
    "sender",
    "A spreadsheet program may have swapped day and month of a date.",
    "Compare with the system that exported the sheet, and import its own file, unopened.",
)
SHEET_TWICE = Code("SHEET-TWICE", "sender", "Two rows say the same.", "Remove one of the two rows.")
SHEET_TWO = Code(
    "SHEET-TWO",
    "exams_officer",
    "Two sheets of the workbook could be meant.",
    "Name the one to read in sources.yaml (`sheet:`), or hide or remove the other.",
)
SHEET_XLS = Code(
    "SHEET-XLS",
    "sender",
    "The workbook is of the old kind (.xls).",
    "Save it as .xlsx in a spreadsheet program.",
)
SHEET_YEAR = Code(
    "SHEET-YEAR",
    "sender",
    "The learner completed nearer to another year than to their own.",
    "Check that it is this year's sheet; record the extension of a late learner.",
)
YAML_ALIAS = Code(
    "YAML-ALIAS", "administrator", "The file uses anchors or aliases.", "Write the value out in each place."
)
YAML_DEPTH = Code("YAML-DEPTH", "administrator", "The file is nested too deeply.", "Make the file flatter.")
YAML_DUPLICATE = Code("YAML-DUPLICATE", "administrator", "A field is there twice.", "Keep one of them.")
YAML_EMPTY = Code(
    "YAML-EMPTY", "administrator", "The file is empty.", "Write the fields, or remove the file."
)
YAML_ENCODING = Code("YAML-ENCODING", "administrator", "The file is not UTF-8 text.", "Save it as UTF-8.")
YAML_FIELD = Code(
    "YAML-FIELD",
    "administrator",
    "A field is missing, unknown, or does not hold what it must.",
    "Correct the field on the line that is named.",
)
YAML_HIDDEN = Code(
    "YAML-HIDDEN", "administrator", "The file holds a control character.", "Type the line again."
)
YAML_KEY = Code("YAML-KEY", "administrator", "The name of a field is no plain text.", "Write a plain name.")
YAML_SIZE = Code("YAML-SIZE", "administrator", "The file is too large to be read.", "Split the file.")
YAML_SYNTAX = Code(
    "YAML-SYNTAX",
    "administrator",
    "The file is not YAML, or holds a second document.",
    "Check indentation, colons and quotes on the line that is named.",
)
YAML_TAG = Code("YAML-TAG", "administrator", "The file uses a tag.", "Write the plain value without it.")
