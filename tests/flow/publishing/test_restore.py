"""The restore drill of docs/operations.md, and what an older register may not do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.night import backup
from tests import workshop
from tests.flow.night.night_office import (
    FOLDER,
    NEXT,
    NIGHT,
    add_claims,
    codes,
    mails,
    night,
    office,
    opened,
    states,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = office(tmp_path / "workspace", more=FOLDER)
    night(made)
    return made


def backed_up(root: Path, to: Path, at: str = NIGHT) -> backup.Backup:
    with opened(root, at) as session:
        return backup.back_up(session, to)


def restored(root: Path, copy: Path, target: Path) -> Path:
    """Step 1 of the drill: the backup and the private keys from their safe."""
    shutil.copytree(copy, target)
    shutil.copytree(root / "keys/private", target / "keys/private")
    return target


def test_the_drill(root: Path, tmp_path: Path) -> None:
    done = backed_up(root, tmp_path / "backup")
    assert done.new == done.files
    assert backed_up(root, tmp_path / "backup").new == 0
    place = restored(root, tmp_path / "backup", tmp_path / "elsewhere")
    workshop.publish_all(place, NIGHT)
    with opened(place, NIGHT) as session:
        assert workshop.faults(session) == []
    assert workshop.tree(place, "public") == workshop.tree(root, "public")
    # The whole night goes on there, and nobody gets a second mail. That the journal of what was mailed is not
    # there is said once: it is never in a backup, which would be older than what was sent.
    done = night(place, NEXT)
    assert {name for name, state in states(done).items() if state != "ok"} == {"deliver"}
    assert codes(done) == {"MAIL-JOURNAL"}
    assert set(states(night(place, "2026-11-24T02:10:00Z")).values()) == {"ok"}
    assert [name for name in mails(place) if name.startswith("issued")] == []


def test_private_keys_are_in_no_backup(root: Path, tmp_path: Path) -> None:
    backed_up(root, tmp_path / "backup")
    assert not list((tmp_path / "backup").rglob("*.key"))
    assert (tmp_path / "backup/keys/root.json").exists()


def test_a_backup_inside_the_workspace_is_refused(root: Path) -> None:
    with pytest.raises(Refused, match="BACKUP-PLACE"):
        backed_up(root, root / "backup")


def test_an_older_register_issues_and_publishes_nothing_and_says_the_next_step(
    root: Path, tmp_path: Path
) -> None:
    backed_up(root, tmp_path / "backup")
    add_claims(root, 6, NEXT)
    night(root, NEXT)
    site = workshop.tree(root, "public", "../live")
    workshop.put_register(root, tmp_path / "backup/certificates/register.db")
    done = night(root, "2026-12-10T02:10:00Z")
    assert "REGISTER-BEHIND" in codes(done)
    assert {states(done)[name] for name in ("issue", "publish", "deploy", "deliver")} == {"waits"}
    assert workshop.tree(root, "public", "../live") == site
    with pytest.raises(Refused, match="REGISTER-BEHIND") as refused:
        workshop.issue_all(root, "2026-12-10T02:10:00Z")
    assert "restore the newest" in refused.value.problems[0].fix


def test_a_register_with_another_past_of_the_same_length_is_seen_too(root: Path, tmp_path: Path) -> None:
    """The same number of publications, and another trail behind them: only the chain's hash tells."""
    with opened(root) as session, session.register.transaction():
        session.register.change(
            "UPDATE events SET hash = ? WHERE seq = (SELECT count(*) - 20 FROM events)", "0" * 64
        )
        session.register.change(
            "UPDATE events SET hash = ? WHERE seq = (SELECT max(events) FROM publications)", "0" * 64
        )
    with pytest.raises(Refused, match="REGISTER-BEHIND"):
        workshop.publish_all(root, NEXT)


def test_issue_looks_at_the_live_site_before_it_gives_a_number(root: Path, tmp_path: Path) -> None:
    """Two machines, one live site: the second fits its own public/, and the number is given already."""
    second = Path(shutil.copytree(root, tmp_path / "second"))
    for place in (root, second):
        add_claims(place, 6, NEXT)
    night(root, NEXT)
    with pytest.raises(Refused, match="REGISTER-BEHIND") as refused:
        workshop.issue_all(second, NEXT)
    assert str(root.parent / "live") in refused.value.problems[0].what
    assert not list(second.glob("certificates/issued/*/*000006.pdf"))
