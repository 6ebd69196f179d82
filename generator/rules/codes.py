"""Every code of a problem that rules raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code
from generator.rules.controls.claims import programme
from generator.rules.controls.learners import match, twice
from generator.rules.controls.registration import known_registration

AFTER_STATE = Code(
    "AFTER-STATE",
    "responsible_officer",
    "The certificate is in a state from which this step does not lead.",
    "Look at its state with `certportal trail`.",
)
APPROVAL_CHANGED = Code(
    "APPROVAL-CHANGED",
    "lead_internal_verifier",
    "What would be printed now is not what was approved.",
    "Undo the change, or approve again.",
)
APPROVAL_DECISION = Code(
    "APPROVAL-DECISION",
    "lead_internal_verifier",
    "Somebody refused the claim or asked a question about it.",
    "Settle it with them; they approve, or withdraw their decision.",
)
APPROVAL_FOUR_EYES = Code(
    "APPROVAL-FOUR-EYES",
    "lead_internal_verifier",
    "The same person approved in two roles; different people must.",
    "Have another person approve in one of the roles.",
)
APPROVAL_KEY = Code(
    "APPROVAL-KEY",
    "lead_internal_verifier",
    "The key with which an approval was signed has been revoked.",
    "Approve again with the new key.",
)
APPROVAL_MISSING = Code(
    "APPROVAL-MISSING",
    "lead_internal_verifier",
    "A role that the policy names has not approved the claim yet.",
    "Run `certportal approve`.",
)
APPROVAL_ROLE = Code(
    "APPROVAL-ROLE",
    "quality_nominee",
    "The person does not hold the role in which they approve, or did not when it was received.",
    "Have somebody in that role approve, or correct the roster.",
)
APPROVAL_SIGNATURE = Code(
    "APPROVAL-SIGNATURE",
    "lead_internal_verifier",
    "An approval is not genuine: its signature does not fit the roster or what was signed.",
    "Approve again.",
)
APPROVAL_STANDING = Code(
    "APPROVAL-STANDING",
    "programme_leader",
    "A standing approval is missing, has ended, or does not fit the course.",
    "Renew the standing approval, or approve the claims one by one.",
)
CLAIM_RENEWS = Code(
    "CLAIM-RENEWS",
    "exams_officer",
    "The claim renews what is no earlier certificate of this learner and programme.",
    "`certportal renew SERIAL` makes the claim of a renewal.",
)
DECISION_AGREE = Code(
    "DECISION-AGREE",
    "responsible_officer",
    "Two people decided the case differently.",
    "Settle it, and let one of them decide again.",
)
DECISION_APPEAL = Code(
    "DECISION-APPEAL",
    "responsible_officer",
    "Whoever decided a case may not decide the appeal against it.",
    "Somebody else must decide the appeal.",
)
DECISION_CASE = Code(
    "DECISION-CASE",
    "responsible_officer",
    "The decision was made on the case as it was, and the case has changed since.",
    "Decide on the case as it is.",
)
DECISION_FOUR_EYES = Code(
    "DECISION-FOUR-EYES",
    "responsible_officer",
    "One person decided in two roles; two people must.",
    "Another person must decide in one of the roles.",
)
DECISION_MISSING = Code(
    "DECISION-MISSING",
    "responsible_officer",
    "A role that must decide the case has not decided yet.",
    "Have that person run `certportal case decide`.",
)
DECISION_OUTCOME = Code(
    "DECISION-OUTCOME",
    "responsible_officer",
    "The outcome cannot come of a case of this kind.",
    "Choose one of the outcomes that are named.",
)
DECISION_PARTY = Code(
    "DECISION-PARTY",
    "responsible_officer",
    "Whoever decides is a party to the case.",
    "Somebody who is no party must decide.",
)
DECISION_REASON = Code(
    "DECISION-REASON",
    "responsible_officer",
    "The reason does not belong to the outcome.",
    "Choose one of the reasons that are named.",
)
DECISION_ROLE = Code(
    "DECISION-ROLE",
    "responsible_officer",
    "The policy does not let this role decide the case, or the person does not hold it.",
    "Decide in one of the roles that are named.",
)
DECISION_SIGNATURE = Code(
    "DECISION-SIGNATURE",
    "responsible_officer",
    "A decision is not genuine: its signature does not fit the roster or the case.",
    "Decide again.",
)
HANDOVER_ARRIVED = Code(
    "HANDOVER-ARRIVED",
    "exams_officer",
    "An event of a paper certificate comes before its arrival, or it arrives a second time.",
    "Record its arrival first, or remove the row.",
)
HANDOVER_DATES = Code(
    "HANDOVER-DATES",
    "exams_officer",
    "An event of a paper certificate is dated before the event that went before it.",
    "Correct the day.",
)
HANDOVER_EARLY = Code(
    "HANDOVER-EARLY",
    "exams_officer",
    "A paper certificate was destroyed before it had lain in the office as long as it must.",
    "Keep it until then, or send it back.",
)
HANDOVER_ENDED = Code(
    "HANDOVER-ENDED",
    "exams_officer",
    "The paper certificate was sent back or destroyed, so that nothing happens to it any more.",
    "Correct the certificate number.",
)
HANDOVER_OUT = Code(
    "HANDOVER-OUT",
    "exams_officer",
    "A paper certificate is said to have returned, but it never left the office.",
    "Record first how it left.",
)
HANDOVER_TWICE = Code(
    "HANDOVER-TWICE",
    "exams_officer",
    "A paper certificate that was handed out or posted did not return before this event.",
    "Record its return first, or correct the number.",
)
HANDOVER_UNCHECKED = Code(
    "HANDOVER-UNCHECKED",
    "exams_officer",
    "A paper certificate leaves the office, but nobody compared it with the claim.",
    "Compare the paper with the claim, and record `checked`.",
)
HANDOVER_UNKNOWN = Code(
    "HANDOVER-UNKNOWN",
    "exams_officer",
    "No paper certificate of this number was received or issued for the learner.",
    "Correct number or reference, or import the despatch list first.",
)
HANDOVER_WITHHELD = Code(
    "HANDOVER-WITHHELD",
    "exams_officer",
    "A paper certificate leaves the office although something open withholds it.",
    "Settle what is open, and record `anomaly_closed`.",
)
POLICY_CONTROL = Code(
    "POLICY-CONTROL",
    "administrator",
    "The policy in portal.yaml sets what a control does not have, or switches off what must stay on.",
    "Correct the line of portal.yaml that is named.",
)
SEAL_TOKEN = Code(
    "SEAL-TOKEN",
    "administrator",
    "The token that holds the key of the seal cannot be used.",
    "Check module, label, key and PIN of the token.",
)
STAFF_CENTRE = Code(
    "STAFF-CENTRE",
    "administrator",
    "A role on the list is for a centre that is not known.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_DATES = Code(
    "STAFF-DATES",
    "administrator",
    "A role on the list ends before it begins.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_DEPUTY = Code(
    "STAFF-DEPUTY",
    "administrator",
    "The person deputised for does not hold the role in that time.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_PROGRAMME = Code(
    "STAFF-PROGRAMME",
    "administrator",
    "A role on the list is for a programme that is not in the catalogue.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_REVOKED = Code(
    "STAFF-REVOKED",
    "administrator",
    "Every key of the person was revoked, so a further role could not be used.",
    "Give the person a new handle, which gets a key of its own.",
)
STAFF_ROLE = Code(
    "STAFF-ROLE",
    "administrator",
    "A role is none that approvals know, or one of its fields does not hold what it must.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_SELF = Code(
    "STAFF-SELF",
    "administrator",
    "A person is said to stand for themselves.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_TWICE = Code(
    "STAFF-TWICE",
    "administrator",
    "Two rows of a list say the same role, or one person has two names.",
    "Correct the row; `certportal staff list` shows the roster.",
)
STAFF_UNKNOWN = Code(
    "STAFF-UNKNOWN",
    "administrator",
    "Somebody who is named is not on the roster.",
    "Correct the row; `certportal staff list` shows the roster.",
)

# Codes of controls that are raised elsewhere too.
CLAIM_PROGRAMME = programme.code
LEARNER_TWICE = twice.code
REGISTRATION_KNOWN = known_registration.code
REGISTRATION_MATCH = match.code
