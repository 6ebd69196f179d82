"""What cannot be printed is found before anybody signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.flow.certifying import approval_files, approvals
from tests import workshop
from tests.workshop import APPROVERS, claim, claims_file


@pytest.mark.slow
def test_what_no_face_can_print_is_said_before_anybody_signs(tmp_path: Path) -> None:
    root = workshop.small(tmp_path / "w", claims=2)
    claims = claims_file([claim(1, learner_name='"Zoë \U0001f9c1 Ó Briain"'), claim(2)])
    (root / "certificates" / "claims" / "claims.yaml").write_text(claims, "utf-8")
    workshop.prepare(root)
    with workshop.opened(root) as session:
        waiting = list(Claims(session.register).uncertified())
        signed, problems = approvals.sign_claims(session, "h.adeyemi", "lead_internal_verifier", waiting)
        asked, left_out = approval_files.make(session, waiting)
        refused, _ = approvals.sign_claims(session, *APPROVERS[0], waiting, "refuse")
    assert len(signed) == len(asked.claims) == 1
    assert len(refused) == 2
    assert [one.code for one in problems] == [one.code for one in left_out] == ["PRINT-GLYPH"]
