"""A presented file against the record: what accuses, and above all what does not (SPEC, Verdict, step 12)."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.formats import envelope, record, statement, verification_code
from generator.model.certificate import Statement
from generator.model.verdict import Verdict
from generator.rules.file_comparison import GRADES, PresentedFile, compare, number_in
from tests import small_site as small
from tests.vectors.file_cases import printed

KEYS = [bytes.fromhex(small.CERTIFICATE.public)]


def against(certified: Statement, text: str = "", attached: bytes | None = None) -> Verdict:
    item = record.sign(statement.encode(certified), record.Files(b"\1" * 32), small.CERTIFICATE)
    return compare(PresentedFile(bytes(32), attached, text), item, certified, KEYS)


def one(**changes: object) -> Statement:
    return small.statement_of("valid", 1, **changes)


@pytest.mark.parametrize("certified", GRADES)
@pytest.mark.parametrize("shown", GRADES)
def test_every_grade_against_every_other(certified: str, shown: str) -> None:
    item = one(grade=certified)
    found = against(item, printed(item, Grade=shown))
    if shown == certified:
        assert (found.kind, found.unread) == ("copy", ())
    elif (certified, shown) == ("Distinction*", "Distinction"):
        assert (found.kind, found.unread) == ("copy", ("grade",))  # scanners lose the star
    else:
        assert (found.kind, found.contradicted) == ("forged", "grade")


@pytest.mark.parametrize("certified", GRADES)
@pytest.mark.parametrize("shown", GRADES)
def test_every_grade_of_a_unit_against_every_other(certified: str, shown: str) -> None:
    units = [{"code": "U1", "title": "Systems", "grade": certified}, {"code": "U2", "title": "More Systems"}]
    item = one(units=units)
    found = against(item, printed(item).replace(f"U1 Systems {certified}", f"U1 Systems {shown}"))
    if shown == certified or (certified, shown) == ("Distinction*", "Distinction"):
        assert (found.kind, found.unread) == ("copy", ())
    else:
        assert (found.kind, found.contradicted) == ("forged", "units.U1.grade")


def test_another_units_row_or_a_column_read_downwards_accuses_nobody() -> None:
    units = [
        {"code": "U1", "title": "Systems", "grade": "Pass"},
        {"code": "U11", "title": "Systems", "grade": "Merit"},
        {"code": "U2", "title": "Systems Merit", "grade": "Pass"},
    ]
    item = one(units=units)
    assert against(item, printed(item)).kind == "copy"
    assert against(item, "U1 Systems U11 Systems U2 Systems Merit Pass Merit Pass").kind == "copy"
    assert against(item, "U1 Systems U11 Systems Pass Merit").kind == "copy"
    assert against(item, "Unit Systems Merit U1 Sys tems Merit").kind == "copy"


@pytest.mark.parametrize(
    "level", ["Level 3", "3", "Level 12", "E3", "Entry 3", "Entry Level 3", "Level 3 (SCQF Level 6)", "RQF 3"]
)
def test_no_genuine_level_accuses(level: str) -> None:
    item = one(programme={"code": "X", "version": "1", "title": "Towards Level 2 Study", "level": level})
    assert against(item, printed(item)).kind == "copy"


def test_titles_and_names_that_look_like_fields() -> None:
    """Where the printed field itself cannot be read, prose around it must not are in for it."""
    item = one(
        learner={"name": "Grade Pass"},
        programme={"code": "X", "version": "1", "title": "Issued 1 May 2020 at Level 4", "level": "Level 3"},
        units=[{"code": "U1", "title": "Completed 2 May 2020: Grade Fail", "grade": "Merit"}],
        centre={"name": "Certificate number AA-20-000001"},
    )
    prose = [item.learner.name, item.programme.title, "Completed 2 May 2020: Grade Fail", "Level"]
    text = " ".join([*prose, "Certificate number AA-20-000001"])
    assert against(item, text).kind == "copy"
    assert against(item, printed(item)).unread == ()
    assert against(item, printed(item, Grade="Distinction")).contradicted == "grade"


@given(st.text(max_size=80))
def test_no_text_whatever_accuses_without_our_labels(text: str) -> None:
    labels = ("Certificate number", "Verification number", "Completed", "Issued", "Expires", "Grade", "Level")
    found = against(one(), text)
    assert found.kind == "copy" or any(label in text for label in labels)


@pytest.mark.slow
@given(st.data())
def test_lost_and_broken_letters_never_accuse(data: st.DataObject) -> None:
    """Any characters of the name and the title may be lost, doubled or exchanged."""
    item = one()
    text = printed(item)
    for part in (item.learner.name, item.programme.title):
        broken = "".join(
            data.draw(st.sampled_from([char, "", " ", "\ufffd", char + " ", "\ufb01"])) for char in part
        )
        text = text.replace(part, broken)
    assert against(item, text).kind == "copy"


@given(st.data())
def test_lines_in_any_order(data: st.DataObject) -> None:
    item = one()
    lines = data.draw(st.permutations(printed(item).split("\n")))
    assert against(item, "\n".join(lines)).kind == "copy"


def test_dates_of_a_certificate_that_expires() -> None:
    item = one(validity={"months": 36}, expires_on="2029-11-22")
    text = printed(item) + "\nExpires 22 November 2029"
    assert against(item, text).unread == ()
    assert against(item, text.replace("22 November 2029", "22 November 2039")).contradicted == "expires_on"
    assert against(item, printed(item)).unread == ("expires_on",)


def test_whose_statement_is_inside() -> None:
    item, other = one(), small.small_site().statements["revoked"]
    assert against(item, printed(item), small.attachment("valid", item)).kind == "copy"
    found = against(item, printed(item), small.attachment("revoked", other))
    assert (found.kind, found.contradicted) == ("forged", "certificate.json")
    by_online = small.attachment("valid", item).replace(
        small.CERTIFICATE.key_id.encode(), small.ONLINE.key_id.encode()
    )
    assert against(item, printed(item), by_online).kind == "forged"


def test_which_number_a_file_names() -> None:
    item, other = one(), small.small_site().statements["revoked"]
    text = f"see 1234-12345-12345-12345-12345 or {verification_code.grouped(item.number)}"
    assert number_in(PresentedFile(b"", None, text)) == item.number
    assert number_in(PresentedFile(b"", small.attachment("revoked", other), text)) == other.number
    assert number_in(PresentedFile(b"", b"not json", text)) == item.number
    assert number_in(PresentedFile(b"", None, "no number at all")) is None
    assert number_in(PresentedFile(b"", None, verification_code.grouped(item.number)[:-1] + "!")) is None


@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_of_any_month_is_read_as_it_is_printed(month: int) -> None:
    item = one(completed_on=f"2026-{month:02d}-09", issued_on="2026-12-31")
    assert against(item, printed(item)) == Verdict("copy", 12)
    spelled = datetime.date(2026, month, 9).strftime("9 %B 2026")
    assert against(item, f"Completed {spelled}").unread == tuple(
        field for field in against(item, "").unread if field != "completed_on"
    )
    other = datetime.date(2026, month % 12 + 1, 9).strftime("9 %B 2026")
    assert against(item, f"Completed {other}").contradicted == "completed_on"


@pytest.mark.parametrize(
    "changes",
    [
        {"learner": {"name": "Grade Pass"}},
        {"accreditation": {"body": "Register", "statement": "Awarded with Grade Pass or better."}},
        {"centre": {"name": "Grade Pass College", "number": "C1"}},
    ],
)
def test_prose_that_reads_like_a_grade_does_not_contradict_the_grade(changes: dict[str, object]) -> None:
    item = one(grade="Merit", **changes)
    (prose,) = (
        text
        for text in (
            item.learner.name,
            item.accreditation.statement if item.accreditation else "",
            item.centre.name if item.centre else "",
        )
        if text and "Grade" in text
    )
    assert against(item, prose).kind == "copy"


def test_a_level_that_is_not_certified_or_no_closed_set_is_compared_by_eye() -> None:
    programme = {"code": "X", "version": "1", "title": "Baking"}
    for level, contradicts in ((None, False), ("Entry 3", False), ("Level 3", True)):
        item = one(programme={**programme, **({"level": level} if level else {})})
        found = against(item, "Level 5")
        assert (found.contradicted == "level") is contradicts, f"certified: {level}"


def test_a_file_names_its_number_by_the_statement_in_it_else_by_its_print() -> None:
    item = one()
    inside = envelope.encode(envelope.sign(envelope.STATEMENT, statement.encode(item), [small.CERTIFICATE]))
    other = small.number_of("other")
    text = f"Verification number {verification_code.grouped(other)}"
    assert number_in(PresentedFile(b"", inside, text)) == item.number
    spoilt = inside.replace(b"payload", b"payl0ad")
    assert number_in(PresentedFile(b"", spoilt, text)) == other
    bare = envelope.encode(
        envelope.sign(envelope.STATEMENT, b'{"number":"' + b"2" * 24 + b'"}', [small.CERTIFICATE])
    )
    assert number_in(PresentedFile(b"", bare, text)) == other, "a number that fails its check was taken"
    none = envelope.encode(envelope.sign(envelope.STATEMENT, b"{}", [small.CERTIFICATE]))
    assert number_in(PresentedFile(b"", none, text)) == other
    assert number_in(PresentedFile(b"", none, "no number here")) is None
