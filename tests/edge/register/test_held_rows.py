"""Rows that an import could not take, with their cells and faults; and answers that are asked for once."""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.held_rows import Answers, HeldRows
from generator.errors import Place, Problem
from tests.edge.register.rows import LATER, NOW, claim

FAULT = Problem(
    "CLAIM-GRADE", Place("a.csv", 3, "grade"), "sender", "is X", "write P, M or D", "no such grade"
)
CELLS = {"learner name": "Zoë Ó Briain", "grade": "X"}


def test_a_held_row_comes_back_with_its_cells_and_faults(register: Register) -> None:
    held = HeldRows(register)
    with register.transaction():
        assert not held.hold(NOW, "b.csv", 2, {}, [], None), "it was never held before"
        held.hold(NOW, "a.csv", 4, {}, [], None)
        held.hold(NOW, "a.csv", 3, CELLS, [FAULT], claim())
    rows = list(held.all())
    assert [(row.file, row.line) for row in rows] == [("a.csv", 3), ("a.csv", 4), ("b.csv", 2)]
    assert (rows[0].cells, rows[0].faults, rows[0].held_at) == (CELLS, (FAULT,), NOW)
    assert held.count() == 3


def test_a_file_that_is_read_again_keeps_the_day_of_what_is_still_the_same(register: Register) -> None:
    held = HeldRows(register)
    with register.transaction():
        held.hold(NOW, "a.csv", 3, CELLS, [FAULT], claim())
        held.hold(NOW, "a.csv", 4, CELLS, [FAULT], claim("L2"))
        since = held.since("a.csv")
        assert held.clear("a.csv") == 2
        again = [
            held.hold(LATER, "a.csv", 3, CELLS, [], claim(), since),
            held.hold(LATER, "a.csv", 4, {**CELLS, "grade": "Y"}, [FAULT], claim("L2"), since),
            held.hold(LATER, "a.csv", 5, CELLS, [FAULT], claim(), since),
        ]
    assert again == [True, False, False]
    assert [row.held_at for row in held.all()] == [NOW, LATER, LATER]
    assert held.since("b.csv") == {}


def test_a_claim_that_came_from_elsewhere_releases_its_rows(register: Register) -> None:
    held = HeldRows(register)
    with register.transaction():
        for line, learner in ((1, "L1"), (2, "L2"), (3, "L1")):
            held.hold(NOW, "a.csv", line, CELLS, [FAULT], claim(learner))
        held.hold(NOW, "a.csv", 4, CELLS, [FAULT], None)
        assert held.release([claim("L1", grade="D"), claim("L7")]) == 2
    assert [row.line for row in held.all()] == [2, 4]


def test_rows_that_tell_of_somebody_are_forgotten_and_no_others(register: Register) -> None:
    held = HeldRows(register)
    with register.transaction():
        held.hold(NOW, "b.csv", 1, CELLS, [FAULT], None)
        held.hold(NOW, "a.csv", 1, {"learner name": "Bo Li"}, [], None)
        assert held.forget(lambda row: "Zoë Ó Briain" in row.cells.values()) == 1
    assert [row.cells for row in held.all()] == [{"learner name": "Bo Li"}]


def test_whose_row_it_is_cannot_be_read_from_the_file(register: Register) -> None:
    with register.transaction():
        HeldRows(register).hold(NOW, "a.csv", 1, {}, [], claim("REF777"))
    assert b"REF777" not in register.rows("SELECT subject FROM held_rows")[0][0]


def test_an_answer_is_remembered_and_a_later_one_replaces_it(register: Register) -> None:
    answers = Answers(register)
    question = answers.question("C1", "L1", "Zoe O Briain")
    assert question == answers.question("C1", "L1", "Zoe O Briain")
    assert question != answers.question("C1", "L1", "Zoe", "O Briain")
    assert len(bytes.fromhex(question)) == 6
    with register.transaction():
        answers.keep(NOW, {question: "sheet", "other": "sheet"})
        answers.keep(LATER, {question: "register"})
    assert answers.known() == {question: "register", "other": "sheet"}
