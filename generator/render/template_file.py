"""One template folder -> a `Template`, or every problem it has (docs/templates.md is the guide).

`template.yaml` says what goes where; everything else in the folder is a picture it names or a
typeface under `fonts/`. The digest covers the meaning of the YAML and the bytes of the files.

It names what cannot be meant: unknown fields, text nobody can read, boxes off the page.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

from generator.errors import Code, Malformed, Place, Problem, Refused
from generator.model.template import BASIC_STYLES, ITEMS, Colours, Style, Template, TextItem
from generator.model.value import Value
from generator.model.wording import FIELDS, Wording
from generator.render import picture
from generator.render.codes import (
    TEMPLATE_BOX,
    TEMPLATE_BRACES,
    TEMPLATE_CONTRAST,
    TEMPLATE_FIELD,
    TEMPLATE_FILE,
    TEMPLATE_INCOMPLETE,
    TEMPLATE_ITEM,
    TEMPLATE_OVERLAP,
    TEMPLATE_PICTURE,
    TEMPLATE_VALUE,
    TEMPLATE_WORDS,
)
from generator.sheets import strict_yaml

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
    yield from _wording_faults(built)
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
        return set()  # named by _wording_faults


# What a wording may quote, where it is not the certificate's fields.
_QUOTED = {"date": {"day", "month", "year"}, "signature_of": {"name"}}


def _wording_faults(built: Template) -> Iterator[Fault]:
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


MAIN = "template.yaml"
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,5})\.[0-9]{1,4}")
_ASSETS = ("svg", "png", "jpg", "jpeg", "ttf", "otf")


def load(files: Mapping[str, bytes], where: str) -> Template:
    """The template in `files` ({relative path: bytes}). Raises `Refused` with every problem."""
    main = f"{where}/{MAIN}"
    if MAIN not in files:
        raise Refused(
            TEMPLATE_FILE.at(Place(where), f"the folder has no {MAIN}", "copy one of the templates here")
        )
    document = strict_yaml.load(files[MAIN], Place(main))
    if not isinstance(document.data, dict):
        raise Refused(
            TEMPLATE_VALUE.at(Place(main), "is not a list of `name: value` lines", "see docs/templates.md")
        )
    problems = _Problems(main, document)
    built = _build(document.data, files, problems)
    if built is not None:
        problems.add_all(faults_of(built))
    if problems.found or built is None:
        raise Refused(problems.found)
    return built


class _Problems:
    """Problems with the line of the YAML they belong to."""

    def __init__(self, main: str, document: strict_yaml.YamlDocument) -> None:
        self.main, self.document = main, document
        self.found: list[Problem] = []

    def add(self, code: Code, path: str, what: str, fix: str) -> None:
        """One problem at a dotted path such as `layout.0.stack.2`."""
        self.found.append(code.at(Place(self.main, self.document.line(path), path), what, fix))

    def add_all(self, faulty: Iterable[Fault]) -> None:
        """Each of (code, path, what, fix)."""
        for fault in faulty:
            self.add(*fault)


def _build(data: dict[str, Any], files: Mapping[str, bytes], problems: _Problems) -> Template | None:
    plain = {name: value if name == "wording" else _decimals(value) for name, value in data.items()}
    plain["schema_version"] = plain.pop("schema", None)
    plain["layout"] = list(_regions(plain.get("layout"), problems))
    plain["styles"] = dict(BASIC_STYLES)
    for name, style in (data.get("styles") or {}).items():
        plain["styles"][name] = _style(name, _decimals(style), problems)
    plain["wording"] = _wordings(plain.get("wording") or {"en": {}}, problems)
    plain["assets"] = [
        {"file": name, "data": content}
        for name, content in sorted(files.items())
        if name.rsplit(".", 1)[-1].lower() in _ASSETS
    ]
    plain["digest"] = "0" * 64
    if problems.found:
        return None
    built: Template | None = _valid(Template, plain, "", problems)
    if built is not None:
        _pictures(built, problems)
    return built.model_copy(update={"digest": _digest(built)}) if built else None


def _decimals(value: Any) -> Any:
    """Sizes may have decimals, which the YAML reader leaves as text."""
    if isinstance(value, dict):
        return {name: _decimals(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_decimals(item) for item in value]
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else value


def _regions(layout: Any, problems: _Problems) -> Iterator[Any]:
    for index, region in enumerate(layout if isinstance(layout, list) else ()):
        path = f"layout.{index}"
        stack = region.get("stack") if isinstance(region, dict) else None
        if not isinstance(stack, list):
            problems.add(TEMPLATE_VALUE, path, "is not a region", "give it `box` and a list `stack`")
            continue
        built = [_item(item, f"{path}.stack.{place}", problems) for place, item in enumerate(stack)]
        yield {**region, "stack": [item for item in built if item is not None]}


def _item(item: Any, path: str, problems: _Problems) -> Any:
    kinds = [kind for kind in ITEMS if isinstance(item, dict) and kind in item]
    if len(kinds) != 1:
        what = f"says {len(kinds)} of: {', '.join(ITEMS)}"
        problems.add(TEMPLATE_ITEM, path, what, "say exactly one of them")
        return None
    return _valid(ITEMS[kinds[0]], item, path, problems)


def _valid(kind: type[Value], fields: Any, path: str, problems: _Problems) -> Any:
    value, faults = kind.tried(fields)
    for below, what in faults:
        name = below.split(".")[0]
        near = difflib.get_close_matches(name, kind.model_fields, 1)
        fix = f"did you mean `{near[0]}`?" if near and near[0] != name else "see docs/templates.md"
        problems.add(TEMPLATE_VALUE, f"{path}.{below}".strip("."), what, fix)
    return value


def _style(name: str, fields: Any, problems: _Problems) -> Any:
    """A style given in part keeps the rest of the basic style of that name."""
    basic = BASIC_STYLES.get(name, Style()).plain()
    given = {**basic, **fields} if isinstance(fields, dict) else fields
    return _valid(Style, given, f"styles.{name}", problems)


def _wordings(wording: Any, problems: _Problems) -> dict[str, Any]:
    """English words are there unless changed; another language must give every word."""
    found = {}
    for language, words in wording.items() if isinstance(wording, dict) else ():
        given = words or {}
        english = language.split("-")[0] == "en"
        absent = [] if english else [name for name in Wording.model_fields if name not in given]
        if absent:
            what = f"has no words for {', '.join(absent[:5])}{' and more' if len(absent) > 5 else ''}"
            fix = "translate every word, or print in English"
            problems.add(TEMPLATE_WORDS, f"wording.{language}", what, fix)
            continue
        found[language] = _valid(Wording, given, f"wording.{language}", problems)
    return found


def _pictures(built: Template, problems: _Problems) -> None:
    named = {f"images.{name}.file": image.file for name, image in built.images.items()}
    named |= {f"signatures.{place}.file": one.file for place, one in enumerate(built.signatures)}
    content = {asset.file: asset.data for asset in built.assets}
    for path, file in named.items():
        if file not in content:
            what, fix = f"the folder has no file {file}", "put the file there, or correct the name"
            problems.add(TEMPLATE_FILE, path, what, fix)
            continue
        try:
            picture.read(content[file])
        except Malformed as error:
            fix = "save it as a plain PNG or SVG of moderate size"
            problems.add(TEMPLATE_PICTURE, path, f"{file} is {error}", fix)


def _digest(built: Template) -> str:
    meaning = built.model_dump(mode="python", exclude={"assets", "digest"})
    whole = hashlib.sha256(json.dumps(meaning, sort_keys=True, ensure_ascii=True).encode())
    for asset in built.assets:
        whole.update(f"\n{asset.file} {hashlib.sha256(asset.data).hexdigest()}".encode())
    return whole.hexdigest()
