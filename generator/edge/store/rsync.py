"""A folder on another machine, by rsync over ssh (docs/deploy.md).

Runs rsync. It is told which files to copy, and told not to compare sizes and
times: a revocation changes neither.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from generator.edge import child
from generator.edge.codes import DEPLOY_RSYNC
from generator.edge.sites import FolderSite
from generator.edge.store.target import DeploymentPlan, Noted
from generator.errors import Place, Refused

_SSH = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "StrictHostKeyChecking=yes")
_TIMEOUT_SECONDS = 120


class RsyncTarget:
    """`destination` as rsync writes it: user@host:/folder, or a folder of this machine."""

    def __init__(self, destination: str, shell: Sequence[str] = ()) -> None:
        self._destination = destination.rstrip("/") + "/"
        self._shell = tuple(shell) or _SSH

    def deploy(self, plan: DeploymentPlan, noted: Noted) -> None:
        """One rsync for each wave; each file is put in place whole."""
        with tempfile.TemporaryDirectory(prefix="certportal-extras-") as folder:
            extras = Path(folder)
            for path, data in plan.extras.items():
                (extras / path).parent.mkdir(parents=True, exist_ok=True)
                (extras / path).write_bytes(data)
            for wave in plan.waves:
                own = [path for path in wave if path not in plan.extras]
                also = [path for path in wave if path in plan.extras]
                self._copy(plan.public, own, ())
                self._copy(extras, also, ())
                noted(wave)
        # rsync removes what it was told to copy and does not find.
        with tempfile.TemporaryDirectory(prefix="certportal-empty-") as folder:
            self._copy(Path(folder), list(plan.drops), ("--delete-missing-args", "--force"))

    def site(self) -> FolderSite | None:
        """Readable only where it is a folder of this machine."""
        local = Path(self._destination)
        return FolderSite(local) if ":" not in self._destination and local.is_dir() else None

    def _copy(self, source: Path, paths: Sequence[str], more: Sequence[str]) -> None:
        if not paths:
            return
        command = [
            "rsync",
            "--recursive",
            "--relative",
            "--ignore-times",
            "--chmod=D755,F644",
            "--from0",
            "--files-from=-",
            "--delay-updates",
            f"--timeout={_TIMEOUT_SECONDS}",
            *more,
            f"--rsh={' '.join(self._shell)}",
            f"{source}/",
            self._destination,
        ]
        listed = "\0".join(paths).encode()
        try:
            # ssh asks the account's agent for its key.
            done = child.run(command, given=listed, needs=("SSH_AUTH_SOCK",))
        except FileNotFoundError:
            fix = "install rsync (Debian: `apt-get install rsync`)"
            raise Refused(DEPLOY_RSYNC.at(Place(subject="rsync"), "is not installed here", fix)) from None
        if done.code:
            words = done.errors.decode("utf-8", "replace").strip().splitlines()
            what = f"ended with {done.code}: {words[0] if words else 'no words'}"
            fix = "try `ssh` to the host by hand as this account; then run `certportal deploy` again"
            raise Refused(DEPLOY_RSYNC.at(Place(subject=self._destination), what, fix))
