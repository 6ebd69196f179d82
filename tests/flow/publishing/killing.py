"""Kill a run at each of its writes, run it again, and compare with a run that nobody disturbed.

`python -m tests.flow.publishing.killing FOLDER [FIRST STEP]` tries every STEP-th write from FIRST on. Each
run is a child that strace kills on entering the chosen system call; a second child then runs the same job
to its end. The randomness answer by purpose and the clock stands still, so the outcome must
agree byte for byte.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests import workshop
from tests.system_tools import find
from tests.workshop import copied as copied  # the night's kills copy theirs by this name

CALLS = (
    "write,pwrite64,writev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "mkdir,mkdirat,rmdir,fchmod,chmod,fchmodat"
)
# Written by mkdocs to a folder of its own: killed there, nothing of ours is touched, so a few are enough.
_ELSEWHERE, _ELSEWHERE_STEP = "certportal-docs-", 25
_PATIENCE_SECONDS = 20.0
Point = tuple[
    str, int
]  # a system call and how many of its kind have been made: strace counts each kind apart


def job(root: Path) -> None:
    """What is killed: two approvals' worth of claims issued and published."""
    workshop.issue_all(root)
    workshop.publish_all(root)


def prepared(root: Path) -> Path:
    """A workspace at the brink of its first issue, and a second batch of claims after a publication."""
    return workshop.approved(root)


def again(root: Path) -> Path:
    """The same workspace with one publication behind it and one more claim approved."""
    workshop.issue_all(root)
    workshop.publish_all(root)
    claims = (workshop.claim(rank) for rank in (1, 2, 3, 4, 5, 6))
    (root / "certificates/claims/claims.yaml").write_text(workshop.claims_file(claims), "utf-8")
    workshop.prepare(root, LATER)
    workshop.approve_all(root, LATER)
    return root


LATER = "2026-11-23T09:00:00Z"


def second_job(root: Path) -> None:
    """The next night: one certificate more, the tree of the night before in the way."""
    workshop.issue_all(root, LATER)
    workshop.publish_all(root, LATER)


def run(act: Callable[[Path], None], root: Path, at: Point | None = None, log: Path | None = None) -> int:
    """Run `act` in a child, killed on entering a chosen write; the child's wait status."""
    go, went = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(went)
        code = 3
        try:
            os.read(go, 1)
            act(root)
            code = 0
        finally:
            os._exit(code)
    os.close(go)
    tracer = _trace(child, at, log) if at is not None or log is not None else None
    os.write(went, b"!")
    os.close(went)
    status = os.waitpid(child, 0)[1]
    if tracer is not None:
        tracer.wait()
    return status


def _trace(child: int, at: Point | None, log: Path | None) -> subprocess.Popen[bytes]:
    command = [find("strace") or "strace", "-qq", "-y", "-e", f"trace={CALLS}", "-e", "signal=none"]
    command += ["-o", str(log or os.devnull), "-p", str(child)]
    if at is not None:
        command += ["-e", f"inject={at[0]}:signal=KILL:when={at[1]}"]
    tracer = subprocess.Popen(command)
    ends = time.monotonic() + _PATIENCE_SECONDS
    status = Path(f"/proc/{child}/status")
    while "TracerPid:\t0\n" in status.read_text("ascii", errors="replace"):
        if time.monotonic() > ends or tracer.poll() is not None:
            raise RuntimeError("strace could not be attached here")
        time.sleep(0.002)
    return tracer


def points(act: Callable[[Path], None], source: Path, folder: Path) -> list[Point]:
    """The writes of an undisturbed run in their order, those of mkdocs thinned out."""
    log = folder / "writes.log"
    status = run(act, copied(source, folder / "traced/workspace"), log=log)
    if status != 0:
        raise RuntimeError(f"the undisturbed run ended with {status}")
    counted: dict[str, int] = {}
    ours, theirs = [], []
    for line in log.read_text("utf-8", errors="replace").splitlines():
        call, bracket, _ = line.partition("(")
        if bracket:
            counted[call] = counted.get(call, 0) + 1
            (theirs if _ELSEWHERE in line else ours).append((call, counted[call]))
    return ours + theirs[::_ELSEWHERE_STEP]


def survived(act: Callable[[Path], None], source: Path, folder: Path, chosen: list[Point]) -> list[Point]:
    """The points after which a second run did not give what an undisturbed run gives."""
    calm = copied(source, folder / "calm/workspace")
    if run(act, calm) != 0:
        raise RuntimeError("the undisturbed run failed")
    wanted = workshop.state(calm)
    bad = []
    for at in chosen:
        spoiled = copied(source, folder / "spoiled/workspace")
        if run(act, spoiled, at) == 0:
            raise RuntimeError(f"the run ended before {at[0]} {at[1]}")
        if run(act, spoiled) != 0 or workshop.state(spoiled) != wanted:
            bad.append(at)
    return bad


def main(folder: Path, first: int, step: int) -> int:
    """Both nights; prints how many points were survived."""
    begin = prepared(folder / "first")
    later = again(Path(shutil.copytree(begin, folder / "second")))
    failures = 0
    for name, act, source in (("first night", job, begin), ("second night", second_job, later)):
        everything = points(act, source, folder)
        chosen = everything[first::step]
        bad = survived(act, source, folder, chosen)
        failures += len(bad)
        print(
            f"{name}: killed at {len(chosen)} of {len(everything)} writes, {len(chosen) - len(bad)} survived"
        )
        print(f"  not survived: {bad}" if bad else "", end="\n" if bad else "", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    place, begin_at, stride = Path(sys.argv[1]), *(int(word) for word in (*sys.argv[2:], "0", "1")[:2])
    sys.exit(main(place, begin_at, stride))
