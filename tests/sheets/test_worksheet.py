"""Workbooks: what each kind of cell is read as, and what is refused before anything is parsed."""

from __future__ import annotations

import io
import re
import struct
import zlib
from datetime import date, datetime
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from generator.errors import Place, Refused
from generator.sheets import workbook_zip, worksheet
from tests import sample_sheets

TYPES = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def one(values: list[list[object]]) -> list[list[str]]:
    return sample_sheets.cells(sample_sheets.book(sample_sheets.as_workbook(values))[0])


def test_each_kind_of_cell() -> None:
    values = [["text", 8802212715, "0123", 1.5, True, date(2026, 6, 26), datetime(2026, 6, 26, 10, 43)]]  # noqa: DTZ001 - as in a cell
    assert one(values) == [["text", "8802212715", "0123", "1.5", "TRUE", "2026-06-26", "2026-06-26 10:43:00"]]


def test_both_systems_of_counting_days() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = date(2026, 6, 26)
    (grid,) = sample_sheets.book(sample_sheets.saved(book))
    assert sample_sheets.cells(grid) == [["2026-06-26"]]
    assert any("1904" in remark for remark in grid.remarks)


def test_a_formula_is_its_last_value_and_said() -> None:
    parts = sample_sheets.parts_of(sample_sheets.as_workbook([["a", "b"], ["=1+1", "=NOW()"]]))
    part = re.sub(rb"<f>1\+1</f><v ?/?>(</v>)?", b"<f>1+1</f><v>2</v>", parts["xl/worksheets/sheet1.xml"])
    (grid,) = sample_sheets.book(sample_sheets.zipped(parts | {"xl/worksheets/sheet1.xml": part}))
    line = list(grid.walk())[1]
    assert line.cells == ("2",)
    assert line.notes == ((0, "formula"), (1, "uncalculated"))
    assert "formulas in 2 cells" in grid.remarks[0]


def test_shared_texts_rich_text_and_foreign_prefixes() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": f"<x:workbook xmlns:x='{main}' xmlns:r='{rel}'><x:sheets>"
        "<x:sheet name='S' sheetId='1' r:id='r1'/></x:sheets></x:workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships><Relationship Id='r1' Type='{rel}/worksheet' "
        f"Target='worksheets/s.xml'/><Relationship Id='r2' Type='{rel}/sharedStrings' Target='/xl/t.xml'/>"
        "</Relationships>",
        "xl/t.xml": f"<sst xmlns='{main}'><si><t>one</t></si><si><r><t>tw</t></r><r><t>o</t></r>"
        "<rPh sb='0' eb='1'><t>phonetic</t></rPh></si></sst>",
        "xl/worksheets/s.xml": f"<worksheet xmlns='{main}'><sheetData><row r='2'><c r='A2' t='s'><v>1</v></c>"
        "<c t='s'><v>0</v></c><c r='D2' t='inlineStr'><is><t> in </t></is></c></row></sheetData></worksheet>",
    }
    data = sample_sheets.zipped(
        {name: part if isinstance(part, bytes) else part.encode() for name, part in parts.items()}
    )
    (line,) = sample_sheets.book(data)[0].walk()
    assert (line.number, line.cells) == (2, ("two", "one", "", "in"))


def test_merged_cells_hidden_sheets_and_macros_are_known() -> None:
    book = Workbook()
    page = book.active
    page["A1"], page["A2"], page["B2"], page["B3"] = "title", "group", "one", "two"
    page.merge_cells("A1:C1")
    page.merge_cells("A2:A3")
    book.create_sheet("Secret").sheet_state = "hidden"
    data = sample_sheets.zipped(
        sample_sheets.parts_of(sample_sheets.saved(book)) | {"xl/vbaProject.bin": b"macro"}
    )
    first, second = sample_sheets.book(data)
    assert sample_sheets.cells(first) == [["title"], ["group", "one"], ["group", "two"]]
    assert second.hidden
    assert not first.hidden
    assert "it carries macros, which were ignored" in first.remarks


BOMB = (
    b"<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;&lol;&lol;'>]>"
    b"<worksheet><sheetData><row r='1'><c t='inlineStr'><is><t>&lol2;</t></is></c></row></sheetData>"
    b"</worksheet>"
)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
)
def test_an_entity_bomb_is_refused_in_every_part(part: str) -> None:
    parts = sample_sheets.parts_of(sample_sheets.as_workbook([["a", "b"]]))
    data = sample_sheets.zipped(parts | {part: BOMB})
    with pytest.raises(Refused) as refused:
        [list(grid.walk()) for grid in sample_sheets.book(data)]
    assert sample_sheets.codes(refused.value) == {"SHEET-BOMB"}


def test_a_part_that_only_the_copy_would_parse_is_looked_at_before_it() -> None:
    parts = sample_sheets.parts_of(sample_sheets.as_workbook([["a", "b"]])) | {"xl/theme/theme1.xml": BOMB}
    looked = workbook_zip.Package(io.BytesIO(sample_sheets.zipped(parts)), Place("x.xlsx"))
    with pytest.raises(Refused) as refused:
        looked.harmless()
    assert sample_sheets.codes(refused.value) == {"SHEET-BOMB"}


def test_a_zip_bomb_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sample_sheets.zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": b" " * 3_000_000})
    monkeypatch.setattr(workbook_zip, "UNPACKED_CAP", 3_000_000)
    with pytest.raises(Refused) as refused:
        worksheet.read(io.BytesIO(data), Place("bomb.xlsx"))
    assert sample_sheets.codes(refused.value) == {"SHEET-BOMB"}
    monkeypatch.setattr(workbook_zip, "UNPACKED_CAP", 3_000_000 + len(TYPES))
    with pytest.raises(Refused) as refused:
        worksheet.read(io.BytesIO(data), Place("spaces.xlsx"))
    assert sample_sheets.codes(refused.value) == {"SHEET-DAMAGED"}, "on the bound it is read, and is no XML"


def test_a_directory_that_lies_about_sizes_gets_no_further() -> None:
    data = bytearray(
        sample_sheets.zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<a/>" + b" " * 900_000})
    )
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rfind(mark, 0, data.rfind(b"xl/workbook.xml") if mark == b"PK\x01\x02" else len(data))
        struct.pack_into("<I", data, place + offset, 10)
    with pytest.raises(Refused) as refused:
        worksheet.read(io.BytesIO(bytes(data)), Place("liar.xlsx"))
    assert sample_sheets.codes(refused.value) == {"SHEET-DAMAGED"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_named_twice_are_refused() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as made:
        for _ in range(2):
            made.writestr("[Content_Types].xml", TYPES)
    with pytest.raises(Refused) as refused:
        worksheet.read(out, Place("twice.xlsx"))
    assert sample_sheets.codes(refused.value) == {"SHEET-BOMB"}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "SHEET-XLS", "old kind"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "SHEET-PASSWORD", "password"),
        (b"PK\x03\x04 and nothing", "SHEET-DAMAGED", "readable"),
        (sample_sheets.zipped({"hello.txt": b"x"}), "SHEET-KIND", "zip"),
        (sample_sheets.zipped({"mimetype": b"x", "content.xml": b"x"}), "SHEET-KIND", "OpenDocument"),
        (sample_sheets.zipped({"Index/Document.iwa": b"x"}), "SHEET-KIND", "Numbers"),
    ],
)
def test_other_files_are_called_what_they_are(data: bytes, code: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        worksheet.read(io.BytesIO(data), Place("file.xlsx"))
    (problem,) = refused.value.problems
    assert problem.code == code
    assert words in problem.what


def padded(size: int) -> bytes:
    """A real workbook of exactly so many bytes: a picture that cannot be packed fills it."""
    small = sample_sheets.parts_of(sample_sheets.as_workbook([["a", "b"]]))

    def packed(noise: bytes) -> bytes:
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as whole:
            for name, data in small.items():
                whole.writestr(name, data)
            whole.writestr("xl/media/noise.bin", noise, compress_type=ZIP_STORED)
        return out.getvalue()

    made = packed(Random(7).randbytes(size - len(packed(b""))))
    assert len(made) == size
    return made


@pytest.mark.slow
def test_a_workbook_of_fifty_million_bytes_is_read_and_one_more_is_not() -> None:
    assert sample_sheets.cells(sample_sheets.book(padded(50_000_000))[0]) == [["a", "b"]]
    with pytest.raises(Refused) as refused:
        sample_sheets.book(padded(50_000_001))
    assert sample_sheets.codes(refused.value) == {"SHEET-SIZE"}


def zeros(size: int) -> tuple[bytes, int]:
    """So many zeros as a deflate stream, with their checksum, without ever holding or packing them all."""
    block = bytes(10_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(size, len(block))
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    crc = 0
    for _ in range(whole):
        crc = zlib.crc32(block, crc)
    end = last.compress(bytes(rest)) + last.flush()
    return one * whole + end, zlib.crc32(bytes(rest), crc)


def bomb(unpacked: int) -> bytes:
    """A workbook of some hundred kilobytes that really unpacks to so many bytes."""
    small = sample_sheets.parts_of(sample_sheets.as_workbook([["a", "b"]]))
    size = unpacked - sum(map(len, small.values()))
    stream, crc = zeros(size)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as whole:
        for name, data in small.items():
            whole.writestr(name, data)
        whole.writestr("xl/media/zeros.bin", stream, compress_type=ZIP_STORED)
        place = whole.getinfo("xl/media/zeros.bin").header_offset
    made = bytearray(out.getvalue())
    # What was stored as it is becomes what it is: the packed form of `size` zeros (APPNOTE 4.3.7, 4.3.12).
    for start, method, sum_, length in ((place, 8, 14, 22), (made.rindex(b"PK\x01\x02"), 10, 16, 24)):
        struct.pack_into("<H", made, start + method, ZIP_DEFLATED)
        struct.pack_into("<I", made, start + sum_, crc)
        struct.pack_into("<I", made, start + length, size)
    return bytes(made)


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_more_than_two_hundred_million_bytes_is_a_bomb() -> None:
    data = bomb(200_000_000)
    assert len(data) < 1_000_000
    assert sample_sheets.cells(sample_sheets.book(data)[0]) == [["a", "b"]]
    with pytest.raises(Refused) as refused:
        sample_sheets.book(bomb(200_000_001))
    assert sample_sheets.codes(refused.value) == {"SHEET-BOMB"}
    # The stream is what it says, as far as anybody wants to read it.
    with ZipFile(io.BytesIO(data)) as whole, whole.open("xl/media/zeros.bin") as part:
        assert part.read(1_000_000) == bytes(1_000_000)
