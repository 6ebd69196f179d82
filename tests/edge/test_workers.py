"""Work spread over processes gives what one process gives, also when a process is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from generator.edge.workers import run_in_processes
from generator.render.renderer import Renderer, RenderJob, printer
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, statement, template


def doubler() -> Callable[[int], int]:
    return lambda number: number * 2


def mortal(marker: Path) -> Callable[[int], int]:
    """Kills its own process once, at job 500."""

    def work(number: int) -> int:
        if number == 500 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 2

    return work


def refuser() -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == 300:
            raise ValueError("job 300 cannot be done")
        return number

    return work


@pytest.mark.slow
@pytest.mark.parametrize(("processes", "fewest"), [(1, 10), (2, 10), (2, 100_000)])
def test_every_job_is_done_once(processes: int, fewest: int) -> None:
    found = dict(run_in_processes(doubler, range(1_000), processes, fewest=fewest))
    assert found == {number: number * 2 for number in range(1_000)}


@pytest.mark.slow
def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    marker = tmp_path / "killed"
    results = list(run_in_processes(partial(mortal, marker), range(1_000), 2, fewest=10))
    assert marker.exists()
    assert sorted(results) == [(number, number * 2) for number in range(1_000)]


@pytest.mark.slow
def test_a_job_that_fails_ends_the_work() -> None:
    with pytest.raises(ValueError, match="job 300"):
        list(run_in_processes(refuser, range(1_000), 2, fewest=10))


@pytest.mark.slow
def test_certificates_are_the_same_from_any_process() -> None:
    jobs = [
        RenderJob(f"{number}", statement(NAMES[number % len(NAMES)], serial=f"NW-26-{number:06d}"), ENVELOPE)
        for number in range(80)
    ]
    renderer = Renderer(template("unit"), IMPRINT)
    alone = [renderer.render(job.statement, job.envelope) for job in jobs]
    apart = dict(run_in_processes(partial(printer, template("unit"), IMPRINT), jobs, 2, fewest=10))
    assert [apart[place] for place in range(80)] == alone
