"""Every code of a problem that flow raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

ACCESS_UNKNOWN = Code("ACCESS-UNKNOWN", "administrator", "")
AFTER_CHANGED = Code("AFTER-CHANGED", "administrator", "")
AFTER_PENDING = Code("AFTER-PENDING", "administrator", "")
AFTER_ROLE = Code("AFTER-ROLE", "administrator", "")
APPROVAL_CHAIN = Code("APPROVAL-CHAIN", "lead_internal_verifier", "")
APPROVAL_CLAIM = Code("APPROVAL-CLAIM", "lead_internal_verifier", "")
APPROVAL_LATE = Code("APPROVAL-LATE", "lead_internal_verifier", "")
APPROVAL_ORDER = Code("APPROVAL-ORDER", "lead_internal_verifier", "")
AUDIT = Code(
    "AUDIT",
    "administrator",
    "The published site or the register is not as it must be.",
    "Do what the finding says; publish --rewrite writes damaged files anew.",
)
BACKUP_PLACE = Code(
    "BACKUP-PLACE",
    "administrator",
    "The place of the backup lies inside the workspace.",
    "Name a folder on another disk or machine.",
)
CASE_ALTERED = Code("CASE-ALTERED", "administrator", "")
CASE_APPEAL = Code("CASE-APPEAL", "administrator", "")
CASE_CLOSED = Code("CASE-CLOSED", "administrator", "")
CASE_FIELD = Code("CASE-FIELD", "administrator", "")
CASE_OPEN = Code("CASE-OPEN", "administrator", "")
CASE_OUTCOME = Code("CASE-OUTCOME", "administrator", "")
CASE_SUBJECT = Code("CASE-SUBJECT", "administrator", "")
CASE_UNKNOWN = Code("CASE-UNKNOWN", "administrator", "")
CASE_USED = Code("CASE-USED", "administrator", "")
CATALOGUE_TWICE = Code("CATALOGUE-TWICE", "programme_leader", "")
CENTRE_TWICE = Code("CENTRE-TWICE", "quality_nominee", "")
CENTRE_UNKNOWN = Code("CENTRE-UNKNOWN", "quality_nominee", "")
CERTIFICATE_UNKNOWN = Code("CERTIFICATE-UNKNOWN", "administrator", "")
CLAIM_DUPLICATE = Code(
    "CLAIM-DUPLICATE",
    "sender",
    "Two rows claim the same for one learner.",
    "Remove the row that is wrong.",
)
CLAIM_ERASED = Code(
    "CLAIM-ERASED",
    "exams_officer",
    "The learner was erased and must not come back.",
    "Remove the row from the file.",
)
CLAIM_ISSUED = Code(
    "CLAIM-ISSUED",
    "quality_nominee",
    "The row differs from a certificate that is issued.",
    "Undo the change; an issued certificate is corrected by a replacement.",
)
CLAIM_UNKNOWN = Code("CLAIM-UNKNOWN", "exams_officer", "")
DECISION_FIELD = Code("DECISION-FIELD", "administrator", "")
DEMO_SAMPLE = Code(
    "DEMO-SAMPLE",
    "administrator",
    "The demo was asked for in a workspace that is no sample.",
    "Run it in the checkout; begin your own with certportal import.",
)
DEPLOY_ALTERED = Code(
    "DEPLOY-ALTERED",
    "administrator",
    "A file in public/ is not the one that was published.",
    "Run certportal publish, then ask who changes files there.",
)
DEPLOY_LIMIT = Code(
    "DEPLOY-LIMIT",
    "administrator",
    "The site is larger than its host takes.",
    "Choose a host without this limit.",
)
DEPLOY_NAME = Code(
    "DEPLOY-NAME",
    "administrator",
    "No deploy target has this name.",
    "Name one of portal.yaml.",
)
DEPLOY_NEARLY = Code(
    "DEPLOY-NEARLY",
    "administrator",
    "The site nearly fills its host.",
    "Plan for a larger host.",
)
DEPLOY_NOTHING = Code(
    "DEPLOY-NOTHING",
    "administrator",
    "Nothing is published that could be deployed.",
    "Run certportal publish first.",
)
DISK_LOW = Code(
    "DISK-LOW",
    "administrator",
    "The disk will soon be full.",
    "Free some space.",
)
DROP_GROWING = Code(
    "DROP-GROWING",
    "exams_officer",
    "A file of the drop folder is still being written.",
    "Nothing: it is read on the next run. Write files elsewhere and move them in.",
)
FILE_CHANGED = Code("FILE-CHANGED", "administrator", "")
FRESHNESS = Code(
    "FRESHNESS",
    "administrator",
    "The published status goes stale, or is stale: it was not renewed in time.",
    "Run `certportal nightly` by hand and read what stops it.",
)
HOLD = Code("HOLD", "administrator", "")
HOLD_LATE = Code("HOLD-LATE", "exams_officer", "")
HOLD_PERMISSION = Code("HOLD-PERMISSION", "exams_officer", "")
HOLD_UNKNOWN = Code("HOLD-UNKNOWN", "exams_officer", "")
HOLD_UNTIL = Code("HOLD-UNTIL", "exams_officer", "")
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
INIT_FOLDER = Code(
    "INIT-FOLDER",
    "administrator",
    "The folder for a new workspace is there and not empty.",
    "Name a new or empty folder.",
)
ISSUE_RECIPE = Code("ISSUE-RECIPE", "administrator", "")
KEYS_CERTIFICATE = Code("KEYS-CERTIFICATE", "administrator", "")
KEYS_ENDING = Code(
    "KEYS-ENDING",
    "administrator",
    "The last online key or the key manifest will soon run out.",
    "Run certportal keys renew, with the root key at hand.",
)
KEYS_EXIST = Code("KEYS-EXIST", "administrator", "")
KEYS_ONLINE = Code("KEYS-ONLINE", "administrator", "")
KEYS_WEAK = Code("KEYS-WEAK", "administrator", "")
LINK_REASON = Code("LINK-REASON", "administrator", "")
LIVE_404 = Code(
    "LIVE-404",
    "administrator",
    "The host does not answer 404 for a file that is not there.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_HOST = Code(
    "LIVE-HOST",
    "administrator",
    "The live site does not answer as it should.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_OLD = Code(
    "LIVE-OLD",
    "administrator",
    "The live site shows an older publication.",
    "Deploy again, or empty the cache in front of the site.",
)
LIVE_TYPE = Code(
    "LIVE-TYPE",
    "administrator",
    "The host serves a file under the wrong type.",
    "Correct the configuration of the host (docs/deploy.md).",
)
LIVE_VERDICT = Code(
    "LIVE-VERDICT",
    "administrator",
    "A certificate does not verify on the live site.",
    "Deploy again; audit public/ if it stays.",
)
MAIL_ADDRESS = Code("MAIL-ADDRESS", "exams_officer", "")
MAIL_BOUNCE_FILE = Code("MAIL-BOUNCE-FILE", "administrator", "")
MAIL_CENTRE = Code("MAIL-CENTRE", "quality_nominee", "")
MAIL_BOUNCED = Code(
    "MAIL-BOUNCED",
    "exams_officer",
    "A letter came back: the address does not exist or refuses mail.",
    "Correct the address, then certportal deliver --again.",
)
MAIL_DOUBT = Code(
    "MAIL-DOUBT",
    "exams_officer",
    "The connection broke while a letter was handed over.",
    "Ask whom it was for, then certportal deliver --settled or --again.",
)
MAIL_FAILED = Code(
    "MAIL-FAILED",
    "exams_officer",
    "The mail server would not take a letter.",
    "Correct the address, then certportal deliver --again.",
)
MAIL_KEY = Code("MAIL-KEY", "administrator", "")
MAIL_PDF = Code("MAIL-PDF", "administrator", "")
MAIL_SERVER = Code("MAIL-SERVER", "administrator", "")
NAME_SWAPPED = Code(
    "NAME-SWAPPED",
    "sender",
    "First and last names stand in each other's columns.",
    "Swap the two cells, or the headings where the whole column is so.",
)
ORGANISATION_NAME = Code("ORGANISATION-NAME", "administrator", "")
POLICY_RULE_SET = Code("POLICY-RULE-SET", "administrator", "")
PUBLISH_PENDING = Code(
    "PUBLISH-PENDING",
    "administrator",
    "The last publication was interrupted.",
    "Run certportal publish, then the command again.",
)
PUBLISH_STATUS = Code(
    "PUBLISH-STATUS",
    "administrator",
    "The published pages are not those of the last publication.",
    "Run certportal publish.",
)
RECORD_CENTRE = Code(
    "RECORD-CENTRE",
    "exams_officer",
    "The record is of a centre that is not known here.",
    "Correct the centre, or add it to certificates/centres/.",
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
RECOVER_BRANCHED = Code(
    "RECOVER-BRANCHED",
    "administrator",
    "This register and the site have gone different ways.",
    "Restore the newest register, or one never worked on since.",
)
RECOVER_IMPORT = Code(
    "RECOVER-IMPORT",
    "administrator",
    "Claims are not registered whose certificates may be out.",
    "Run certportal import --write, then the recovery again.",
)
RECOVER_KEYS = Code(
    "RECOVER-KEYS",
    "administrator",
    "The site is under a newer key manifest than keys/ holds.",
    "Restore keys/ from its newest copy.",
)
RECOVER_NEWER = Code(
    "RECOVER-NEWER",
    "administrator",
    "The site is not newer than this register.",
    "Nothing is to be recovered.",
)
RECOVER_REBUILD = Code(
    "RECOVER-REBUILD",
    "administrator",
    "What is published would not come out again as it is.",
    "Keep this copy of the register and call whoever maintains your installation.",
)
RECOVER_SITE = Code(
    "RECOVER-SITE",
    "administrator",
    "The site to recover from is not whole.",
    "Copy the whole published site into public/.",
)
REGISTER_BEHIND = Code(
    "REGISTER-BEHIND",
    "administrator",
    "The site was made by a newer or another register than this one.",
    "Restore the newest register; certportal recover if it is lost for good.",
)
REGISTRATION_FIELD = Code(
    "REGISTRATION-FIELD",
    "exams_officer",
    "A row of the registration sheet makes no record.",
    "Correct the registration sheet.",
)
REISSUE_SAME = Code("REISSUE-SAME", "administrator", "")
REPLACE_CONSENT = Code("REPLACE-CONSENT", "administrator", "")
REPLACE_DATE = Code("REPLACE-DATE", "administrator", "")
REPLACE_NAME = Code("REPLACE-NAME", "administrator", "")
REPLACE_TWICE = Code("REPLACE-TWICE", "administrator", "")
REPLACE_UNKNOWN = Code("REPLACE-UNKNOWN", "administrator", "")
REPRINT_DIFFERS = Code("REPRINT-DIFFERS", "administrator", "")
REPRINT_RECIPE = Code("REPRINT-RECIPE", "administrator", "")
REPRINT_SEAL = Code("REPRINT-SEAL", "administrator", "")
RESEND_ADDRESS = Code("RESEND-ADDRESS", "administrator", "")
REVIEW_CLAIM = Code("REVIEW-CLAIM", "administrator", "")
REVIEW_PARTY = Code("REVIEW-PARTY", "administrator", "")
ROLLBACK_PAGES = Code(
    "ROLLBACK-PAGES",
    "administrator",
    "There are no earlier pages of that publication.",
    "Name one that is kept, or correct site_src and publish.",
)
ROOT_MISSING = Code(
    "ROOT-MISSING",
    "administrator",
    "There is no root file to trust.",
    "Give the root file of the organisation: --root root.json.",
)
ROSTER_OLD = Code("ROSTER-OLD", "administrator", "")
ROSTER_SIGNERS = Code("ROSTER-SIGNERS", "administrator", "")
ROUND_TRIP = Code(
    "ROUND-TRIP",
    "administrator",
    "A certificate does not verify from its own printed code on the built site.",
    "Find out why before anything is published or sent.",
)
ROUND_TRIP_PAGE = Code(
    "ROUND-TRIP-PAGE",
    "administrator",
    "The built page in a browser does not say that a certificate is valid.",
    "Open the built page by hand: `certportal serve`.",
)
SCAN_DECODER = Code(
    "SCAN-DECODER",
    "administrator",
    "The QR codes could not be read back: the decoder is not installed.",
    "Install the extra certportal[roundtrip].",
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
SUSPEND_UNTIL = Code("SUSPEND-UNTIL", "administrator", "")
TEMPLATE_MISSING = Code(
    "TEMPLATE-MISSING",
    "administrator",
    "No template has this name.",
    "Name one of those in site_src/templates.",
)
WORKSPACE_MISSING = Code(
    "WORKSPACE-MISSING",
    "administrator",
    "The folder is no workspace: it has no portal.yaml.",
    "Go to the folder that has one, or make one with certportal init.",
)
