"""Publishing after interruptions, late, on damaged trees and from an old register."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from generator.edge import switch
from generator.edge.sites import FolderSite
from generator.errors import Refused
from generator.flow.publishing import audit, audit_register, publish
from tests import workshop
from tests.edge.register.rows import statements

MODULES, STATEMENTS = 5, 35  # that ask the register for one publication, and how often
NEXT_DAY = "2026-11-23T09:00:00Z"
# The second online key begins thirty days after the first, whose window still runs then.
DAY_30, DAY_30_LATER = "2026-12-22T08:00:00Z", "2026-12-22T10:00:00Z"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return workshop.small(tmp_path)


def audited(root: Path, at: str) -> tuple[list[str], Counter[str]]:
    """What the audit finds, and the verdicts on every certificate."""
    with workshop.opened(root, at) as session:
        pin, site = session.workspace.keystore.pin(), FolderSite(session.workspace.public)
        found, tree = audit.audit_site(site, pin, session.now)
        if tree is None:
            return [str(problem) for problem in found.problems], Counter()
        audit_register.audit_register(session, tree, found)
        kinds = audit_register.audit_verdicts(session, site, found)
        return [str(problem) for problem in found.problems], Counter(kinds)


def one_more(root: Path, at: str) -> None:
    """A sixth claim, from the file to the certificate."""
    claims = (workshop.claim(rank) for rank in range(1, 7))
    (root / "certificates/claims/claims.yaml").write_text(workshop.claims_file(claims), "utf-8")
    workshop.prepare(root, at)
    workshop.approve_all(root, at)
    assert workshop.issue_all(root, at).issued == 1


def interrupted(root: Path, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication that is planned in the register and never reaches the disk."""

    def stop(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(switch, "stage", stop)
        with pytest.raises(InterruptedError):
            workshop.publish_all(root, at)


@pytest.mark.slow
def test_two_builds_of_one_publication_are_the_same_bytes(place: Path, sites_built_anew: list[Path]) -> None:
    workshop.whole(place)
    first = workshop.tree(place, "public")
    shutil.rmtree(place / "public")
    workshop.publish_all(place, NEXT_DAY)
    assert len(sites_built_anew) == 2
    assert workshop.tree(place, "public") == first


@pytest.mark.slow
def test_nothing_new_writes_nothing(place: Path) -> None:
    workshop.whole(place)
    before = {path: path.stat().st_ino for path in (place / "public").rglob("*")}
    assert workshop.publish_all(place, NEXT_DAY).written == 0
    assert {path: path.stat().st_ino for path in (place / "public").rglob("*")} == before


@pytest.mark.slow
def test_past_half_of_the_period_it_is_published_again(place: Path) -> None:
    workshop.whole(place)
    assert workshop.publish_all(place, "2026-12-02T20:00:00Z").sequence == 1
    assert workshop.publish_all(place, "2026-12-02T22:00:00Z").sequence == 2


@pytest.mark.slow
def test_a_planned_publication_that_was_overtaken_leaves_no_old_bucket(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.whole(place)
    one_more(place, NEXT_DAY)
    interrupted(place, NEXT_DAY, monkeypatch)
    page = place / "site_src/pages/learners.md"
    page.write_text(page.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    assert workshop.publish_all(place, NEXT_DAY).sequence == 3
    assert audited(place, NEXT_DAY) == ([], Counter(valid=6))


@pytest.mark.slow
def test_a_killed_publication_is_signed_with_the_key_of_its_own_day(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.prepare(place)
    workshop.approve_all(place)
    workshop.issue_all(place)
    interrupted(place, DAY_30, monkeypatch)
    assert workshop.publish_all(place, DAY_30_LATER).sequence == 1
    assert audited(place, DAY_30_LATER) == ([], Counter(valid=5))


@pytest.mark.slow
def test_a_lost_site_is_built_again_with_the_key_of_its_own_day(place: Path) -> None:
    workshop.whole(place)
    workshop.publish_all(place, DAY_30)
    before = workshop.tree(place, "public")
    shutil.rmtree(place / "public")
    workshop.publish_all(place, DAY_30_LATER)
    assert workshop.tree(place, "public") == before
    assert audited(place, DAY_30_LATER) == ([], Counter(valid=5))


@pytest.mark.slow
def test_a_killed_publication_that_no_key_can_sign_any_more_is_planned_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.prepare(place)
    workshop.approve_all(place)
    workshop.issue_all(place)
    interrupted(place, workshop.NOW, monkeypatch)
    much_later = "2027-02-22T09:00:00Z"
    assert workshop.publish_all(place, much_later).sequence == 2
    assert audited(place, much_later) == ([], Counter(valid=5))


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["head.json", "pages.json", "r", "s", "index.html", "m/1.json"])
def test_a_damaged_file_is_found_and_rewritten(place: Path, damage: str) -> None:
    workshop.whole(place)
    before = workshop.tree(place, "public")
    path = place / "public" / damage
    path = next(item for item in path.rglob("*.bin")) if path.is_dir() else path
    # A new inode, as an editor makes it: the hard link of the old must not be taken for it.
    path.unlink()
    path.write_bytes(b"junk")
    (place / "public/notes.txt").write_text("mine", "utf-8")
    found, _ = audited(place, NEXT_DAY)
    assert any(path.name in problem for problem in found)
    assert damage == "head.json" or any("notes.txt" in problem for problem in found)
    assert all("publish --rewrite" in problem or "remove it" in problem for problem in found)
    with workshop.opened(place, NEXT_DAY) as session:
        publish.publish(session, rewrite=True)
    assert workshop.tree(place, "public") == before
    assert audited(place, NEXT_DAY) == ([], Counter(valid=5))


@pytest.mark.slow
def test_an_old_register_neither_issues_nor_publishes_over_a_newer_site(place: Path) -> None:
    workshop.whole(place)
    shutil.copy(place / "certificates/register.db", place / "older.db")
    one_more(place, NEXT_DAY)
    workshop.publish_all(place, NEXT_DAY)
    newer = workshop.tree(place, "public", "certificates/issued")
    workshop.put_register(place, place / "older.db")
    workshop.prepare(place, NEXT_DAY)
    workshop.approve_all(place, NEXT_DAY)
    for act in (workshop.publish_all, workshop.issue_all):
        with pytest.raises(
            Refused, match="REGISTER-BEHIND: the register knows publication 1, but publication 2 is out"
        ):
            act(place, NEXT_DAY)
    found, _ = audited(place, NEXT_DAY)
    assert any("the site is newer" in problem for problem in found)
    assert workshop.tree(place, "public", "certificates/issued") == newer


@pytest.mark.slow
def test_an_old_register_gives_no_serial_twice(place: Path) -> None:
    workshop.whole(place)
    shutil.copy(place / "certificates/register.db", place / "older.db")
    one_more(place, NEXT_DAY)
    issued = workshop.tree(place, "certificates/issued")
    workshop.put_register(place, place / "older.db")
    workshop.prepare(place, NEXT_DAY)
    workshop.approve_all(place, NEXT_DAY)
    with pytest.raises(Refused, match="REGISTER-BEHIND: would give NW-26-000006 again"):
        workshop.issue_all(place, NEXT_DAY)
    assert workshop.tree(place, "certificates/issued") == issued


@pytest.mark.slow
def test_a_site_older_than_the_register_is_named_and_published(place: Path) -> None:
    workshop.whole(place)
    old = shutil.copytree(place / "public", place / "kept")
    one_more(place, NEXT_DAY)
    workshop.publish_all(place, NEXT_DAY)
    newest = workshop.tree(place, "public")
    shutil.rmtree(place / "public")
    shutil.move(old, place / "public")
    assert any("the register is newer" in problem for problem in audited(place, NEXT_DAY)[0])
    workshop.publish_all(place, NEXT_DAY)
    assert workshop.tree(place, "public") == newest


@pytest.mark.slow
def test_a_clock_far_ahead_is_refused_before_anything_is_planned(place: Path) -> None:
    workshop.whole(place)
    before = workshop.state(place)
    with pytest.raises(Refused, match=r"KEYS-ONLINE.*keys renew"):
        workshop.publish_all(place, "2031-01-01T09:00:00Z")
    assert workshop.state(place) == before


@pytest.mark.parametrize("damage", ["listing", "page"])
def test_an_urgent_status_over_damaged_pages_says_what_mends_them(
    finished: Path, tmp_path: Path, damage: str
) -> None:
    root = tmp_path / "w"
    shutil.copytree(finished, root)
    if damage == "listing":
        (root / "public" / "pages.json").write_bytes(b"{")
    else:
        (root / "public" / "index.html").unlink()
    with workshop.opened(root) as session, pytest.raises(Refused) as refused:
        publish.publish_status(session)
    assert [problem.code for problem in refused.value.problems] == ["PUBLISH-STATUS"]


def test_few_modules_ask_the_register_for_a_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All through tables of `edge.register`; these numbers may fall, not rise."""
    root = workshop.approved(tmp_path)
    workshop.issue_all(root)
    with workshop.opened(root, NEXT_DAY) as session:
        asked = statements(monkeypatch)
        done = publish.publish(session)
    assert done.new > 0
    modules = {module for module, _ in asked}
    assert all(module.startswith("generator.edge.register.") for module in modules), modules
    assert len(modules) <= MODULES, modules
    assert len(asked) <= STATEMENTS, sorted(Counter(asked).items())
