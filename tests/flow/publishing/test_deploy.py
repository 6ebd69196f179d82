"""Deploying to a folder, by rsync, to object storage; killed, doubled, raced, looked at by an outsider."""

from __future__ import annotations

import hashlib
import json
import shutil
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
    target(root, kind="folder", path="../live")
    first = deployed(root)
    assert first.put == len(public(root))
    assert deployed(root).put == 0
    before = {path: path.stat().st_ino for path in (root / "../live/r").rglob("*.bin")}
    one_more(root)
    second = deployed(root, NEXT)
    assert 0 < second.put < first.put
    live = {path.removeprefix("../live/"): data for path, data in workshop.tree(root, "../live").items()}
    assert live == public(root)
    kept = [path for path, inode in before.items() if path.exists() and path.stat().st_ino == inode]
    changed = [path for path, inode in before.items() if path.exists() and path.stat().st_ino != inode]
    assert len(changed) <= 1
    assert len(kept) + len(changed) == len(before)


def test_what_somebody_removed_from_the_folder_comes_back(root: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    (root / "../live/head.json").unlink()
    one_more(root)
    deployed(root, NEXT)
    assert not looked(root, NEXT).problems


@pytest.mark.parametrize("path", ["public", "keys", "certificates", "live", ".", ".."])
@pytest.mark.parametrize("kind", ["folder", "rsync"])
def test_nothing_of_the_workspace_is_a_target(root: Path, path: str, kind: str) -> None:
    target(root, kind=kind, path=path)
    before = workshop.tree(root, "public", "keys", "certificates")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(root)
    assert workshop.tree(root, "public", "keys", "certificates") == before


@pytest.mark.needs("rsync")
@pytest.mark.parametrize("kind", ["folder", "rsync"])
def test_another_web_root_keeps_its_site(root: Path, tmp_path: Path, kind: str) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "index.html").write_text("a shop", "utf-8")
    target(root, kind=kind, path="../shop")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(root)
    assert workshop.tree(shop, ".") == {"index.html": b"a shop"}


def test_a_target_that_was_put_back_by_hand_or_moved_gets_every_file(root: Path, tmp_path: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    one_more(root)
    deployed(root, NEXT)
    (tmp_path / "live").rename(tmp_path / "bad")
    (tmp_path / ".live.old").rename(tmp_path / "live")
    assert deployed(root, NEXT).put == 0, "what was put back by hand stays until something is published"
    assert "LIVE-OLD" in {problem.code for problem in looked(root, NEXT).problems}
    add_claims(root, 7, "2026-11-24T02:10:00Z")
    workshop.issue_all(root, "2026-11-24T02:10:00Z")
    workshop.publish_all(root, "2026-11-24T02:10:00Z")
    assert deployed(root, "2026-11-24T02:10:00Z").put == len(public(root))
    assert workshop.tree(tmp_path / "live", ".") == public(root)
    target(root, kind="folder", path="../elsewhere")
    assert deployed(root, "2026-11-24T02:10:00Z").put == len(public(root)), (
        "an absent folder is not up to date"
    )
    assert workshop.tree(tmp_path / "elsewhere", ".") == public(root)


def test_what_was_under_way_when_it_left_the_site_is_removed_all_the_same(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, killed before it was noted, withdrawn: it must not stand there for ever."""
    target(root, kind="folder", path="../live")
    deployed(root)
    with opened(root) as session, session.register.transaction():
        (root / "public/l.bin").write_bytes(b"withdrawn later")
        digest = hashlib.sha256(b"withdrawn later").digest()
        session.register.change("INSERT INTO site_files VALUES ('l.bin', ?, 15, 1, NULL)", digest)

    def killed(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(SiteFiles, "set_live", killed)
        patch.setattr(deployment.EventLog, "append", killed)
        with pytest.raises(InterruptedError):
            deployed(root)
    assert (tmp_path / "live/l.bin").exists()
    for full in (False, True):
        (tmp_path / "live/l.bin").write_bytes(b"withdrawn later")
        with opened(root) as session:
            with session.register.transaction():
                SiteFiles(session.register).doubt("live", ["l.bin"])
                session.register.change("DELETE FROM site_files WHERE path = 'l.bin'")
            [done] = deployment.deploy(session, full=full)
        assert done.removed == 1
        assert not (tmp_path / "live/l.bin").exists()


def test_a_file_changed_in_public_is_not_sent(root: Path) -> None:
    target(root, kind="folder", path="../live")
    (root / "public/index.html").write_bytes(b"<p>bought cheaply</p>")
    with pytest.raises(Refused, match="DEPLOY-ALTERED"):
        deployed(root)
    assert not (root / "../live").exists()


def test_hosts_own_files_and_compressed_copies_go_along(root: Path) -> None:
    target(root, kind="folder", path="../live", host="cloudflare_pages", precompress="true")
    deployed(root)
    assert "frame-ancestors 'none'" in (root / "../live/_headers").read_text("utf-8")
    assert (root / "../live/index.html.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert not list((root / "../live/r").rglob("*.gz")), "ciphertext is not compressed"
    one_more(root)
    deployed(root, NEXT)
    assert (root / "../live/_headers").exists()
    assert looked(root, NEXT).problems == []


def test_a_host_that_is_too_small_is_refused_with_advice(root: Path) -> None:
    target(root, kind="folder", path="../live", host="azure_static")
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
    target(root, kind="folder", path="../live")
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
    live = {path.removeprefix("../live/"): data for path, data in workshop.tree(root, "../live").items()}
    assert live == public(root)


def test_a_restored_older_register_is_stopped_by_the_live_site(root: Path, tmp_path: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    for name in ("certificates", "public"):
        shutil.copytree(root / name, tmp_path / "old" / name)
    one_more(root)
    deployed(root, NEXT)
    before = workshop.tree(root, "../live")
    for name in ("certificates", "public"):
        shutil.rmtree(root / name)
        shutil.copytree(tmp_path / "old" / name, root / name)
    done = night(root, "2026-12-10T02:10:00Z")
    assert "REGISTER-BEHIND" in codes(done)
    assert workshop.tree(root, "../live") == before


def older(root: Path, kept: Path, *names: str) -> None:
    """Parts of the workspace as they were kept."""
    for name in names:
        shutil.rmtree(root / name)
        shutil.copytree(kept / name, root / name)


@pytest.mark.parametrize("old", [("certificates",), ("certificates", "public")], ids=["register", "both"])
@pytest.mark.parametrize("published", [True, False])
def test_deploying_with_an_older_register_says_what_it_is(
    root: Path, tmp_path: Path, old: tuple[str, ...], published: bool
) -> None:
    """Neither "run publish", which would be the wrong way, nor "nothing to do", which is not so."""
    target(root, kind="folder", path="../live")
    if published:
        deployed(root)
    for name in ("certificates", "public"):
        shutil.copytree(root / name, tmp_path / "old" / name)
    one_more(root)
    deployed(root, NEXT)
    older(root, tmp_path / "old", *old)
    before = workshop.tree(tmp_path / "live", ".")
    for full in (False, True):
        with opened(root, NEXT) as session, pytest.raises(Refused, match="REGISTER-BEHIND") as refused:
            deployment.deploy(session, full=full)
        assert "certportal recover" in refused.value.problems[0].fix
    assert workshop.tree(tmp_path / "live", ".") == before


def test_a_register_that_never_published_says_it_is_behind_too(root: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    shutil.rmtree(root / "public")
    with opened(root) as session:
        with session.register.transaction():
            session.register.change("DELETE FROM publications")
        with pytest.raises(Refused, match="REGISTER-BEHIND"):
            deployment.deploy(session)


def test_a_stranger_finds_the_live_site_good_and_a_damaged_one_not(root: Path) -> None:
    with web_server.serving(root / "../live") as origin:
        target(root, kind="folder", path="../live", url=origin)
        deployed(root)
        good = looked(root)
        assert good.problems == []
        assert good.verified == 5
        assert any("Content-Security-Policy" in text for text in good.advice)
        assert f"{origin}/head.json is sent without Cache-Control: no-cache" in good.advice
        shard = next((root / "../live/s").rglob("*.bin"))
        shard.write_bytes(shard.read_bytes()[:-1])
        assert {problem.code for problem in looked(root).problems} >= {"AUDIT", "LIVE-VERDICT"}


def test_a_site_that_was_not_deployed_is_seen(root: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    one_more(root)
    assert "LIVE-OLD" in {problem.code for problem in looked(root, NEXT).problems}


def test_the_head_on_the_live_site_is_ours(root: Path) -> None:
    target(root, kind="folder", path="../live")
    deployed(root)
    payload = head.split((root / "../live/head.json").read_bytes()).payload
    assert json.loads(payload)["sequence"] == 1
