"""A folder on this machine as a deploy target: all of the new site, or all of the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.edge import switch
from generator.edge.codes import DEPLOY_TARGET, DEPLOY_UNWRITABLE
from generator.edge.sites import FolderSite
from generator.edge.store.target import DeploymentPlan, Noted
from generator.errors import Place, Refused


class FolderTarget:
    """A folder that a web server of this machine shows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deploy(self, plan: DeploymentPlan, noted: Noted) -> None:
        """Stage beside the folder, then switch in one step."""
        if self._folder.resolve() == plan.public.resolve():
            fix = "name another folder, or point the web server at public/ and leave this target out"
            raise Refused(DEPLOY_TARGET.at(Place(str(self._folder)), "is public/ itself", fix))
        try:
            switch.recover(self._folder)
            fresh = [path for wave in plan.waves for path in wave]
            keep = plan.every - set(fresh)
            lost = {path for path in keep if not (self._folder / path).is_file()}
            files = {path: plan.read(path) for path in [*fresh, *lost]}
            staged = switch.stage(self._folder, keep - lost, files)
            switch.commit(staged, self._folder)
        except OSError as error:
            what = f"cannot be written: {(error.strerror or 'unknown reason').lower()}"
            fix = "correct the folder's permissions and its place, then run `certportal deploy`"
            raise Refused(DEPLOY_UNWRITABLE.at(Place(str(self._folder)), what, fix)) from None
        noted(files)

    def site(self) -> FolderSite | None:
        """The folder itself."""
        return FolderSite(self._folder) if self._folder.is_dir() else None


def free_bytes(folder: Path) -> int:
    """How much space is left where a folder is, or will be."""
    place = folder
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
