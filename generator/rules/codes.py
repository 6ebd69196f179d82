"""Every code of a problem that rules raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code
from generator.rules.controls.claims import programme
from generator.rules.controls.learners import match, twice

AFTER_STATE = Code("AFTER-STATE", "administrator", "")
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
DECISION_AGREE = Code("DECISION-AGREE", "administrator", "")
DECISION_APPEAL = Code("DECISION-APPEAL", "administrator", "")
DECISION_CASE = Code("DECISION-CASE", "administrator", "")
DECISION_FOUR_EYES = Code("DECISION-FOUR-EYES", "administrator", "")
DECISION_MISSING = Code("DECISION-MISSING", "administrator", "")
DECISION_OUTCOME = Code("DECISION-OUTCOME", "administrator", "")
DECISION_PARTY = Code("DECISION-PARTY", "administrator", "")
DECISION_REASON = Code("DECISION-REASON", "administrator", "")
DECISION_ROLE = Code("DECISION-ROLE", "administrator", "")
DECISION_SIGNATURE = Code("DECISION-SIGNATURE", "administrator", "")
POLICY_CONTROL = Code("POLICY-CONTROL", "administrator", "")
SEAL_TOKEN = Code("SEAL-TOKEN", "administrator", "")
STAFF_REVOKED = Code("STAFF-REVOKED", "administrator", "")

# Codes of controls that are raised elsewhere too.
CLAIM_PROGRAMME = programme.code
LEARNER_TWICE = twice.code
REGISTRATION_MATCH = match.code
