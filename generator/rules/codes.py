"""Every code of a problem that rules raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

AFTER_STATE = Code("AFTER-STATE", "administrator", "")
APPROVAL_DECISION = Code("APPROVAL-DECISION", "lead_internal_verifier", "")
APPROVAL_FOUR_EYES = Code("APPROVAL-FOUR-EYES", "lead_internal_verifier", "")
APPROVAL_MISSING = Code("APPROVAL-MISSING", "lead_internal_verifier", "")
CLAIM_PROGRAMME = Code("CLAIM-PROGRAMME", "programme_leader", "")
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
LEARNER_TWICE = Code("LEARNER-TWICE", "exams_officer", "")
POLICY_CONTROL = Code("POLICY-CONTROL", "administrator", "")
REGISTRATION_MATCH = Code("REGISTRATION-MATCH", "registrar", "")
SEAL_TOKEN = Code("SEAL-TOKEN", "administrator", "")
SHEET_YEAR = Code("SHEET-YEAR", "exams_officer", "")
STAFF_REVOKED = Code("STAFF-REVOKED", "administrator", "")
