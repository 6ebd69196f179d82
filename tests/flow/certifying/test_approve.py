"""Nothing is certified that was not approved, over everything that will be printed, by people in office."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.errors import Problem, Refused
from generator.flow.certifying import approvals
from generator.flow.office import keys
from generator.model.people import RoleHeld
from tests import workshop
from tests.workshop import APPROVERS, claim, claims_file

LIV, QN = "lead_internal_verifier", "quality_nominee"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Five claims: three approved twice, two under a standing approval; nothing issued."""
    return workshop.approved(tmp_path)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def claim_files(root: Path, claims: Iterable[str], at: str = workshop.NOW) -> None:
    (root / "certificates/claims/claims.yaml").write_text(claims_file(claims), "utf-8")
    with workshop.opened(root, at) as session:
        workshop.import_all(session)


def held(root: Path, at: str = workshop.NOW) -> tuple[int, list[Problem]]:
    """How many were issued, and why the others are held."""
    done = workshop.issue_all(root, at)
    assert done.held == len({str(problem.place) for problem in done.problems})
    return done.issued, list(done.problems)


def sign(root: Path, handle: str, role: str, decision: str = "approve", at: str = workshop.NOW) -> int:
    with workshop.opened(root, at) as session:
        waiting = [item for item in Claims(session.register).uncertified() if item.claim.kind != "course"]
        note = None if decision == "approve" else "because"
        signed, _ = approvals.sign_claims(session, handle, role, waiting, decision, note)  # type: ignore[arg-type]  # the tests' own words
        return approvals.receive(session, signed).received


@pytest.mark.slow
def test_what_is_approved_is_issued(place: Path) -> None:
    assert held(place) == (5, [])


def test_nothing_is_issued_without_approvals(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path)
    before = workshop.state(root)
    issued, problems = held(root)
    assert (issued, len({problem.place for problem in problems})) == (0, 5)
    assert {problem.code for problem in problems} == {"APPROVAL-MISSING"}
    assert [one.what for one in problems[:2]] == [
        "waits for lead internal verifier",
        "waits for quality nominee",
    ]
    assert workshop.state(root) == before


def test_one_role_is_not_enough(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path)
    sign(root, "h.adeyemi", LIV)
    issued, problems = held(root)
    assert issued == 0
    assert problems[0].what == "waits for quality nominee"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"learner_name": "Zoe O Briain"}, "learner.name: `Zoë Ó Briain` -> `Zoe O Briain`"),
        ({"grade": "D"}, "grade: `Merit` -> `Distinction`"),
        ({"completed_on": "2026-06-27"}, "completed_on: `2026-06-26` -> `2026-06-27`"),
    ],
)
def test_a_claim_edited_after_approval_is_held_with_the_field(
    place: Path, change: dict[str, object], said: str
) -> None:
    claim_files(place, (claim(rank, **(change if rank == 1 else {})) for rank in range(1, 6)))
    issued, problems = held(place)
    assert issued == 4
    assert {problem.code for problem in problems} == {"APPROVAL-CHANGED"}
    # One line for each of the two approvals: each signer is told.
    assert [problem.what for problem in problems] == [
        f"since {person} approved: {said}" for person, _ in APPROVERS
    ]


@pytest.mark.slow
def test_a_grade_of_one_unit_edited_after_approval_is_named(place: Path) -> None:
    path = place / "certificates/claims/claims.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("{unit: B1, grade: P", "{unit: B1, grade: D", 1), "utf-8")
    workshop.prepare(place)
    _, problems = held(place)
    assert "units.1.grade: `Pass` -> `Distinction`" in problems[0].what


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "title: Certificate in Baking",
            "title: Certificate in Cakes",
            "programme.title: `Certificate in Baking`",
        ),
        ("level: Level 2", "level: Level 3", "programme.level: `Level 2` -> `Level 3`"),
        (
            "M: Merit, D: Distinction}\noverall",
            "M: Merit, X: Excellent}\noverall",
            "the catalogue entry L2BAKE",
        ),
        (
            "{code: B2, title: Pastry}",
            "{code: B2, title: Patisserie}",
            "units.2.title: `Pastry` -> `Patisserie`",
        ),
        ("name: Ama Serwaa", "name: Someone Else", "signatories.1.name: `Ama Serwaa` -> `Someone Else`"),
    ],
)
def test_the_catalogue_edited_after_approval_holds_its_claims(
    place: Path, old: str, new: str, said: str
) -> None:
    rewrite(place / "certificates/catalogue/L2BAKE-2026.yaml", old, new)
    issued, problems = held(place)
    assert issued == 2
    assert len(problems) == 6
    assert all(problem.code == "APPROVAL-CHANGED" and said in problem.what for problem in problems)


def test_the_wording_of_the_template_edited_after_approval_holds_everything(place: Path) -> None:
    rewrite(place / "site_src/templates/completion/template.yaml", "size: 43,", "size: 42,")
    issued, problems = held(place)
    assert issued == 0
    assert {problem.code for problem in problems} == {"APPROVAL-CHANGED"}
    assert any("the template or its wording" in problem.what for problem in problems)


@pytest.mark.slow
def test_a_course_edited_after_its_standing_approval_is_held(place: Path) -> None:
    rewrite(place / "certificates/catalogue/KNIFE-1.yaml", "title: Sharpening", "title: Honing")
    issued, problems = held(place)
    assert issued == 3
    assert "the catalogue entry or the template changed since p.lindgren's standing approval" in {
        problem.what for problem in problems
    }


@pytest.mark.slow
def test_undoing_the_change_or_approving_again_lifts_the_hold(place: Path) -> None:
    path = place / "certificates/catalogue/L2BAKE-2026.yaml"
    rewrite(path, "level: Level 2", "level: Level 3")
    assert held(place)[0] == 2
    workshop.approve_all(place)
    assert held(place) == (3, [])


@pytest.mark.slow
def test_one_person_in_two_roles_is_not_two_people(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path)
    with workshop.opened(root) as session:
        keys.add_staff(
            session.workspace, session.environment, "h.adeyemi", "", [RoleHeld(role=QN, start="2026-11-22")]
        )
    sign(root, "h.adeyemi", LIV)
    sign(root, "h.adeyemi", QN)
    issued, problems = held(root)
    assert issued == 0
    assert ("APPROVAL-FOUR-EYES", "the same person approved in two roles") in {
        (problem.code, problem.what) for problem in problems
    }


@pytest.mark.slow
def test_an_approval_by_somebody_not_in_office_does_not_count(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path)
    with workshop.opened(root) as session:
        for start, until, handle in (("2020-01-01", "2026-11-21", "gone"), ("2026-11-23", None, "soon")):
            role = RoleHeld(role=QN, start=start, until=until)
            keys.add_staff(session.workspace, session.environment, handle, "A. Person", [role])
    sign(root, "h.adeyemi", LIV)
    for handle in ("gone", "soon"):
        # Refused when signing, or not counted when issuing: never a certificate.
        with contextlib.suppress(Refused):
            sign(root, handle, QN)
    issued, problems = held(root)
    assert issued == 0
    assert {problem.code for problem in problems} <= {"APPROVAL-ROLE", "APPROVAL-MISSING"}


@pytest.mark.slow
def test_an_approver_who_left_office_before_issue_no_longer_counts(place: Path) -> None:
    with workshop.opened(place) as session:
        leaving = RoleHeld(role=QN, start="2026-11-22", until="2026-11-23")
        keys.add_staff(session.workspace, session.environment, "b.brief", "B. Brief", [leaving])
    day_after = "2026-11-24T09:00:00Z"
    claim_files(place, [claim(1), claim(2), claim(3), claim(4), claim(5), claim(2, learner_ref="LEFT1")])
    with workshop.opened(place) as session:
        lone = [item for item in Claims(session.register).uncertified() if item.claim.learner_ref == "LEFT1"]
        for handle, role in (("h.adeyemi", LIV), ("b.brief", QN)):
            signed, _ = approvals.sign_claims(session, handle, role, lone)
            approvals.receive(session, signed)
    _, problems = held(place, day_after)
    assert [(problem.code, problem.what) for problem in problems] == [
        ("APPROVAL-ROLE", "b.brief does not hold the role quality nominee today")
    ]


def test_somebody_unknown_or_without_the_role_cannot_sign(place: Path) -> None:
    with pytest.raises(Refused, match=r"STAFF-UNKNOWN.*on the roster: h\.adeyemi"):
        sign(place, "x.nobody", QN)
    with pytest.raises(Refused, match=r"APPROVAL-ROLE: p\.lindgren does not hold"):
        sign(place, "p.lindgren", QN)


@pytest.mark.slow
def test_approvals_of_another_workspace_are_refused_whole(
    place: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = workshop.small(tmp_path_factory.mktemp("other"))
    signed = workshop.signed_elsewhere(other)
    before = workshop.state(place)
    with workshop.opened(place) as session, pytest.raises(Refused) as refused:
        approvals.receive(session, signed)
    assert {problem.code for problem in refused.value.problems} == {"APPROVAL-SIGNATURE"}
    assert len(refused.value.problems) == len(signed) == 3
    assert workshop.state(place) == before


@pytest.mark.slow
def test_an_approval_moved_to_another_claim_does_not_count(place: Path) -> None:
    with workshop.opened(place) as session:
        ids = [item.claim_id for item in Claims(session.register).uncertified()]
        with session.register.transaction():
            session.register.change("DELETE FROM approvals WHERE claim_id = ?", ids[0])
            session.register.change("UPDATE approvals SET claim_id = ? WHERE claim_id = ?", ids[0], ids[1])
    issued, problems = held(place)
    assert issued == 3
    assert {problem.code for problem in problems} == {"APPROVAL-CHAIN"}


@pytest.mark.slow
@pytest.mark.parametrize("decision", ["refuse", "query", "withdraw"])
def test_a_later_decision_overrules_the_approval(place: Path, decision: str) -> None:
    sign(place, "m.castell", QN, decision)
    issued, problems = held(place)
    assert issued == 2
    said = f"m.castell (quality nominee) decided: {decision}: because"
    assert {problem.what for problem in problems} == {
        "waits for quality nominee" if decision == "withdraw" else said
    }


@pytest.mark.slow
def test_after_a_withdrawal_one_may_approve_again(place: Path) -> None:
    sign(place, "m.castell", QN, "withdraw")
    assert sign(place, "m.castell", QN) == 3
    assert held(place)[0] == 5


@pytest.mark.slow
def test_a_standing_approval_ends_on_its_day(place: Path) -> None:
    assert held(place, "2027-11-23T09:00:00Z")[0] == 3


@pytest.mark.slow
def test_signing_again_what_stands_adds_nothing(place: Path) -> None:
    before = workshop.state(place)
    workshop.approve_all(place)
    assert workshop.state(place) == before


@pytest.mark.slow
def test_a_certified_claim_never_gets_a_second_number(place: Path) -> None:
    workshop.issue_all(place)
    before = workshop.state(place)
    for _ in range(3):
        done = workshop.issue_all(place, "2026-11-25T09:00:00Z")
        assert (done.issued, done.held) == (0, 0)
    assert workshop.state(place) == before


@pytest.mark.slow
def test_a_name_that_cannot_be_printed_is_held_before_it_has_a_number(place: Path) -> None:
    claim_files(place, [*(claim(rank) for rank in range(1, 6)), claim(6, learner_name="Zoë 🎓")])
    issued, problems = held(place)
    assert issued == 5
    assert len(problems) == 1
    assert "1F393" in str(problems[0]) or "🎓" in str(problems[0])
    assert not [row for row in workshop.register_content(place)["certificates"] if "000006" in str(row[0])]
