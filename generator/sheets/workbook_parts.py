"""The small parts of a workbook that its sheets lean on: their list, links, styles and texts.

ECMA-376 part 1: 18.2 workbook, 18.8 styles, 18.4 shared strings. The distinct texts are kept as
bytes back to back, which takes a fraction of what as many Python strings would.
"""

from __future__ import annotations

from array import array
from posixpath import join, normpath

from generator.errors import Place
from generator.sheets.codes import SHEET_SIZE
from generator.sheets.grid import clean, refuse
from generator.sheets.serial_date import is_date_format
from generator.sheets.workbook_zip import Handlers

_TEXTS_CAP = 64_000_000
_STYLES_CAP = 100_000
_SHEETS_CAP = 250


class Book(Handlers):
    """workbook.xml: the sheets in order, and how dates are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in ("1", "true", "on")
        elif name == "sheet" and len(self.sheets) < _SHEETS_CAP:
            target = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((clean(attributes.get("name", "")), target, hidden))


class Links(Handlers):
    """workbook.xml.rels: relation id -> part."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            self.targets[attributes.get("Id", "")] = part
            self._kinds[attributes.get("Type", "").rpartition("/")[2]] = part

    def part(self, kind: str) -> str | None:
        """The part of a kind."""
        return self._kinds.get(kind)


class Styles(Handlers):
    """styles.xml: which cell styles show dates."""

    def __init__(self) -> None:
        self.dates = bytearray()
        self._codes: dict[int, str] = {}
        self._within = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._within = True
        elif name == "xf" and self._within and len(self.dates) < _STYLES_CAP:
            number = int(attributes.get("numFmtId", "0"))
            self.dates.append(is_date_format(number, self._codes.get(number)))

    def end(self, name: str) -> None:
        self._within = self._within and name != "cellXfs"

    def date(self, style: str) -> bool:
        """Whether a cell of this style shows a date."""
        number = int(style) if style else 0
        return number < len(self.dates) and bool(self.dates[number])


class Texts(Handlers):
    """sharedStrings.xml: the distinct texts, back to back."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._bytes = bytearray()
        self._ends = array("Q")
        self._reading = self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":  # how a Japanese name is said, which is not part of the name
            self._phonetic = True
        self._reading = name == "t" and not self._phonetic

    def text(self, data: str) -> None:
        if self._reading:
            self._bytes += data.encode()
            if len(self._bytes) > _TEXTS_CAP:
                what = f"holds more than {_TEXTS_CAP:,} bytes of different texts"
                refuse(self._place, SHEET_SIZE, what, "split the workbook, or save the sheet as CSV")

    def end(self, name: str) -> None:
        self._reading = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        start = self._ends[number - 1] if number else 0
        return self._bytes[start : self._ends[number]].decode()
