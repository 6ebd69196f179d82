"""Every code of a problem that certifying raises, or that is raised above it too (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

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
ISSUE_RECIPE = Code(
    "ISSUE-RECIPE",
    "administrator",
    "A template changed while certificates printed with it were being issued.",
    "Put the earlier template back and run `certportal issue` again.",
)
ORGANISATION_NAME = Code(
    "ORGANISATION-NAME",
    "administrator",
    "portal.yaml and the key manifest name two organisations.",
    "Correct portal.yaml, or run `certportal keys renew` after a change of name.",
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
