"""What a presented PDF says: its digest, its embedded certificate.json and its text.

The adapter for pypdfium2. The file is somebody else's: size and pages are capped, and what cannot be read
is simply not there.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from generator.edge import disk
from generator.edge.codes import PDF_UNREADABLE
from generator.errors import Place, Refused
from generator.rules.file_comparison import PresentedFile

CAP = 20_000_000
ATTACHED = "certificate.json"
# The first bytes of pictures, and how little text a scanner's own stamp may have.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_SCAN_TEXT = 100
# A page that says it is metres wide is drawn with fewer dots.
_DOTS = 24_000_000
_PAGES, _ATTACHMENTS, _ATTACHMENT_CAP, _TEXT_CAP = 10, 20, 65_536, 200_000


def read(path: Path) -> PresentedFile:
    """The presented file. Raises `Refused` where it cannot be read at all."""
    data = disk.read(path, CAP, str(path))
    digest = hashlib.sha256(data).digest()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return PresentedFile(digest, form="picture" if is_picture(data) else "unreadable")
    try:
        text = _text(document)
        is_scan = len(text.strip()) < _SCAN_TEXT and _has_pictures(document)
        form: Literal["pdf", "picture"] = "picture" if is_scan else "pdf"
        return PresentedFile(digest, _attached(document), text, form)
    finally:
        document.close()


def is_picture(data: bytes) -> bool:
    """Whether a file begins as photos and scans do: PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC or AVIF."""
    return (
        data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:8] == b"ftyp"
    )


def _has_pictures(document: pdfium.PdfDocument) -> bool:
    try:
        page = document[0]
        found = next(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]), None) is not None
        page.close()
    except (pdfium.PdfiumError, IndexError):
        return False
    return found


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
    """The first page as a scanner would see it, of at most 24 million dots. Raises `Refused`."""
    data = disk.read(path, CAP, str(path))
    try:
        document = pdfium.PdfDocument(data)
        page = document[0]
        width, height = page.get_size()
        most = math.sqrt(_DOTS / max(1.0, width * height))
        drawn = page.render(scale=min(dots_per_inch / 72, most), grayscale=True)
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
