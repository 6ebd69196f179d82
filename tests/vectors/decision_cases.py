"""Vectors of the decision: a case and its commitment, a signed decision, and what must not decode."""

from __future__ import annotations

from typing import Any

from generator.crypto.ed25519 import SeedSigner
from generator.formats import decision, envelope, strict_json
from generator.model.case import Case, Decision
from tests import small_site as small

SIGNER = SeedSigner.of(small.seed("r.vaughan"), "person")
SALT = bytes(range(16))
CASE = Case(
    case_id="C-26-000001",
    kind="revocation",
    subjects=("NW-26-000001",),
    parties=("t.assad",),
    reasons="The work was another learner's.",
    opened_on="2026-11-20",
    opened_by="e.offer",
)
DECIDED: dict[str, Any] = {
    "v": 1,
    "issuer_id": small.ISSUER_ID,
    "case_id": CASE.case_id,
    "case_sha256": decision.commitment(SALT, decision.encode_case(CASE)),
    "outcome": "revoke",
    "reason_code": 1,
    "person": "r.vaughan",
    "role": "quality_nominee",
    "decided_on": "2026-11-22",
}


def decision_cases() -> dict[str, Any]:
    """`payload`s under `invalid` are signed and well-spelt, and are no decision all the same."""
    made = Decision.of(DECIDED)
    invalid = {
        "another version": {"v": 2},
        "no outcome": {"outcome": "acquit"},
        "an end without a suspension": {"until": "2026-12-31"},
        "a suspension without an end": {"outcome": "suspend"},
        "a reason code too large": {"reason_code": 256},
        "a case id of another form": {"case_id": "C-2026-1"},
        "a role that nobody has": {"role": "headteacher"},
        "an unknown field": {"because": "x"},
    }
    return {
        "case": {
            "salt": SALT.hex(),
            "case": decision.encode_case(CASE).hex(),
            "case_sha256": made.case_sha256,
        },
        "signed": {
            "public": SIGNER.public,
            "payload": strict_json.encode(made.plain()).hex(),
            "bytes": decision.sign(made, SIGNER).hex(),
        },
        "invalid": [{"why": why, "bytes": _signed({**DECIDED, **change})} for why, change in invalid.items()],
    }


def _signed(fields: dict[str, Any]) -> str:
    payload = strict_json.encode(fields)
    return envelope.encode(envelope.sign(envelope.DECISION, payload, [SIGNER])).hex()
