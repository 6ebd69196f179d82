"""The draw is made once by a rule nobody can steer; the trail says what does not hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.certifying import certificate_trail as trails
from generator.flow.certifying import sample_review
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER, tamper


def drawn(root: Path) -> tuple[int, list[str]]:
    with workshop.opened(root) as session:
        found = sample_review.review(session)
    return found.new, [item.held.claim_id for item in found.sample]


def test_a_draw_is_kept_and_only_new_claims_are_drawn_over(place: Path) -> None:
    first = drawn(place)
    assert (first[0], len(first[1])) == (2, 1)
    assert drawn(place) == (0, first[1])
    offices.put_records(place, offices.records(("L1", "L2", "L3")))
    offices.put_claims(place, offices.claims())
    assert not offices.take(place).problems
    new, sample = drawn(place)
    assert new == 1
    assert set(first[1]) < set(sample)
    assert len(sample) == 2


def test_who_assessed_or_is_unknown_checks_nothing(place: Path) -> None:
    sample = drawn(place)[1]
    with workshop.opened(place) as session:
        for claim_id, who, code in (
            (sample[0], "n.obody", "STAFF-UNKNOWN"),
            ("0" * 20, "s.marsh", "REVIEW-CLAIM"),
        ):
            with pytest.raises(Refused, match=code):
                sample_review.check(session, claim_id, who, "agrees", None)


@pytest.fixture(scope="module")
def issued(claimed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("issued") / "w"
    shutil.copytree(claimed, root)
    offices.sign_all(root)
    assert offices.issued(root, LATER).issued == 2
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", ""),
        ("UPDATE approvals SET envelope = CAST(envelope || x'20' AS BLOB)", "event chain never received"),
        ("DELETE FROM approvals WHERE role = 'quality_nominee'", "no longer in the register"),
        ("DELETE FROM records WHERE kind = 'results'", "are not those that the event chain names"),
        ("UPDATE records SET body = CAST(replace(CAST(body AS TEXT), '2026', '2025') AS BLOB)", "was edited"),
        ("UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE kind = 'certificate_issued'", "was altered"),
        ("UPDATE certificates SET pdf_sha256 = replace(pdf_sha256, 'a', 'b')", "the file that was issued"),
        (
            (
                "UPDATE certificates"
                " SET statement = CAST(replace(CAST(statement AS TEXT), 'Merit', 'Marit') AS BLOB)"
            ),
            "over something else than is printed",
        ),
    ],
)
def test_a_trail_marks_what_does_not_hold(issued: Path, tmp_path: Path, sql: str, said: str) -> None:
    root = tmp_path / "w"
    shutil.copytree(issued, root)
    if sql:
        tamper(root, sql)
    with workshop.opened(root, LATER) as session:
        bad = [line.text for line in trails.trail(session, "NW-26-000001") if line.good is False]
    assert any(said in text for text in bad) if said else not bad


@pytest.fixture(scope="module")
def automatic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five certificates, of which the last two rest on standing approvals."""
    root = workshop.approved(tmp_path_factory.mktemp("automatic") / "w")
    assert workshop.issue_all(root).issued == 5
    return root


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", ""),
        (
            "UPDATE approvals SET envelope = CAST(envelope || x'20' AS BLOB) WHERE claim_id IS NULL",
            "rests on approvals that are not those of the register",
        ),
        (
            "DELETE FROM approvals WHERE claim_id IS NULL AND role = 'programme_leader'",
            "rests on approvals that are not those of the register",
        ),
        (
            "UPDATE certificates SET approvals_sha256 = replace(approvals_sha256, 'a', 'b')",
            "rests on approvals that are not those of the register",
        ),
    ],
)
def test_a_trail_recomputes_what_rests_on_standing_approvals(
    automatic: Path, tmp_path: Path, sql: str, said: str
) -> None:
    root = tmp_path / "w"
    shutil.copytree(automatic, root)
    if sql:
        tamper(root, sql)
    with workshop.opened(root, LATER) as session:
        lines = trails.trail(session, "NW-26-000005")
    bad = [line.text for line in lines if line.good is False]
    assert any(said in text for text in bad) if said else not bad
    named = [line.text for line in lines if line.section == "standing approvals"]
    assert sum("covers 2026-11-22" in text for text in named) == (0 if said else 2)
