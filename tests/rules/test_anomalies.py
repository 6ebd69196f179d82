"""A certificate received against claim and results: what it prints otherwise, and what is none of that."""

from __future__ import annotations

from typing import Any

import pytest

from generator.model.paper import ReceivedCertificate
from generator.rules import anomalies
from generator.rules.anomalies import LearnerContext
from tests.rules.controls import case

PAPER: dict[str, Any] = {
    "centre": "C1",
    "learner_ref": "L1",
    "certificate": "AO-1",
    "name": "Zoë Ó Briain",
    "uln": "8802212715",
    "qualification": "Extended Certificate in Baking",
    "level": "Level 3",
    "grade": "Merit",
    "awarded_on": "2026-07-01",
    "despatched_on": "2026-08-20",
    "received_on": "2026-08-22",
}
ENTRY = case.programme(level="Level 3", number="603/1")


def paper(**changes: Any) -> ReceivedCertificate:
    return ReceivedCertificate.of(
        {name: value for name, value in {**PAPER, **changes}.items() if value is not None}
    )


def known(**changes: Any) -> LearnerContext:
    whole: dict[str, Any] = {"claims": [case.claim()], "programmes": {("Q1", "1"): ENTRY}}
    return LearnerContext(**{**whole, "learner": case.learner(), "results": case.results(), **changes})


def found(item: ReceivedCertificate, behind: LearnerContext | None = None) -> list[str]:
    return [one.anomaly for one in anomalies.compare(item, behind or known())]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"name": "ZOË Ó BRIAIN"}, []),
        ({"name": "Zoe O Briain"}, ["name"]),
        ({"uln": None}, []),
        ({"uln": "6478796514"}, ["number"]),
        ({"qualification": "Level 3 Extended Certificate in Baking"}, []),
        ({"qualification": "603/1"}, []),
        ({"qualification": "Q1"}, []),
        ({"qualification": "Certificate in Baking"}, ["programme"]),
        ({"qualification": "Certificate in Baking", "programme": "Q1", "version": "1"}, ["programme"]),
        ({"programme": "Q1", "version": "2"}, ["programme"]),
        ({"level": "3"}, []),
        ({"level": "Level 2"}, ["level"]),
        ({"level": None}, []),
        ({"grade": "M"}, []),
        ({"grade": "Pass"}, ["grade"]),
        ({"grade": None}, []),
        ({"awarded_on": "2026-06-25"}, ["date"]),
        ({"awarded_on": "2026-06-26"}, []),
        ({"awarded_on": "2026-08-20"}, []),
        ({"awarded_on": "2026-08-21"}, ["date"]),
        ({"despatched_on": "2026-08-23"}, ["date"]),
        ({"name": "Ann Other", "grade": "Pass"}, ["name", "grade"]),
    ],
)
def test_what_is_printed_otherwise(changes: dict[str, Any], expected: list[str]) -> None:
    assert found(paper(**changes)) == expected


def test_what_a_paper_or_the_catalogue_does_not_say_contradicts_nothing() -> None:
    bare = paper(awarded_on=None, level=None, grade=None)
    assert found(bare) == []
    assert anomalies.unsaid(bare) == ("level", "grade", "date")
    assert found(paper(), known(programmes={("Q1", "1"): case.programme(number="603/1")})) == []


def test_capitals_and_spaces_in_a_name_are_the_printers() -> None:
    assert found(paper(name="zoë  ó   briain")) == []
    assert found(paper(name="ZoëÓ Briain")) == ["name"]


def test_a_certificate_that_nobody_claimed() -> None:
    assert found(paper(), known(claims=[])) == ["unclaimed"]


def test_two_for_one_claim_and_one_for_each_of_two() -> None:
    other = paper(certificate="AO-2")
    (twice,) = anomalies.compare(paper(), known(others=[other]))
    assert (twice.code, "AO-2" in twice.what) == ("RECEIVED-TWICE", True)
    units = case.claim(kind="units", grade=None)
    both = known(claims=[case.claim(), units], others=[other])
    assert found(paper(), both) == []
    assert found(paper(), known(claims=[case.claim(), units], others=[other, other])) == ["twice"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"grade": "M"}, []),
        ({"grade": "P"}, ["result"]),
        ({"grade": "D", "state": "amended"}, ["result"]),
        ({"grade": "M", "state": "under_review"}, ["result"]),
        ({"grade": "M", "state": "provisional"}, ["result"]),
        ({"grade": "M", "state": "void"}, ["result"]),
        ({"grade": "P", "assignment": "A1"}, []),
    ],
)
def test_results_that_were_changed_after_the_claim(changed: dict[str, Any], expected: list[str]) -> None:
    others = [one for one in case.results() if one.unit != "U3"]
    grade = changed.pop("grade")
    assert found(paper(), known(results=[*others, case.result("U3", grade, **changed)])) == expected


def test_what_a_list_does_not_say_is_left_to_whoever_checks_the_paper() -> None:
    assert anomalies.unsaid(paper()) == ()
    assert anomalies.unsaid(paper(level=None, grade=None, awarded_on=None)) == ("level", "grade", "date")
