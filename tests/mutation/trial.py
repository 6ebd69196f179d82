"""The trial of a mutant: a fork of this process imports it as its module and runs tests against it."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import pytest

from tests.mutation.mutant import Mutant, module_name, mutated
from tests.mutation.reach import OPTIONS

KILLED, SURVIVED, UNREACHED = "killed", "survived", "unreached"
NOT_IMPORTED = 100
MEMORY = 6 << 30  # bytes of address space: a mutant that fills the memory ends like one that hangs


def trial(mutant: Mutant, tests: Sequence[str], seconds: float) -> str:
    """The fate of a mutant. `seconds` of CPU, or ten times as many by the clock, count as a hang: killed."""
    if not tests:
        return UNREACHED
    if module_name(mutant.path) in sys.modules:
        raise RuntimeError(f"{mutant.path} is imported already: its mutants would not be seen")

    def run() -> int:
        sys.meta_path.insert(0, _Finder(mutant))
        try:
            importlib.import_module(module_name(mutant.path))
        except Exception:  # whatever it is, every test of the module would fail
            return NOT_IMPORTED
        return int(pytest.main([*OPTIONS, "-x", "--no-header", "--no-summary", *tests]))

    code = forked(run, seconds)
    if code == pytest.ExitCode.OK:
        return SURVIVED
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED) and not _collected(tests):
        raise RuntimeError(f"pytest cannot find {tests}")
    return KILLED


def _collected(tests: Sequence[str]) -> bool:
    """Whether the tests are found without the mutant; then it was the mutant that broke their modules."""
    return forked(lambda: int(pytest.main([*OPTIONS, "--collect-only", *tests]))) == pytest.ExitCode.OK


class _Finder:
    """An importer of one module only: its mutant."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != module_name(self.mutant.path):
            return None
        file = str(Path(self.mutant.path).resolve())
        return spec_from_file_location(name, file, loader=_Loader(name, file, self.mutant))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, mutant: Mutant) -> None:
        super().__init__(name, file)
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text("utf-8")
        return compile(mutated(self.mutant, source), self.path, "exec", dont_inherit=True)


def forked(run: Callable[[], int], seconds: float | None = None, *, quiet: bool = True) -> int:
    """The exit code of `run` in a process of its own, negative where a signal ended it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _confine(seconds, quiet)
            code = run()
        finally:
            sys.stdout.flush()
            os._exit(code)
    deadline = time.monotonic() + 10 * seconds if seconds else float("inf")
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)  # whatever it started too; no effect on its own exit code if it ended
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _confine(seconds: float | None, quiet: bool) -> None:
    os.setpgid(0, 0)
    if seconds:
        limit = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if quiet:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
