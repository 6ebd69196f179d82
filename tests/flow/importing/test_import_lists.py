"""An office's lists into the register: good rows kept, the others held, a correction in place of an error."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import HeldRows
from generator.edge.register.records import OfficeRecords
from generator.flow.importing import import_claims, import_sources, marked_copy
from generator.flow.importing.import_sources import Input, Options
from generator.model.result import Attendance, Result, VerificationRecord
from tests import sample_sheets, workshop
from tests.flow import offices
from tests.flow.importing import sheets_put_in as importing
from tests.rules.controls import case

RESULTS = [
    ["Candidate number", "ULN", "Name", "Unit code", "Result", "Date of result", "Series"],
    ["L1", "8802212715", "Zoë Ó Briain", "U1", "Distinction", "20/08/2026", "June 2026"],
    ["L2", "", "", "U1", "P", "20/08/2026", "June 2026"],
]
VERIFIED = [
    ["Unit", "Assignment", "Assessor", "IV", "Brief IV", "Brief IV date", "IV date", "Sample", "Outcome"],
    ["U2", "A3", "a.one", "v.two", "v.six", "01/02/2026", "02/06/2026", "L1; L2", "Agreed"],
    ["U3", "B2", "a.one", "v.two", "", "", "13/06/2026", "L2", "no"],
]
ATTENDED = [["Student ID", "Attended", "Possible"], ["L1", "9", "10"], ["L2", "7", "10"]]
OPTIONS = Options(dates="day_first")


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    """Two learners with their records in the register, which is all that is left of the files."""
    made = tmp_path / "w"
    shutil.copytree(claimed, made, ignore=shutil.ignore_patterns("site_src", "records"))
    (made / "site_src").symlink_to(claimed / "site_src")
    return made


def take(
    root: Path, rows: Sequence[Sequence[str]], name: str = "list.csv", options: Options = OPTIONS
) -> import_claims.ImportPreview:
    """Import a list as `--accept-good` does."""
    sent = root / name
    sent.write_bytes(sample_sheets.as_csv(rows))
    with workshop.opened(root) as session:
        item = import_sources.of_file(session.workspace, sent, options)
        assert item is not None
        found = import_claims.preview(session, [item])
        import_claims.write(session, found)
        assert EventLog(session.register).check() == []
        marked_copy.answer(session, found)
        return found


def codes(found: import_claims.ImportPreview) -> list[tuple[str, int]]:
    return [(one.code, int(str(one.place).split(":")[1].split(" ")[0])) for one in found.problems]


def kept(root: Path, kind: str) -> list[dict[str, object]]:
    with workshop.opened(root) as session:
        return [record.plain() for record in OfficeRecords(session.register).of_kind(kind)]


def test_a_results_list_is_kept_and_comes_again_without_doubling(place: Path) -> None:
    before = len(kept(place, Result.KIND))
    found = take(place, RESULTS)
    assert (found.problems, found.records.listed) == ((), (0, 2, 0))
    one = next(item for item in kept(place, Result.KIND) if item["grade"] == "D")
    assert (one["learner_ref"], one["unit"], one["state"]) == ("L1", "U1", "amended")
    assert (one["provenance"], one["source"]) == ("external", "series June 2026")
    assert len(kept(place, Result.KIND)) == before
    assert take(place, RESULTS).records.listed == (0, 0, 2)


def test_what_a_list_does_not_say_stays_as_recorded(place: Path) -> None:
    offices.put_records(place, [case.result("U3", "M", authorised_by="l.iv", authorised_on="2026-04-01")])
    offices.take(place)
    (place / "certificates/records/results.csv").unlink()
    take(place, [["Learner ref", "Unit", "Grade"], ["L1", "U3", "D"]])
    one = next(
        item for item in kept(place, Result.KIND) if (item["learner_ref"], item["unit"]) == ("L1", "U3")
    )
    assert (one["grade"], one["assessor"], one["authorised_by"]) == ("D", "a.one", "l.iv")
    # Nobody has confirmed the changed grade: it counts for nothing until somebody does.
    assert one["state"] == "provisional"
    found = take(place, [["Learner ref", "Unit", "Grade", "Status"], ["L1", "U3", "D", "Confirmed"]])
    assert found.records.listed == (0, 1, 0)


def test_a_list_that_contradicts_our_own_layout_is_held_beside_it(place: Path) -> None:
    offices.put_records(place, [case.result("U3", "P")])
    found = take(place, [["Learner ref", "Unit", "Grade"], ["L1", "U3", "D"], ["L2", "U3", "M"]])
    (problem,) = found.problems
    assert (problem.code, found.held) == ("RECORD-TWICE", 1)
    assert "certificates/records/results.csv:2" in problem.what
    grades = {item["grade"] for item in kept(place, Result.KIND) if item["learner_ref"] == "L1"}
    assert grades == {"M", "P"}


def test_verification_records_name_what_was_verified(place: Path) -> None:
    found = take(place, VERIFIED)
    assert found.records.listed == (2, 0, 0), found.problems
    first, second = kept(place, VerificationRecord.KIND)[-2:]
    assert (first["outcome"], first["brief_verified_by"], first["sampled"]) == (
        "agreed",
        "v.six",
        ("L1", "L2"),
    )
    # Who verified a brief is never made up.
    assert (second["outcome"], second.get("brief_verified_by")) == ("action", None)


def test_attendance_is_kept_for_the_programme_of_the_learner(place: Path) -> None:
    found = take(place, ATTENDED)
    assert found.records.listed == (2, 0, 0)
    assert {
        (item["learner_ref"], item["programme"], item["sessions"]) for item in kept(place, Attendance.KIND)
    } == {
        ("L1", "Q1", 10),
        ("L2", "Q1", 10),
    }
    corrected = [*ATTENDED[:2], ["L2", "8", "10"]]
    assert take(place, corrected).records.listed == (0, 1, 1)
    assert [item["attended"] for item in kept(place, Attendance.KIND)] == [9, 8]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([*RESULTS, ["L7", "", "", "U1", "P", "", ""]], [("REGISTRATION-KNOWN", 4)]),
        ([*RESULTS[:2], ["L2", "8802212715", "", "U1", "P", "", ""]], [("LEARNER-ULN", 3)]),
        ([*RESULTS[:2], ["L2", "", "Ann Other", "U1", "P", "", ""]], [("REGISTRATION-MATCH", 3)]),
        ([*RESULTS, ["L2", "", "", "U9", "P", "", ""]], [("SHEET-PROGRAMME", 4)]),
        ([*RESULTS, ["L2", "", "", "U1", "M", "", "Jan 2026"]], [("RECORD-TWICE", 3), ("RECORD-TWICE", 4)]),
        ([*RESULTS, ["L2", "", "", "U2", "D", "23/11/2026", ""]], [("RECORD-DATES", 4)]),
        ([*RESULTS, ["L2", "", "", "U2", "P", "22/11/2026", ""]], []),
        (
            [*VERIFIED, ["U2", "", "a.one", "v.two", "", "", "02/06/2026", "L1", "agreed"]],
            [("SHEET-CELL", 4)],
        ),
        (
            [*VERIFIED, ["U2", "A4", "a.one", "v.two", "", "", "02/06/2026", "L1", "fine"]],
            [("SHEET-CELL", 4)],
        ),
    ],
)
def test_a_faulty_row_is_held_and_the_others_are_kept(
    place: Path, rows: list[list[str]], found: list[tuple[str, int]]
) -> None:
    done = take(place, rows)
    assert codes(done) == found
    assert sum(done.records.listed) == len(rows) - 1 - len(found)
    with workshop.opened(place) as session:
        assert [row.line for row in HeldRows(session.register).all()] == [line for _, line in found]
    assert (place / "certificates/reports/list.checked.xlsx").exists() == bool(found)


def test_a_corrected_list_lets_its_held_rows_go(place: Path) -> None:
    take(place, [*RESULTS[:2], ["L2", "8802212715", "", "U1", "P", "", ""]])
    take(place, RESULTS)
    with workshop.opened(place) as session:
        assert list(HeldRows(session.register).all()) == []


def test_two_attempts_are_two_results(place: Path) -> None:
    head = ["Learner ref", "Unit", "Grade", "Attempt"]
    found = take(place, [head, ["L1", "U1", "P", "1"], ["L1", "U1", "M", "2"]])
    assert (found.problems, found.records.listed) == ((), (1, 1, 0))
    second = next(item for item in kept(place, Result.KIND) if item["attempt_number"] == 2)
    assert (second["attempt"], second["grade"], second["state"]) == ("resit", "M", "confirmed")


def test_which_programme_is_a_question_where_the_catalogue_leaves_a_choice(place: Path) -> None:
    newer = offices.qualification(version="2")
    offices.put(place, "catalogue/Q1-2.yaml", json.dumps(newer))
    assert take(place, ATTENDED).records.listed == (2, 0, 0), "the registrations say which"
    lines = [*VERIFIED[:2]]
    assert codes(take(place, lines)) == [("SHEET-PROGRAMME", 2)]
    told = Options(dates="day_first", programme="Q1", version="2")
    assert take(place, lines, options=told).records.listed == (1, 0, 0)


def test_what_the_office_decided_is_not_undone_by_an_old_list(place: Path) -> None:
    for state in ("under_review", "void"):
        decided = case.result("U1", "M", state=state, assessor="external", provenance="external")
        with workshop.opened(place) as session, session.register.transaction():
            OfficeRecords(session.register).keep(decided, "decided", session.now)
        take(place, [["Learner ref", "Unit", "Grade"], ["L1", "U1", "M"]])
        one = next(
            item for item in kept(place, Result.KIND) if (item["learner_ref"], item["unit"]) == ("L1", "U1")
        )
        assert one["state"] == state


def test_an_erased_learner_does_not_come_back_by_a_list(place: Path) -> None:
    with workshop.opened(place) as session, session.register.transaction():
        session.register.change(
            "UPDATE claims SET body = NULL WHERE claim_id IN"
            " (SELECT claim_id FROM claim_subjects WHERE subject = 'C1/L1')"
        )
        OfficeRecords(session.register).forget("C1/L1")
    found = take(place, RESULTS)
    assert [(one.code, one.place.row) for one in found.reported] == [("CLAIM-ERASED", 2)]
    assert "CLAIM-ERASED" not in {code for code, _ in codes(found)}
    with workshop.opened(place) as session:
        assert list(HeldRows(session.register).all()) == []
        assert OfficeRecords(session.register).about("C1/L1").current() == ()


def test_a_list_may_come_with_the_registrations_of_its_learners(tmp_path: Path) -> None:
    root = workshop.sample(tmp_path / "w")
    importing.only(root, importing.grades())
    rows = [["Learner ref", "Unit", "Grade"], ["NF04100", "U1", "M"], ["NF99999", "U1", "M"]]
    sent = tmp_path / "results.csv"
    sent.write_bytes(sample_sheets.as_csv(rows))
    with workshop.opened(root) as session:
        found = import_claims.preview(session, [Input(sent, "results.csv", None, OPTIONS)])
        assert codes(found) == [("REGISTRATION-KNOWN", 2), ("REGISTRATION-KNOWN", 3)]
        both = [*import_sources.of_workspace(session.workspace), Input(sent, "results.csv", None, OPTIONS)]
        found = import_claims.preview(session, both)
        assert (codes(found), found.new) == ([("REGISTRATION-KNOWN", 3)], 60)


def test_a_run_that_breaks_off_keeps_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = workshop.register_content(place)
    real, calls = OfficeRecords.keep, []

    def broken(self: OfficeRecords, *words: object) -> bool:
        calls.append(words)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, *words)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(OfficeRecords, "keep", broken)
    with pytest.raises(KeyboardInterrupt):
        take(place, [*RESULTS, ["L7", "", "", "U1", "P", "", ""]])
    assert workshop.register_content(place) == before
