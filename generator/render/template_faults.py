"""What a template says that cannot be meant: unknown fields, text nobody can read, boxes off the page."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Any

from generator.errors import Code, Malformed
from generator.model.template import Colours, Template, TextItem
from generator.model.wording import FIELDS, Wording
from generator.render.codes import (
    TEMPLATE_BOX,
    TEMPLATE_BRACES,
    TEMPLATE_CONTRAST,
    TEMPLATE_FIELD,
    TEMPLATE_INCOMPLETE,
    TEMPLATE_OVERLAP,
)

_CONTRAST = 4.5
# Everything certified is printed; the programme's code and version are the office's own.
_NEEDED = FIELDS - {"programme_code", "programme_version"}
Fault = tuple[Code, str, str, str]  # code, dotted path, what, fix


def quoted(text: str) -> list[str]:
    """The names in braces of a line of a template. Raises `Malformed` if the braces are wrong."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise Malformed(f"its braces are wrong: {error}") from None


def faults_of(built: Template) -> Iterator[Fault]:
    """What a template says that cannot be meant: each fault with the place it belongs to."""
    printed: set[str] = set()
    units = signatures = code = False
    for number, region in enumerate(built.layout):
        yield from _inside(built, region.box, f"layout.{number}")
        for place, item in enumerate(region.stack):
            path = f"layout.{number}.stack.{place}"
            fields, wrong = _named(built, item, path)
            printed |= fields
            yield from wrong
            yield from _styles(built, item, path)
            yield from _unknown((*item.needs,), FIELDS | {"units", "signatories"}, f"{path}.needs")
            units, signatures, code = (
                units or hasattr(item, "units"),
                signatures or hasattr(item, "signatures"),
                code or hasattr(item, "qr"),
            )
            image = getattr(item, "image", None)
            if image is not None:
                yield from _unknown((image,), set(built.images), f"{path}.image")
    for name in sorted(_NEEDED - printed):
        yield (
            TEMPLATE_INCOMPLETE,
            "layout",
            f"never prints `{name}`",
            "everything certified is printed: give it a place",
        )
    for there, name in ((units, "units: true"), (signatures, "signatures: true"), (code, "qr: 20")):
        if not there:
            yield (TEMPLATE_INCOMPLETE, "layout", f"has no `{name}` item", "give it a place")
    yield from _wordings(built)
    yield from _overlaps(built)
    yield from _contrast(built)


def _named(built: Template, item: Any, path: str) -> tuple[set[str], list[Fault]]:
    if isinstance(item, TextItem):
        try:
            names = quoted(item.say)
        except Malformed as error:
            return set(), [
                (TEMPLATE_BRACES, path, str(error), "write `{name}`; for a brace itself write it twice")
            ]
        words = {f"words.{name}" for name in Wording.model_fields}
        fields = {name for name in names if not name.startswith("words.")}
        # A language that leaves a field out of its words would not print it.
        inner = [
            {field for name in names if name in words for field in _fields_in(wording, name)}
            for wording in built.wording.values()
        ]
        return fields.union(set.intersection(*inner) if inner else ()), list(
            _unknown(names, FIELDS | words, path)
        )
    names = list(getattr(item, "facts", ()))
    return set(names), list(_unknown(names, FIELDS, path))


def _fields_in(wording: Wording, name: str) -> set[str]:
    try:
        return set(quoted(getattr(wording, name.removeprefix("words."))))
    except Malformed:
        return set()  # named by _wordings


# What a wording may quote, where it is not the certificate's fields.
_QUOTED = {"date": {"day", "month", "year"}, "signature_of": {"name"}}


def _wordings(built: Template) -> Iterator[Fault]:
    for language, wording in built.wording.items():
        for name in Wording.model_fields:
            if name == "months":
                continue
            path = f"wording.{language}.{name}"
            try:
                found = quoted(getattr(wording, name))
            except Malformed as error:
                yield (
                    TEMPLATE_BRACES,
                    path,
                    str(error),
                    "write `{name}`; for a brace itself write it twice",
                )
                continue
            yield from _unknown(found, _QUOTED.get(name, FIELDS), path)


def _unknown(names: Iterable[str], known: Iterable[str], path: str) -> Iterator[Fault]:
    known = sorted(known)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            fix = f"did you mean `{near[0]}`?" if near else f"one of: {', '.join(known)}"
            yield (TEMPLATE_FIELD, path, f"`{name}` does not exist", fix)


def _styles(built: Template, item: Any, path: str) -> Iterator[Fault]:
    names = [
        getattr(item, name)
        for name in ("style", "label_style", "head_style", "title_style")
        if hasattr(item, name)
    ]
    yield from _unknown(names, built.styles, path)


def _inside(built: Template, box: tuple[float, float, float, float], path: str) -> Iterator[Fault]:
    left, top, width, height = box
    page_width, page_height = built.page.size
    if left + width > page_width or top + height > page_height:
        yield (
            TEMPLATE_BOX,
            f"{path}.box",
            f"reaches over the edge of the page of {page_width:g} x {page_height:g} mm",
            "give [left, top, width, height] within it",
        )


def _overlaps(built: Template) -> Iterator[Fault]:
    boxes = [region.box for region in built.layout]
    for number, (left, top, width, height) in enumerate(boxes):
        for other, (x, y, across, down) in enumerate(boxes[:number]):
            if left < x + across and x < left + width and top < y + down and y < top + height:
                what = f"lies over the box of layout.{other}"
                yield (TEMPLATE_OVERLAP, f"layout.{number}.box", what, "move or shrink one of the two")


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _contrast(built: Template) -> Iterator[Fault]:
    colours: Colours = built.colours
    for name in sorted({style.colour for style in built.styles.values()}):
        ratio = contrast(getattr(colours, name), colours.paper)
        if ratio < _CONTRAST:
            what = f"text in {getattr(colours, name)} on {colours.paper} has a contrast of {ratio:.1f}"
            yield (
                TEMPLATE_CONTRAST,
                f"colours.{name}",
                what,
                f"take a darker colour: at least {_CONTRAST} is legible",
            )
