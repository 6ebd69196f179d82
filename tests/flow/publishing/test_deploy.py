"""Deploying to a folder, by rsync, to object storage; killed, doubled, raced, looked at by an outsider."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from generator.edge import host_configuration, web_server
from generator.edge.register.site_files import SiteFiles
from generator.errors import Refused
from generator.flow.publishing import deployment, live_check, publish
from generator.formats import head
from tests import workshop
from tests.flow.night.night_office import (
    NEXT,
    NIGHT,
    add_claims,
    codes,
    copied,
    night,
    opened,
)
from tests.refusal import named

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, night_over: Path) -> Path:
    return copied(night_over, tmp_path / "workspace")


def target(root: Path, **members: object) -> None:
    """One target named live."""
    listed = ", ".join(f"{name}: {value}" for name, value in {"name": "live", **members}.items())
    path = root / "portal.yaml"
    text = path.read_text("utf-8").partition("\ndeploy:\n")[0]
    path.write_text(f"{text}\ndeploy:\n  - {{{listed}}}\n", "utf-8")


def deployed(root: Path, at: str = NIGHT, **changes: object) -> deployment.DeploymentOutcome:
    with opened(root, at, **changes) as session:
        [done] = deployment.deploy(session)
        return done


def looked(root: Path, at: str = NIGHT, **changes: object) -> live_check.LiveCheck:
    with opened(root, at, **changes) as session:
        return live_check.check(session, session.workspace.portal.deploy[0])


def one_more(root: Path) -> None:
    """Another certificate, issued and published."""
    add_claims(root, 6, NEXT)
    workshop.issue_all(root, NEXT)
    workshop.publish_all(root, NEXT)


def public(root: Path) -> dict[str, bytes]:
    return {path.removeprefix("public/"): data for path, data in workshop.tree(root, "public").items()}


# ---------------------------------------------------------------- a folder


def test_a_folder_gets_the_site_whole_and_then_what_changed(root: Path) -> None:
    target(root, kind="folder", path="live")
    first = deployed(root)
    assert first.put == len(public(root))
    assert deployed(root).put == 0
    before = {path: path.stat().st_ino for path in (root / "live/r").rglob("*.bin")}
    one_more(root)
    second = deployed(root, NEXT)
    assert 0 < second.put < first.put
    live = {path.removeprefix("live/"): data for path, data in workshop.tree(root, "live").items()}
    assert live == public(root)
    kept = [path for path, inode in before.items() if path.exists() and path.stat().st_ino == inode]
    changed = [path for path, inode in before.items() if path.exists() and path.stat().st_ino != inode]
    assert len(changed) <= 1
    assert len(kept) + len(changed) == len(before)


def test_what_somebody_removed_from_the_folder_comes_back(root: Path) -> None:
    target(root, kind="folder", path="live")
    deployed(root)
    (root / "live/head.json").unlink()
    one_more(root)
    deployed(root, NEXT)
    assert not looked(root, NEXT).problems


def test_public_itself_is_no_target(root: Path) -> None:
    target(root, kind="folder", path="public")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(root)


def test_a_file_changed_in_public_is_not_sent(root: Path) -> None:
    target(root, kind="folder", path="live")
    (root / "public/index.html").write_bytes(b"<p>bought cheaply</p>")
    with pytest.raises(Refused, match="DEPLOY-ALTERED"):
        deployed(root)
    assert not (root / "live").exists()


def test_hosts_own_files_and_compressed_copies_go_along(root: Path) -> None:
    target(root, kind="folder", path="live", host="cloudflare_pages", precompress="true")
    deployed(root)
    assert "frame-ancestors 'none'" in (root / "live/_headers").read_text("utf-8")
    assert (root / "live/index.html.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert not list((root / "live/r").rglob("*.gz")), "ciphertext is not compressed"
    one_more(root)
    deployed(root, NEXT)
    assert (root / "live/_headers").exists()
    assert looked(root, NEXT).problems == []


def test_a_host_that_is_too_small_is_refused_with_advice(root: Path) -> None:
    target(root, kind="folder", path="live", host="azure_static")
    with opened(root) as session, session.register.transaction():
        session.register.change_many(
            "INSERT INTO site_files VALUES (?, x'00', 1, 1, NULL)", ((f"r/{n}.bin",) for n in range(15_000))
        )
    with pytest.raises(Refused, match="azure_static takes 15,000") as refused:
        deployed(root)
    assert named(refused) == [("DEPLOY-LIMIT", "portal.yaml deploy live", "administrator")]
    assert "nginx" in refused.value.problems[0].fix


@pytest.mark.parametrize(("files", "found"), [(13_499, 0), (13_501, 1), (15_000, 1), (15_001, 1)])
def test_limits_are_told_before_they_are_reached(files: int, found: int) -> None:
    assert len(host_configuration.limits_reached("azure_static", files, 10, 10)) == found


def test_a_killed_deployment_is_finished_whatever_was_published_since(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that arrived and was not noted must not be taken for the one before it."""
    target(root, kind="folder", path="live")
    deployed(root)
    one_more(root)

    def killed(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(SiteFiles, "put", killed)
        with pytest.raises(InterruptedError):
            deployed(root, NEXT)
    with opened(root, "2026-12-10T02:10:00Z") as session:
        publish.publish(session)
    deployed(root, "2026-12-10T02:10:00Z")
    live = {path.removeprefix("live/"): data for path, data in workshop.tree(root, "live").items()}
    assert live == public(root)


def test_a_restored_older_register_is_stopped_by_the_live_site(root: Path, tmp_path: Path) -> None:
    target(root, kind="folder", path="live")
    deployed(root)
    for name in ("certificates", "public"):
        shutil.copytree(root / name, tmp_path / "old" / name)
    one_more(root)
    deployed(root, NEXT)
    before = workshop.tree(root, "live")
    for name in ("certificates", "public"):
        shutil.rmtree(root / name)
        shutil.copytree(tmp_path / "old" / name, root / name)
    done = night(root, "2026-12-10T02:10:00Z")
    assert "REGISTER-BEHIND" in codes(done)
    assert workshop.tree(root, "live") == before


# ---------------------------------------------------------------- rsync


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


@pytest.mark.needs("rsync")
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


@pytest.mark.needs("rsync")
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


def test_a_stranger_finds_the_live_site_good_and_a_damaged_one_not(root: Path) -> None:
    with web_server.serving(root / "live") as origin:
        target(root, kind="folder", path="live", url=origin)
        deployed(root)
        good = looked(root)
        assert good.problems == []
        assert good.verified == 5
        assert any("Content-Security-Policy" in text for text in good.advice)
        assert f"{origin}/head.json is sent without Cache-Control: no-cache" in good.advice
        shard = next((root / "live/s").rglob("*.bin"))
        shard.write_bytes(shard.read_bytes()[:-1])
        assert {problem.code for problem in looked(root).problems} >= {"AUDIT", "LIVE-VERDICT"}


def test_a_site_that_was_not_deployed_is_seen(root: Path) -> None:
    target(root, kind="folder", path="live")
    deployed(root)
    one_more(root)
    assert "LIVE-OLD" in {problem.code for problem in looked(root, NEXT).problems}


def test_the_head_on_the_live_site_is_ours(root: Path) -> None:
    target(root, kind="folder", path="live")
    deployed(root)
    payload = head.split((root / "live/head.json").read_bytes()).payload
    assert json.loads(payload)["sequence"] == 1
