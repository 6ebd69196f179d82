"""Every code of a problem that shared raises, or more than one package above it (docs/codes.md)."""

from __future__ import annotations

from generator.errors import Code

AFTER_CHANGED = Code(
    "AFTER-CHANGED",
    "administrator",
    "What was shown changed before it was confirmed, so nothing was done.",
    "Run the command again and read what it shows.",
)
AFTER_ROLE = Code(
    "AFTER-ROLE",
    "responsible_officer",
    "The person holds none of the roles that may do this.",
    "Have somebody in one of the roles do it.",
)
CASE_ALTERED = Code(
    "CASE-ALTERED",
    "administrator",
    "The register says of a closed case what was not signed.",
    "Restore the register from the backup and report it.",
)
CASE_OPEN = Code(
    "CASE-OPEN",
    "responsible_officer",
    "The case is not decided yet.",
    "Decide it first with `certportal case decide`.",
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
PLACE_SHARED = Code(
    "PLACE-SHARED",
    "administrator",
    "The workspace is a copy, was handed over, or lies where more than one machine can write to it.",
    "Work where it belongs; certportal move and certportal restore bring it elsewhere.",
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
RECORD_CENTRE = Code(
    "RECORD-CENTRE",
    "exams_officer",
    "The record is of a centre that is not known here.",
    "Correct the centre, or add it to certificates/centres/.",
)
REGISTER_BEHIND = Code(
    "REGISTER-BEHIND",
    "administrator",
    "The site was made by a newer or another register than this one.",
    "Restore the newest register; certportal recover if it is lost for good.",
)
ROSTER_OLD = Code(
    "ROSTER-OLD",
    "administrator",
    "The roster is older than one that was in use here.",
    "Restore the newer roster from the backup.",
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
