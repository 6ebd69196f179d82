"""Random edits between approval and issue: whatever is issued was approved, as printed, by two who may."""

from __future__ import annotations

import contextlib
import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import Malformed, Refused
from generator.formats import statement
from generator.formats.approval import Approval
from generator.formats.statement import draft_bytes
from generator.model.quality_records import Interest
from generator.rules.received_approvals import ReceivedApproval, opened_approvals
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER, staff, tamper
from tests.rules.controls import case

pytestmark = pytest.mark.slow
Edit = Callable[[Path, random.Random], None]
_BODY = "UPDATE claims SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)"


def _file(path: str, before: str, after: str) -> Edit:
    def edit(root: Path, _: random.Random) -> None:
        target = root / path
        target.write_text(target.read_text("utf-8").replace(before, after), "utf-8")

    return edit


def _sql(sql: str, *values: object) -> Edit:
    def edit(root: Path, _: random.Random) -> None:
        tamper(root, sql, *values)

    return edit


def _decide(decision: str) -> Edit:
    def edit(root: Path, randomness: random.Random) -> None:
        offices.sign(root, *randomness.choice(offices.APPROVERS), decision=decision, note="because")

    return edit


def _take(*records: object) -> Edit:
    def edit(root: Path, _: random.Random) -> None:
        offices.put_records(root, list(records))  # type: ignore[arg-type]  # records of several kinds
        offices.take(root)

    return edit


def _staff(change: str, *arguments: object) -> Edit:
    return lambda root, _: staff(root, change, *arguments, at=workshop.NOW)


def _again(root: Path, _: random.Random) -> None:
    offices.sign_all(root)


OWN = Interest.of(
    {
        "centre": "C1",
        "person": "m.castell",
        "learner_ref": "L1",
        "interest": "self",
        "declared_on": "2026-01-01",
    }
)
EDITS: dict[str, Edit] = {
    "a name in the claim": _sql(_BODY, "Zo\u00eb", "Zoe"),
    "a grade in the claim": _sql(_BODY, '"grade":"M"', '"grade":"D"'),
    "a date in the claim": _sql(_BODY, "2026-06-26", "2026-06-25"),
    "the claims' salts": _sql("UPDATE claims SET salt = '00000000000000000000000000000000'"),
    "the catalogue's title": _file("certificates/catalogue/Q1.yaml", "Baking", "Bakery"),
    "the catalogue's scale": _file("certificates/catalogue/Q1.yaml", "Merit", "Merits"),
    "the centre's name": _file("certificates/centres/C1.yaml", "Northfield College", "Southfield College"),
    "the template": _file("site_src/templates/completion/template.yaml", "schema: 1", "schema: 1 # edited"),
    "the policy's roles": _file("portal.yaml", '"controls"', '"approvals": ["exams_officer"], "controls"'),
    "approvals swapped": _sql("UPDATE approvals SET claim_id = (SELECT max(claim_id) FROM claims)"),
    "withdrawals removed": _sql("DELETE FROM approvals WHERE decision != 'approve'"),
    "withdrawals called approvals": _sql("UPDATE approvals SET decision = 'approve'"),
    "an approval removed": _sql("DELETE FROM approvals WHERE id = (SELECT min(id) FROM approvals)"),
    "an earlier receipt": _sql("UPDATE approvals SET received_at = '2026-11-01T00:00:00Z'"),
    "events removed": _sql("DELETE FROM event_details WHERE seq = (SELECT max(seq) FROM events)"),
    "another draft": _sql("UPDATE approvals SET draft = (SELECT max(draft) FROM approvals)"),
    "a withdrawal": _decide("withdraw"),
    "a refusal": _decide("refuse"),
    "a query": _decide("query"),
    "approval again": _again,
    "a revoked key": _staff("revoke_staff", "m.castell"),
    "a role that ended": _staff("end_role", "h.adeyemi", "lead_internal_verifier", "2026-11-22", None),
    "an interest": _take(OWN),
    "another result": _take(case.result("U3", "M", source="moderated")),
    "a record in the register": _sql(
        "UPDATE records SET body = CAST(body || x'20' AS BLOB) WHERE kind = 'results'"
    ),
}


@pytest.fixture(scope="module")
def approved(claimed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("approved") / "w"
    shutil.copytree(claimed, root)
    offices.sign_all(root)
    return root


def check(root: Path) -> int:
    """Hold every certificate against the approvals as they were signed; how many there are."""
    with workshop.opened(root, LATER) as session:
        roster = session.workspace.keystore.roster()
        made = session.register.rows("SELECT statement, claim_id, serial FROM certificates")
        for data, claim_id, serial in made:
            draft = draft_bytes(statement.decode(data).draft())
            last: dict[tuple[str, str], Approval] = {}
            listed = session.register.rows(
                "SELECT envelope FROM approvals WHERE claim_id = ? ORDER BY id", claim_id
            )
            for (envelope,) in listed:
                with contextlib.suppress(Malformed):
                    opened, key = opened_approvals(ReceivedApproval(workshop.NOW, envelope), roster)
                    assert isinstance(opened, Approval)
                    if key.until is None:
                        last[(opened.person, opened.role)] = opened
            good = {
                opened.role: opened.person
                for opened in last.values()
                if opened.decision == "approve"
                and opened.claim_id == claim_id
                and hashlib.sha256(bytes.fromhex(opened.salt) + draft).hexdigest() == opened.statement_sha256
            }
            assert set(good) >= {"lead_internal_verifier", "quality_nominee"}, serial
            assert len(set(good.values())) == len(good), serial
            refusals = [one for one in last.values() if one.decision in ("refuse", "query")]
            assert not refusals, serial
        return len(made)


@pytest.mark.parametrize("name", EDITS)
def test_one_edit(approved: Path, tmp_path: Path, name: str) -> None:
    assert run(approved, tmp_path / "w", [name], random.Random(name)) <= 2


@pytest.mark.parametrize("seed", range(12))
def test_several_edits(approved: Path, tmp_path: Path, seed: int) -> None:
    randomness = random.Random(seed)
    run(approved, tmp_path / "w", randomness.sample(sorted(EDITS), randomness.randint(2, 5)), randomness)


def test_without_an_edit_everything_is_issued(approved: Path, tmp_path: Path) -> None:
    assert run(approved, tmp_path / "w", [], random.Random(0)) == 2


def run(approved: Path, root: Path, names: list[str], randomness: random.Random) -> int:
    shutil.copytree(approved, root)
    for name in names:
        with contextlib.suppress(Refused):
            EDITS[name](root, randomness)
    with contextlib.suppress(Refused):
        offices.issued(root, LATER)
    try:
        return check(root)
    except Refused:
        return 0  # a workspace that cannot be opened has issued nothing
