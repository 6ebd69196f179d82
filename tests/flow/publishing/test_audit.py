"""The audit: an outsider with nothing but root.json, the office with its register, and the event chain."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from generator.edge import web_server
from generator.edge.register.event_log import EventLog
from generator.edge.sites import FolderSite, HttpSite
from generator.flow.publishing import audit, verification
from tests import workshop
from tests.flow.publishing.test_publish import audited


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished workspace to spoil."""
    return Path(shutil.copytree(finished, tmp_path / "workspace"))


def faults(site: FolderSite | HttpSite, root_file: Path) -> list[tuple[str, str]]:
    found, _ = audit.audit_site(site, verification.pin_for(Path("nowhere"), root_file), workshop.NOW)
    return [(str(problem.place), problem.what) for problem in found.problems]


def altered(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_an_outsider_needs_only_the_root(finished: Path, tmp_path: Path) -> None:
    root = Path(shutil.copy(finished / "keys/root.json", tmp_path / "root.json"))
    public = shutil.copytree(finished / "public", tmp_path / "mirror")
    found, tree = audit.audit_site(
        FolderSite(Path(public)), verification.pin_for(tmp_path, root), workshop.NOW
    )
    assert found.problems == []
    assert tree is not None
    assert found.files == sum(1 for path in Path(public).rglob("*") if path.is_file())
    with web_server.serving(Path(public)) as origin:
        assert faults(HttpSite(origin), root) == []


def test_the_root_of_another_organisation_trusts_nothing_here(
    finished: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pin = (finished / "keys/root.json").read_text("utf-8")
    issuer = verification.pin_for(finished, None).issuer_id
    other = tmp_path_factory.mktemp("root") / "root.json"
    other.write_text(pin.replace(issuer, "ab" * 32), "utf-8")
    assert [where for where, _ in faults(FolderSite(finished / "public"), other)] in (["site"], ["head.json"])


@pytest.mark.slow
def test_every_published_file_altered_or_removed_is_named(finished: Path, place: Path) -> None:
    public, root = place / "public", place / "keys/root.json"
    names = sorted(path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file())
    assert faults(FolderSite(public), root) == []
    for name in names:
        path = public / name
        data = path.read_bytes()
        middle = len(data) // 2
        altered(path, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        said = faults(FolderSite(public), root)
        assert said, name
        # Without the newest manifest or the head nothing else can be judged.
        assert any(where == name for where, _ in said) or name == "manifest.json", (name, said)
        path.unlink()
        assert faults(FolderSite(public), root), name
        altered(path, data)
    assert faults(FolderSite(public), root) == []


def test_files_added_by_hand_are_listed(place: Path) -> None:
    public = place / "public"
    strangers = ("notes.txt", "r/2026/0/00/010000.bin", ".well-known/x", "learners.csv")
    for name in strangers:
        altered(public / name, b"mine")
    (public / "link").symlink_to(place / "certificates")
    said = faults(FolderSite(public), place / "keys/root.json")
    assert sorted(said) == sorted(
        (name, "is published but nothing refers to it") for name in (*strangers, "link")
    )


def test_files_of_an_older_publication_among_newer_ones_are_noticed(place: Path, tmp_path: Path) -> None:
    public, root = place / "public", place / "keys/root.json"
    old = workshop.tree(place, "public")
    later = "2026-12-05T09:00:00Z"
    workshop.publish_all(place, later)
    new = workshop.tree(place, "public")
    changed = [name for name in old if old[name] != new[name]]
    assert "public/head.json" in changed
    assert any(name.startswith("public/s/") for name in changed)
    for name in changed:
        altered(place / name, old[name])
        assert faults(FolderSite(public), root), name
        altered(place / name, new[name])


def test_a_site_past_its_day_is_said_to_be(finished: Path) -> None:
    pin = verification.pin_for(finished, None)
    site = FolderSite(finished / "public")
    assert audit.audit_site(site, pin, "2026-12-13T08:59:59Z")[0].problems == []
    late, _ = audit.audit_site(site, pin, "2026-12-13T09:00:01Z")
    assert [problem.what for problem in late.problems] == ["is good until 2026-12-13T09:00:00Z only"]


def chain(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [str(problem) for problem in EventLog(session.register).check()]


def edited(root: Path, sql: str) -> int:
    """Change the register behind its back; how many rows were touched."""
    with contextlib.closing(sqlite3.connect(root / "certificates/register.db")) as database, database:
        database.execute("PRAGMA foreign_keys = OFF")
        touched = database.execute(sql).rowcount
    workshop.forget_sums(root)
    return touched


def test_the_event_chain_is_whole(finished: Path) -> None:
    assert chain(finished) == []
    events = workshop.register_content(finished)["events"]
    kinds = {str(row[2]) for row in events}
    assert {"claim_imported", "approval_received", "certificate_issued", "publication_planned"} <= kinds


@pytest.mark.parametrize(
    ("sql", "event"),
    [
        ("UPDATE events SET kind = 'claim_amended' WHERE seq = 3", 3),
        ("UPDATE events SET at = '2026-11-21T09:00:00Z' WHERE seq = 5", 5),
        ("UPDATE events SET commitment = (SELECT commitment FROM events WHERE seq = 1) WHERE seq = 4", 4),
        ("UPDATE event_details SET details = CAST(details || ' ' AS BLOB) WHERE seq = 7", 7),
        ("DELETE FROM events WHERE seq = 6", 7),
        ("UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 1) WHERE seq = 2", 2),
    ],
)
def test_an_edited_event_is_located(place: Path, sql: str, event: int) -> None:
    assert edited(place, sql) == 1
    (said,) = chain(place)
    assert f"event {event} was altered, or one before it removed" in said


def test_removing_the_last_events_is_noticed_by_the_audit(place: Path) -> None:
    edited(place, "DELETE FROM event_details WHERE seq = (SELECT max(seq) FROM events)")
    edited(place, "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    assert chain(place) == []
    assert any(
        "its event trail is not the one that was published" in item
        for item in audited(place, workshop.NOW)[0]
    )


def test_erasing_the_details_of_events_leaves_the_chain_whole(place: Path) -> None:
    assert edited(place, "DELETE FROM event_details") > 10
    assert chain(place) == []


def test_the_events_hold_no_name(finished: Path) -> None:
    content = workshop.register_content(finished)
    said = repr(content["events"]) + repr(content["publications"]) + repr(content["buckets"])
    for name in ("Briain", "Brown", "REF0001", "NW-26-0", "h.adeyemi"):
        assert name not in said


def test_an_issued_file_that_changed_or_went_is_named(place: Path) -> None:
    folder = place / "certificates/issued/2026"
    altered(folder / "NW-26-000001.pdf", b"%PDF-1.7 another")
    (folder / "NW-26-000002.pdf").unlink()
    said = audited(place, workshop.NOW)[0]
    assert any("NW-26-000001.pdf" in item and "was changed after it was issued" in item for item in said)
    assert any("NW-26-000002.pdf" in item and "is missing" in item for item in said)
