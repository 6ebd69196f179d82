"""The adapter for mkdocs: the site's pages from their Markdown and theme, into memory.

mkdocs gets a temporary folder, because it empties the one it writes to. Its sitemap is left out: it
would carry a date, and every published path follows from the head anyway.
"""

from __future__ import annotations

import html
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from generator.edge.codes import SITE_PAGES
from generator.errors import Place, Refused


def build(source: Path, theme_facts: Mapping[str, object]) -> dict[str, bytes]:
    """Every page and asset that mkdocs makes of `source` (a `site_src` folder): path -> bytes.

    `theme_facts` are what the theme may say of the organisation (`facts` in its templates); texts
    among them are escaped here, since mkdocs' templates do not. Deterministic. Raises `Refused`
    with every warning of mkdocs.
    """
    heard = _Listener()
    log = logging.getLogger("mkdocs")
    log.addHandler(heard)
    try:
        with tempfile.TemporaryDirectory(prefix="certportal-docs-") as folder:
            _run(source, theme_facts, Path(folder))
            return _files(Path(folder))
    except MkDocsException as failure:
        fix = "mend the page, its link or mkdocs.yml"
        found = heard.heard or [str(failure)]
        raise Refused(SITE_PAGES.at(Place(str(source)), what, fix) for what in found) from None
    finally:
        log.removeHandler(heard)


def scripts(source: Path) -> dict[str, bytes]:
    """The portal's JavaScript by its path below `source`/js, vendored files included."""
    folder = source / "js"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.js"))}


def _run(source: Path, theme_facts: Mapping[str, object], folder: Path) -> None:
    config = load_config(
        str(source / "mkdocs.yml"),
        site_dir=str(folder),
        site_url=str(theme_facts["origin"]) + "/",
        strict=True,
        extra={"facts": _escaped(dict(theme_facts))},
    )
    mkdocs_build(config)


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, Mapping):
        return {name: _escaped(item) for name, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list | tuple) else value


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("sitemap.xml")
    }


class _Listener(logging.Handler):
    """Keeps what mkdocs warns of; with strict, any of it stops the build."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())
