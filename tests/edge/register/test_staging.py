"""Where an import is laid out: rows and faults in the order of the files, nothing of a list with faults."""

from __future__ import annotations

import pytest

from generator.edge.register.database import Register
from generator.edge.register.staging import StagedRecord, Staging, forget, packed, unpacked
from generator.errors import Place, Problem
from tests.edge.register.rows import claim
from tests.rules.controls import case

CELLS = {"Learner name": "Zoë Ó Briain", "Grade": "M", "": "no heading"}


def fault(row: int, what: str = "is X") -> Problem:
    return Problem("CLAIM-GRADE", Place("a.csv", row, "Grade"), "sender", what, "write P, M or D", "why")


@pytest.fixture
def staging(register: Register) -> Staging:
    with register.transaction():
        return Staging.begun(register)


def added(register: Register, staging: Staging, line: int, state: str = "new", learner: str = "L1") -> int:
    with register.transaction():
        place = Place("a.csv", line)
        return staging.add("a.csv", place, line, CELLS, claim(learner), state, "a@b.example")  # type: ignore[arg-type]  # a state of the tests


def test_a_row_comes_back_as_it_was_read(register: Register, staging: Staging) -> None:
    number = added(register, staging, 3)
    (row,) = staging.rows("new")
    assert (row.number, row.file, row.place, row.line, row.cells, row.claim, row.email) == (
        number,
        "a.csv",
        Place("a.csv", 3),
        3,
        CELLS,
        claim(),
        "a@b.example",
    )
    assert staging.cells(number) == CELLS
    assert staging.cells(number + 1) == {}


def test_a_row_without_a_claim_keeps_its_cells(register: Register, staging: Staging) -> None:
    with register.transaction():
        staging.add("a.csv", Place("a.csv", 2), 2, CELLS, None, "held")
    (row,) = staging.rows("held")
    assert (row.claim, row.email, row.cells) == (None, None, CELLS)


def test_rows_are_counted_by_state_and_a_good_one_can_be_held(register: Register, staging: Staging) -> None:
    first = added(register, staging, 2)
    added(register, staging, 3, learner="L2")
    added(register, staging, 4, "same", "L3")
    assert [staging.count(state) for state in ("new", "same", "held")] == [2, 1, 0]
    with register.transaction():
        staging.hold(first)
    assert [row.line for row in staging.rows("new")] == [3]
    assert [row.line for row in staging.rows("held")] == [2]


def test_the_same_claim_in_an_earlier_row_is_its_twin(register: Register, staging: Staging) -> None:
    first = added(register, staging, 2)
    added(register, staging, 3)
    twin = staging.twin(claim(grade="D"))
    assert twin is not None
    assert twin.number == first
    assert staging.twin(claim("L2")) is None


def test_faults_are_told_in_the_order_of_files_and_rows(register: Register, staging: Staging) -> None:
    number = added(register, staging, 9)
    with register.transaction():
        staging.fault(fault(9), "b.csv", 9, number)
        staging.fault(fault(5), "a.csv", 5)
        staging.fault(fault(0, "has no rows"), "a.csv", 0)
        staging.fault(fault(9, "second"), "b.csv", 9, number)
    assert [(one.place.row, one.what) for one in staging.faults()] == [
        (0, "has no rows"),
        (5, "is X"),
        (9, "is X"),
        (9, "second"),
    ]
    assert list(staging.faults("a.csv", 1)) == [fault(0, "has no rows")]
    assert staging.faults_of(number) == [fault(9), fault(9, "second")]
    assert list(staging.placed_faults("b.csv")) == [(fault(9), 9, number), (fault(9, "second"), 9, number)]
    assert (staging.fault_count(), staging.fault_count("a.csv")) == (4, 2)
    assert staging.faulty_files() == ["a.csv", "b.csv"]


def listed(register: Register, staging: Staging, line: int, grade: str, unit: str = "U1") -> StagedRecord:
    record = case.result(unit, grade)
    with register.transaction():
        number = staging.add("l.csv", Place("l.csv", line), line, CELLS, None, "listed")
        staging.add_record(number, record)
    return StagedRecord(number, "l.csv", Place("l.csv", line), line, record)


def test_a_lists_records_come_back_and_a_contradiction_is_placed(
    register: Register, staging: Staging
) -> None:
    rows = [listed(register, staging, line, grade) for line, grade in ((2, "P"), (3, "P"), (4, "M"))]
    rows.append(listed(register, staging, 5, "D", "U2"))
    assert list(staging.records()) == rows
    places = [staging.contradicted(row) for row in rows]
    assert places == [Place("l.csv", 4), Place("l.csv", 4), Place("l.csv", 2), None]


def test_of_a_list_with_faults_nothing_is_laid_out(register: Register, staging: Staging) -> None:
    listed(register, staging, 2, "P")
    with register.transaction():
        with staging.all_or_faults() as faults:
            number = staging.add("l.csv", Place("l.csv", 3), 3, CELLS, None, "listed")
            staging.add_record(number, case.result("U1", "M"))
            staging.fault(fault(3), "l.csv", 3, number)
            faults.append(fault(3))
        with staging.all_or_faults():
            number = staging.add("l.csv", Place("l.csv", 4), 4, CELLS, None, "listed")
            staging.add_record(number, case.result("U1", "D"))
    assert [row.line for row in staging.records()] == [2, 4]
    assert staging.fault_count() == 0


def test_an_import_begun_again_finds_nothing_of_the_last(register: Register, staging: Staging) -> None:
    added(register, staging, 2)
    with register.transaction():
        staging.fault(fault(2), "a.csv", 2)
        forget(register)
    assert (staging.count("new"), staging.fault_count()) == (0, 0)
    added(register, staging, 3)
    with register.transaction():
        again = Staging.begun(register)
    assert again.count("new") == 0


def test_the_digest_is_of_rows_and_faults(register: Register, staging: Staging) -> None:
    empty = staging.digest()
    added(register, staging, 2)
    row = staging.digest()
    with register.transaction():
        staging.fault(fault(2), "a.csv", 2)
    whole = staging.digest()
    assert len({empty, row, whole}) == 3
    assert Staging(register).digest() == whole
    with register.transaction():
        begun = Staging.begun(register)
    assert begun.digest() == empty
    added(register, begun, 2)
    assert begun.digest() == row


def test_nothing_of_it_is_in_the_registers_file(register: Register, staging: Staging) -> None:
    added(register, staging, 2)
    names = {name for (name,) in register.rows("SELECT name FROM main.sqlite_master")}
    assert not {name for name in names if name.startswith("staged")}


def test_cells_with_half_a_character_are_kept_with_a_mark_in_its_place() -> None:
    assert unpacked(packed({"Name": "Zo\ud83c"})) == {"Name": "Zo?"}
    assert unpacked(packed(CELLS)) == CELLS
