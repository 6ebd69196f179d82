"""From the despatch list to the learner's hand, and what happens to what nobody collects."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.records import OfficeRecords
from generator.flow.importing import import_claims, import_sources
from generator.flow.importing.import_sources import Options
from generator.flow.office import due, handover, pending
from generator.flow.office.received import PaperCertificates
from generator.model.paper import Handover, ReceivedCertificate
from tests import sample_sheets, workshop
from tests.flow import offices
from tests.flow.office.papers import DESPATCH, anomalies, despatched, emptied, happened, states
from tests.rules.controls import case
from tests.rules.test_handover import MORE


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    """Two learners whose claims and records are in the register, and no files of records."""
    return emptied(claimed, tmp_path / "w")


@pytest.mark.slow
def test_the_whole_way_of_a_certificate(place: Path) -> None:
    """Received, compared, withheld, closed, collected, returned, destroyed: each step in the chain."""
    despatched(place, DESPATCH)
    assert states(place) == {"AO-1": "here", "AO-2": "withheld"}
    assert anomalies(place) == {"AO-2": ["grade"]}

    def step(name: str, on: str, at: str = "2026-11-22T10:00:00Z", **more: str) -> list[str]:
        return happened(place, "AO-2", name, on, at, learner_ref="L2", **more)

    assert step("collected", "2026-11-22") == ["HANDOVER-UNCHECKED"]
    assert step("checked", "2026-11-22") == []
    assert step("collected", "2026-11-22") == ["HANDOVER-WITHHELD"]
    assert step("anomaly_closed", "2026-11-22", anomaly="name") == []
    assert step("ready", "2026-11-22") == ["HANDOVER-WITHHELD"], "another anomaly was closed"
    assert step("anomaly_closed", "2026-11-22", anomaly="grade") == []
    assert states(place)["AO-2"] == "checked"
    assert step("collected", "2026-11-22") == []
    assert step("posted", "2026-11-22") == ["HANDOVER-TWICE"]
    assert step("returned", "2026-12-01", "2026-12-01T10:00:00Z") == []
    assert step("destroyed", "2027-11-30", "2027-12-10T10:00:00Z") == ["HANDOVER-EARLY"]
    assert step("destroyed", "2027-12-01", "2027-12-10T10:00:00Z") == []
    assert states(place)["AO-2"] == "destroyed"
    assert step("ready", "2027-12-02", "2027-12-10T10:00:00Z") == ["HANDOVER-ENDED"]
    with workshop.opened(place) as session:
        told = EventLog(session.register).of("C1/L2", "record_kept")
        kinds = [event.details["record"] for event in told][-7:]
        assert kinds == ["received", *["handovers"] * 6]
        assert EventLog(session.register).check() == []
        # The record is kept; the paper is gone.
        assert [
            one.learner() for one in OfficeRecords(session.register).of_kind(ReceivedCertificate.KIND)
        ] == ["L1", "L2"]


def test_a_closing_is_about_what_was_compared(place: Path) -> None:
    despatched(place, DESPATCH)
    later = "2026-11-23T10:00:00Z"
    closing = {"anomaly": "grade", "learner_ref": "L2"}
    assert happened(place, "AO-2", "anomaly_closed", "2026-11-22", workshop.NOW, **closing) == []
    assert anomalies(place) == {}
    (place / "certificates/records/handovers.csv").unlink()
    changed = [list(row) for row in DESPATCH]
    changed[2][4] = "Distinction"
    despatched(place, changed, later)
    assert anomalies(place) == {"AO-2": ["grade"]}


def test_a_result_changed_after_collection_asks_for_it_back_and_is_no_fault_of_the_event(place: Path) -> None:
    despatched(place, DESPATCH)
    for name in ("checked", "collected"):
        assert happened(place, "AO-1", name, "2026-11-22", workshop.NOW) == []
    # The file of events stays where it is and is read again with every import.
    with workshop.opened(place) as session, session.register.transaction():
        OfficeRecords(session.register).keep(case.result("U3", "P", state="amended"), "amended", session.now)
    assert anomalies(place)["AO-1"] == ["result"]
    assert states(place)["AO-1"] == "collected"
    with workshop.opened(place) as session:
        found = import_claims.preview(session, [])
        assert [one.code for one in found.problems] == []
        (paper,) = PaperCertificates(session).about("C1/L1")
        assert (paper.owner, paper.fix[:15]) == ("exams_officer", "ask for it back")


def test_an_event_of_what_is_not_known_is_refused(place: Path) -> None:
    assert happened(place, "AO-9", "checked", "2026-11-22", workshop.NOW) == ["HANDOVER-UNKNOWN"]
    despatched_to_another = {"learner_ref": "L2"}
    (place / "certificates/records/handovers.csv").unlink()
    despatched(place, DESPATCH)
    assert happened(place, "AO-1", "checked", "2026-11-22", workshop.NOW, **despatched_to_another) == [
        "HANDOVER-UNKNOWN"
    ]


def test_a_certificate_with_events_does_not_go_to_another_learner(place: Path) -> None:
    despatched(place, DESPATCH)
    moved = [list(row) for row in DESPATCH]
    moved[1][1], moved[1][2] = "L2", "محمد عبد الله"
    (place / "despatch.csv").write_bytes(sample_sheets.as_csv(moved))

    def found() -> list[str]:
        with workshop.opened(place) as session:
            item = import_sources.of_file(
                session.workspace, place / "despatch.csv", Options(dates="day_first")
            )
            assert item is not None
            return [one.code for one in import_claims.preview(session, [item]).problems]

    assert found() == [], "a slip of the list is corrected by the next"
    assert happened(place, "AO-1", "checked", "2026-11-22", workshop.NOW) == []
    (place / "certificates/records/handovers.csv").unlink()
    assert found() == ["HANDOVER-UNKNOWN"]


@pytest.mark.slow
def test_taking_back_an_event_on_which_others_rest_is_refused(place: Path) -> None:
    despatched(place, DESPATCH)
    for name in ("checked", "collected"):
        assert happened(place, "AO-1", name, "2026-11-22", workshop.NOW) == []
    wrong = Handover.of(
        {"centre": "C1", "learner_ref": "L1", "certificate": "AO-1", "event": "checked"}
        | {"on": "2026-11-22", "by": "e.off", "entered_in_error": True}
    )
    offices.put_records(place, [wrong])
    assert [one.code for one in offices.take(place).problems] == ["HANDOVER-UNCHECKED"]


def test_what_lies_uncollected_and_what_may_be_destroyed_comes_due(place: Path) -> None:
    despatched(place, DESPATCH)
    for name in ("checked", "ready"):
        assert happened(place, "AO-1", name, "2026-11-22", workshop.NOW) == []
    assert states(place, "2026-12-20T10:00:00Z")["AO-1"] == "ready"
    assert states(place, "2026-12-21T10:00:00Z")["AO-1"] == "uncollected"
    with workshop.opened(place, "2026-12-21T10:00:00Z") as session:
        soon = [(one.on, one.kind, one.subject) for one in due.due_items(session, 300)]
        assert ("2026-12-20", "paper", "AO-1") in soon
        assert ("2027-09-01", "paper", "AO-1") in soon
        waiting = [one for one in pending.pending(session) if "on paper" in one.list]
        assert {one.where for one in waiting} == {"C1/L1 AO-1", "C1/L2 AO-2"}
        assert "RECEIVED-GRADE" in next(one.what for one in waiting if "AO-2" in one.where)


@pytest.mark.slow
def test_the_collection_list_shows_numbers_in_the_order_of_surnames(place: Path) -> None:
    despatched(place, DESPATCH)
    for certificate, learner in (("AO-1", "L1"), ("AO-2", "L2")):
        if certificate == "AO-2":
            closing = {"anomaly": "grade", "learner_ref": learner}
            assert happened(place, certificate, "anomaly_closed", "2026-11-22", workshop.NOW, **closing) == []
        for name in ("checked", "ready"):
            assert happened(place, certificate, name, "2026-11-22", workshop.NOW, learner_ref=learner) == []
    with workshop.opened(place) as session:
        papers = list(PaperCertificates(session).all())
    listed = handover.collection_list(papers).decode("utf-8-sig").split()
    assert listed == ["certificate", "AO-1", "AO-2"]
    assert handover.to_collect(reversed(papers)) == ["AO-1", "AO-2"], "Briain before عبد الله"


def test_a_claim_of_a_centre_without_a_certificate_is_missed_after_the_set_time(place: Path) -> None:
    settings = json.loads((place / "portal.yaml").read_text("utf-8"))
    settings["organisation"]["kind"] = "centre"
    settings["policy"]["paper"] = {"expected_days": 10}
    (place / "portal.yaml").write_text(json.dumps(settings), "utf-8")
    despatched(place, DESPATCH[:2])
    for day, expected in (("2026-12-02", []), ("2026-12-03", ["C1/L2"])):
        with workshop.opened(place, f"{day}T10:00:00Z") as session:
            found = list(PaperCertificates(session).awaited())
            assert [one.about for one in found] == expected


def test_a_certificate_issued_here_on_paper(finished: Path, tmp_path: Path) -> None:
    root = tmp_path / "w"
    shutil.copytree(finished, root, ignore=shutil.ignore_patterns("site_src", "public"))
    (root / "site_src").symlink_to(finished / "site_src")
    with workshop.opened(root) as session:
        held = next(one for one in Claims(session.register).certified())
    assert held.serial is not None

    def step(name: str) -> list[str]:
        fields = {"centre": "NF041", "learner_ref": held.claim.learner_ref, "certificate": held.serial}
        more = {"event": name, "on": "2026-11-22", "by": "e.off", **MORE.get(name, {})}
        offices.put_records(root, [Handover.of({**fields, **more})])
        return [problem.code for problem in offices.take(root).problems]

    assert step("checked") == ["HANDOVER-ARRIVED"]
    assert step("printed") == []
    assert step("checked") == []
    with workshop.opened(root) as session, session.register.transaction():
        row = (held.serial, "suspended", "2026-11-22")
        session.register.change(
            "INSERT INTO changes (serial, kind, changed_on, reason_code) VALUES (?, ?, ?, 0)", *row
        )
    assert step("collected") == ["HANDOVER-WITHHELD"]
    with workshop.opened(root) as session, session.register.transaction():
        session.register.change("DELETE FROM changes")
    assert step("collected") == []
    assert states(root) == {held.serial: "collected"}
