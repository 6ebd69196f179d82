"""One template folder -> a `Template`, or every problem it has (docs/templates.md is the guide).

`template.yaml` says what stands where; everything else in the folder is a picture it names or a
typeface under `fonts/`. The digest covers the meaning of the YAML and the bytes of the files.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.errors import Code, Malformed, Place, Problem, Refused
from generator.model.template import BASIC_STYLES, ITEMS, Style, Template
from generator.model.value import Value
from generator.model.wording import Wording
from generator.render import picture
from generator.render.codes import (
    TEMPLATE_FILE,
    TEMPLATE_ITEM,
    TEMPLATE_PICTURE,
    TEMPLATE_VALUE,
    TEMPLATE_WORDS,
)
from generator.render.template_faults import Fault, faults_of
from generator.sheets import strict_yaml

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
