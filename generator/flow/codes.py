"""Every code of a problem that flow raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

ACCESS_UNKNOWN = Code(
    "ACCESS-UNKNOWN",
    "administrator",
    "Nothing is held of a learner of this centre and reference.",
    "Correct centre and reference.",
)
AFTER_CHANGED = Code(
    "AFTER-CHANGED",
    "administrator",
    "What was shown changed before it was confirmed, so nothing was done.",
    "Run the command again and read what it shows.",
)
AFTER_PENDING = Code(
    "AFTER-PENDING",
    "administrator",
    "An earlier step on the same certificate is not finished.",
    "Finish it first: `certportal publish`, or `certportal issue`.",
)
AFTER_ROLE = Code(
    "AFTER-ROLE",
    "responsible_officer",
    "The person holds none of the roles that may do this.",
    "Have somebody in one of the roles do it.",
)
APPROVAL_CHAIN = Code(
    "APPROVAL-CHAIN",
    "administrator",
    "The approvals in the register are not those that its event log tells of.",
    "Restore the register from the backup, and report it.",
)
APPROVAL_CLAIM = Code(
    "APPROVAL-CLAIM",
    "lead_internal_verifier",
    "The approval is of a claim that is not in this register.",
    "Approve with an approval file of this workspace.",
)
APPROVAL_LATE = Code(
    "APPROVAL-LATE",
    "lead_internal_verifier",
    "The claim was certified before this decision on it arrived.",
    "Nothing is left to decide; a certificate can be suspended or revoked.",
)
APPROVAL_ORDER = Code(
    "APPROVAL-ORDER",
    "lead_internal_verifier",
    "The person decided otherwise later than this approval was made.",
    "Have the person decide again on a new approval file.",
)
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
CASE_ALTERED = Code(
    "CASE-ALTERED",
    "administrator",
    "The register says of a closed case what was not signed.",
    "Restore the register from the backup and report it.",
)
CASE_APPEAL = Code(
    "CASE-APPEAL",
    "responsible_officer",
    "The case does not appeal the decision that it would change.",
    "Open an appeal of the case that is named.",
)
CASE_CLOSED = Code(
    "CASE-CLOSED",
    "responsible_officer",
    "The case is closed already.",
    "Open another if there is something new.",
)
CASE_FIELD = Code(
    "CASE-FIELD",
    "administrator",
    "A field of the case does not hold what it must.",
    "Correct it and run the command again.",
)
CASE_OPEN = Code(
    "CASE-OPEN",
    "responsible_officer",
    "The case is not decided yet.",
    "Decide it first with `certportal case decide`.",
)
CASE_OUTCOME = Code(
    "CASE-OUTCOME",
    "responsible_officer",
    "The case was decided otherwise than this step needs.",
    "Do what was decided, or open another case.",
)
CASE_SUBJECT = Code(
    "CASE-SUBJECT",
    "responsible_officer",
    "The case is about another certificate.",
    "Name the right case.",
)
CASE_UNKNOWN = Code(
    "CASE-UNKNOWN",
    "administrator",
    "No case has this number.",
    "Copy it from `certportal case list`.",
)
CASE_USED = Code(
    "CASE-USED",
    "responsible_officer",
    "The decision of the case was carried out already.",
    "A new decision needs a case of its own.",
)
CATALOGUE_TWICE = Code(
    "CATALOGUE-TWICE",
    "programme_leader",
    "Two files of the catalogue are of one programme and version.",
    "Remove one of them.",
)
CENTRE_TWICE = Code(
    "CENTRE-TWICE",
    "quality_nominee",
    "Two files are of one centre.",
    "Remove one of them.",
)
CENTRE_UNKNOWN = Code(
    "CENTRE-UNKNOWN",
    "quality_nominee",
    "No centre has this number.",
    "Correct the number, or add the centre to certificates/centres/.",
)
CERTIFICATE_UNKNOWN = Code(
    "CERTIFICATE-UNKNOWN",
    "administrator",
    "No certificate has this number.",
    "Correct the certificate number.",
)
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
CLAIM_UNKNOWN = Code(
    "CLAIM-UNKNOWN",
    "exams_officer",
    "No claim has this id.",
    "Copy the id from the list of claims.",
)
DECISION_FIELD = Code(
    "DECISION-FIELD",
    "administrator",
    "A field of the decision does not hold what it must.",
    "Correct it and run the command again.",
)
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
FILE_CHANGED = Code(
    "FILE-CHANGED",
    "administrator",
    "The kept PDF is not the file that was issued.",
    "Restore it, or make it again: `certportal pdf SERIAL`.",
)
FRESHNESS = Code(
    "FRESHNESS",
    "administrator",
    "The published status goes stale, or is stale: it was not renewed in time.",
    "Run `certportal nightly` by hand and read what stops it.",
)
HOLD = Code(
    "HOLD",
    "exams_officer",
    "A hold withholds the certificate.",
    "Settle what the hold is for, then `certportal hold release`.",
)
HOLD_LATE = Code(
    "HOLD-LATE",
    "exams_officer",
    "A hold comes too late: the claim is certified, or the certificate is published.",
    "Hold the certificate, or suspend it.",
)
HOLD_PERMISSION = Code(
    "HOLD-PERMISSION",
    "exams_officer",
    "A hold for fees lacks the permission of the organisation that awards.",
    "Ask for it, then give its reference and day.",
)
HOLD_UNKNOWN = Code(
    "HOLD-UNKNOWN",
    "exams_officer",
    "No hold has this number.",
    "Copy it from `certportal hold list`.",
)
HOLD_UNTIL = Code(
    "HOLD-UNTIL",
    "exams_officer",
    "The day on which a hold is looked at again is not after today.",
    "Name a later day.",
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
INIT_FOLDER = Code(
    "INIT-FOLDER",
    "administrator",
    "The folder for a new workspace is there and not empty.",
    "Name a new or empty folder.",
)
ISSUE_RECIPE = Code(
    "ISSUE-RECIPE",
    "administrator",
    "A template changed while certificates printed with it were being issued.",
    "Put the earlier template back and run `certportal issue` again.",
)
KEYS_CERTIFICATE = Code(
    "KEYS-CERTIFICATE",
    "administrator",
    "No key that signs certificates is valid today.",
    "Add a certificate key with the root key at hand.",
)
KEYS_ENDING = Code(
    "KEYS-ENDING",
    "administrator",
    "The last online key or the key manifest will soon run out.",
    "Run certportal keys renew, with the root key at hand.",
)
KEYS_EXIST = Code(
    "KEYS-EXIST",
    "administrator",
    "The workspace has its keys; others would make it another issuer.",
    "Keep them; `certportal keys renew` extends them.",
)
KEYS_ONLINE = Code(
    "KEYS-ONLINE",
    "administrator",
    "No key that signs the published status is valid.",
    "Run `certportal keys renew`, with the root key at hand.",
)
KEYS_WEAK = Code(
    "KEYS-WEAK",
    "administrator",
    "The passphrase is too short or is that of the sample.",
    "Choose at least twelve characters that nobody knows.",
)
LINK_REASON = Code(
    "LINK-REASON",
    "administrator",
    "Looking at which certificate follows which needs a reason.",
    "Say why with --because.",
)
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
MAIL_ADDRESS = Code(
    "MAIL-ADDRESS",
    "exams_officer",
    "Letters to learners have no address to go to.",
    "Add `email` to the records of the learners.",
)
MAIL_BOUNCE_FILE = Code(
    "MAIL-BOUNCE-FILE",
    "administrator",
    "A returned mail in the folder cannot be read.",
    "Save it again as .eml, whole, or remove it from the folder.",
)
MAIL_CENTRE = Code(
    "MAIL-CENTRE",
    "quality_nominee",
    "The centre has no address to which letters could go.",
    "Add `contact` to the file of the centre.",
)
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
MAIL_KEY = Code(
    "MAIL-KEY",
    "administrator",
    "No message that waits for a decision has this key.",
    "Copy the key from the morning report.",
)
MAIL_PDF = Code(
    "MAIL-PDF",
    "administrator",
    "The PDF that a letter brings is not the file that was issued.",
    "Restore it, or make it again: `certportal pdf SERIAL`.",
)
MAIL_SERVER = Code(
    "MAIL-SERVER",
    "administrator",
    "The mail server cannot be used; the messages wait.",
    "Check delivery.smtp and its passphrase.",
)
NAME_SWAPPED = Code(
    "NAME-SWAPPED",
    "sender",
    "First and last names stand in each other's columns.",
    "Swap the two cells, or the headings where the whole column is so.",
)
ORGANISATION_NAME = Code(
    "ORGANISATION-NAME",
    "administrator",
    "portal.yaml and the key manifest name two organisations.",
    "Correct portal.yaml, or run `certportal keys renew` after a change of name.",
)
POLICY_RULE_SET = Code(
    "POLICY-RULE-SET",
    "administrator",
    "portal.yaml names a rule set that there is not.",
    "Name one of those that are listed.",
)
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
REISSUE_SAME = Code(
    "REISSUE-SAME",
    "exams_officer",
    "A certificate to be reissued is right already: nothing on it would change.",
    "Leave it out.",
)
REPLACE_CONSENT = Code(
    "REPLACE-CONSENT",
    "exams_officer",
    "After a change of name the old number never leads to the new one.",
    "Leave out --consent.",
)
REPLACE_DATE = Code(
    "REPLACE-DATE",
    "exams_officer",
    "A replacement would change the date of achievement, which it keeps.",
    "A wrong date is corrected by `certportal reissue open`.",
)
REPLACE_NAME = Code(
    "REPLACE-NAME",
    "exams_officer",
    "Name and reason of a replacement do not fit each other.",
    "Give the reason as it is, and the new name only where it changed.",
)
REPLACE_TWICE = Code(
    "REPLACE-TWICE",
    "exams_officer",
    "A replacement of the certificate is asked for already.",
    "Approve it, or withdraw it with `certportal replace withdraw`.",
)
REPLACE_UNKNOWN = Code(
    "REPLACE-UNKNOWN",
    "exams_officer",
    "No request for a replacement waits under this id.",
    "`certportal replace list` shows those that wait.",
)
REPRINT_DIFFERS = Code(
    "REPRINT-DIFFERS",
    "administrator",
    "A certificate made again comes out with other bytes than were issued.",
    "Use the kept file or a backup, and report it.",
)
REPRINT_RECIPE = Code(
    "REPRINT-RECIPE",
    "administrator",
    "Template, fonts or program are not those of the day of issue.",
    "Put them back, or use the kept file.",
)
REPRINT_SEAL = Code(
    "REPRINT-SEAL",
    "administrator",
    "The seal is such that no second file can be the same.",
    "Use the kept file, or the backup.",
)
RESEND_ADDRESS = Code(
    "RESEND-ADDRESS",
    "exams_officer",
    "The certificate has no address to which it could be sent.",
    "Give the learner's address with the claims, then resend.",
)
REVIEW_CLAIM = Code(
    "REVIEW-CLAIM",
    "lead_internal_verifier",
    "The claim is not in the sample that is to be reviewed.",
    "`certportal review` lists the sample.",
)
REVIEW_PARTY = Code(
    "REVIEW-PARTY",
    "lead_internal_verifier",
    "Whoever reviews the claim assessed or verified this learner.",
    "Another person checks this claim.",
)
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
ROSTER_OLD = Code(
    "ROSTER-OLD",
    "administrator",
    "The roster is older than one that was in use here.",
    "Restore the newer roster from the backup.",
)
ROSTER_SIGNERS = Code(
    "ROSTER-SIGNERS",
    "administrator",
    "A change of the roster is not signed by those who may sign it.",
    "Have two people sign who hold office and are not the person, or use the root key.",
)
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
SUSPEND_UNTIL = Code(
    "SUSPEND-UNTIL",
    "responsible_officer",
    "The day on which a suspension is looked at again is not after today.",
    "Name a later day.",
)
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
