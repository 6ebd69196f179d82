"""Controls on registrations, each outside, on and inside its bound."""

from __future__ import annotations

import pytest

from tests.rules.controls.case import (
    ask,
    claim,
    event,
    facts,
    programme,
    registration,
    signed,
)


def test_registered_for_this_programme_version_and_size() -> None:
    assert "is not registered at" in ask("REGISTRATION-KNOWN", claim(), facts(registration=()))[0]
    other = (event("registered", programme="Q2"),)
    assert (
        "is registered for Q2 1, not Q1" in ask("REGISTRATION-KNOWN", claim(), facts(registration=other))[0]
    )
    version = (event("registered", version="2"),)
    assert len(ask("REGISTRATION-KNOWN", claim(), facts(registration=version))) == 1
    moved = (*version, event("resized", version="2", to_programme="Q1", to_version="1"))
    assert ask("REGISTRATION-KNOWN", claim(), facts(registration=moved)) == []


@pytest.mark.parametrize(
    ("names", "good"),
    [
        (["withdrawn"], False),
        (["transferred"], False),
        (["break_started"], False),
        (["break_started", "break_ended"], True),
        (["extended"], True),
        (["withdrawn", "registered"], True),
    ],
)
def test_registration_active(names: list[str], good: bool) -> None:
    later = [event(name, f"2026-01-0{rank}", ends_on="2026-12-31") for rank, name in enumerate(names, 1)]
    given = facts(registration=(*registration(), *later))
    assert (ask("REGISTRATION-ACTIVE", claim(), given) == []) is good


def test_a_moved_registration_gives_no_certificate_of_the_old_size() -> None:
    moved = event("resized", "2026-01-01", to_programme="Q2", to_version="1")
    assert len(ask("REGISTRATION-ACTIVE", claim(), facts(registration=(*registration(), moved)))) == 1


@pytest.mark.parametrize(("on", "good"), [("2025-09-30", True), ("2025-10-01", True), ("2025-10-02", False)])
def test_registration_deadline(on: str, good: bool) -> None:
    given = facts(registration=(event("registered", on, starts_on="2025-09-01"),))
    assert (ask("REGISTRATION-DEADLINE", claim(), given, days=30) == []) is good
    assert ask("REGISTRATION-DEADLINE", claim(), given, days=None) == []


@pytest.mark.parametrize(
    ("last", "good"), [("2025-09-11", True), ("2025-09-10", True), ("2025-09-09", False)]
)
def test_no_registration_after_the_programmes_last_day(last: str, good: bool) -> None:
    given = facts(programme=programme(last_registration=last))
    assert (ask("REGISTRATION-DEADLINE", claim(), given) == []) is good


def test_a_deadline_without_its_days_holds() -> None:
    for unknown in (event("registered", None, starts_on="2025-09-01"), event("registered")):
        assert len(ask("REGISTRATION-DEADLINE", claim(), facts(registration=(unknown,)), days=30)) == 1


@pytest.mark.parametrize(
    ("day", "good"),
    [
        ("2025-08-31", False),
        ("2025-09-01", True),
        ("2025-09-02", True),
        ("2026-07-30", True),
        ("2026-07-31", True),
        ("2026-08-01", False),
    ],
)
def test_registration_period(day: str, good: bool) -> None:
    assert (ask("REGISTRATION-PERIOD", claim(completed_on=day), facts()) == []) is good


def test_an_extension_moves_the_end_and_unknown_days_hold() -> None:
    late = claim(completed_on="2026-08-31")
    extended = event("extended", "2026-07-01", ends_on="2026-08-31")
    assert ask("REGISTRATION-PERIOD", late, facts(registration=(*registration(), extended))) == []
    assert len(ask("REGISTRATION-PERIOD", claim(), facts(registration=(event("registered"),)))) == 1


def test_identity_seen_by_somebody_on_a_day() -> None:
    def seen(**more: str | None) -> list[str]:
        whole = {"by": "e.o", "detail": "passport", "on": "2026-11-22", **more}
        return ask("REGISTRATION-IDENTITY", claim(), facts(registration=(event("identity_seen", **whole),)))

    assert seen() == []
    for lacking in ({"by": None}, {"detail": None}, {"on": None}, {"on": "2026-11-23"}):
        assert len(seen(**lacking)) == 1
    assert len(ask("REGISTRATION-IDENTITY", claim(), facts(registration=()))) == 1


def test_the_list_is_confirmed_by_the_lead_internal_verifier() -> None:
    for roles, good in ((("lead_internal_verifier",), True), (("exams_officer",), False), ((), False)):
        given = facts(registration=(event("confirmed", signed_off=signed(*roles)),))
        assert (ask("REGISTRATION-CONFIRMED", claim(), given) == []) is good


def test_the_learner_was_told() -> None:
    assert len(ask("REGISTRATION-TOLD", claim(), facts(registration=registration()[:3]))) == 1
    assert len(ask("REGISTRATION-TOLD", claim(), facts(registration=(event("told", None),)))) == 1


@pytest.mark.parametrize(
    ("roles", "lacking"),
    [
        ((), ["quality nominee", "exams officer"]),
        (("quality_nominee",), ["exams officer"]),
        (("exams_officer",), ["quality nominee"]),
        (("quality_nominee", "exams_officer"), []),
    ],
)
def test_a_withdrawal_needs_both(roles: tuple[str, ...], lacking: list[str]) -> None:
    given = facts(registration=(event("withdrawn", signed_off=signed(*roles)),))
    expected = [f"`withdrawn` is not signed off by the {role}" for role in lacking]
    assert ask("REGISTRATION-SIGNED-OFF", claim(), given) == expected


def test_two_sign_offs_are_of_two_people_and_of_the_past() -> None:
    both = ("quality_nominee", "exams_officer")
    one = facts(registration=(event("withdrawn", signed_off=signed(*both, person="q.n")),))
    assert "twice by one person" in ask("REGISTRATION-SIGNED-OFF", claim(), one)[0]
    for on, good in (("2026-11-21", True), ("2026-11-22", True), ("2026-11-23", False)):
        given = facts(registration=(event("withdrawn", signed_off=signed(*both, on=on)),))
        assert (ask("REGISTRATION-SIGNED-OFF", claim(), given) == []) is good


@pytest.mark.parametrize("name", ["details_changed", "name_confirmed"])
def test_a_change_of_details_needs_the_exams_officer_and_evidence(name: str) -> None:
    given = facts(registration=(event(name, evidence="deed poll", signed_off=signed("exams_officer")),))
    assert ask("REGISTRATION-SIGNED-OFF", claim(), given) == []
    assert len(ask("REGISTRATION-SIGNED-OFF", claim(), facts(registration=(event(name),)))) == 2


@pytest.mark.parametrize("name", ["transferred", "extended", "break_started", "break_ended", "resized"])
def test_other_events_need_the_exams_officer(name: str) -> None:
    more = {"ends_on": "2026-12-31", "to_programme": "Q2", "to_version": "1"}
    unsigned = facts(registration=(event(name, **more),))
    assert len(ask("REGISTRATION-SIGNED-OFF", claim(), unsigned)) == 1
    good = facts(registration=(event(name, **more, signed_off=signed("exams_officer")),))
    assert ask("REGISTRATION-SIGNED-OFF", claim(), good) == []
