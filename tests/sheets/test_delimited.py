"""Text sheets: encodings, separators, damage; each fault has its name and its line."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Place, Refused
from generator.sheets import delimited, grid
from tests import sample_sheets

ROWS = [
    ["Name", "ULN", "Grade"],
    ["Zo\u00eb \u00d3 Briain", "8802212715", "M"],
    ["\u738b \u5c0f\u660e", "6478796514", "D"],
]


@pytest.mark.parametrize(
    ("encoding", "prefix"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16", b""), ("utf-16-le", b""), ("utf-16-be", b"")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_that_can_be_proved(
    encoding: str, prefix: bytes, delimiter: str
) -> None:
    rows = [row * 20 for row in ROWS]  # plain letters enough to know UTF-16 without its mark
    found = sample_sheets.text(prefix + sample_sheets.as_csv(rows, encoding, delimiter))
    assert sample_sheets.cells(found) == rows
    assert sample_sheets.cells(found) == rows, "it can be walked again"
    assert bool(found.remarks) == (delimiter != "," or encoding.startswith("utf-16"))


def test_windows_1252_is_read_only_where_the_workspace_says_so() -> None:
    data = sample_sheets.as_csv([["Name", "Grade"], ["Zo\u00eb", "M"], ["Ren\u00e9e", "P"]], "cp1252")
    with pytest.raises(Refused) as refused:
        sample_sheets.text(data)
    (problem,) = refused.value.problems
    assert (problem.code, str(problem.place)) == ("SHEET-ENCODING", "sheet.csv:2")
    assert "Zo\u00eb" in problem.why
    assert sample_sheets.cells(sample_sheets.text(data, encoding="windows-1252"))[1][0] == "Zo\u00eb"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "SHEET-EMPTY"),
        (b"  \n ", "SHEET-EMPTY"),
        (b"one\ntwo\nthree\n", "SHEET-DELIMITER"),
        (b"\x00\x01\x02 binary", "SHEET-ENCODING"),
        (b"a,b\n" + b"x" * 300_000 + b",1\n", "SHEET-LINE"),
        (b'a,b\n"never closed,1\n2,3\n', "SHEET-CSV"),
        (b"a," * 1001 + b"b\n", "SHEET-SIZE"),
    ],
)
def test_what_is_no_sheet_is_named(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        list(sample_sheets.text(data).walk())
    assert sample_sheets.codes(refused.value) == {code}


def test_the_cap_is_met_before_anything_is_read() -> None:
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return grid.PACKED_CAP + 1 if whence == io.SEEK_END else super().seek(offset, whence)

        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

    with pytest.raises(Refused) as refused:
        delimited.read(Large(), Place("large.csv"))
    assert sample_sheets.codes(refused.value) == {"SHEET-SIZE"}


def test_excels_hint_of_the_separator_is_taken_and_not_a_row() -> None:
    assert [line.number for line in sample_sheets.text(b"sep=;\na;b\n1;2\n").walk()] == [2, 3]


def test_a_line_keeps_its_number_past_cells_of_several_lines() -> None:
    numbers = [line.number for line in sample_sheets.text(b'a,b\n"one\ntwo",2\n3,4\n').walk()]
    assert numbers == [1, 2, 4]


@given(st.text(min_size=1, max_size=40))
def test_what_we_write_no_spreadsheet_runs(cell: str) -> None:
    assert not grid.is_hostile(grid.harmless(cell))
    assert grid.harmless(cell).removeprefix("'") == cell.removeprefix("'")
