"""Erasures: noted with the file that may be left, until nothing is."""

from __future__ import annotations

from generator.edge.register.cases import Cases
from generator.edge.register.database import Register
from generator.edge.register.erasures import Erasure, Erasures
from generator.edge.register.publications import Publications
from generator.model.case import Case
from generator.model.value import Day, Serial
from tests.edge.register.rows import DAY, NOW, issued, published


def erased(register: Register, rank: int) -> Erasure:
    serial, case_id = issued(register, f"L{rank}"), f"C-26-{rank:06d}"
    fields = {"kind": "erasure", "reasons": "asked for", "opened_on": DAY, "opened_by": "e.off"}
    made = Erasure(serial, Day(DAY), case_id, f"certificates/issued/{serial}.pdf")
    with register.transaction():
        Cases(register).add(Case.of({**fields, "case_id": case_id, "subjects": [serial]}), NOW)
        Erasures(register).add(made)
    return made


def test_an_erasure_is_unfinished_until_its_file_is_gone(register: Register) -> None:
    first, second = erased(register, 1), erased(register, 2)
    erasures = Erasures(register)
    assert erasures.find(first.serial) == first
    assert erasures.find(Serial("NW-26-000009")) is None
    assert erasures.unfinished() == [first, second]
    with register.transaction():
        erasures.finished(first.serial)
    assert erasures.unfinished() == [second]
    assert [(one.serial, one.file) for one in erasures.all()] == [
        (first.serial, None),
        (second.serial, second.file),
    ]


def test_a_publication_knows_that_it_brings_a_tombstone(register: Register) -> None:
    issued(register, "L9")
    published(register, 1)
    erased(register, 1)
    published(register, 2)
    assert [
        Publications(register).rows(sequence, {}, lambda _place, _version: True).erased
        for sequence in (1, 2, 3)
    ] == [False, True, False]
