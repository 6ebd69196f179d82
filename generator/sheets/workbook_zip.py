"""The zip that a workbook is, looked at before anything reads it (docs/import.md).

Every bound is checked on the zip's own directory first and again while bytes come out, so neither a
directory that lies nor entries that share their bytes get further. XML with a document type, the
carrier of entity bombs, is refused by the parser's first callback.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from generator.errors import Place, Refused
from generator.sheets.codes import (
    SHEET_BOMB,
    SHEET_DAMAGED,
    SHEET_KIND,
    SHEET_PASSWORD,
    SHEET_SIZE,
    SHEET_XLS,
)
from generator.sheets.grid import PACKED_CAP, UNPACKED_CAP, refuse

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRIES_CAP = 5_000
_CHUNK = 65_536
_DEPTH = 64
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
    IndexError,
)


class Package:
    """A workbook's parts by name. Raises `Refused` at once for what is no harmless workbook."""

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self.place = place
        size = file.seek(0, io.SEEK_END)
        if size > PACKED_CAP:
            refuse(place, SHEET_SIZE, f"is larger than {PACKED_CAP:,} bytes", "split the workbook")
        file.seek(0)
        if file.read(len(_OLE)) == _OLE:
            self._refuse_ole(file)
        try:
            self._zip = zipfile.ZipFile(file)
            entries = self._zip.infolist()
        except _FAILURES:
            refuse(place, SHEET_DAMAGED, "is not a readable workbook", "save it again as .xlsx")
        self._check(entries, size)
        self.names = tuple(entry.filename for entry in entries)

    @property
    def macros(self) -> bool:
        """Whether it carries programs; they are never run."""
        return any(name.lower().endswith("vbaproject.bin") for name in self.names)

    @property
    def unpacked(self) -> int:
        """Its size in bytes once unpacked, as the directory says."""
        return sum(entry.file_size for entry in self._zip.infolist())

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, piece by piece."""
        try:
            with self._zip.open(name) as part:
                left = UNPACKED_CAP
                while chunk := part.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise ValueError("larger than its directory says")
                    yield chunk
        except (*_FAILURES, KeyError):
            refuse(self.place, SHEET_DAMAGED, f"its part {name} cannot be read", "save it again as .xlsx")

    def parse(self, name: str, handlers: Handlers) -> Iterator[None]:
        """Feed a part to an XML parser, one yield for each piece, so that the caller can stream."""
        parser = _parser(handlers, self.place)
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            what = f"its part {name} is not XML: {error}"
            raise Refused(SHEET_DAMAGED.at(self.place, what, "save it again as .xlsx")) from None
        except (UnicodeError, LookupError, ValueError, OverflowError, KeyError, IndexError) as error:
            what = f"its part {name} cannot be read: {type(error).__name__}"
            raise Refused(SHEET_DAMAGED.at(self.place, what, "save it again as .xlsx")) from None

    def read(self, name: str, handlers: Handlers) -> None:
        """Parse a part whole, if it is there."""
        if name in self.names:
            for _ in self.parse(name, handlers):
                pass

    def harmless(self) -> None:
        """Read every XML part through once, before another library parses it."""
        for name in self.names:
            if name.lower().endswith((".xml", ".rels", ".vml")):
                self.read(name, Handlers())

    def _refuse_ole(self, file: BinaryIO) -> None:
        file.seek(0)
        data = file.read(PACKED_CAP)
        if "EncryptedPackage".encode("utf-16-le") in data:
            fix = "remove the password in the spreadsheet program (File, Info, Protect) and save it again"
            refuse(self.place, SHEET_PASSWORD, "is protected by a password", fix)
        fix = "open it in a spreadsheet program and save it as .xlsx"
        refuse(self.place, SHEET_XLS, "is a workbook of the old kind (.xls)", fix)

    def _check(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        names = [entry.filename for entry in entries]
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > UNPACKED_CAP:
            what = f"would unpack to {unpacked:,} bytes; {UNPACKED_CAP:,} are allowed"
            refuse(self.place, SHEET_BOMB, what, "check where it comes from; split a real workbook")
        if len(entries) > _ENTRIES_CAP or len(set(names)) != len(names):
            what = "has too many parts, or the same part twice"
            refuse(self.place, SHEET_BOMB, what, "check where it comes from; save it again as .xlsx")
        if sum(entry.compress_size for entry in entries) > size:
            what = "has parts that share their bytes, which no spreadsheet program writes"
            refuse(self.place, SHEET_BOMB, what, "check where it comes from; save it again as .xlsx")
        if any(entry.flag_bits & 1 for entry in entries):
            refuse(self.place, SHEET_PASSWORD, "is protected by a password", "remove it and save it again")
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            what = "is a zip but no Excel workbook"
            if any(name.startswith("Index/") for name in names):
                what = "is a Numbers document"
            elif "mimetype" in names:
                what = "is an OpenDocument spreadsheet"
            refuse(self.place, SHEET_KIND, what, "save it as .xlsx or CSV")


class Handlers:
    """What to do at a part's elements; names come without prefix or namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text within an element."""


def _parser(handlers: Handlers, place: Place) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise ValueError("nested too deeply")
        handlers.start(_local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handlers.end(_local(name))

    def doctype(*_: object) -> None:
        what = "holds XML with a document type, which can be a bomb and which no spreadsheet program writes"
        refuse(place, SHEET_BOMB, what, "check where it comes from; save it again as .xlsx")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handlers.text
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _local(name: str) -> str:
    return name.rpartition("}")[2]
