"""Records from file to register: nothing half kept, doubles name both rows, history stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.edge.register.event_log import EventLog
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.records import OfficeRecords, digest, subject
from generator.errors import Place, Refused
from generator.flow.importing import import_claims, records
from generator.flow.office import pending
from generator.model.quality_records import EvidenceItem, Irregularity
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.sheets import centre_file, layouts
from generator.sheets.layouts import Form
from tests import workshop
from tests.flow import offices
from tests.rules.controls import case


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("empty")
    settings = offices.settings("awarding_organisation", "btec-centre")
    return offices.make(root, settings, [offices.qualification()])


@pytest.fixture
def room(empty: Path, tmp_path: Path) -> Path:
    shutil.copytree(empty, tmp_path / "w")
    return tmp_path / "w"


def codes(root: Path) -> list[str]:
    return [problem.code for problem in offices.take(root).problems]


def kept(root: Path, kind: str) -> int:
    with workshop.opened(root) as session:
        return sum(1 for _ in OfficeRecords(session.register).of_kind(kind))


def test_a_second_import_keeps_nothing_and_a_change_replaces(room: Path) -> None:
    offices.put_records(room, offices.records(["L1"]))
    assert len(offices.take(room).records.records) == 12
    assert len(offices.take(room).records.records) == 0
    offices.put_records(room, [case.result("U3", "D")])
    assert len(offices.take(room).records.records) == 1
    with workshop.opened(room) as session:
        about = OfficeRecords(session.register).about(subject("C1", "L1"))
        assert about.fault == ""
        assert len(about.kept) == len(about.current()) + 1


def test_nothing_is_kept_where_one_row_is_wrong(room: Path) -> None:
    offices.put_records(room, offices.records(["L1"]))
    offices.put(
        room,
        "records/attendance.csv",
        "centre,learner_ref,programme,version,attended,sessions\nC1,L1,Q1,1,9,8\n",
    )
    assert codes(room) == ["LAYOUT-FIELD"]
    assert kept(room, "learners") == 0


@pytest.mark.parametrize("form", ["yaml", "csv", "jsonl"])
def test_one_faulty_record_with_accept_good_leaves_out_itself_alone(room: Path, form: Form) -> None:
    numbers = [f"L{rank}" for rank in range(1, 13)]
    listed = [case.learner(learner_ref=number, name=f"Name {number}", uln=None) for number in numbers]
    data = layouts.write(LearnerRecord, "learners", listed, form).replace(b"Name L7", "Name\u3164L7".encode())
    offices.put(room, f"records/learners.{form}", data.decode())
    with workshop.opened(room) as session:
        found = import_claims.preview(session)
        assert len(found.problems) == 1
        import_claims.write(session, found)
    assert kept(room, "learners") == 11


def test_of_two_records_that_contradict_one_another_neither_is_kept(room: Path) -> None:
    offices.put_records(room, [case.attended(8), case.attended(9), case.learner()])
    with workshop.opened(room) as session:
        import_claims.write(session, import_claims.preview(session))
    assert kept(room, "attendance") == 0
    assert kept(room, "learners") == 1


@pytest.mark.parametrize("name", ["records/learners.xls", "records/people-2026.csv", "records/learnersx.csv"])
def test_a_file_whose_name_says_no_layout(room: Path, name: str) -> None:
    offices.put(room, name, "x")
    assert codes(room) == ["LAYOUT-NAME"]


def test_a_name_begins_with_the_longest_layout_that_fits() -> None:
    found = {
        stem: records.kind_of(stem) for stem in ("results", "results-2026", "centre-approvals-x", "result")
    }
    assert found == {
        "results": "results",
        "results-2026": "results",
        "centre-approvals-x": "centre-approvals",
        "result": None,
    }


def test_the_same_learner_twice_names_both_places(room: Path) -> None:
    twice = [case.learner(), case.learner(learner_ref="L2", name="Other")]
    offices.put_records(room, twice)
    (problem,) = offices.take(room).problems
    assert (problem.code, str(problem.place)) == ("LEARNER-TWICE", "certificates/records/learners.csv:3")
    assert "L2 looks like L1 in certificates/records/learners.csv:2" in problem.what
    born = {"born_on": "2008-01-01", "uln": None}
    offices.put_records(room, [case.learner(**born), case.learner(learner_ref="L2", **born)])
    assert codes(room) == ["LEARNER-TWICE"]
    offices.put_records(
        room, [case.learner(**born), case.learner(learner_ref="L2", born_on="2008-01-02", uln=None)]
    )
    assert codes(room) == []
    offices.put_records(room, [case.learner(), case.learner(learner_ref="L3")])
    assert codes(room) == ["LEARNER-TWICE"]


def test_two_rows_that_contradict_one_another_name_both_places(room: Path) -> None:
    offices.put_records(room, [case.attended(8), case.attended(9)])
    (problem,) = offices.take(room).problems
    assert problem.code == "RECORD-TWICE"
    assert str(problem.place).endswith(":3")
    assert "attendance.csv:2" in problem.what


def test_what_only_the_workspace_knows(room: Path) -> None:
    strange = case.attended(8)
    offices.put_records(room, [strange.model_copy(update={"centre": "C9"})])
    assert codes(room) == ["RECORD-CENTRE"]
    offices.put_records(room, [strange.model_copy(update={"programme": "Q9"})])
    assert codes(room) == ["RECORD-PROGRAMME"]
    for day, found in (("2026-11-22", []), ("2026-11-23", ["RECORD-DATES"])):
        offices.put(
            room, "records/attendance.csv", layouts.write(type(strange), "attendance", [strange], "csv")
        )
        offices.put_records(room, [case.result("U3", "M", assessed_on=day)])
        assert codes(room) == found


def test_learners_are_told_once_of_each_event(room: Path) -> None:
    offices.put_records(room, offices.records(["L1"]))
    offices.take(room)
    offices.take(room)
    left = case.event("withdrawn", "2026-10-01", signed_off=case.signed("quality_nominee", "exams_officer"))
    offices.put_records(room, [left, case.event("registered", None, version="1", programme="Q1")])
    offices.take(room)
    with workshop.opened(room) as session:
        told = LearnerMessages(session.register).all()
    assert [(one.kind, one.recipient) for one in told] == [
        ("registration_registered", "C1/L1"),
        ("registration_withdrawn", "C1/L1"),
    ]
    assert set(told[0].payload) == {"programme", "version", "event", "on"}


def test_what_waits_is_listed_with_who_must_act(room: Path) -> None:
    begun = case.event("registered", None, starts_on="2026-11-01")
    report = {"centre": "C1", "report": "R1", "about": "claim", "finding": "late"}
    evidence = {"centre": "C1", "evidence": "E1", "what": "policy", "subject": "Appeals", "owner": "s.marsh"}
    listed = [
        begun.model_copy(update={"learner_ref": "L9"}),
        *case.results(),
        Irregularity.of({**report, "found_on": "2026-11-01", "found_by": "e.okoro"}),
        EvidenceItem.of({**evidence, "on": "2026-01-01", "review_on": "2026-12-01"}),
        EvidenceItem.of({**evidence, "evidence": "E2", "on": "2026-01-01", "review_on": "2027-12-01"}),
    ]
    offices.put_records(room, listed)
    assert codes(room) == []
    with workshop.opened(room) as session:
        found = pending.pending(session)
        assert {(one.list, one.who) for one in found} == {
            ("registrations", "lead internal verifier"),
            ("registrations", "exams officer"),
            ("finished and unclaimed", "exams officer"),
            ("reports", "e.okoro"),
            ("evidence", "s.marsh"),
        }
        assert [one.on for one in found if one.what == "registration due"] == ["2026-12-01"]
        confirm = pending.confirm_list(session.register)
    (row,) = layouts.read(RegistrationEvent, "registrations", confirm, Place("list"), "csv")
    assert (row.record.event, row.record.on, row.record.signed_off) == ("confirmed", None, ())


def test_what_is_exported_can_be_imported_elsewhere(room: Path) -> None:
    offices.put_records(room, offices.records())
    offices.take(room)
    with workshop.opened(room) as session:
        for kind in ("learners", "registrations", "results"):
            assert (
                len(
                    layouts.read(
                        records.EVERY[kind],
                        kind,
                        records.export(session.register, kind, "csv"),
                        Place("x"),
                        "csv",
                    )
                )
                > 2
            )
        people = records.export_people(session.workspace, "csv").decode("utf-8-sig")
        with pytest.raises(Refused, match="LAYOUT-NAME"):
            records.export(session.register, "passwords", "csv")
    assert "m.castell" in people
    assert "public" not in people


def test_erased_records_leave_no_digest_and_no_fault(room: Path) -> None:
    offices.put_records(room, offices.records(["L1"]))
    offices.take(room)
    with workshop.opened(room) as session:
        with session.register.transaction():
            OfficeRecords(session.register).forget(subject("C1", "L1"))
            EventLog(session.register).erase([subject("C1", "L1")])
        about = OfficeRecords(session.register).about(subject("C1", "L1"))
        assert (about.kept, about.fault) == ((), "")
        unsalted = digest(offices.records(["L1"])[-1])
        assert session.register.rows("SELECT * FROM records WHERE sha256 = ?", unsalted) == []
        assert EventLog(session.register).check() == []


def test_centres_come_from_files_of_each_and_from_one_of_many(room: Path) -> None:
    rows = "number,name,email\nC2,Southfield College,exams@south.example\nC3,Eastfield College,\n"
    offices.put(room, "centres/more.csv", rows)
    offices.put(room, "centres/~$more.xlsx", "a spreadsheet program's lock")
    with workshop.opened(room) as session:
        assert sorted(session.workspace.centres) == ["C1", "C2", "C3"]
        data = centre_file.write(session.workspace.centres.values(), "xlsx")
    for path in (room / "certificates/centres").glob("*"):
        path.unlink()
    offices.put(room, "centres/all.XLSX", data)
    with workshop.opened(room) as session:
        assert sorted(session.workspace.centres) == ["C1", "C2", "C3"]
    offices.put(room, "centres/more.csv", rows)
    with pytest.raises(Refused) as refused, workshop.opened(room):
        pass
    assert [(one.code, str(one.place)) for one in refused.value.problems] == [
        ("CENTRE-TWICE", "certificates/centres/more.csv:2"),
        ("CENTRE-TWICE", "certificates/centres/more.csv:3"),
    ]
