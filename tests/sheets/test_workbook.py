"""The marked copy, opened again and compared cell by cell with what was sent."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from generator.errors import Malformed
from generator.sheets import workbook_writer
from generator.sheets.workbook_writer import Mark
from tests import sample_sheets


def sent() -> bytes:
    """What a centre sends: titles, widths, formats, formulas, lists to choose from, hidden things."""
    book = Workbook()
    page = book.active
    page.title = "Grades"
    page.append(["Northfield College", None, None])
    page.append(["Reference", "Grade", "Date"])
    for rank in range(3, 30):
        page.append([f"NF{rank}", "M", date(2026, 6, rank - 2)])
        page.cell(rank, 3).number_format = "dd mmm yyyy"
    page["D3"] = "=COUNTA(A3:A29)"
    page["D4"] = '=HYPERLINK("http://example.org/"&A3)'
    page["D5"] = "=cmd|'/c calc'!A1"
    page["D6"] = "='[other.xlsx]Sheet1'!A1"
    page["E3"].value = "=not a formula"
    page["E3"].data_type = "s"
    page["B4"].comment = Comment("see me", "Reza")
    page["A2"].font = Font(bold=True)
    page.merge_cells("A1:C1")
    page.column_dimensions["A"].width = 31
    page.row_dimensions[7].hidden = True
    page.freeze_panes = "A3"
    choice = DataValidation(type="list", formula1='"P,M,D"')
    choice.add("B3:B29")
    page.add_data_validation(choice)
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "P"
    book.create_sheet("Very").sheet_state = "veryHidden"
    return sample_sheets.saved(book)


MARKS = [Mark(3, 1, "CLAIM-GRADE: wrong\x07"), Mark(4, 1, "and this"), Mark(1, 2, "over merged cells")]
DEFUSED = {"D4", "D5", "D6"}


def test_everything_is_kept_and_only_the_marks_are_new() -> None:
    before = load_workbook(io.BytesIO(sent()))
    made = workbook_writer.marked(io.BytesIO(sent()), "Grades", MARKS)
    after = load_workbook(io.BytesIO(made.data))
    assert made.defused == len(DEFUSED)
    assert after.sheetnames == before.sheetnames
    assert [page.sheet_state for page in after] == [page.sheet_state for page in before]
    marked = {"B3", "B4", "A1"}
    for old, new in zip(before, after, strict=True):
        assert old.dimensions == new.dimensions
        assert old.merged_cells.ranges == new.merged_cells.ranges
        for row in old.iter_rows():
            for cell in row:
                twin = new[cell.coordinate]
                assert twin.value == cell.value
                assert twin.number_format == cell.number_format
                assert repr(twin.font) == repr(cell.font)
                if cell.coordinate in DEFUSED and old.title == "Grades":
                    assert (twin.data_type, twin.quotePrefix) == ("s", True)
                else:
                    assert twin.data_type == cell.data_type
                changed = old.title == "Grades" and cell.coordinate in marked
                assert (repr(twin.fill) == repr(cell.fill)) is not changed
                assert (
                    (twin.comment and twin.comment.text) == (cell.comment and cell.comment.text)
                ) is not changed
    page = after["Grades"]
    assert page.column_dimensions["A"].width == 31
    assert page.row_dimensions[7].hidden
    assert page.freeze_panes == "A3"
    assert str(page.data_validations.dataValidation[0].sqref) == "B3:B29"
    assert page["B4"].comment.text == "see me\n\nand this"
    assert page["B3"].comment.text == "CLAIM-GRADE: wrong"
    assert page["D3"].value == "=COUNTA(A3:A29)"


def damaged(part: str, old: bytes, new: bytes) -> bytes:
    """A workbook of two cells in which one part reads otherwise, or is left out if nothing is replaced."""
    book = Workbook()
    book.active.append(["A name", 1])
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample_sheets.saved(book))) as whole,
        zipfile.ZipFile(out, "w") as spoiled,
    ):
        for entry in whole.infolist():
            data = whole.read(entry)
            if entry.filename == part:
                assert old in data
                data = data.replace(old, new, 1) if old else b""
            if data:
                spoiled.writestr(entry.filename, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"", b""),
        (SHEET, b"</row>", b"<row>"),
        (SHEET, b'r="B1"', b'r="B"'),
        (SHEET, b'r="1"', b'r="one"'),
        (SHEET, b"<v>1</v>", b"<v>one</v>"),
        ("xl/styles.xml", b"<fonts", b"<founts"),
        ("xl/workbook.xml", b"", b""),
        ("xl/workbook.xml", b"sheetId", b"sheetNo"),
        ("[Content_Types].xml", b"", b""),
    ],
)
def test_a_damaged_workbook_is_refused(part: str, old: bytes, new: bytes) -> None:
    with pytest.raises(Malformed, match="cannot be copied"):
        workbook_writer.marked(io.BytesIO(damaged(part, old, new)), "Sheet", MARKS)


def test_a_damaged_package_is_refused() -> None:
    whole = sent()
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        packed = package.getinfo(SHEET).header_offset + 80
    for spoiled in (whole[:-40], whole[:packed] + b"\xff" * 40 + whole[packed + 40 :]):
        with pytest.raises(Malformed, match="cannot be copied"):
            workbook_writer.marked(io.BytesIO(spoiled), "Grades", MARKS)


def test_the_copy_can_be_marked_again_and_imported() -> None:
    once = workbook_writer.marked(io.BytesIO(sent()), "Grades", MARKS)
    twice = workbook_writer.marked(io.BytesIO(once.data), "Grades", [])
    assert twice.defused == 0
    before, after = (load_workbook(io.BytesIO(made.data)) for made in (once, twice))
    assert [[cell.value for cell in row] for row in before["Grades"]] == [
        [cell.value for cell in row] for row in after["Grades"]
    ]
    first, second = (sample_sheets.book(made.data)[0] for made in (once, twice))
    assert sample_sheets.cells(first) == sample_sheets.cells(second)


def test_a_copy_of_csv_is_text_and_nothing_in_it_runs() -> None:
    lines = [(1, ("Name", "Grade")), (3, ("=1+1", "@x")), (4, ("Zo\u00eb", "M"))]
    made = workbook_writer.from_lines(lines, [Mark(3, 0, "a formula")])
    page = load_workbook(io.BytesIO(made.data)).active
    assert (page["A3"].value, page["A3"].data_type, page["A3"].quotePrefix) == ("=1+1", "s", True)
    assert (page["A4"].value, page["B4"].value) == ("Zo\u00eb", "M")
    assert page["A3"].comment.text == "a formula"
    assert not any(cell.data_type == "f" for row in page for cell in row)


def test_a_workbook_of_faults_is_text() -> None:
    data = workbook_writer.of_faults(("Row", "Cell"), (("7", "=cmd|' /c calc'!A1"), ("8", "\x01odd")))
    page = load_workbook(io.BytesIO(data)).active
    assert [[cell.value for cell in row] for row in page] == [
        ["Row", "Cell"],
        ["7", "=cmd|' /c calc'!A1"],
        ["8", "odd"],
    ]
    assert not any(cell.data_type == "f" for row in page for cell in row)
