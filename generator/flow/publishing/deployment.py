"""Copying the published site to where the public sees it, exactly what changed and no more (docs/deploy.md).

What a target holds is known from our own rows: a path leaves them before it is sent and comes back
when it has arrived, so a killed deployment is finished by the next one, whatever was published since.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.edge import host_configuration
from generator.edge.codes import DEPLOY_TARGET
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.site_files import UNKNOWN, SiteFile, SiteFiles
from generator.edge.sites import HttpSite
from generator.edge.store.folder import FolderTarget
from generator.edge.store.rsync import RsyncTarget
from generator.edge.store.s3 import S3Target
from generator.edge.store.target import DeploymentPlan, Target, waves
from generator.edge.store.target_folder import TargetFolder, issuer_of
from generator.errors import Place, Refused, UsageError
from generator.flow.publishing.codes import DEPLOY_ALTERED, DEPLOY_LIMIT, DEPLOY_NAME, DEPLOY_NOTHING
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import paths
from generator.model.portal import DeployTarget


@dataclass(frozen=True, slots=True)
class DeploymentOutcome:
    """What one target got. `advice`: limits of the host that the site comes near to."""

    target: str
    sequence: int
    put: int
    removed: int
    advice: tuple[str, ...]


def deploy(session: Session, only: str | None = None, *, full: bool = False) -> list[DeploymentOutcome]:
    """Bring every target (or one) up to date. Raises `Refused`; targets before the faulty one are done."""
    rollback_guard.check(session)
    found = []
    for settings in chosen(session.workspace, only):
        if full:
            with session.register.transaction():
                SiteFiles(session.register).forget(settings.name)
        found.append(_one(session, settings))
    return found


def chosen(workspace: Workspace, only: str | None) -> list[DeployTarget]:
    """The targets of portal.yaml, or the one of this name."""
    targets = [item for item in workspace.portal.deploy if only in (None, item.name)]
    if only is not None and not targets:
        known = ", ".join(item.name for item in workspace.portal.deploy) or "none"
        what = f"`{only}` is no target; portal.yaml names: {known}"
        raise UsageError(
            DEPLOY_NAME.at(Place("portal.yaml", column="deploy"), what, "name one of these, or add it")
        )
    return targets


def opened(session: Session, settings: DeployTarget) -> Target:
    """The place behind a target's settings."""
    if settings.kind == "s3":
        return S3Target(settings, lambda: session.environment.passphrase("s3"), session.environment.sleep)
    if settings.kind == "rsync" and settings.ssh:
        return RsyncTarget(f"{settings.ssh}:{settings.path}", settings.shell)
    workspace = session.workspace
    folder = TargetFolder(
        Path(os.path.abspath(workspace.root / (settings.path or ""))),
        workspace.root,
        workspace.keystore.pin().issuer_id,
    )
    if settings.kind == "rsync":
        return RsyncTarget(str(folder.path), local=folder)
    return FolderTarget(folder)


def plan(session: Session, settings: DeployTarget) -> DeploymentPlan:
    """What a target lacks, from our own rows. Raises `Refused` where public/ is not what was published."""
    last = Publications(session.register).last()
    if last is None or not last.done:
        fix = "run `certportal publish`"
        raise Refused(DEPLOY_NOTHING.at(Place("public/"), "there is no finished publication", fix))
    rows = SiteFiles(session.register)
    files = {item.path: item for item in rows.all()}
    extras = _extras(session.workspace, settings, files.values())
    wanted = {path: item.sha256 for path, item in files.items()}
    wanted |= {path: hashlib.sha256(data).digest() for path, data in extras.items()}
    there = rows.deployed(settings.name)
    changed = [path for path, digest in wanted.items() if there.get(path) != digest]
    _unaltered(session.workspace, [files[path] for path in changed if path in files])
    drops = tuple(sorted(there.keys() - wanted.keys()))
    return DeploymentPlan(
        session.workspace.public, last.sequence, waves(changed, there), drops, extras, frozenset(wanted)
    )


def _one(session: Session, settings: DeployTarget) -> DeploymentOutcome:
    rows, name, target = SiteFiles(session.register), settings.name, opened(session, settings)
    site = target.site() or (HttpSite(settings.url) if settings.url else None)
    if site is not None:
        # Before anything is said of this register's own: an older one knows nothing that could be sent.
        rollback_guard.check(session, site)
    advice = _limits(session.register, settings)
    planned = plan(session, settings)
    current = rows.live_sequences().get(name) == planned.sequence and not planned.puts and not planned.drops
    if current and target.present():
        return DeploymentOutcome(name, planned.sequence, 0, 0, advice)
    if not _is_as_noted(session, settings, target):
        with session.register.transaction():
            rows.forget(name)
        planned = plan(session, settings)
    digests = {item.path: item.sha256 for item in rows.all()}
    digests |= {path: hashlib.sha256(data).digest() for path, data in planned.extras.items()}
    with session.register.transaction():
        # From here until they are noted again nobody can say which bytes these paths show.
        rows.doubt(name, (path for wave in planned.waves for path in wave))
    arrived = 0

    def noted(paths: Iterable[str]) -> None:
        nonlocal arrived
        listed = [(path, digests[path]) for path in paths]
        with session.register.transaction():
            rows.put(name, listed)
        arrived += len(listed)
        session.environment.progress(f"deploying to {name}", min(arrived, planned.puts), planned.puts)

    target.deploy(planned, noted)
    with session.register.transaction():
        rows.dropped(name, planned.drops)
        rows.set_live(name, planned.sequence, session.now)
        EventLog(session.register).append(session.now, "site_deployed", name, {"sequence": planned.sequence})
    return DeploymentOutcome(name, planned.sequence, arrived, len(planned.drops), advice)


def _is_as_noted(session: Session, settings: DeployTarget, target: Target) -> bool:
    """Whether the head there is the one of our notes, as far as anybody can say.

    Raises `Refused` where the place holds what is not ours.
    """
    noted = SiteFiles(session.register).deployed(settings.name)
    seen = target.look(noted)
    if seen is None:
        return True
    issuer, data = issuer_of(seen.head), seen.head or b""
    if issuer == session.workspace.keystore.pin().issuer_id:
        return noted.get(paths.HEAD) in (UNKNOWN, hashlib.sha256(data).digest())
    damaged = bool(data) and issuer is None and paths.HEAD in noted
    if not seen.empty and not damaged:
        what = f"holds other things and no {paths.HEAD} of this organisation"
        fix = "name a place for this site alone; then `certportal deploy`"
        raise Refused(DEPLOY_TARGET.at(Place("portal.yaml", column=f"deploy {settings.name}"), what, fix))
    return not noted


def _extras(workspace: Workspace, settings: DeployTarget, files: Iterable[SiteFile]) -> dict[str, bytes]:
    """Files that only this target has: its host's own configuration, and compressed copies."""
    extras: dict[str, bytes] = {}
    written = host_configuration.WRITERS.get(settings.host)
    if written and written[0] == "_headers":
        extras["_headers"] = written[1]("", "", False).encode()
    if settings.host == "github_pages":
        extras[".nojekyll"] = b""
    if settings.precompress:
        for item in files:
            if item.path.endswith(host_configuration.COMPRESSIBLE):
                data = (workspace.public / item.path).read_bytes()
                extras[f"{item.path}.gz"] = gzip.compress(data, 9, mtime=0)
    return extras


def _unaltered(workspace: Workspace, files: Iterable[SiteFile]) -> None:
    """What is about to be sent is what was published, byte for byte."""
    problems = []
    for item in files:
        path = workspace.public / item.path
        if not path.is_file() or hashlib.sha256(path.read_bytes()).digest() != item.sha256:
            fix = "run `certportal publish`, then ask who changes files in public/"
            what = "is not the file that was published"
            problems.append(DEPLOY_ALTERED.at(Place(workspace.shown(path)), what, fix))
    if problems:
        raise Refused(problems)


def _limits(register: Register, settings: DeployTarget) -> tuple[str, ...]:
    """Advice where the site nearly fills its host. Raises `Refused` where it does not fit."""
    rows = SiteFiles(register)
    files, size = rows.totals()
    found = host_configuration.limits_reached(settings.host, files, size, rows.largest())
    over = [limit.words for limit in found if limit.over]
    if over:
        fix = (
            "choose a host without this limit (nginx, Caddy, S3), or give each year its own site;"
            " docs/deploy.md, Limits"
        )
        where = Place("portal.yaml", subject=f"deploy {settings.name}")
        raise Refused(DEPLOY_LIMIT.at(where, words, fix) for words in over)
    return tuple(limit.words for limit in found)
