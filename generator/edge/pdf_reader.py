"""What a presented PDF says: its digest, its embedded certificate.json and its text.

The adapter for pypdfium2. The file is somebody else's: size and pages are capped, and what cannot be read
is simply not there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from generator.edge import disk
from generator.edge.codes import PDF_UNREADABLE
from generator.errors import Place, Refused
from generator.rules.file_comparison import PresentedFile

CAP = 20_000_000
ATTACHED = "certificate.json"
_PAGES, _ATTACHMENTS, _ATTACHMENT_CAP, _TEXT_CAP = 10, 20, 65_536, 200_000


def read(path: Path) -> PresentedFile:
    """The presented file. Raises `Refused` where it cannot be read at all."""
    data = disk.read(path, CAP, str(path))
    digest = hashlib.sha256(data).digest()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return PresentedFile(digest)
    try:
        return PresentedFile(digest, _attached(document), _text(document))
    finally:
        document.close()


def _attached(document: pdfium.PdfDocument) -> bytes | None:
    for rank in range(min(document.count_attachments(), _ATTACHMENTS)):
        try:
            attachment = document.get_attachment(rank)
            if attachment.get_name() == ATTACHED:
                data = bytes(attachment.get_data())
                return data if len(data) <= _ATTACHMENT_CAP else None
        except pdfium.PdfiumError:
            continue
    return None


def _text(document: pdfium.PdfDocument) -> str:
    parts = []
    for rank in range(min(len(document), _PAGES)):
        try:
            page = document[rank]
            text = page.get_textpage()
            parts.append(text.get_text_bounded())
            text.close()
            page.close()
        except pdfium.PdfiumError:
            continue
    return "\n".join(parts)[:_TEXT_CAP]


@dataclass(frozen=True, slots=True)
class GreyImage:
    """A page in shades of grey: one byte a dot, row after row."""

    width: int
    height: int
    dots: bytes


def page_image(path: Path, dots_per_inch: int) -> GreyImage:
    """The first page as a scanner would see it. Raises `Refused`."""
    data = disk.read(path, CAP, str(path))
    try:
        document = pdfium.PdfDocument(data)
        page = document[0]
        drawn = page.render(scale=dots_per_inch / 72, grayscale=True)
        rows = memoryview(bytes(drawn.buffer))
        wide = drawn.stride
        dots = b"".join(bytes(rows[row * wide : row * wide + drawn.width]) for row in range(drawn.height))
        made = GreyImage(drawn.width, drawn.height, dots)
        drawn.close()
        page.close()
        document.close()
    except pdfium.PdfiumError:
        fix = "make it again: `certportal pdf SERIAL`"
        raise Refused(PDF_UNREADABLE.at(Place(str(path)), "cannot be shown", fix)) from None
    return made
