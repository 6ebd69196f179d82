"""Every code of a problem that cli raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

ACCESS_FOLDER = Code(
    "ACCESS-FOLDER",
    "administrator",
    "The folder for the copy of the data is there already and not empty.",
    "Name a new or empty folder.",
)
APPROVE_DECISION = Code(
    "APPROVE-DECISION",
    "administrator",
    "The decision is none that can be signed.",
    "Give one of the decisions that are named.",
)
APPROVE_WHO = Code(
    "APPROVE-WHO",
    "administrator",
    "The command does not say who approves what in which role.",
    "Say it as the example does.",
)
CASE_KIND = Code(
    "CASE-KIND",
    "administrator",
    "There is no such kind of case.",
    "Give one of the kinds that are named.",
)
CONFIRM = Code(
    "CONFIRM",
    "administrator",
    "A step that cannot be undone waits for its number to be typed or given; nothing was done.",
    "Type the number that is shown, or give it with --yes.",
)
DELIVER_ARCHIVE = Code(
    "DELIVER-ARCHIVE",
    "administrator",
    "There is no such kind of archive.",
    "Give one of the kinds that are named.",
)
ERASE_WHAT = Code(
    "ERASE-WHAT",
    "administrator",
    "The command does not say what is to be erased.",
    "Name the certificate and the case.",
)
FAULT = Code(
    "FAULT",
    "administrator",
    "The program itself failed; nothing it had not finished was kept.",
    "Report it with what was printed.",
)
HOLD_FIELD = Code(
    "HOLD-FIELD",
    "exams_officer",
    "A field of the hold does not hold what it must.",
    "Correct it and run the command again.",
)
IMPORT_DATES = Code(
    "IMPORT-DATES",
    "administrator",
    "There is no such style of dates.",
    "Give one of the styles that are named.",
)
IMPORT_ENCODING = Code(
    "IMPORT-ENCODING",
    "administrator",
    "There is no such encoding.",
    "Give one of the encodings that are named.",
)
IMPORT_PROPOSE = Code(
    "IMPORT-PROPOSE",
    "administrator",
    "A proposal how to read a sheet is for one file at a time.",
    "Give one file.",
)
NIGHTLY_STEP = Code(
    "NIGHTLY-STEP",
    "administrator",
    "The night has no step of this name.",
    "Give one of the steps that are named.",
)
RECEIVED_EVENT = Code(
    "RECEIVED-EVENT",
    "administrator",
    "There is no such event of a certificate on paper.",
    "Give one of the events that are named.",
)
RECOVER_AS = Code(
    "RECOVER-AS",
    "administrator",
    "The command does not say who recovers.",
    "Give --as and the handle.",
)
REISSUE_FIELD = Code(
    "REISSUE-FIELD",
    "administrator",
    "What is to be corrected is missing or cannot be read.",
    "Write it as the example does.",
)
RENEW_RESULT = Code(
    "RENEW-RESULT",
    "administrator",
    "A unit is given two results.",
    "Give each unit once.",
)
REPLACE_FIELD = Code(
    "REPLACE-FIELD",
    "administrator",
    "A field of the request does not hold what it must.",
    "Correct it and run the command again.",
)
REVIEW_WHO = Code(
    "REVIEW-WHO",
    "administrator",
    "The command does not say who reviews what.",
    "Say it as the example does.",
)
SCHEDULE_KIND = Code(
    "SCHEDULE-KIND",
    "administrator",
    "There is no such kind of timer.",
    "Give one of the kinds that are named.",
)
SCHEDULE_TIME = Code(
    "SCHEDULE-TIME",
    "administrator",
    "The time of day cannot be read.",
    "Write it as 02:10.",
)
SITE_MISSING = Code(
    "SITE-MISSING",
    "administrator",
    "There is no site in the folder to show.",
    "Build it with `certportal publish` first.",
)
DEMO_SAMPLE = Code(
    "DEMO-SAMPLE",
    "administrator",
    "The demo was asked for in a workspace that is no sample.",
    "Run it in the checkout; begin your own with certportal import.",
)
