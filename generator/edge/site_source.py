"""The source of the site: the files of a `site_src`, and what mkdocs.yml says (docs/pages.md).

What lies in `pages` and `theme` goes out to the web, so a file that was dropped there by mistake, a link to
the register, or a pipe is refused by name (PAGE-KIND). Names with a dot in front are passed over, as mkdocs
does: desktops and editors leave such files everywhere, and none is published.

mkdocs' own reader of mkdocs.yml runs hooks and plugins, reads the environment (`!ENV`) and other files
(`INHERIT`). So ours reads the file, and mkdocs is handed what it found: the menu, and how Markdown is read.
The other fields may be there as mkdocs itself would need them for this site, and say nothing else.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.edge import disk
from generator.edge.codes import PAGE_KIND
from generator.errors import Place, Problem, Refused
from generator.sheets import strict_yaml
from generator.sheets.codes import YAML_FIELD

_SETTINGS = "mkdocs.yml"
_SETTINGS_CAP = 100_000
_FILE_CAP = 5_000_000
_TOTAL_CAP = 20_000_000
_COUNT_CAP = 1_000
_ASSETS = frozenset(".css .svg .png .jpg .jpeg .gif .webp .avif .ico .woff2 .txt".split())
_KINDS: Mapping[str, frozenset[str]] = {
    "pages": _ASSETS | {".md"},
    "theme": _ASSETS | {".html"},
    "js": frozenset({".js"}),
}
# As pages.json names them (SPEC, chapter Pages).
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_SPECIAL = (
    (stat.S_ISLNK, "a link", "copy the file itself"),
    (stat.S_ISFIFO, "a pipe", "remove it"),
    (stat.S_ISSOCK, "a socket", "remove it"),
    (stat.S_ISBLK, "a device", "remove it"),
    (stat.S_ISCHR, "a device", "remove it"),
)


# Those of Python-Markdown that read no file and run no program, with the settings that each may have.
_EXTENSIONS: dict[str, frozenset[str]] = {
    **dict.fromkeys("abbr admonition attr_list def_list fenced_code footnotes".split(), frozenset[str]()),
    **dict.fromkeys("md_in_html sane_lists smarty toc".split(), frozenset[str]()),
    "tables": frozenset({"use_align_attribute"}),
}
_WARN = ("not_found", "anchors", "absolute_links", "unrecognized_links")
_FIXED: dict[str, Any] = {
    "docs_dir": "pages",
    "theme": {"name": None, "custom_dir": "theme", "static_templates": ["404.html"]},
    "plugins": [],
    "use_directory_urls": False,
    "validation": {
        "nav": {"omitted_files": "warn", "not_found": "warn"},
        "links": dict.fromkeys(_WARN, "warn"),
    },
}
_ALLOWED = "site_name, nav, not_in_nav, markdown_extensions"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The menu as mkdocs takes it, the pages that are in none, and how Markdown is read."""

    site_name: str
    nav: list[Any]
    not_in_nav: str
    markdown_extensions: list[Any]

    def plain(self) -> dict[str, Any]:
        """As mkdocs takes them."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class SiteSource:
    """What was read: the settings, and the files of each folder by their path below it."""

    settings: SiteSettings
    pages: Mapping[str, bytes]
    theme: Mapping[str, bytes]


def read(source: Path) -> SiteSource:
    """Everything that the pages are built of. Raises `Refused` with every file that may not be there."""
    problems: list[Problem] = []
    _is(stat.S_ISREG, source / _SETTINGS, _SETTINGS, problems)
    if problems:
        raise Refused(problems)
    where = f"{source.name}/{_SETTINGS}"
    settings = read_settings(disk.read(source / _SETTINGS, _SETTINGS_CAP, where), Place(where))
    return SiteSource(settings, _files(source, "pages"), _files(source, "theme"))


def scripts(source: Path) -> dict[str, bytes]:
    """The portal's JavaScript by its path below `source`/js, vendored files included."""
    return _files(source, "js")


def _files(source: Path, part: str) -> dict[str, bytes]:
    """The files of one folder of a site's source by their path below it."""
    problems: list[Problem] = []
    found = list(_found(source / part, f"{source.name}/{part}", problems))
    if len(found) > _COUNT_CAP:
        place = Place(f"{source.name}/{part}")
        problems.append(PAGE_KIND.at(place, f"holds more than {_COUNT_CAP:,} files", "keep the site's own"))
    # In js only scripts are read, and of those only what the pages import: licences and notes may lie beside.
    if part == "js":
        found = [path for path in found if path.suffix in _KINDS[part]]
    problems += [fault for path in found for fault in _kind(source, path, part)]
    if problems:
        raise Refused(problems)
    read: dict[str, bytes] = {}
    left = _TOTAL_CAP
    for path in found:
        shown = f"{source.name}/{path.relative_to(source).as_posix()}"
        data = disk.read(path, min(_FILE_CAP, left), shown)
        left -= len(data)
        read[path.relative_to(source / part).as_posix()] = data
    return read


def _found(folder: Path, shown: str, problems: list[Problem]) -> Iterator[Path]:
    """Every file below a folder; what is neither file nor folder is a problem."""
    if not _is(stat.S_ISDIR, folder, shown, problems):
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name = f"{shown}/{entry.name}"
        if entry.name.startswith("."):
            continue
        if not _NAME.fullmatch(entry.name):
            what = "has a name that cannot be published"
            fix = "name it with letters without accents, digits, dots, dashes and underscores"
            problems.append(PAGE_KIND.at(Place(ascii(name)[1:-1]), what, fix))
        elif entry.is_dir(follow_symlinks=False):
            yield from _found(Path(entry.path), name, problems)
        elif _is(stat.S_ISREG, Path(entry.path), name, problems):
            yield Path(entry.path)


def _is(kind: object, path: Path, shown: str, problems: list[Problem]) -> bool:
    """Whether a path is what it must be: itself, no link to it. Notes a problem where it is not."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        problems.append(PAGE_KIND.at(Place(shown), "is not there", "put it back, or remove site_src"))
        return False
    if callable(kind) and kind(mode):
        return True
    for test, words, fix in _SPECIAL:
        if test(mode):
            problems.append(PAGE_KIND.at(Place(shown), f"is {words}", fix))
            return False
    wanted = "a folder" if kind is stat.S_ISDIR else "a file"
    problems.append(PAGE_KIND.at(Place(shown), f"is not {wanted}", f"put {wanted} in its place"))
    return False


def _kind(source: Path, path: Path, part: str) -> Iterator[Problem]:
    if path.suffix.lower() not in _KINDS[part]:
        listed = ", ".join(sorted(_KINDS[part]))
        shown = f"{source.name}/{path.relative_to(source).as_posix()}"
        what = f"is of a kind that is not published from {part} ({listed})"
        yield PAGE_KIND.at(Place(shown), what, "move it out of site_src, where everything is public")


def read_settings(data: bytes, place: Place) -> SiteSettings:
    """The settings in mkdocs.yml. Raises `Refused` with every field that is not one of these."""
    document = strict_yaml.load(data, place)
    fields = document.data if isinstance(document.data, dict) else {}
    problems = [
        YAML_FIELD.at(place.at(document.line(path)).within(path), what, fix)
        for path, what, fix in _faults(fields)
    ]
    if problems:
        raise Refused(problems)
    return SiteSettings(
        fields["site_name"],
        fields["nav"],
        fields.get("not_in_nav") or "",
        fields.get("markdown_extensions") or [],
    )


Fault = tuple[str, str, str]  # dotted path, what is wrong, how to mend it


def _faults(fields: dict[str, Any]) -> Iterator[Fault]:
    for name, value in fields.items():
        if name in _FIXED:
            if value != _FIXED[name]:
                yield name, "differs from what this site needs", "remove the field: certportal knows it"
        elif name not in ("site_name", "nav", "not_in_nav", "markdown_extensions"):
            why = "nothing in this file may run a program or read another file"
            yield name, f"is no field here: {why}", f"remove it; the fields are {_ALLOWED}"
    for name in ("site_name", "not_in_nav"):
        if not isinstance(fields.get(name, ""), str):
            yield name, "is not text", "put the value in quotes"
    if "site_name" not in fields:
        yield "site_name", "is missing", "add the field"
    if not isinstance(fields.get("nav"), list):
        yield "nav", "is not a list of pages", "write `- Title: page.md` for each page"
    else:
        yield from _menu("nav", fields["nav"])
    extensions = fields.get("markdown_extensions") or []
    if not isinstance(extensions, list):
        yield "markdown_extensions", "is not a list", "write `- name` for each"
    else:
        for rank, item in enumerate(extensions):
            yield from _extension(f"markdown_extensions.{rank}", item)


def _menu(path: str, items: list[Any]) -> Iterator[Fault]:
    for rank, item in enumerate(items):
        where = f"{path}.{rank}"
        target = next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else item
        if isinstance(target, list):
            yield from _menu(where, target)
        elif not isinstance(target, str) or not _leads(target):
            yield where, "is no page and no address", "write `- Title: page.md`, or an https:// address"


def _leads(target: str) -> bool:
    inside = target.endswith(".md") and not target.startswith("/") and ".." not in target.split("/")
    return (inside and ":" not in target) or target.startswith(("https://", "mailto:"))


def _extension(path: str, item: Any) -> Iterator[Fault]:
    name, options = next(iter(item.items())) if isinstance(item, dict) and len(item) == 1 else (item, None)
    if not isinstance(name, str) or name not in _EXTENSIONS:
        known = ", ".join(sorted(_EXTENSIONS))
        yield path, "is no extension that may be used here", f"name one of: {known}"
        return
    for option, value in options.items() if isinstance(options, dict) else ():
        if option not in _EXTENSIONS[name] or not isinstance(value, bool):
            yield f"{path}.{name}.{option}", "is no setting that may be used here", "remove it"
    if options is not None and not isinstance(options, dict):
        yield f"{path}.{name}", "has no settings like this", "remove them"
