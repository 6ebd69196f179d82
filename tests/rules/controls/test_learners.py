"""Controls on the learner: name, script, learner number, consent, the same one twice."""

from __future__ import annotations

import pytest

from generator.errors import Malformed
from generator.model import uln as unique_learner_number
from generator.model.registration import registration_state
from generator.rules.controls.facts import SimilarClaim
from tests.rules.controls.case import (
    ask,
    claim,
    event,
    facts,
    learner,
    result,
    signed,
)


def test_the_name_is_the_registered_one_and_the_same_learner_is_not_certified_twice() -> None:
    assert len(ask("REGISTRATION-MATCH", claim(learner_name="Zoe Ó Briain"), facts())) == 1
    other = facts(
        others=(SimilarClaim("C1/L2 (claim x, sheet.csv:9)", "NW-26-000001", "the ULN is the same"),)
    )
    assert ask("LEARNER-TWICE", claim(), other) == [
        "may be the learner of C1/L2 (claim x, sheet.csv:9), certified as NW-26-000001: the ULN is the same"
    ]
    waiting = facts(others=(SimilarClaim("C1/L2 (claim x, sheet.csv:9)", None, "the ULN is the same"),))
    assert ask("LEARNER-TWICE", claim(), waiting) == [
        "may be the learner of C1/L2 (claim x, sheet.csv:9): the ULN is the same"
    ]


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Zoë Ó Briain", True),
        ("Иван Петров", True),
        ("Σωκράτης Παπαδόπουλος", True),
        ("王 小明", True),
        ("Иван Smith", True),  # two words, each in one script
        ("Аnna Smith", False),  # a Cyrillic A
        ("Pοlly Ray", False),  # a Greek omicron
    ],
)
def test_look_alike_letters_are_for_a_person_to_decide(name: str, good: bool) -> None:
    assert (ask("LEARNER-SCRIPT", claim(learner_name=name), facts()) == []) is good
    said = event("name_confirmed", detail=name, evidence="passport seen")
    assert ask("LEARNER-SCRIPT", claim(learner_name=name), facts(registration=(said,))) == []
    without = event("name_confirmed", detail=name)
    assert (ask("LEARNER-SCRIPT", claim(learner_name=name), facts(registration=(without,))) == []) is good


def test_each_look_alike_letter_is_named() -> None:
    (said,) = ask("LEARNER-SCRIPT", claim(learner_name="Аnnа Smith"), facts())
    assert said == "`Аnnа` mixes alphabets (cyrillic capital letter a, cyrillic small letter a)"


@pytest.mark.parametrize(
    ("uln", "fault"),
    [
        ("8802212715", ""),
        ("6478796514", ""),
        ("6478796541", "fails its check digit"),
        ("880221271", "is not ten digits"),
        ("88022127150", "is not ten digits"),
        ("0802212715", "is not ten digits"),
    ],
)
def test_uln_check_digit(uln: str, fault: str) -> None:
    assert unique_learner_number.fault(uln) == fault
    if fault:
        with pytest.raises(Malformed):
            learner(uln=uln)


def test_learner_uln_is_asked_for_where_it_is_required() -> None:
    assert ask("LEARNER-ULN", claim(), facts(learner=learner(uln=None))) == []
    assert len(ask("LEARNER-ULN", claim(), facts(learner=learner(uln=None)), required=True)) == 1
    assert ask("LEARNER-ULN", claim(), facts(), required=True) == []


def test_consent_and_for_a_minor_somebody_elses() -> None:
    assert len(ask("LEARNER-CONSENT", claim(), facts(learner=learner(consents=[])))) == 1
    minor = learner(minor=True)
    assert ask("LEARNER-CONSENT", claim(), facts(learner=minor)) == ["no consent recorded: guardian"]
    assert ask("LEARNER-CONSENT", claim(), facts(learner=minor), guardian=False) == []
    both = learner(minor=True, consents=["certification", "guardian"])
    assert ask("LEARNER-CONSENT", claim(), facts(learner=both)) == []


def test_where_a_registration_stands() -> None:
    begun = event("registered", "2025-09-01")
    assert registration_state(()) is None
    assert registration_state((event("withdrawn", "2025-10-01"),)) is None
    assert (
        registration_state((event("break_ended", "2025-12-01"), begun, event("break_started", "2025-11-01")))
        == "active"
    )
    assert result("U1", "P").counts
    assert signed("exams_officer")
