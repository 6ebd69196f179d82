"""Work spread over processes: results as they come, nothing lost when a process dies, memory flat.

What a job gives must depend on the job alone; then neither the order nor the number of processes
shows in the results.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from generator.edge import child

Job = TypeVar("Job")
Result = TypeVar("Result")
Worker = Callable[[Job], Result]

_BATCH = 64  # jobs sent at a time: enough to hide the sending, little enough to stay small
_AHEAD = 3  # batches under way for each process
FEWEST = 1_000  # below this a pool takes longer to start than the work takes

_worker: Callable[[Any], Any] | None = None


class _BareProcess(SpawnProcess):
    """A process whose environment holds no secret of ours."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:
        with child.bare():
            return SpawnProcess._Popen(process_obj)


class _BareContext(SpawnContext):
    """Starts processes afresh, not forked: the caller may have threads that draw a progress bar."""

    Process = _BareProcess


def run_in_processes(
    prepare: Callable[[], Worker[Job, Result]],
    jobs: Iterable[Job],
    processes: int,
    *,
    fewest: int = FEWEST,
) -> Iterator[tuple[int, Result]]:
    """(place of the job, its result) for every job, in any order.

    `prepare` makes the worker, once in each process; it and the jobs are sent there, so it must be
    a function of a module, perhaps `functools.partial` of one. Few jobs are done in this process.
    A job's exception ends the work and is raised here.
    """
    numbered = enumerate(jobs)
    first = list(islice(numbered, fewest))
    if processes < 2 or len(first) < fewest:
        worker = prepare()
        yield from ((place, worker(job)) for place, job in chain(first, numbered))
        return
    batches = _batches(first, numbered)
    undone: dict[Future[list[Any]], Sequence[tuple[int, Job]]] = {}
    if sys.platform != "win32":
        with child.bare():
            # A process of multiprocessing's own, which the first lock would start.
            resource_tracker.ensure_running()
    context = _BareContext()
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start, initargs=(prepare,)) as pool:
        try:
            yield from _through(pool, batches, undone, processes)
            return
        except BrokenProcessPool:
            # A process was killed, perhaps for want of memory; what it had is done again here.
            pass
    worker = prepare()
    for batch in (*undone.values(), *batches):
        yield from ((place, worker(job)) for place, job in batch)


def _batches(
    first: Sequence[tuple[int, Job]], rest: Iterator[tuple[int, Job]]
) -> Iterator[Sequence[tuple[int, Job]]]:
    waiting = deque(first)
    while waiting:
        yield [waiting.popleft() for _ in range(min(_BATCH, len(waiting)))]
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _through(
    pool: ProcessPoolExecutor,
    batches: Iterator[Sequence[tuple[int, Job]]],
    undone: dict[Future[list[Any]], Sequence[tuple[int, Job]]],
    processes: int,
) -> Iterator[tuple[int, Any]]:
    """Keep every process busy; a batch leaves `undone` once its results are handed out."""
    for batch in islice(batches, processes * _AHEAD):
        undone[pool.submit(_work, [job for _, job in batch])] = batch
    while undone:
        finished, _ = wait(undone, return_when=FIRST_COMPLETED)
        for future in finished:
            results = future.result()
            batch = undone.pop(future)
            for following in islice(batches, 1):
                undone[_submitted(pool, following, undone)] = following
            yield from zip((place for place, _ in batch), results, strict=True)


def _submitted(
    pool: ProcessPoolExecutor, batch: Sequence[tuple[int, Job]], undone: dict[Future[list[Any]], Any]
) -> Future[list[Any]]:
    try:
        return pool.submit(_work, [job for _, job in batch])
    except BrokenProcessPool:
        # Already taken from `batches`: remember it, and let its future tell the same story.
        broken: Future[list[Any]] = Future()
        broken.set_exception(BrokenProcessPool())
        undone[broken] = batch
        return broken


def _start(prepare: Callable[[], Callable[[Any], Any]]) -> None:
    global _worker  # one for each process; there is no other place that its jobs could find it
    _worker = prepare()


def _work(jobs: Sequence[Any]) -> list[Any]:
    if _worker is None:
        raise RuntimeError("a worker that was never started")
    return [_worker(job) for job in jobs]
