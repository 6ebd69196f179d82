"""The published scripts as modules, for tests to call their functions: `python -m tests.js.scripts FOLDER`.

Each is the script of a page, byte for byte, and behind it one line that exports what its modules export.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from generator.edge import site_source
from generator.render import pages
from tests.browser import portal

ENTRIES = {"verify.mjs": "main.js", "private_page.mjs": "private_page.js"}
_EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def modules() -> dict[str, bytes]:
    """The scripts by their file names."""
    sources = site_source.scripts(portal.SOURCE)
    return {name: _module(sources, entry) for name, entry in ENTRIES.items()}


def _module(sources: Mapping[str, bytes], entry: str) -> bytes:
    script = pages.bundle(sources, entry)
    exported = {
        name
        for path, source in sources.items()
        if "/" not in path
        for name in _EXPORTED.findall(source.decode())
        if re.search(rb"^(?:async )?(?:function|class|const|let) %s\b" % name.encode(), script, re.MULTILINE)
    }
    return script + f"export {{ {', '.join(sorted(exported))} }};\n".encode()


def write(folder: Path) -> None:
    """Write the scripts into a folder."""
    for name, data in modules().items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
