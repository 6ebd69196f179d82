"""What may be published: nothing that is private by its content, and no page that runs or fetches anything.

The kinds of files are watched where they are read (`edge/site_source.py`); this looks at what they hold. A
page's policy would stop most of what is refused here in the visitor's browser. It is refused all the same: an
SVG that is opened by itself has no policy, `meta refresh` needs no script, and whoever put it there should
hear of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser
from xml.parsers import expat

from generator.errors import Malformed
from generator.formats import verification_code
from generator.sheets.shapes import SHAPES

SHORTEST_SECRET = 8  # characters: a shorter one is found in any text
_TEXT = (".html", ".txt", ".css", ".svg", ".json")
_PRIVATE = {
    b"SQLite format 3\0": "is a database, as the register is one",
    b"certportal-key v": "holds a private key",
    b"PRIVATE KEY-----": "holds a private key",
}
_BEGINNINGS = {
    b"PK\x03\x04": "is a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "is a workbook or a document of an office program",
    b"%PDF-": "is a PDF, as certificates are",
}
_CODE = re.compile(r"(?<![0-9A-Za-z])[12][0-9]{3}(?:[ -]?[0-9A-HJKMNP-TV-Z]){20}(?![0-9A-Za-z])")
_CELLS = re.compile(r"</t[hd]>\s*<t[hd][^>]*>")
_TAGS = re.compile(r"<[^>]*>")
_REFERENCES = frozenset({"Registration number", "ULN"})
_HEADINGS = 3  # so many of a sheet's in one line make it a sheet


def private(path: str, data: bytes, secrets: Collection[str]) -> str | None:
    """Why a file must not be published, in words, where it is private; `secrets` are passphrases in use."""
    for mark, words in _PRIVATE.items():
        if mark in data:
            return words
    for mark, words in _BEGINNINGS.items():
        if data.startswith(mark):
            return words
    if any(len(secret) >= SHORTEST_SECRET and secret.encode() in data for secret in secrets):
        return "holds a passphrase of a key"
    return _private_text(data.decode("utf-8", "replace")) if path.endswith(_TEXT) else None


def _private_text(text: str) -> str | None:
    if any(_is_code(found[0]) for found in _CODE.finditer(text)):
        return "holds a verification code, as a list of private links does"
    if any(_is_heading(line) for line in _TAGS.sub("", _CELLS.sub(",", text)).splitlines()):
        return "holds the headings of a sheet of claims or learners"
    return None


def _is_code(written: str) -> bool:
    try:
        verification_code.decode(re.sub("[ -]", "", written))
    except Malformed:
        return False
    return True


def _is_heading(line: str) -> bool:
    cells = [cell.strip(" \"'") for cell in re.split(r"[,;\t|]", line[:2000])]
    if len(cells) < _HEADINGS:
        return False
    named = ({shape.named(cell) for cell in cells} - {None} for shape in SHAPES)
    return any(len(found) >= _HEADINGS and found & _REFERENCES for found in named)


def faults(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of every page, picture and style that would run or fetch something."""
    for path, data in sorted(files.items()):
        look = {"html": _page, "svg": _picture, "css": _style}.get(path.rpartition(".")[2].lower())
        for what in dict.fromkeys(look(data) if look else ()):
            yield path, what


# Looked for in the whole page, comments too: browsers and parsers differ on where a comment ends.
_ELEMENTS = re.compile(
    rb"<\s*(script|iframe|frame|frameset|object|embed|applet|base|portal|fencedframe|template)\b",
    re.IGNORECASE,
)
_HANDLER = re.compile(rb"<[^>]*[\s/\"']on[a-z]+\s*=", re.IGNORECASE)
_RUNS = re.compile(r"(javascript|vbscript|livescript|data:(?!image/(?!svg))[^,]*,)", re.IGNORECASE)
_ADDRESSES = frozenset("href src action formaction data poster background xlink:href cite longdesc".split())
_FETCHED = frozenset("src srcset poster background data".split())
_RELATIONS = frozenset("icon canonical alternate license author help next prev".split())
_UNSEEN = re.compile(r"[\x00-\x20]")


def _page(data: bytes) -> Iterator[str]:
    for found in _ELEMENTS.findall(data):
        yield f"has a <{found.decode().lower()}> element"
    if _HANDLER.search(data):
        yield "has an event handler (an attribute that begins with on)"
    reader = _PageReader()
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    yield from reader.found


class _PageReader(HTMLParser):
    """Looks at the attributes of a page as a browser reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: _UNSEEN.sub("", value or "") for name, value in attrs}
        if tag == "meta" and "http-equiv" in values:
            self.found.append(f"has a <meta http-equiv> ({values['http-equiv'].lower()})")
        if tag == "link" and not set((dict(attrs).get("rel") or "").lower().split()) <= _RELATIONS:
            self.found.append(f"has a <link> to something that is fetched ({dict(attrs).get('rel')})")
        if {"srcdoc", "ping"} & values.keys():
            self.found.append("has an attribute srcdoc or ping")
        if any(name.startswith("on") for name in values):
            self.found.append("has an event handler (an attribute that begins with on)")
        for name in values.keys() & (_ADDRESSES | _FETCHED):
            self._address(tag, name, values[name])

    def _address(self, tag: str, name: str, value: str) -> None:
        icon = tag == "link" and value.startswith("data:image/")
        if not icon and _RUNS.match(value):
            self.found.append(f"has an address that runs ({name}={value[:40]})")
        away = re.match(r"([a-z][a-z0-9+.-]*:)?//", value, re.IGNORECASE)
        if away and (name in _FETCHED or name in ("action", "formaction")):
            self.found.append(f"fetches from or sends to another site ({name}={value[:60]})")


_STYLE = (
    (re.compile(rb"@\s*import", re.IGNORECASE), "imports another style"),
    (re.compile(rb"url\(\s*[\"']?(?!data:|#)", re.IGNORECASE), "fetches something by url()"),
    (
        re.compile(rb"</|<!--|javascript:|expression\(|-moz-binding|\\[0-9a-f]{2}", re.IGNORECASE),
        "holds markup",
    ),
)


def _style(data: bytes) -> Iterator[str]:
    for pattern, words in _STYLE:
        if pattern.search(data):
            yield words


_PICTURE_ELEMENTS = frozenset("script foreignobject iframe object embed handler listener audio video".split())
_DEPTH = 100


def _picture(data: bytes) -> Iterator[str]:
    reader = _PictureReader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        yield f"is no SVG: {expat.ErrorString(error.code)}"
    except _Stop as stop:
        yield str(stop)
    yield from reader.found


class _Stop(Exception):
    """What ends the reading of a picture at once."""


class _PictureReader:
    """Looks at an SVG without resolving anything in it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._depth = 0
        self._in_style = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._element
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_: object) -> None:
        raise _Stop("has a document type, which may hold entities")

    def _instruction(self, target: str, _data: str) -> None:
        self.found.append(f"has an instruction (<?{target}>)")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise _Stop(f"is nested more than {_DEPTH} deep")
        local = name.rpartition(":")[2].lower()
        self._in_style = local == "style"
        if local in _PICTURE_ELEMENTS:
            self.found.append(f"has a <{local}> element")
        for full, value in attributes.items():
            self._attribute(full.rpartition(":")[2].lower(), _UNSEEN.sub("", value))

    def _attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.found.append("has an event handler (an attribute that begins with on)")
        if name in ("href", "src") and not re.match(r"#|data:image/(png|jpeg|webp|gif);base64,", value):
            self.found.append(f"leads out of the picture ({name}={value[:40]})")
        if re.search(r"javascript:|vbscript:", value, re.IGNORECASE):
            self.found.append("has an address that runs")
        if name == "style" or "url(" in value.lower():
            self.found.extend(_style(value.encode()))

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._in_style = False

    def _text(self, text: str) -> None:
        if self._in_style:
            self.found.extend(_style(text.encode()))
