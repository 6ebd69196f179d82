"""The process that builds the pages: mkdocs over a copy of `site_src`, with nothing else in reach.

Started by its path (`site_builder.py`), never imported by what holds keys: Markdown, theme and settings are
an office's own, and whatever they manage to do, they do here. It is told by standard input which folder to
work in and what mkdocs is to know; what mkdocs warns of goes out as one line of JSON each. Before it looks at
any of the office's files it gives up, where the kernel takes it (Landlock), the network and every file but
Python's own and its folder's; its memory, time and files are limited everywhere.

Templates render in a sandbox: they see the data of a page and the site, and may call nothing but the methods
of text and lists and what Jinja brings (docs/decisions/0405).
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import sys
from pathlib import Path
from types import BuiltinMethodType, NoneType
from typing import Any

import jinja2
from jinja2 import runtime
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace
from markupsafe import Markup
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.theme import Theme
from mkdocs.utils import templates

MEMORY_BYTES = 1 << 30
FILE_BYTES = 1 << 26
_NOT_FOUND = "404.html"
# What a template may see of mkdocs' own objects: data of pages, menu and site, by the name of their class.
_LINKS = frozenset({"title", "url", "active", "children", "parent", "ancestors", "is_page", "is_link"})
_SITE = frozenset({"site_name", "site_url", "extra"})
_SEEN = {
    "MkDocsConfig": _SITE,
    "ProperDocsConfig": _SITE,  # what goes on where mkdocs 1 stopped
    "LegacyConfig": frozenset({"facts"}),
    "Navigation": frozenset({"homepage", "items", "pages"}),
    "Section": _LINKS | {"is_section"},
    "Link": _LINKS | {"is_section"},
    "Page": _LINKS
    | {"is_section", "content", "meta", "canonical_url", "abs_url", "is_homepage", "toc"}
    | {"next_page", "previous_page"},
    "TableOfContents": frozenset({"items"}),
    "AnchorLink": frozenset({"id", "title", "url", "level", "children"}),
}
_PLAIN = (str, int, float, NoneType, list, tuple, dict, runtime.LoopContext, Namespace, Cycler, Joiner)
_CALLED = (runtime.Macro, runtime.BlockReference, runtime.LoopContext, Cycler, Joiner)


def main() -> None:
    """Build what standard input asks for; exit 1 where mkdocs refuses."""
    asked = json.loads(sys.stdin.read())
    folder = Path(asked["folder"])
    limit(asked["seconds"])
    confine(folder)
    logging.getLogger("mkdocs").addHandler(_Teller(logging.WARNING))
    try:
        build(folder, asked["settings"], asked["facts"])
    except jinja2.TemplateSyntaxError as fault:
        _tell(f"theme/{fault.name}, line {fault.lineno}: {fault.message}")
        sys.exit(1)
    except MkDocsException as fault:
        # What it warned of is told already.
        sys.exit(str(fault) or 1)


def build(folder: Path, settings: dict[str, Any], facts: dict[str, Any]) -> None:
    """Make `folder`/site of `folder`/pages and `folder`/theme. `settings` are those of our reader alone."""
    empty = folder / "empty.yml"
    empty.write_text("{}\n", "utf-8")
    config = load_config(
        str(empty),
        docs_dir=str(folder / "pages"),
        site_dir=str(folder / "site"),
        theme={"name": None, "custom_dir": str(folder / "theme"), "static_templates": [_NOT_FOUND]},
        site_url=str(facts["origin"]) + "/",
        strict=True,
        plugins=[],
        hooks=[],
        # One file a page, so that every link works from a folder, an archive and any host alike.
        use_directory_urls=False,
        extra={"facts": facts},
        validation={
            "nav": {"omitted_files": "warn", "not_found": "warn"},
            "links": dict.fromkeys(("not_found", "anchors", "absolute_links", "unrecognized_links"), "warn"),
        },
        **settings,
    )
    config.theme = SandboxedTheme(folder / "theme")
    mkdocs_build(config)


class SandboxedTheme(Theme):
    """The office's theme alone, none of mkdocs' own templates beside, rendered in the sandbox."""

    def __init__(self, folder: Path) -> None:
        super().__init__(None, custom_dir=str(folder), static_templates=[_NOT_FOUND])
        self.dirs = [str(folder)]
        self.static_templates = {_NOT_FOUND}

    def get_env(self) -> jinja2.Environment:
        """The environment of the theme's templates."""
        env = Sandbox(loader=jinja2.FileSystemLoader(self.dirs), auto_reload=False)
        env.globals.pop("lipsum")
        env.filters["url"] = templates.url_filter
        env.filters["script_tag"] = templates.script_tag_filter
        return env


class Sandbox(ImmutableSandboxedEnvironment):
    """Templates see data only: what they may look at is listed, and so is what they may call."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may look at this attribute."""
        if isinstance(obj, _PLAIN):
            return super().is_safe_attribute(obj, attr, value)
        return attr in _SEEN.get(type(obj).__name__, ())

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call this."""
        if isinstance(obj, BuiltinMethodType):
            return isinstance(obj.__self__, str | Markup | list | tuple | dict)
        return isinstance(obj, _CALLED) or any(obj is known for known in self.globals.values())

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`a[b]`, which must not lead to what `a.b` refuses."""
        if isinstance(obj, _PLAIN) or not isinstance(argument, str):
            return super().getitem(obj, argument)
        return self.getattr(obj, argument)


class _Teller(logging.Handler):
    """Tells what mkdocs warns of; with strict, any of it stops the build."""

    def emit(self, record: logging.LogRecord) -> None:
        _tell(record.getMessage())


def _tell(words: str) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def limit(seconds: int) -> None:
    """At most so many seconds of work, and so much memory and so large files as a site's pages need."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":  # macOS refuses it
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


# Landlock's system calls have one number on every architecture (linux/landlock.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF, _NO_NEW_PRIVILEGES = 444, 445, 446, 38
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES = (1 << 13) - 1  # every right that the first version knows
_TCP = 3  # to listen and to connect


def confine(folder: Path) -> bool:
    """See only Python's own files from now on, and write only below `folder`; whether the kernel does so."""
    if sys.platform != "linux":
        return False
    else:
        kernel = ctypes.CDLL(None, use_errno=True)
        version = kernel.syscall(_CREATE_RULESET, None, 0, 1)
        if version < 1:
            return False
        rights = (ctypes.c_uint64 * 2)(_FILES, _TCP)
        rules = kernel.syscall(_CREATE_RULESET, rights, 16 if version >= 4 else 8, 0)
        if rules < 0:
            return False
        for place in _own_folders():
            _allow(kernel, rules, place, _READ_FILE | _READ_DIR)
        _allow(kernel, rules, folder, _FILES & ~1)  # all but running what lies there
        kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        done = kernel.syscall(_RESTRICT_SELF, rules, 0)
        os.close(rules)
        return bool(done == 0)


def _own_folders() -> list[Path]:
    """Where Python and the installed libraries are: a checkout that is on the path is none of these."""
    libraries = [Path(place) for place in sys.path if place.endswith(("site-packages", "dist-packages"))]
    bases = [Path(base) / "lib" for base in {sys.prefix, sys.base_prefix}]
    return [place for place in (*libraries, *bases) if place.is_dir()]


def _allow(kernel: ctypes.CDLL, rules: int, place: Path, rights: int) -> None:
    if sys.platform == "linux":
        handle = os.open(place, os.O_PATH)
        # A packed structure: 64 bits of rights, then the folder's handle.
        rule = rights.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder)
        kernel.syscall(_ADD_RULE, rules, 1, rule, 0)
        os.close(handle)


if __name__ == "__main__":
    main()
