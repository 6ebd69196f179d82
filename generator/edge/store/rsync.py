"""A folder on another machine, by rsync over ssh (docs/deploy.md).

Runs rsync. It is told which files to copy, and told not to compare sizes and
times: a revocation changes neither.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.edge import child, disk
from generator.edge.codes import DEPLOY_RSYNC
from generator.edge.deadline import LOOK_SECONDS, sending
from generator.edge.sites import FolderSite
from generator.edge.store.target import DeploymentPlan, Look, Noted, may_lack_head
from generator.edge.store.target_folder import TargetFolder
from generator.errors import Place, Refused
from generator.formats import head, paths

# Said before whatever `shell` adds: of two words on one thing ssh takes the first.
_SSH_OPTIONS = (
    *("-o", "BatchMode=yes"),
    *("-o", "ConnectTimeout=20"),
    *("-o", "ServerAliveInterval=5"),
    *("-o", "ServerAliveCountMax=4"),
    *("-o", "StrictHostKeyChecking=yes"),
)
_LISTED = ("--recursive", "--ignore-times", "--from0", "--files-from=-")
_MISSING = (23, 24)  # rsync's word for files, or a folder, that are not there
_FIX = "try `ssh` to the host by hand as this account; then run `certportal deploy` again"


class RsyncTarget:
    """`destination` as rsync writes it: user@host:/folder, or a folder of this machine (`local`).

    `seconds`: how long a host may be silent, and how long a look may take.
    """

    def __init__(
        self,
        destination: str,
        shell: Sequence[str] = (),
        local: TargetFolder | None = None,
        seconds: float = LOOK_SECONDS,
    ) -> None:
        self._destination = destination.rstrip("/") + "/"
        program, *options = shell or ("ssh",)
        added = _SSH_OPTIONS if Path(program).name == "ssh" else ()
        self._shell = (program, *added, *options)
        self._local, self._seconds = local, seconds

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
                self._copy(plan.public, own)
                self._copy(extras, also)
                noted(wave)
        # rsync removes what it was told to copy and does not find; a folder of that name stays.
        with tempfile.TemporaryDirectory(prefix="certportal-empty-") as folder:
            self._copy(Path(folder), list(plan.drops), ("--delete-missing-args",))

    def present(self) -> bool:
        """Taken to be so: nobody is asked."""
        return True

    def look(self, noted: Mapping[str, bytes]) -> Look | None:
        """The head there, fetched; else whether anything is there that we did not put there."""
        if self._local is not None:
            return self._local.look(noted)
        try:
            # An absent folder is as good as an empty one.
            listed = self._run(("--list-only",), (self._destination,), b"", self._seconds, _MISSING)
            names = {line.split(None, 4)[-1] for line in listed.decode("utf-8", "replace").splitlines()}
            ours = {path.partition("/")[0] for path in may_lack_head(noted)}
            return Look(self._head() if paths.HEAD in names else None, empty=names <= ours | {"."})
        except Refused:
            # An account that may only write is shown nothing; what we noted ourselves is enough then.
            if noted:
                return None
            raise

    def _head(self) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="certportal-look-") as folder:
            places = (f"{self._destination}{paths.HEAD}", f"{folder}/")
            self._run((f"--max-size={head.CAP}", "--no-links"), places, b"", self._seconds)
            found = Path(folder) / paths.HEAD
            return disk.read(found, head.CAP, paths.HEAD) if found.is_file() else None

    def site(self) -> FolderSite | None:
        """Readable only where it is a folder of this machine."""
        local = self._local.path if self._local else None
        return FolderSite(local) if local is not None and local.is_dir() else None

    def _copy(self, source: Path, listed: Sequence[str], more: Sequence[str] = ()) -> None:
        if not listed:
            return
        size = sum((source / path).stat().st_size for path in listed if (source / path).is_file())
        options = (*_LISTED, "--relative", "--chmod=D755,F644", "--delay-updates", *more)
        said = "\0".join(listed).encode()
        self._run(options, (f"{source}/", self._destination), said, sending(size, self._seconds))

    def _run(
        self,
        options: Sequence[str],
        places: Sequence[str],
        said: bytes,
        seconds: float,
        taken: Sequence[int] = (),
    ) -> bytes:
        """What rsync answers, ended where it takes longer. Raises `Refused`, but for the `taken` endings."""
        silence = f"--timeout={max(1, round(self._seconds))}"
        command = ["rsync", silence, f"--rsh={' '.join(self._shell)}", *options, "--", *places]
        try:
            # ssh asks the account's agent for its key.
            done = child.run(command, given=said, needs=("SSH_AUTH_SOCK",), seconds=seconds)
        except FileNotFoundError:
            fix = "install rsync (Debian: `apt-get install rsync`)"
            raise Refused(DEPLOY_RSYNC.at(Place(subject="rsync"), "is not installed here", fix)) from None
        except child.TooLong:
            what = f"did not end within {seconds:.0f} seconds; the host is silent, or answers byte by byte"
            raise Refused(DEPLOY_RSYNC.at(Place(subject=self._destination), what, _FIX)) from None
        if done.code and done.code not in taken:
            words = done.errors.decode("utf-8", "replace").strip().splitlines()
            what = f"ended with {done.code}: {words[0] if words else 'no words'}"
            raise Refused(DEPLOY_RSYNC.at(Place(subject=self._destination), what, _FIX))
        return done.output
