"""Controls on the claim itself, each outside, on and inside its bound."""

from __future__ import annotations

import pytest

from generator.rules.controls.facts import Missing
from tests.rules.controls import case
from tests.rules.controls.case import (
    ask,
    claim,
    event,
    facts,
    programme,
)


@pytest.mark.parametrize(
    ("day", "good"),
    [
        ("2026-11-21", True),
        ("2026-11-22", True),
        ("2026-11-23", False),
        ("1950-01-01", True),
        ("1949-12-31", False),
    ],
)
def test_claim_dates(day: str, good: bool) -> None:
    assert (ask("CLAIM-DATES", claim(completed_on=day), facts()) == []) is good


def test_claim_programme_and_centre() -> None:
    unknown = Missing("is not in the catalogue", "add it", "quality_nominee")
    assert ask("CLAIM-PROGRAMME", claim(), facts(programme=unknown)) == [unknown.what]
    without = programme(labels={"units": "Unit Certificate"})
    assert "gives no certificate" in ask("CLAIM-PROGRAMME", claim(), facts(programme=without))[0]
    assert ask("CLAIM-CENTRE", claim(), facts(centre=unknown)) == [unknown.what]


@pytest.mark.parametrize(
    ("start", "until", "good"),
    [
        ("2026-06-25", None, True),
        ("2026-06-26", None, True),
        ("2026-06-27", None, False),
        ("2020-01-01", "2026-06-27", True),
        ("2020-01-01", "2026-06-26", True),
        ("2020-01-01", "2026-06-25", False),
    ],
)
def test_centre_approved(start: str, until: str | None, good: bool) -> None:
    given = facts(centre_approvals=(case.approval(start=start, until=until),))
    assert (ask("CENTRE-APPROVED", claim(), given) == []) is good
    assert ask("CENTRE-APPROVED", claim(), facts(centre_approvals=(case.approval(programme="Q2"),)))


@pytest.mark.parametrize(("days", "good"), [(150, True), (149, True), (148, False)])
def test_claim_window_late(days: int, good: bool) -> None:
    # From 26 June to 22 November are 149 days.
    assert (ask("CLAIM-WINDOW", claim(), facts(), late_days=days) == []) is good


@pytest.mark.parametrize(("days", "good"), [(36, True), (35, True), (34, False)])
def test_claim_window_early(days: int, good: bool) -> None:
    # The registration ends on 31 July, 35 days after 26 June.
    assert (ask("CLAIM-WINDOW", claim(), facts(), early_days=days) == []) is good


def test_claim_window_is_open_where_it_has_no_bound_and_needs_the_end_where_it_has() -> None:
    old = claim(completed_on="1960-01-01")
    assert ask("CLAIM-WINDOW", old, facts()) == []
    open_ended = facts(registration=(event("registered"),))
    assert "not recorded" in ask("CLAIM-WINDOW", claim(), open_ended, early_days=10)[0]


@pytest.mark.parametrize(
    ("last", "good"), [("2026-11-23", True), ("2026-11-22", True), ("2026-11-21", False)]
)
def test_claim_last_day(last: str, good: bool) -> None:
    assert (ask("CLAIM-LAST-DAY", claim(), facts(programme=programme(last_claim=last))) == []) is good


@pytest.mark.parametrize(
    ("kind", "awarded_by", "label", "good"),
    [
        ("centre", "Another Body", "Certificate", False),
        ("centre", "Another Body", "UNIT CERTIFICATE", False),
        ("centre", "Another Body", "Statement of Results", True),
        ("centre", "Northfield Awarding", "Certificate", True),
        ("centre", None, "Certificate", True),
        ("awarding_organisation", "Another Body", "Certificate", True),
    ],
)
def test_claim_label(kind: str, awarded_by: str | None, label: str, good: bool) -> None:
    entry = programme(awarded_by=awarded_by, labels={"qualification": label})
    given = facts(organisation=case.organisation(kind), programme=entry)
    assert (ask("CLAIM-LABEL", claim(), given) == []) is good


@pytest.mark.parametrize(
    ("start", "until", "on", "good"),
    [
        ("2026-06-26", None, "both", True),
        ("2026-06-27", None, "both", False),
        ("2020-01-01", "2026-11-22", "both", True),
        ("2020-01-01", "2026-11-21", "both", False),
        ("2020-01-01", "2026-11-21", "completion", True),
        ("2020-01-01", "2026-06-25", "completion", False),
        ("2026-11-22", None, "today", True),
        ("2026-11-23", None, "today", False),
    ],
)
def test_claim_accredited(start: str, until: str | None, on: str, good: bool) -> None:
    entry = programme(
        labels={"qualification": "Accredited Certificate"},
        accreditation={"body": "Register", "start": start, "until": until},
    )
    assert (ask("CLAIM-ACCREDITED", claim(), facts(programme=entry), on=on) == []) is good
    plain = programme(accreditation={"body": "Register", "start": start, "until": until})
    assert ask("CLAIM-ACCREDITED", claim(), facts(programme=plain), on=on) == []
    none = programme(labels={"qualification": "Accredited Certificate"})
    assert len(ask("CLAIM-ACCREDITED", claim(), facts(programme=none), on=on)) == 1


@pytest.mark.parametrize(
    ("until", "good"), [("2026-11-23", True), ("2026-11-22", True), ("2026-11-21", False)]
)
def test_claim_end_date(until: str, good: bool) -> None:
    assert (
        ask("CLAIM-END-DATE", claim(), facts(programme=programme(validity={"until": until}))) == []
    ) is good
