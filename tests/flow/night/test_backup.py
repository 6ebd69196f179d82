"""A backup is checked before it is written and after, and a good one is never replaced by a worse one."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.edge import disk
from generator.edge.codes import DISK_FULL
from generator.errors import Place, Problem, Refused
from generator.flow.night import backup, restoring
from generator.flow.night.backup_folder import BackupFolder, kept_instants
from tests import workshop
from tests.flow.night.night_office import NEXT, NIGHT, add_claims, opened

pytestmark = pytest.mark.slow


@pytest.fixture
def root(night_over: Path, tmp_path: Path) -> Path:
    return workshop.copied(night_over, tmp_path / "workspace")


@pytest.fixture
def kept(root: Path, tmp_path: Path) -> Path:
    """A backup of the office after its first night."""
    back_up(root, tmp_path / "backup")
    return tmp_path / "backup"


def back_up(root: Path, to: Path, at: str = NIGHT) -> backup.Backup:
    with opened(root, at) as session:
        return backup.back_up(session, to)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spoil(path: Path, place: int = 20_000) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)


def besides_pages(done: backup.Backup) -> list[Problem]:
    """What was said, but for the pages, which these offices share by a link."""
    return [problem for problem in done.problems if problem.place.file != "site_src"]


def codes(found: list[Problem]) -> set[str]:
    return {problem.code for problem in found}


def test_a_register_damaged_here_does_not_replace_the_good_copy(root: Path, kept: Path) -> None:
    before = content(kept)
    with opened(root) as session:
        spoil(session.register.path)
        with pytest.raises(Refused, match="REGISTER-DAMAGED"):
            backup.back_up(session, kept)
    assert content(kept) == before


def test_a_trail_that_was_altered_does_not_either(root: Path, kept: Path) -> None:
    before = content(kept)
    with opened(root) as session:
        with session.register.transaction():
            session.register.change("UPDATE events SET kind = 'claim_amended' WHERE seq = 5")
        with pytest.raises(Refused, match="EVENT-CHAIN"):
            backup.back_up(session, kept)
    assert content(kept) == before


def test_an_older_or_another_register_does_not_replace_a_newer_one(
    root: Path, kept: Path, tmp_path: Path
) -> None:
    add_claims(root, 6, NEXT)
    newer = tmp_path / "newer"
    back_up(root, newer, NEXT)
    workshop.put_register(root, kept / "certificates/register.db")
    before = content(newer)
    with pytest.raises(Refused, match=r"BACKUP-WORSE.*holds \d+ events, and this register \d+"):
        back_up(root, newer, NEXT)
    assert content(newer) == before
    other = workshop.prepared(tmp_path / "other")
    with pytest.raises(Refused, match="BACKUP-WORSE"):
        back_up(other, newer, NEXT)
    assert content(newer) == before


def test_a_pdf_damaged_here_does_not_replace_the_one_that_was_issued(root: Path, kept: Path) -> None:
    name = "certificates/issued/2026/NW-26-000002.pdf"
    good = (kept / name).read_bytes()
    (root / name).unlink()
    (root / name).write_bytes(good[:1000])
    done = back_up(root, kept, NEXT)
    [problem] = besides_pages(done)
    assert (problem.code, problem.place.file) == ("BACKUP-WORSE", name)
    assert (kept / name).read_bytes() == good
    assert BackupFolder(kept).verify() == []


def test_a_damaged_copy_is_said_and_replaced_by_a_good_one(root: Path, kept: Path) -> None:
    spoil(kept / "certificates/register.db")
    assert codes(besides_pages(back_up(root, kept, NEXT))) == {"BACKUP-DAMAGED"}
    assert BackupFolder(kept).verify() == []
    assert BackupFolder(kept).registers() == [kept / "certificates/register.db"], "the damaged one was kept"


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(10))
def test_damage_anywhere_in_a_backup_is_noticed_and_not_restored(
    kept: Path, tmp_path: Path, seed: int
) -> None:
    """At 200 random places of its register; a byte of every other file is tried below."""
    path = kept / "certificates/register.db"
    whole = path.read_bytes()
    for place in random.Random(seed).sample(range(len(whole)), 20):
        spoil(path, place)
        assert codes(BackupFolder(kept).verify()) == {"BACKUP-DAMAGED"}, f"byte {place}"
        path.write_bytes(whole)
    spoil(path, random.Random(seed).randrange(len(whole)))
    with pytest.raises(Refused, match="BACKUP-DAMAGED"):
        restoring.restore(kept, tmp_path / "new", workshop.environment())
    assert not (tmp_path / "new/certificates/register.db").exists()


def test_every_file_of_a_backup_is_verified(kept: Path) -> None:
    for name, data in content(kept).items():
        if name.endswith(("-sums", ".json")) and not name.startswith("keys/"):
            continue
        (kept / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert BackupFolder(kept).verify(), name
        (kept / name).write_bytes(data)
    (kept / "portal.yaml").unlink()
    assert codes(BackupFolder(kept).verify()) == {"FILE-MISSING"}


def test_earlier_registers_are_kept_by_age(root: Path, tmp_path: Path) -> None:
    days = [f"2026-{month:02d}-{day:02d}T021000Z" for month in range(1, 13) for day in range(1, 29)]
    kept = sorted(kept_instants(days), reverse=True)
    assert kept[:7] == sorted(days, reverse=True)[:7]
    assert {name[:7] for name in kept} == {f"2026-{month:02d}" for month in range(1, 13)}
    assert len(kept) <= 24
    for at in (NIGHT, NEXT, "2026-11-24T02:10:00Z"):
        back_up(root, tmp_path / "backup", at)
    names = [path.name for path in BackupFolder(tmp_path / "backup").registers()]
    assert names == ["register.db", "2026-11-23T021000Z.db", "2026-11-22T021000Z.db"]
    assert BackupFolder(tmp_path / "backup").verify() == []


def test_the_newest_good_register_is_restored_where_a_newer_is_damaged(
    root: Path, kept: Path, tmp_path: Path
) -> None:
    back_up(root, kept, NEXT)
    spoil(kept / "certificates/register.db")
    done = restoring.restore(kept, tmp_path / "new", workshop.environment(NEXT))
    assert done.register == "registers/2026-11-22T021000Z.db"
    assert "BACKUP-DAMAGED" in codes(done.problems)
    with opened(tmp_path / "new") as session:
        assert session.register.damage() == []


def test_links_are_named_and_not_followed(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of another account")
    (root / "certificates/claims/more.csv").symlink_to(secret)
    done = back_up(root, tmp_path / "backup")
    linked = {problem.place.file for problem in done.problems if problem.code == "BACKUP-LINK"}
    assert linked == {"certificates/claims/more.csv", "site_src"}
    assert b"of another account" not in b"".join(content(tmp_path / "backup").values())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match=r"BACKUP-PLACE.*is a link"):
        back_up(root, tmp_path / "linked")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_backup_is_its_owners_alone(kept: Path) -> None:
    open_to_others = [path for path in (kept, *kept.rglob("*")) if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_a_full_target_is_named_and_the_good_copy_stays(
    root: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = (kept / "certificates/register.db").read_bytes()
    add_claims(root, 6, NEXT)
    full = DISK_FULL.at(Place(str(kept)), "the disk is full", "free some space")

    def no_room(path: Path, data: bytes, *, private: bool = False) -> None:
        raise Refused(full)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "write", no_room)
        with pytest.raises(Refused, match="DISK-FULL"):
            back_up(root, kept, NEXT)
    assert (kept / "certificates/register.db").read_bytes() == register


def test_a_target_that_vanishes_half_way_is_named(root: Path, kept: Path, tmp_path: Path) -> None:
    add_claims(root, 6, NEXT)
    taken = tmp_path / "taken out"

    def vanish(_label: str, done: int, total: int) -> None:
        if done == total // 2:
            kept.rename(taken)
            kept.write_text("where the disk was")

    with (
        opened(root, NEXT) as session,
        pytest.raises(Refused, match=r"BACKUP-PLACE.*could not be written to the end"),
    ):
        backup.back_up(replace(session, environment=replace(session.environment, progress=vanish)), kept)
    # The disk that was taken out still has the register of before, whole; and the run is not finished.
    found = BackupFolder(taken)
    assert "was not finished" in found.verify()[0].what
    restoring.restore(taken, tmp_path / "new", workshop.environment(NEXT))


def test_a_restore_keeps_what_is_newer_and_sets_the_old_register_aside(root: Path, kept: Path) -> None:
    with (root / "certificates/register.db").open("r+b") as file:
        file.truncate(8192)
    (root / "certificates/issued/2026/NW-26-000001.pdf").unlink()
    claims = root / "certificates/claims/claims.yaml"
    claims.write_text(claims.read_text() + "# newer\n")
    done = restoring.restore(kept, root, workshop.environment(NEXT))
    assert (done.files, done.kept) == (1, 1)
    assert claims.read_text().endswith("# newer\n")
    assert (Path(done.set_aside) / "register.db").stat().st_size == 8192
    with opened(root, NEXT) as session:
        assert workshop.faults(session) == []


def test_a_restore_does_not_replace_a_good_register_that_knows_more(root: Path, kept: Path) -> None:
    add_claims(root, 6, NEXT)
    with pytest.raises(Refused, match="BACKUP-WORSE"):
        restoring.restore(kept, root, workshop.environment(NEXT))
    assert (
        restoring.restore(kept, shutil.copytree(kept, root.parent / "same"), workshop.environment()).set_aside
        == ""
    )


def test_the_drill_reads_everything_and_leaves_nothing(root: Path, kept: Path, tmp_path: Path) -> None:
    before = content(tmp_path)
    assert restoring.drill(kept, workshop.environment(NEXT)).problems == []
    assert content(tmp_path) == before
    (kept / "certificates/issued/2026/NW-26-000001.pdf").unlink()
    assert "BACKUP-DAMAGED" in codes(restoring.drill(kept, workshop.environment(NEXT)).problems)
