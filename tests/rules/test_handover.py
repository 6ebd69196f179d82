"""A certificate on paper: what may follow what, and each bound outside, on and inside."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Malformed
from generator.model.paper import Handover, HandoverEvent
from generator.model.value import later
from generator.rules.handover import PaperHistory, walk

KNOWN = {"centre": "C1", "learner_ref": "L1", "certificate": "AO-1", "by": "e.off"}
MORE: dict[str, dict[str, Any]] = {
    "collected": {"collected_by": "learner", "identity": "passport"},
    "posted": {"tracking": "RM 12"},
    "destroyed": {"second": "q.nom"},
    "sent_back": {"detail": "wrong name"},
    "anomaly_closed": {"anomaly": "name", "detail": "the awarding organisation agrees"},
}


def event(name: str, on: str, **more: Any) -> Handover:
    return Handover.of({**KNOWN, "event": name, "on": on, **MORE.get(name, {}), **more})


def walked(*steps: tuple[str, str], **more: Any) -> PaperHistory:
    """A certificate's way, every event about to be recorded."""
    events = [event(name, on) for name, on in steps]
    return walk(events, fresh=events, destroy_days=365, **more)


def codes(found: PaperHistory) -> list[str]:
    return [breach.code.name for breach in found.breaches]


GOOD = (("received", "2026-09-01"), ("checked", "2026-09-01"), ("ready", "2026-09-02"))


def test_a_good_way_to_the_learner() -> None:
    found = walked(*GOOD, ("collected", "2026-09-03"))
    assert (codes(found), found.place, found.since) == ([], "collected", "2026-09-03")
    assert found.destroy_from is None


def test_the_order_of_rows_does_not_matter() -> None:
    found = walked(("collected", "2026-09-03"), *reversed(GOOD))
    assert (codes(found), found.place) == ([], "collected")


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((("checked", "2026-09-01"),), "HANDOVER-ARRIVED"),
        ((*GOOD, ("received", "2026-09-04")), "HANDOVER-ARRIVED"),
        ((*GOOD, ("printed", "2026-09-04")), "HANDOVER-ARRIVED"),
        ((GOOD[0], ("ready", "2026-09-02")), "HANDOVER-UNCHECKED"),
        ((GOOD[0], ("collected", "2026-09-02")), "HANDOVER-UNCHECKED"),
        ((GOOD[0], ("posted", "2026-09-02")), "HANDOVER-UNCHECKED"),
        ((*GOOD, ("collected", "2026-09-03"), ("collected", "2026-09-04")), "HANDOVER-TWICE"),
        ((*GOOD, ("posted", "2026-09-03"), ("collected", "2026-09-04")), "HANDOVER-TWICE"),
        ((*GOOD, ("collected", "2026-09-03"), ("destroyed", "2028-09-04")), "HANDOVER-TWICE"),
        ((*GOOD, ("returned", "2026-09-03")), "HANDOVER-OUT"),
        ((*GOOD, ("sent_back", "2026-09-03"), ("collected", "2026-09-04")), "HANDOVER-ENDED"),
    ],
)
def test_what_is_forbidden(steps: tuple[tuple[str, str], ...], code: str) -> None:
    assert codes(walked(*steps)) == [code]


def test_a_returned_one_goes_out_again_without_another_check() -> None:
    found = walked(*GOOD, ("posted", "2026-09-03"), ("returned", "2026-09-20"), ("posted", "2026-09-21"))
    assert (codes(found), found.place) == ([], "posted")


@pytest.mark.parametrize(
    ("on", "found"), [("2027-08-31", ["HANDOVER-EARLY"]), ("2027-09-01", []), ("2027-09-02", [])]
)
def test_it_is_destroyed_after_the_set_time_only(on: str, found: list[str]) -> None:
    assert codes(walked(*GOOD, ("destroyed", on))) == found


def test_the_time_begins_again_when_it_returns() -> None:
    steps = (*GOOD, ("posted", "2026-09-03"), ("returned", "2026-10-01"))
    assert codes(walked(*steps, ("destroyed", "2027-09-30"))) == ["HANDOVER-EARLY"]
    assert codes(walked(*steps, ("destroyed", "2027-10-01"))) == []


def test_nothing_withheld_leaves_the_office_but_to_go_back() -> None:
    for name in ("ready", "collected", "posted"):
        found = walked(*GOOD[:2], (name, "2026-09-03"), withheld=["RECEIVED-NAME"])
        assert codes(found) == ["HANDOVER-WITHHELD"]
        assert "RECEIVED-NAME" in found.breaches[0].what
    assert codes(walked(*GOOD[:2], ("sent_back", "2026-09-03"), withheld=["RECEIVED-NAME"])) == []


def test_what_was_recorded_before_happened() -> None:
    events = [event(name, on) for name, on in (*GOOD, ("collected", "2026-09-03"))]
    found = walk(events, destroy_days=365, withheld=["RECEIVED-RESULT"])
    assert (codes(found), found.place) == ([], "collected")


def test_no_event_lies_before_the_arrival() -> None:
    for on, found in (("2026-08-31", ["HANDOVER-DATES"]), ("2026-09-01", []), ("2026-09-02", [])):
        assert codes(walked(("checked", on), received_on="2026-09-01")) == found
    # The record says when it came: an event that says so too is no second arrival.
    assert codes(walked(*GOOD, received_on="2026-09-01")) == []


def test_a_certificate_issued_here_is_printed_first() -> None:
    way = (("printed", "2026-09-01"), ("checked", "2026-09-01"), ("collected", "2026-09-02"))
    assert codes(walked(*way, issued_here=True)) == []
    assert codes(walked(*way[1:], issued_here=True)) == ["HANDOVER-ARRIVED"] * 2
    assert codes(walked(("received", "2026-09-01"), issued_here=True)) == ["HANDOVER-ARRIVED"]


def test_an_event_entered_in_error_is_none() -> None:
    events = [event(*step) for step in GOOD]
    events.append(event("collected", "2026-09-03", entered_in_error=True))
    assert walk(events, fresh=events, destroy_days=365).place == "ready"


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("collected", {"identity": None}, "says identity"),
        ("collected", {"collected_by": None}, "says collected_by"),
        ("collected", {"identity": "passport 123456789"}, "never its number"),
        ("collected", {"collected_by": "third_party", "third_party": "Ann Other"}, "authorisation"),
        ("collected", {"collected_by": "third_party", "authorisation": "letter"}, "third party is named"),
        ("posted", {"tracking": None}, "says tracking"),
        ("destroyed", {"second": None}, "says second"),
        ("destroyed", {"second": "e.off"}, "two different people"),
        ("anomaly_closed", {"anomaly": None}, "says anomaly"),
        ("anomaly_closed", {"detail": None}, "says detail"),
        ("sent_back", {"detail": None}, "says detail"),
        ("ready", {"identity": "passport"}, "does not say identity"),
    ],
)
def test_what_an_event_must_and_must_not_say(name: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed, match=said):
        event(name, "2026-09-01", **changes)


def test_a_third_party_with_the_learners_authorisation() -> None:
    by = {"collected_by": "third_party", "third_party": "Ann Other", "authorisation": "letter of 1 September"}
    assert event("collected", "2026-09-01", **by).third_party == "Ann Other"


@given(
    st.lists(st.tuples(st.sampled_from(get_args(HandoverEvent)), st.integers(0, 900)), max_size=12),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_recorded_nothing_leaves_unchecked_or_twice(
    steps: list[tuple[str, int]], withheld: bool, issued_here: bool, checked: bool
) -> None:
    begun = ["printed" if issued_here else "received", *(["checked"] if checked else [])]
    events = [event(name, "2026-01-01") for name in begun]
    events += [event(name, later("2026-01-01", days=day)) for name, day in steps]
    reasons = ["RECEIVED-NAME"] if withheld else []
    found = walk(events, fresh=events, destroy_days=365, withheld=reasons, issued_here=issued_here)
    broken = [id(breach.event) for breach in found.breaches]
    taken = [one for one in sorted(events, key=lambda one: one.on) if id(one) not in broken]
    names = [one.event for one in taken if one.event != "anomaly_closed"]
    out = sum(name in ("collected", "posted") for name in names)
    back = names.count("returned")
    assert 0 <= out - back <= 1
    assert (found.place in ("collected", "posted")) == (out > back)
    assert not out or (not withheld and "checked" in names)
    assert names.count("destroyed") + names.count("sent_back") <= 1
    for one in taken:
        if one.event == "destroyed":
            came = max(two.on for two in taken if two.event in ("received", "printed", "returned"))
            assert one.on >= later(came, days=365)
