"""The adapter for mkdocs: the site's pages from their Markdown and theme, into memory.

mkdocs works in a process of its own (`page_process.py`), which sees a copy of the listed files and nothing of
the workspace: no key, no register, no passphrase. What comes back is what it wrote in its folder.
"""

from __future__ import annotations

import html
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.edge import child, disk, site_source
from generator.edge.codes import SITE_PAGES
from generator.errors import Place, Refused

SECONDS = 60
_PROCESS = Path(__file__).with_name("page_process.py")
_BUILT_CAP = 50_000_000


def build(source: Path, theme_facts: Mapping[str, object], seconds: int = SECONDS) -> dict[str, bytes]:
    """Every page and asset that mkdocs makes of `source` (a `site_src` folder): path -> bytes.

    `theme_facts` are what the theme may say of the organisation (`facts` in its templates); texts
    among them are escaped here, since mkdocs' templates do not. Deterministic. Raises `Refused`
    with every file that may not be published and every warning of mkdocs.
    """
    read = site_source.read(source)
    with tempfile.TemporaryDirectory(prefix="certportal-pages-") as name:
        folder = Path(name).resolve()
        for part, files in (("pages", read.pages), ("theme", read.theme)):
            _copied(files, folder / part)
        asked = {
            "folder": str(folder),
            "seconds": seconds,
            "settings": read.settings.plain(),
            "facts": escaped(dict(theme_facts)),
        }
        _run(json.dumps(asked).encode(), source, folder, seconds)
        return disk.read_tree(folder / "site", _BUILT_CAP, source.name)


def _copied(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _run(asked: bytes, source: Path, folder: Path, seconds: int) -> None:
    """Have the pages built in `folder`. Isolated (-I): no folder of ours is a place of modules."""
    place, fix = Place(source.name), "mend the page, its link or mkdocs.yml"
    command = [sys.executable, "-I", str(_PROCESS)]
    try:
        done = child.run(command, given=asked, folder=folder, seconds=seconds)
    except child.TooLong:
        raise Refused(SITE_PAGES.at(place, f"is not built in {seconds} seconds", fix)) from None
    if done.code:
        heard = [str(json.loads(line)) for line in done.output.splitlines()]
        last = done.errors.decode("utf-8", "replace").strip().splitlines()[-1:]
        found = heard or last or [f"the pages' process ended with {done.code}"]
        raise Refused(SITE_PAGES.at(place, what.replace(f"{folder}/", ""), fix) for what in found)


def escaped(value: Any) -> Any:
    """Plain data whose texts a page can hold as they are."""
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, Mapping):
        return {name: escaped(item) for name, item in value.items()}
    return [escaped(item) for item in value] if isinstance(value, list | tuple) else value
