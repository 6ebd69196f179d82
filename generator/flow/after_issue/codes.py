"""Every code of a problem that after_issue raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

ACCESS_UNKNOWN = Code(
    "ACCESS-UNKNOWN",
    "administrator",
    "Nothing is held of a learner of this centre and reference.",
    "Correct centre and reference.",
)
AFTER_PENDING = Code(
    "AFTER-PENDING",
    "administrator",
    "An earlier step on the same certificate is not finished.",
    "Finish it first: `certportal publish`, or `certportal issue`.",
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
CENTRE_UNKNOWN = Code(
    "CENTRE-UNKNOWN",
    "quality_nominee",
    "No centre has this number.",
    "Correct the number, or add the centre to certificates/centres/.",
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
FILE_CHANGED = Code(
    "FILE-CHANGED",
    "administrator",
    "The kept PDF is not the file that was issued.",
    "Restore it, or make it again: `certportal pdf SERIAL`.",
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
LINK_REASON = Code(
    "LINK-REASON",
    "administrator",
    "Looking at which certificate follows which needs a reason.",
    "Say why with --because.",
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
    "Name the claim that `certportal replace request` gave.",
)
RESEND_ADDRESS = Code(
    "RESEND-ADDRESS",
    "exams_officer",
    "The certificate has no address to which it could be sent.",
    "Give the learner's address with the claims, then resend.",
)
SUSPEND_UNTIL = Code(
    "SUSPEND-UNTIL",
    "responsible_officer",
    "The day on which a suspension is looked at again is not after today.",
    "Name a later day.",
)
