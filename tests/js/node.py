"""Functions of the published scripts, called from Python: a Node that runs for as long as the tests."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORKER = Path(__file__).parent / "worker.mjs"


class Node:
    """A running Node that has loaded the published scripts."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def call(self, function: str, argument: object) -> Any:
        """What a JavaScript function of (argument, portal) makes of plain data; fails where it throws."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([function, argument]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Node ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]


@contextmanager
def running(node: str, scripts: Path) -> Iterator[Node]:
    """A Node whose published scripts lie in this folder, until the block ends."""
    with subprocess.Popen(
        [node, str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"CERTPORTAL_SCRIPTS": str(scripts)},
    ) as process:
        yield Node(process)
