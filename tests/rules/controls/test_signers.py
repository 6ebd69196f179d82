"""Controls on those who sign: independent, without interest, accredited for the area."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.model.quality_records import Interest
from generator.rules.controls.facts import ProspectiveApproval
from tests.rules.controls import case
from tests.rules.controls.case import (
    ask,
    claim,
    facts,
    programme,
    verification,
)

LEAD = "lead_internal_verifier"


def signers(*listed: tuple[str, str, dict[str, Any]]) -> tuple[ProspectiveApproval, ...]:
    return tuple(
        ProspectiveApproval(role, case.person(who, {"role": role, **more}), "2026-11-20")
        for role, who, more in listed
    )


def test_somebody_who_signs_neither_assessed_nor_verified() -> None:
    both = signers((LEAD, "a.one", {}), ("quality_nominee", "v.two", {}))
    assert len(ask("APPROVAL-INDEPENDENT", claim(), facts(signers=both))) == 1
    one = signers((LEAD, "a.one", {}), ("quality_nominee", "q.n", {}))
    assert ask("APPROVAL-INDEPENDENT", claim(), facts(signers=one)) == []


def test_who_verified_a_sample_without_this_learner_is_independent_of_them() -> None:
    bare = [{key: value for key, value in item.items() if key != "verifier"} for item in case.RESULTS]
    given = signers((LEAD, "a.one", {}), ("quality_nominee", "v.two", {}))
    assert ask("APPROVAL-INDEPENDENT", claim(results=bare), facts(signers=given)) == []
    sampled = (*case.verifications()[:2], verification("U3", "B1", sampled=["L1"]))
    found = ask("APPROVAL-INDEPENDENT", claim(results=bare), facts(signers=given, verifications=sampled))
    assert len(found) == 1


@pytest.mark.parametrize(("until", "good"), [("2026-11-19", True), ("2026-11-20", False), (None, False)])
def test_no_interest_between_signer_and_learner(until: str | None, good: bool) -> None:
    base = {
        "centre": "C1",
        "person": "q.n",
        "interest": "family",
        "declared_on": "2025-01-01",
        "until": until,
    }
    for learner_ref in ("L1", None):
        given = (Interest.of({**base, "learner_ref": learner_ref}),)
        assert (ask("APPROVAL-INTEREST", claim(), facts(interests=given)) == []) is good
    others = (Interest.of({**base, "learner_ref": "L2"}), Interest.of({**base, "person": "z.z"}))
    assert ask("APPROVAL-INTEREST", claim(), facts(interests=others)) == []


def test_nobody_signs_their_own_claim() -> None:
    own = Interest.of(
        {
            "centre": "C1",
            "person": "q.n",
            "learner_ref": "L1",
            "interest": "self",
            "declared_on": "2025-01-01",
        }
    )
    assert ask("APPROVAL-INTEREST", claim(), facts(interests=(own,))) == ["q.n is the learner"]


AREA = {"subject_area": "Bakery", "released_by": LEAD}


def test_the_lead_verifier_is_accredited_for_the_subject_area_where_that_is_required() -> None:
    needs = programme(**AREA)
    for areas, good in ((["Bakery"], True), (["Retail"], False), (None, False)):
        given = signers((LEAD, "l.iv", {"areas": areas}))
        assert (ask("APPROVAL-SUBJECT-AREA", claim(), facts(programme=needs, signers=given)) == []) is good
        assert ask("APPROVAL-SUBJECT-AREA", claim(), facts(signers=given)) == []


@pytest.mark.parametrize(
    ("left", "today", "good"),
    [
        ("2026-10-31", "2027-08-31", True),  # the last day of the year in which the other left
        ("2026-10-31", "2027-09-01", False),
        ("2026-08-31", "2026-11-22", False),  # left on the last day: the year was over
        ("2026-09-01", "2026-11-22", True),
        ("2026-11-22", "2026-11-22", False),  # on the last day the other is still there
        ("2026-11-21", "2026-11-22", True),
    ],
)
def test_a_replacement_keeps_the_area_released_until_the_years_end(left: str, today: str, good: bool) -> None:
    leaver = case.person("o.ld", {"role": LEAD, "areas": ["Bakery"], "until": left, "replaced_by": "l.iv"})
    signer = ProspectiveApproval(LEAD, case.person("l.iv", {"role": LEAD}), today)
    given = facts(programme=programme(**AREA), signers=(signer,), staff=(leaver,), today=today)
    assert (ask("APPROVAL-SUBJECT-AREA", claim(), given) == []) is good
    unnamed = replace(given, staff=(case.person("o.ld", {"role": LEAD, "areas": ["Bakery"], "until": left}),))
    assert len(ask("APPROVAL-SUBJECT-AREA", claim(), unnamed)) == 1
