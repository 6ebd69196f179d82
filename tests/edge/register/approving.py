"""Approvals as the register takes them; whether they are genuine is not its business."""

from __future__ import annotations

from typing import Any

from generator.formats.approval import Approval, StandingApproval

_SAME = {"person": "q.nom", "role": "quality_nominee", "issuer_id": "1" * 64}


def approval(claim_id: str, decision: str = "approve", **more: Any) -> Approval:
    """One person's decision on a claim."""
    digests = ("statement_sha256", "evidence_sha256", "catalogue_sha256", "template_sha256")
    fields = {**_SAME, **dict.fromkeys(digests, "0" * 64), "salt": "0" * 32}
    return Approval.of({**fields, "claim_id": claim_id, "decision": decision, **more})


def standing(programme: str = "KNIFE", decision: str = "approve", **more: Any) -> StandingApproval:
    """One person's approval of a course's automatic issue."""
    fields = {**_SAME, "programme": programme, "programme_version": "1", "kind": "course"}
    fields |= {"catalogue_sha256": "0" * 64, "template_sha256": "0" * 64}
    days = {"start": "2026-11-22", "until": "2027-11-22"}
    return StandingApproval.of({**fields, **days, "decision": decision, **more})
