"""Marked nouns of a sentence are put into the words of the kind of organisation; nothing else changes."""

from __future__ import annotations

import json
import pickle

import pytest

from generator.errors import Place, Problem
from generator.terms import (
    A_REGISTRATION,
    CENTRE,
    CLAIM,
    EXAMS_OFFICER,
    TERMS,
    UNIT,
    Sentence,
    in_words_of,
    sentence,
    spelled,
    spoken,
    term,
    unmarkable,
)

HOSTILE = (
    "Claim centre unit",
    "Ann Centre",
    "Unit claim",
    "a registration",
    "the exams officer's claim",
    "“claims”",
)


@pytest.mark.parametrize("data", HOSTILE)
def test_only_marked_nouns_change(data: str) -> None:
    text = f"{CLAIM}s of {data}: no {CENTRE} has {A_REGISTRATION} of {data}, {data}"
    assert in_words_of("course_provider", text) == (
        f"completions of {data}: no venue has an enrolment of {data}, {data}"
    )
    assert in_words_of("centre", text) == f"claims of {data}: no centre has a registration of {data}, {data}"


def test_a_sentence_is_kept_in_general_words_and_remembers_its_nouns() -> None:
    whole = sentence(f"no {CLAIM} of Claim {UNIT}s")
    assert whole == "no claim of Claim units"
    assert json.loads(json.dumps([whole])) == [whole]
    assert in_words_of("course_provider", whole) == "no completion of Claim modules"
    assert in_words_of("course_provider", f"{whole}, again") == "no completion of Claim modules, again"
    sent = pickle.loads(pickle.dumps(whole))  # noqa: S301 - our own
    assert in_words_of("course_provider", sent) == "no completion of Claim modules"
    assert isinstance(whole, Sentence)
    assert in_words_of("course_provider", sentence(f"{CLAIM}s wait").capitalize()) == "Completions wait"


def test_a_problem_keeps_the_nouns_of_all_its_sentences() -> None:
    place = Place("a.csv", 3, "Unit claim", f"{CLAIM} 12")
    found = Problem(
        "X", place, "exams_officer", f"no {CLAIM} of Ann Centre", f"make {A_REGISTRATION}", f"a {UNIT}"
    )
    assert str(found) == (
        "a.csv:3 claim 12 Unit claim: X: no claim of Ann Centre (a unit)"
        " / fix: exams officer: make a registration"
    )
    said = in_words_of("course_provider", f"{found.place}: {found.said} / {found.action}")
    assert said == (
        "a.csv:3 completion 12 Unit claim: no completion of Ann Centre (a module)"
        " / administrator: make an enrolment"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3 claims are held", "3 completions are held"),
        ("a claim of a centre", "a completion of a venue"),
        ("ask an exams officer, or a registrar", "ask an administrator, or an administrator"),
        ("no registration is known", "no enrolment is known"),
        ("a registration that ended", "an enrolment that ended"),
        ("Claims are read", "Completions are read"),
        ("the claim's unit", "the completion's module"),
        # Paths, codes, options, addresses and commands are nobody's words.
        ("certificates/claims/a.csv", "certificates/claims/a.csv"),
        ("claims-2026.csv and claims.csv", "claims-2026.csv and claims.csv"),
        ("CLAIM-CENTRE: --centre", "CLAIM-CENTRE: --centre"),
        ("claims@centre.example", "claims@centre.example"),
        ("run `certportal export claims`", "run `certportal export claims`"),
    ],
)
def test_help_and_names_of_ours_are_marked_by_their_spelling(text: str, shown: str) -> None:
    assert in_words_of("course_provider", spelled(text)) == shown
    assert in_words_of("centre", spelled(text)) == text


def test_a_role_is_spoken_of_in_the_words_of_the_organisation() -> None:
    assert spoken("exams_officer") == "\ufdd0exams officer\ufdd1"
    assert in_words_of("course_provider", f"{EXAMS_OFFICER}, {spoken('programme_leader')}") == (
        "administrator, course leader"
    )
    assert in_words_of("course_provider", spoken("quality_nominee")) == "quality nominee"


def test_no_mark_can_come_from_outside() -> None:
    assert in_words_of("course_provider", unmarkable(f"{CLAIM}")) == "\ufffdclaim\ufffd"


def test_no_term_is_translated_into_another_term() -> None:
    for kind, terms in TERMS.items():
        assert not terms.keys() & set(terms.values()), kind
    assert term("course_provider", "claim") == "completion"
    assert term("centre", "claim") == "claim"
