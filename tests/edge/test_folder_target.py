"""A folder as a deploy target: whatever is not ours stays, and nothing is put where it does not belong."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator.edge import switch
from generator.edge.store.folder import FolderTarget
from generator.edge.store.target import DeploymentPlan
from generator.edge.store.target_folder import TargetFolder
from generator.errors import Refused
from tests.small_site import ISSUER_ID, small_site

HEAD = small_site().files["head.json"]


def altered_payload(data: bytes, change: Callable[[str], str]) -> bytes:
    """An envelope around a payload that says something else; nobody signed that."""
    outer = json.loads(data)
    payload = change(base64.b64decode(outer["payload"]).decode())
    outer["payload"] = base64.b64encode(payload.encode()).decode()
    return json.dumps(outer, separators=(",", ":"), sort_keys=True).encode()


STRANGERS = altered_payload(HEAD, lambda text: text.replace(ISSUER_ID, "0" * 64))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The folders of a workspace, each with something to lose."""
    root = tmp_path / "workspace"
    for folder in ("keys/private", "certificates/issued", "certificates/empty", "public/r", "site_src"):
        (root / folder).mkdir(parents=True)
    for path in ("keys/private/root.key", "certificates/register.db", "portal.yaml"):
        (root / path).write_text("precious")
    files(root / "public", site("1"))
    return root


def site(words: str, *more: str) -> dict[str, bytes]:
    """A site of a few files; its pages say `words`."""
    found = {"head.json": HEAD, "index.html": words.encode(), "r/a.bin": b"a"}
    return found | {path: path.encode() for path in more}


def files(folder: Path, listed: dict[str, bytes]) -> None:
    for path, data in listed.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def deployed(
    workspace: Path, path: Path, words: str = "1", drops: tuple[str, ...] = (), *more: str, fresh: bool = True
) -> list[str]:
    """Deploy a site to a folder; what was copied."""
    public, wanted = workspace / "public", site(words, *more)
    files(public, wanted)
    copied = ("index.html", "head.json", *more) if not fresh else tuple(wanted)
    plan = DeploymentPlan(public, 1, (copied,), drops, {}, frozenset(wanted))
    target, arrived = FolderTarget(place(workspace, path)), []
    target.look({})
    target.deploy(plan, arrived.extend)
    return sorted(arrived)


def place(workspace: Path, path: Path | str) -> TargetFolder:
    return TargetFolder(Path(os.path.abspath(workspace / path)), workspace, ISSUER_ID)


# ---------------------------------------------------------------- where a site must not be put


@pytest.mark.parametrize(
    "path",
    [
        *("keys", "keys/private", "certificates", "certificates/issued", "certificates/empty", "public"),
        *("", ".", "public/..", "../workspace", "live", "../other/../workspace/live", "..", "../.."),
    ],
)
def test_a_target_that_overlaps_the_workspace_is_refused(workspace: Path, path: str) -> None:
    before = tree(workspace.parent)
    with pytest.raises(Refused, match=r"DEPLOY-TARGET: (lies in|holds) the workspace") as refused:
        deployed(workspace, Path(path))
    assert "outside the workspace" in refused.value.problems[0].fix
    assert tree(workspace.parent) == before


@pytest.mark.parametrize("into", ["keys", "certificates/empty", ""])
def test_a_link_into_the_workspace_is_seen_through(workspace: Path, tmp_path: Path, into: str) -> None:
    (tmp_path / "link").symlink_to(workspace / into, target_is_directory=True)
    before = tree(workspace.parent)
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(workspace, tmp_path / "link")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        deployed(workspace, tmp_path / "link/live")
    assert tree(workspace.parent) == before


def test_a_link_that_leads_out_of_the_workspace_is_refused_too(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (workspace / "live").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="DEPLOY-TARGET: lies in the workspace"):
        deployed(workspace, workspace / "live")


def test_folders_that_the_workspace_keeps_elsewhere_by_links_are_its_own(
    workspace: Path, tmp_path: Path
) -> None:
    (workspace / "keys/private").rename(tmp_path / "safe")
    (workspace / "keys/private").symlink_to(tmp_path / "safe")
    for path in ("safe", "safe/live"):
        with pytest.raises(Refused, match="DEPLOY-TARGET: lies in the workspace"):
            deployed(workspace, tmp_path / path)
    assert tree(tmp_path / "safe")


@pytest.fixture
def bound(workspace: Path, tmp_path: Path) -> Iterator[Path]:
    """The workspace's certificates under another name."""
    other = tmp_path / "bound"
    other.mkdir()
    command = ["mount", "--bind", str(workspace / "certificates"), str(other)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield other
    finally:
        subprocess.run(["umount", "--lazy", str(other)], check=True)


def test_a_bind_mount_of_the_workspace_is_seen_through(workspace: Path, bound: Path) -> None:
    for path in (bound, bound / "live", bound / "issued", bound / "issued/live"):
        with pytest.raises(Refused, match="DEPLOY-TARGET: lies in the workspace"):
            deployed(workspace, path)
    assert (workspace / "certificates/register.db").exists()


def test_a_mount_point_is_refused_with_the_way_out(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "live").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == tmp_path / "live")
    with pytest.raises(Refused, match="DEPLOY-TARGET: is a mount point") as refused:
        deployed(workspace, tmp_path / "live")
    assert "folder on that disk" in refused.value.problems[0].fix


@pytest.mark.parametrize("there", ["another site", "another issuer's", "a hidden file", "no head at all"])
def test_a_folder_with_other_things_in_it_is_refused(workspace: Path, tmp_path: Path, there: str) -> None:
    held = {
        "another site": {"index.html": b"a shop", "wp-config.php": b"<?php"},
        "another issuer's": {"head.json": STRANGERS, "index.html": b"theirs"},
        "a hidden file": {".htaccess": b"deny"},
        "no head at all": {"head.json": b"{}", "index.html": b"?"},
    }[there]
    files(tmp_path / "live", held)
    with pytest.raises(Refused, match=r"DEPLOY-TARGET: holds other things \(.*\) and no head") as refused:
        deployed(workspace, tmp_path / "live")
    assert "empty folder" in refused.value.problems[0].fix
    assert tree(tmp_path / "live") == held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live", "workspace"]


def test_a_file_or_a_link_to_nowhere_is_no_folder(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, words in (("file", "is a file"), ("link", "leads nowhere")):
        with pytest.raises(Refused, match=f"DEPLOY-TARGET: .*{words}"):
            deployed(workspace, tmp_path / name)
    assert (tmp_path / "file").read_text() == "precious"


def test_what_stands_beside_under_the_name_of_the_folder_before_is_not_removed(
    workspace: Path, tmp_path: Path
) -> None:
    files(tmp_path / ".live.old", {"thesis.odt": b"precious"})
    with pytest.raises(Refused, match=r"DEPLOY-TARGET: .*thesis\.odt"):
        deployed(workspace, tmp_path / "live")
    assert tree(tmp_path / ".live.old")


# ---------------------------------------------------------------- what is removed, and what stays


@pytest.mark.parametrize("empty", [True, False])
def test_an_empty_or_absent_folder_gets_the_site(workspace: Path, tmp_path: Path, empty: bool) -> None:
    if empty:
        (tmp_path / "live").mkdir()
    assert deployed(workspace, tmp_path / "live") == ["head.json", "index.html", "r/a.bin"]
    assert tree(tmp_path / "live") == site("1")


def test_only_what_we_noted_is_removed(workspace: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    deployed(workspace, live, "1", (), "l/withdrawn.bin")
    files(live, {".well-known/acme-challenge/token": b"t", "robots.txt": b"r", "r/theirs.bin": b"x"})
    (live / "link").symlink_to("robots.txt")
    os.mkfifo(live / "pipe")
    (live / "uploads").mkdir(mode=0o770)
    (live / "uploads").chmod(0o770)
    deployed(workspace, live, "2", ("l/withdrawn.bin",))
    assert tree(live) == {
        **site("2"),
        ".well-known/acme-challenge/token": b"t",
        "robots.txt": b"r",
        "r/theirs.bin": b"x",
    }
    assert ((live / "link").readlink(), (live / "pipe").is_fifo()) == (Path("robots.txt"), True)
    assert (live / "uploads").stat().st_mode & 0o777 == 0o770
    assert not (live / "l").exists(), "a folder that is empty without ours goes with them"


@pytest.mark.parametrize(
    "strange", [{"r": b"a file"}, {"index.html/x": b"a folder"}], ids=["a file", "a folder"]
)
def test_what_stands_in_the_way_of_the_site_is_named_and_stays(
    workspace: Path, tmp_path: Path, strange: dict[str, bytes]
) -> None:
    live = tmp_path / "live"
    files(live, {"head.json": HEAD, **strange})
    with pytest.raises(Refused, match=r"DEPLOY-TARGET: .*where a part of the site belongs"):
        deployed(workspace, live)
    assert tree(live) == {"head.json": HEAD, **strange}


def test_a_link_in_the_place_of_a_file_of_ours_is_not_followed(workspace: Path, tmp_path: Path) -> None:
    live, private = tmp_path / "live", tmp_path / "private"
    deployed(workspace, live)
    private.write_bytes(b"precious")
    (live / "r/a.bin").unlink()
    (live / "r/a.bin").symlink_to(private)
    assert deployed(workspace, live, "2", fresh=False) == ["head.json", "index.html", "r/a.bin"]
    assert (live / "r/a.bin").read_bytes() == b"a"
    assert not (live / "r/a.bin").is_symlink()
    assert private.read_bytes() == b"precious"


def test_what_is_copied_is_counted_and_no_more(workspace: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    deployed(workspace, live)
    assert deployed(workspace, live, "2", fresh=False) == ["head.json", "index.html"]


def test_the_site_is_for_everybody_to_read_and_what_it_was_is_not(workspace: Path, tmp_path: Path) -> None:
    """A service keeps its files to itself (UMask=0077); the web server is another account."""
    live, mask = tmp_path / "live", os.umask(0o077)
    try:
        deployed(workspace, live)
        deployed(workspace, live, "2")
    finally:
        os.umask(mask)
    assert {path.stat().st_mode & 0o777 for path in (live, live / "r")} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in (live / "index.html", live / "r/a.bin")} == {0o644}
    assert (tmp_path / ".live.old").stat().st_mode & 0o777 == 0o700


# ---------------------------------------------------------------- the folder before, and links


@pytest.mark.parametrize("exchange", [True, False])
def test_the_folder_before_is_kept_until_the_next_deployment(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(switch, "_exchange", lambda *_: False)
    live, old = tmp_path / "live", tmp_path / ".live.old"
    deployed(workspace, live, "1")
    assert not old.exists()
    deployed(workspace, live, "2")
    assert (tree(live), tree(old)) == (site("2"), site("1"))
    deployed(workspace, live, "3")
    assert (tree(live), tree(old)) == (site("3"), site("2"))
    # Put back by hand, as docs/deploy.md says.
    live.rename(tmp_path / "bad")
    old.rename(live)
    assert tree(live) == site("2")
    deployed(workspace, live, "4")
    assert tree(live) == site("4")


def test_a_deployment_killed_between_two_renames_is_put_back(workspace: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    deployed(workspace, live, "1")
    deployed(workspace, live, "2")
    live.rename(tmp_path / "gone")
    (tmp_path / ".live.old").rename(tmp_path / "older")
    (tmp_path / "gone").rename(tmp_path / ".live.old")
    files(tmp_path / ".live.staging", site("3"))
    assert deployed(workspace, live, "4", fresh=False) == ["head.json", "index.html"], "the rest was put back"
    assert tree(live) == site("4")


def test_the_folder_before_is_not_put_back_for_one_that_somebody_removed(
    workspace: Path, tmp_path: Path
) -> None:
    live = tmp_path / "live"
    deployed(workspace, live, "1")
    deployed(workspace, live, "2")
    shutil.rmtree(live)
    assert deployed(workspace, live, "3", fresh=False) == sorted(site("3"))
    assert tree(live) == site("3")
    assert live.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("beside", [True, False])
def test_a_target_that_is_a_link_is_switched_as_a_link(workspace: Path, tmp_path: Path, beside: bool) -> None:
    first = tmp_path / ("first" if beside else "disk/first")
    first.mkdir(parents=True)
    live = tmp_path / "live"
    live.symlink_to(os.path.relpath(first, tmp_path))
    seen = []
    for words in ("1", "2", "3", "4"):
        before, led = tree(live), live.resolve()
        deployed(workspace, live, words)
        assert live.is_symlink()
        assert tree(live) == site(words)
        assert tree(led) == before, "the folder before stands as it was"
        seen.append(live.resolve())
    assert first.is_dir(), "a folder that somebody else made is never removed"
    assert seen[0] == seen[2] != seen[1] == seen[3]
    assert {path.parent for path in seen} == {first.parent}
    live.unlink()
    live.symlink_to(seen[2])
    assert deployed(workspace, live, "5", fresh=False) == ["head.json", "index.html"]


def test_a_target_that_goes_away_half_way_is_named(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = tmp_path / "disk/live"
    live.parent.mkdir()
    deployed(workspace, live)
    real = os.fsync

    def unplugged(handle: int) -> None:
        if (tmp_path / "disk").exists():
            (tmp_path / "disk").rename(tmp_path / "unplugged")
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", unplugged)
        with pytest.raises(
            Refused, match="DEPLOY-UNWRITABLE: went away while the site was copied"
        ) as refused:
            deployed(workspace, live, "2")
    assert "disk" in refused.value.problems[0].fix
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    assert tree(live) == site("1")
    deployed(workspace, live, "2")
    assert tree(live) == site("2")


def test_a_disk_that_is_not_there_is_not_made_up(workspace: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"DEPLOY-UNWRITABLE: is gone, and .*disk with it"):
        deployed(workspace, tmp_path / "disk/live", fresh=False)
    assert not (tmp_path / "disk").exists()


# ---------------------------------------------------------------- what is looked at first


def test_a_folder_whose_head_was_taken_away_is_ours_by_our_notes(workspace: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    deployed(workspace, live)
    noted = {path: hashlib.sha256(data).digest() for path, data in site("1").items()}
    target = FolderTarget(place(workspace, live))
    assert target.look(noted).head == HEAD
    (live / "head.json").write_bytes(b"damaged")
    assert target.look(noted).empty
    (live / "head.json").unlink()
    assert target.look(noted).empty
    (live / "index.html").write_bytes(b"another's")
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        target.look(noted)


def test_a_head_of_somebody_else_is_never_ours(workspace: Path, tmp_path: Path) -> None:
    live = tmp_path / "live"
    deployed(workspace, live)
    other = replace(place(workspace, live), issuer_id="0" * 64)  # type: ignore[arg-type]  # a digest as text
    with pytest.raises(Refused, match="DEPLOY-TARGET"):
        FolderTarget(other).look({})
