"""Rulings: whose signed decision counts in a case, and what is missing until one is made."""

from __future__ import annotations

import pytest

from generator.crypto.ed25519 import SeedSigner
from generator.formats import decision
from generator.model.case import Case, Decision
from generator.model.people import Roster
from generator.rules.case_rulings import Deciders, ReceivedDecision, Ruling, ruling_from
from tests import small_site as small

SALT = bytes(range(decision.SALT_BYTES))
ROLES = ("quality_nominee", "senior_manager")
KEYS = {name: SeedSigner.of(small.seed(name), "person") for name in ("q.n", "s.m", "both")}
HELD = {"q.n": ("quality_nominee",), "s.m": ("senior_manager",), "both": ROLES}
CASE = Case.of(
    {
        "case_id": "C-26-000001",
        "kind": "revocation",
        "subjects": ("NW-26-000001",),
        "reasons": "copied work",
        "opened_on": "2026-11-01",
        "opened_by": "h.a",
        "parties": ("z.z",),
    }
)


def roster(*, until: str | None = None) -> Roster:
    people = [
        {
            "person": name,
            "name": name,
            "roles": [{"role": role, "start": "2026-01-01", "until": until} for role in HELD[name]],
            "keys": [{"id": key.key_id, "public": key.public, "start": "2026-01-01T00:00:00Z"}],
        }
        for name, key in KEYS.items()
    ]
    return Roster.of(
        {
            "version": 1,
            "issuer_id": small.ISSUER_ID,
            "created_at": "2026-01-01T00:00:00Z",
            "people": people,
        }
    )


def deciders(*, barred: frozenset[str] = frozenset(), until: str | None = None) -> Deciders:
    return Deciders(small.ISSUER_ID, roster(until=until), ROLES, barred)


def given(person: str, role: str, *, case: Case = CASE, key: str = "", **changes: object) -> ReceivedDecision:
    content = decision.commitment(SALT, decision.encode_case(case))
    fields = {
        "issuer_id": small.ISSUER_ID,
        "case_id": case.case_id,
        "case_sha256": content,
        "outcome": "revoke",
        "reason_code": 1,
        "person": person,
        "role": role,
        "decided_on": "2026-11-20",
    }
    signed = decision.sign(Decision.of({**fields, **changes}), KEYS[key or person])
    return ReceivedDecision("2026-11-20T10:00:00Z", signed)


NOMINEE = given("q.n", "quality_nominee")
MANAGER = given("s.m", "senior_manager")


def codes(*received: ReceivedDecision, case: Case = CASE, by: Deciders | None = None) -> list[str]:
    found = ruling_from(case, SALT, received, by or deciders())
    assert not isinstance(found, Ruling), found
    return [problem.code for problem in found]


def test_one_decision_in_each_role_makes_a_ruling() -> None:
    found = ruling_from(CASE, SALT, [NOMINEE, MANAGER], deciders())
    assert isinstance(found, Ruling), found
    assert (found.case_id, found.outcome, found.reason_code) == (CASE.case_id, "revoke", 1)
    assert found.people == ("q.n", "s.m")


def test_a_role_that_has_not_decided_is_named() -> None:
    found = ruling_from(CASE, SALT, [NOMINEE], deciders())
    assert isinstance(found, list), found
    assert [(problem.code, problem.what) for problem in found] == [
        ("DECISION-MISSING", "waits for the decision of senior manager")
    ]


def test_one_person_does_not_decide_in_two_roles() -> None:
    assert codes(given("both", "quality_nominee"), given("both", "senior_manager")) == ["DECISION-FOUR-EYES"]


def test_a_suspension_needs_one_decision_only() -> None:
    case = CASE.model_copy(update={"kind": "suspension"})
    made = given("q.n", "quality_nominee", case=case, outcome="suspend", reason_code=2, until="2026-12-20")
    found = ruling_from(case, SALT, [made], deciders())
    assert isinstance(found, Ruling), found
    assert (found.outcome, found.reason_code, found.until) == ("suspend", 2, "2026-12-20")
    assert codes(case=case) == ["DECISION-MISSING"]


def test_decisions_that_differ_are_no_ruling() -> None:
    other = given("s.m", "senior_manager", reason_code=5)
    assert codes(NOMINEE, other) == ["DECISION-AGREE"]
    # The last word of a person in a role is the one that counts.
    assert isinstance(ruling_from(CASE, SALT, [NOMINEE, other, MANAGER], deciders()), Ruling)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer_id": "0" * 64}, "DECISION-CASE"),
        ({"case_id": "C-26-000002"}, "DECISION-CASE"),
        ({"case_sha256": "0" * 64}, "DECISION-CASE"),
        ({"outcome": "erase", "reason_code": 0}, "DECISION-OUTCOME"),
        ({"reason_code": 2}, "DECISION-REASON"),
        ({"role": "exams_officer"}, "DECISION-ROLE"),  # not a role of this policy
        ({"role": "senior_manager"}, "DECISION-ROLE"),  # not a role of this person
        ({"decided_on": "2025-12-31"}, "DECISION-ROLE"),  # the day before the role began
        ({"key": "s.m"}, "DECISION-SIGNATURE"),
    ],
)
def test_a_decision_that_cannot_count_says_why(changes: dict[str, str], code: str) -> None:
    wrong = given("q.n", **{"role": "quality_nominee", **changes})
    assert codes(wrong, MANAGER) == [code]


def test_a_role_counts_on_its_first_and_last_day() -> None:
    first = given("q.n", "quality_nominee", decided_on="2026-01-01")
    assert isinstance(ruling_from(CASE, SALT, [first, MANAGER], deciders()), Ruling)
    assert isinstance(ruling_from(CASE, SALT, [NOMINEE, MANAGER], deciders(until="2026-11-20")), Ruling)
    assert codes(NOMINEE, MANAGER, by=deciders(until="2026-11-19")) == ["DECISION-ROLE", "DECISION-ROLE"]


def test_neither_a_party_nor_who_decided_before_may_decide() -> None:
    party = CASE.model_copy(update={"parties": ("q.n",)})
    manager = given("s.m", "senior_manager", case=party)
    assert codes(given("q.n", "quality_nominee", case=party), manager, case=party) == ["DECISION-PARTY"]
    assert codes(NOMINEE, MANAGER, by=deciders(barred=frozenset({"s.m"}))) == ["DECISION-APPEAL"]


def test_a_ruling_is_made_nowhere_else() -> None:
    with pytest.raises(TypeError):
        Ruling("C-26-000001", "revoke", 1, None, ("q.n", "s.m"))
