"""What is shown is put into the words of the kind of organisation; what machines and people wrote is not."""

from __future__ import annotations

import pytest

from generator.model.terms import TERMS, in_words_of, term


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
        # Paths, codes, options, addresses and names are nobody's words.
        ("certificates/claims/a.csv", "certificates/claims/a.csv"),
        ("claims-2026.csv and claims.csv", "claims-2026.csv and claims.csv"),
        ("CLAIM-CENTRE: --centre", "CLAIM-CENTRE: --centre"),
        ("claims@centre.example", "claims@centre.example"),
        ("run `certportal export claims`", "run `certportal export claims`"),
        ("at Northfield Centre", "at Northfield Centre"),
        ('not "a claim"', 'not "a claim"'),
    ],
)
def test_a_course_provider_reads_its_own_words(text: str, shown: str) -> None:
    assert in_words_of("course_provider", text) == shown
    # Saying it twice changes nothing more.
    assert in_words_of("course_provider", shown) == shown


def test_the_others_read_what_is_written() -> None:
    for text in ("a claim of a centre", "exams officer"):
        assert in_words_of("centre", text) == text
        assert in_words_of("awarding_organisation", text) == text


def test_no_term_is_translated_into_another_term() -> None:
    for kind, terms in TERMS.items():
        assert not terms.keys() & set(terms.values()), kind
    assert term("course_provider", "claim") == "completion"
    assert term("centre", "claim") == "claim"
