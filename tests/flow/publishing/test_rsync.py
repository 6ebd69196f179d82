"""Deploying by rsync: what is listed and nothing else, over a line that breaks."""

from __future__ import annotations

import contextlib
import shutil
import stat
from pathlib import Path

import pytest

from generator.edge.store.rsync import RsyncTarget
from generator.errors import Refused
from tests import workshop
from tests.flow.night.night_office import NEXT, copied, opened
from tests.flow.publishing.test_deploy import deployed, one_more, public, target

pytestmark = [pytest.mark.slow, pytest.mark.needs("rsync")]


@pytest.fixture
def root(tmp_path: Path, night_over: Path) -> Path:
    return copied(night_over, tmp_path / "workspace")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """In place of ssh: drops the host's name and runs the rest here; fails once where told."""
    path = tmp_path / "shell"
    path.write_text(
        f"#!/bin/sh\nif [ -e {tmp_path}/broken ]; then\n  rm {tmp_path}/broken\n"
        f'  echo "no route" >&2\n  exit 255\nfi\n'
        f'[ "$1" = -l ] && user=$2 && shift 2\necho "$user@$1" >> {tmp_path}/hosts\nshift\nexec sh -c "$*"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_rsync_sends_the_list_and_nothing_by_size_or_time(root: Path, tmp_path: Path, shell: Path) -> None:
    there = tmp_path / "there"
    target(root, kind="rsync", ssh="web@verify", path=there, shell=f"[{shell}]")  # noqa: S604 - a member of portal.yaml
    assert deployed(root).put == len(public(root))
    one_more(root)
    # The same size and time as before: only a list of our own still tells them apart.
    for path in there.rglob("*"):
        if path.is_file() and (root / "public" / path.relative_to(there)).is_file():
            twin = root / "public" / path.relative_to(there)
            data = bytes(len(twin.read_bytes()))
            if path.read_bytes() != twin.read_bytes():
                path.write_bytes(data)
                shutil.copystat(twin, path)
    deployed(root, NEXT)
    assert {
        path.relative_to(there).as_posix(): path.read_bytes() for path in there.rglob("*") if path.is_file()
    } == public(root)
    assert (
        set((tmp_path / "hosts").read_text().split()) == {"web@verify"}
        or "-l" in (tmp_path / "hosts").read_text()
    )


def test_rsync_removes_what_left_and_survives_a_broken_line(root: Path, tmp_path: Path, shell: Path) -> None:
    there = tmp_path / "there"
    target(root, kind="rsync", ssh="web@verify", path=there, shell=f"[{shell}]")  # noqa: S604 - a member of portal.yaml
    (tmp_path / "broken").touch()
    with pytest.raises(Refused, match="no route"):
        deployed(root)
    deployed(root)
    assert (there / "README.md").exists()
    with opened(root) as session, session.register.transaction():
        session.register.change("DELETE FROM site_files WHERE path = 'README.md'")
    deployed(root)
    assert not (there / "README.md").exists()
    assert (there / "head.json").exists()


def test_rsync_puts_nothing_over_another_site_and_removes_no_folder(
    root: Path, tmp_path: Path, shell: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "index.html").write_text("a shop", "utf-8")
    target(root, kind="rsync", ssh="web@verify", path=there, shell=f"[{shell}]")  # noqa: S604 - a member of portal.yaml
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(root)
    assert workshop.tree(there, ".") == {"index.html": b"a shop"}
    (there / "index.html").unlink()
    deployed(root)
    # Where a file of ours stood somebody put a folder: what is in it was never ours.
    (there / "README.md").unlink()
    (there / "README.md").mkdir()
    (there / "README.md/precious").write_text("precious", "utf-8")
    with opened(root) as session, session.register.transaction():
        session.register.change("DELETE FROM site_files WHERE path = 'README.md'")
    with contextlib.suppress(Refused):
        deployed(root)
    assert (there / "README.md/precious").exists()


def test_a_first_deployment_by_rsync_that_was_cut_short_is_gone_on_with(
    root: Path, tmp_path: Path, shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    target(root, kind="rsync", ssh="web@verify", path=there, shell=f"[{shell}]")  # noqa: S604 - a member of portal.yaml
    real, waves = RsyncTarget._copy, 0

    def cut(self: RsyncTarget, *given: object) -> None:
        nonlocal waves
        waves += 1
        if waves == 3:
            (tmp_path / "broken").touch()
        real(self, *given)  # type: ignore[arg-type]  # as they were given

    with monkeypatch.context() as patch:
        patch.setattr(RsyncTarget, "_copy", cut)
        with pytest.raises(Refused, match="no route"):
            deployed(root)
    assert (there / "r").is_dir()
    assert not (there / "head.json").exists()
    deployed(root)
    assert workshop.tree(there, ".") == public(root)


def test_our_own_words_to_ssh_come_before_those_of_the_settings(root: Path, tmp_path: Path) -> None:
    """Of two words on one thing ssh takes the first; a key of one's own takes none of ours away."""
    ssh = tmp_path / "ssh"
    ssh.write_text(f'#!/bin/sh\nprintf "%s " "$@" >> {tmp_path}/words\nexit 255\n', "utf-8")
    ssh.chmod(0o755)
    shell = f"[{ssh}, -i, keys/private/web]"
    target(root, kind="rsync", ssh="web@verify", path="/srv/verify", shell=shell)
    with pytest.raises(Refused, match="DEPLOY-RSYNC"):
        deployed(root)
    words = (tmp_path / "words").read_text("utf-8")
    assert (
        words.index("BatchMode=yes")
        < words.index("StrictHostKeyChecking=yes")
        < words.index("-i keys/private")
    )
