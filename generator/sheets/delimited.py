"""Comma-, semicolon- and tab-separated text in whatever encoding it can prove (docs/import.md).

The encoding is known from a byte order mark, from being valid UTF-8, or from the workspace's
mapping; it is never guessed from the letters. The separator is the one that splits the first lines
most evenly. Lines are streamed; only one is in memory.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from generator.errors import Place, Refused
from generator.sheets.codes import (
    SHEET_CSV,
    SHEET_DELIMITER,
    SHEET_EMPTY,
    SHEET_ENCODING,
    SHEET_LINE,
    SHEET_SIZE,
)
from generator.sheets.grid import CELL_CAP, COLUMNS_CAP, PACKED_CAP, ROWS_CAP, Grid, GridLine, clean, refuse

_CHUNK = 65_536
_LINE_CAP = 262_144
_SNIFFED = 40
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252", "iso-8859-1": "iso-8859-1"}


def read(file: BinaryIO, place: Place, encoding: str | None = None) -> Grid:
    """The grid in a text file. Raises `Refused` where encoding or separator cannot be told."""
    size = file.seek(0, io.SEEK_END)
    if size > PACKED_CAP:
        refuse(place, SHEET_SIZE, f"is larger than {PACKED_CAP:,} bytes", "split the file")
    codec = ENCODINGS[encoding] if encoding else _encoding(file, place)
    _decodable(file, codec, place)
    separator, skipped = _separator(file, codec, place)
    remarks = []
    if separator != ",":
        remarks.append(f"the cells are separated by {_SEPARATORS[separator]}")
    if codec not in ("utf-8-sig", "utf-8"):
        remarks.append(f"the text is {'UTF-16' if codec.startswith('utf-16') else codec}")
    return Grid(place, "", lambda: _lines(file, codec, separator, skipped, place), tuple(remarks))


def _encoding(file: BinaryIO, place: Place) -> str:
    file.seek(0)
    head = file.read(4096)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if not head.strip():
        refuse(place, SHEET_EMPTY, "is empty", "check that the right file was exported")
    zeros = head.count(b"\0")
    if zeros:
        # UTF-16 without its mark: every second byte of plain letters is zero.
        if zeros > len(head) // 8 and len(head) % 2 == 0:
            return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        refuse(place, SHEET_ENCODING, "is not text", "export it as CSV or as a workbook (.xlsx)")
    return "utf-8"


def _decodable(file: BinaryIO, codec: str, place: Place) -> None:
    """Read it through once, so that the first wrong byte is named by its line."""
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(0)
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += chunk.count(b"\n", 0, error.start)
            letters = chunk[max(0, error.start - 6) : error.start + 6].decode("cp1252", "replace")
            what = "is not UTF-8 text" if codec.startswith("utf-8") else f"is not {codec} text"
            why = f"in Windows-1252 it would read `{' '.join(letters.split())}`"
            fix = (
                "save it as `CSV UTF-8`, or write `encoding: windows-1252` in sources.yaml if that reads well"
            )
            raise Refused(SHEET_ENCODING.at(place.at(line), what, fix, why)) from None
        line += text.count("\n")
        if not chunk:
            return


def _text(file: BinaryIO, codec: str, place: Place) -> Iterator[str]:
    """Physical lines with their ends."""
    file.seek(0)
    wrapped = io.TextIOWrapper(file, codec, newline="")
    try:
        number = 0
        while text := wrapped.readline(_LINE_CAP + 1):
            number += 1
            if len(text) > _LINE_CAP:
                what = f"has a line of more than {_LINE_CAP:,} characters"
                refuse(place.at(number), SHEET_LINE, what, "check how it was exported")
            yield text
    finally:
        # The file belongs to the caller and will be walked again, unless it was closed meanwhile.
        with contextlib.suppress(ValueError):
            wrapped.detach()


def _separator(file: BinaryIO, codec: str, place: Place) -> tuple[str, int]:
    """The separator, and how many lines it takes to say so (Excel's `sep=;`)."""
    first: list[str] = []
    lines = _text(file, codec, place)
    for text in lines:
        first.append(text)
        if len(first) > _SNIFFED:
            break
    lines.close()  # type: ignore[attr-defined]  # a generator, whose `finally` gives the file back
    hint = first[0].strip().strip('"') if first else ""
    if hint.lower().startswith("sep=") and len(hint) == 5 and hint[4] in _SEPARATORS:
        return hint[4], 1
    scores = {separator: _evenness(first, separator) for separator in _SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    if scores[best] == 0:
        what = "has one column only: nothing separates its cells"
        refuse(place.at(1), SHEET_DELIMITER, what, "export it as CSV with commas, semicolons or tabs")
    return best, 0


def _evenness(lines: list[str], separator: str) -> int:
    """How much a separator splits: (cells - 1) x lines of the commonest width."""
    widths: dict[int, int] = {}
    try:
        for cells in csv.reader(lines, delimiter=separator):
            widths[len(cells)] = widths.get(len(cells), 0) + 1
    except csv.Error:
        pass
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def _lines(file: BinaryIO, codec: str, separator: str, skipped: int, place: Place) -> Iterator[GridLine]:
    csv.field_size_limit(CELL_CAP * 2)
    reader = csv.reader(_text(file, codec, place), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if number <= skipped:
                continue
            if len(cells) > COLUMNS_CAP or number > ROWS_CAP:
                what = f"has more than {COLUMNS_CAP:,} columns or {ROWS_CAP:,} rows"
                refuse(place.at(number), SHEET_SIZE, what, "split the sheet")
            yield GridLine(number, tuple(map(clean, cells)))
    except csv.Error as error:
        what = f"is not a table: {str(error).lower()}"
        fix = "look for an unmatched quotation mark near this line, or export it again"
        raise Refused(SHEET_CSV.at(place.at(before + 1), what, fix)) from None
