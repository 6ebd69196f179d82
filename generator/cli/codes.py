"""Every code of a problem that cli raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

ACCESS_FOLDER = Code("ACCESS-FOLDER", "administrator", "")
APPROVE_DECISION = Code("APPROVE-DECISION", "administrator", "")
APPROVE_WHO = Code("APPROVE-WHO", "administrator", "")
CASE_KIND = Code("CASE-KIND", "administrator", "")
CONFIRM = Code("CONFIRM", "administrator", "")
DELIVER_ARCHIVE = Code("DELIVER-ARCHIVE", "administrator", "")
ERASE_WHAT = Code("ERASE-WHAT", "administrator", "")
FAULT = Code("FAULT", "administrator", "")
HOLD_FIELD = Code("HOLD-FIELD", "exams_officer", "")
IMPORT_DATES = Code("IMPORT-DATES", "administrator", "")
IMPORT_ENCODING = Code("IMPORT-ENCODING", "administrator", "")
IMPORT_PROPOSE = Code("IMPORT-PROPOSE", "administrator", "")
NIGHTLY_STEP = Code("NIGHTLY-STEP", "administrator", "")
RECEIVED_EVENT = Code("RECEIVED-EVENT", "administrator", "")
RECOVER_AS = Code("RECOVER-AS", "administrator", "")
REISSUE_FIELD = Code("REISSUE-FIELD", "administrator", "")
RENEW_RESULT = Code("RENEW-RESULT", "administrator", "")
REPLACE_FIELD = Code("REPLACE-FIELD", "administrator", "")
REVIEW_WHO = Code("REVIEW-WHO", "administrator", "")
SCHEDULE_KIND = Code("SCHEDULE-KIND", "administrator", "")
SCHEDULE_TIME = Code("SCHEDULE-TIME", "administrator", "")
SITE_MISSING = Code("SITE-MISSING", "administrator", "")
