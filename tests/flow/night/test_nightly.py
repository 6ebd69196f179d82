"""The night: what it does, what it leaves alone, what it says, and to whom."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.edge.register.held_rows import HeldRows
from generator.edge.register.records import OfficeRecords
from generator.edge.register.runs import Runs
from generator.edge.sites import FolderSite
from generator.errors import Place, Refused
from generator.flow.night import night_run, round_trip
from generator.flow.night.codes import DISK_LOW
from generator.flow.publishing import audit
from tests import workshop
from tests.flow.night.night_office import (
    NEXT,
    NIGHT,
    add_claims,
    claims,
    codes,
    copied,
    mails,
    night,
    opened,
    states,
)

pytestmark = pytest.mark.slow
# What comes after the import, for nights in which the import is looked at.
LATER = tuple(name for name in night_run.STEP_NAMES if name not in ("import", "controls"))


@pytest.fixture
def root(tmp_path: Path, night_ready: Path) -> Path:
    return copied(night_ready, tmp_path / "workspace")


def unapproved(root: Path) -> None:
    """Two claims more that nobody has approved."""
    more = "".join(workshop.claim(1, learner_ref=f"REF010{rank}") for rank in (1, 2))
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, 6)) + more, "utf-8")


def test_a_night_issues_publishes_deploys_and_delivers(root: Path) -> None:
    done = night(root)
    assert set(states(done).values()) == {"ok"}, [step.problems for step in done.steps]
    assert done.exit_code == night_run.EXIT_OK
    assert done.report is not None
    assert done.report.headline == "OK 5"
    assert workshop.tree(root, "../live") == {
        path.replace("public", "../live", 1): data for path, data in workshop.tree(root, "public").items()
    }
    sent = mails(root)
    assert [name for name in sent if name.startswith("issued")] == [
        f"issued-NW-26-{rank:06d}" for rank in range(1, 6)
    ]
    assert {mail["To"] for name, mail in sent.items() if "issued" in name} == {
        f"learner{rank}@example.org" for rank in range(1, 6)
    }
    [morning] = [mail for name, mail in sent.items() if name.startswith("report")]
    assert morning["Subject"].startswith("OK 5")
    assert morning["To"] == "office@northfield.example"


def test_a_night_with_nothing_new_changes_nothing(root: Path) -> None:
    night(root)
    before = workshop.tree(root, "public", "../live", "certificates/issued", "certificates/outbox")
    inodes = {path: path.stat().st_ino for path in (root / "public").rglob("*")}
    done = night(root, NEXT)
    after = workshop.tree(root, "public", "../live", "certificates/issued", "certificates/outbox")
    assert done.report is not None
    assert done.report.headline == "OK 0"
    assert {path: data for path, data in after.items() if "report-" not in path} == {
        path: data for path, data in before.items() if "report-" not in path
    }
    assert inodes == {path: path.stat().st_ino for path in (root / "public").rglob("*")}


def test_past_half_time_only_head_and_status_are_new(root: Path) -> None:
    night(root)
    before = workshop.tree(root, "public")
    night(root, "2026-12-04T02:10:00Z")
    after = workshop.tree(root, "public")
    changed = {path.removeprefix("public/") for path in after if after[path] != before.get(path)}
    assert before.keys() == after.keys()
    assert "head.json" in changed
    # The pages that inline the head change with it; no bucket and no other page does.
    assert not [path for path in changed if path.startswith(("r/", "m/"))]


def test_every_held_row_names_who_must_act(root: Path) -> None:
    unapproved(root)
    done = night(root)
    assert done.exit_code == night_run.EXIT_HELD
    assert done.report is not None
    assert done.report.headline == "ACTION: 2 held"
    assert done.report.issued == 5
    assert {row.code for row in done.report.held} == {"APPROVAL-MISSING"}
    asked = [row.who for row in done.report.held]
    assert asked == ["Hadiza Adeyemi (lead internal verifier)", "Mireia Castell (quality nominee)"] * 2
    for suffix in ("html", "txt", "json"):
        written = (root / f"certificates/reports/2026-11-22.{suffix}").read_text("utf-8")
        assert "Hadiza Adeyemi" in written
        assert "ACTION: 2 held" in written
    rows = json.loads((root / "certificates/reports/2026-11-22.json").read_text("utf-8"))["held"]
    assert [row["owner"] for row in rows] == ["lead_internal_verifier", "quality_nominee"] * 2
    for row, held in zip(rows, done.report.held, strict=True):
        parts = ("file", "row", "column", "subject")
        assert {part: row[part] for part in parts} == {part: getattr(held.place, part) for part in parts}
        assert row["where"] == str(held.place)


def test_rows_are_held_also_where_nothing_else_is_written(root: Path) -> None:
    night(root, skip=LATER)
    put = root / "certificates/claims/claims.yaml"
    good = put.read_text("utf-8")
    put.write_text(good + workshop.claim(1, learner_ref="REF0200", completed_on="2027-01-01"), "utf-8")

    def found(at: str) -> tuple[list[str], list[int]]:
        night(root, at, skip=LATER)
        with opened(root) as session:
            events = [
                row[0] for row in session.register.rows("SELECT seq FROM events WHERE kind = 'rows_held'")
            ]
            return [row.held_at for row in HeldRows(session.register).all()], events

    held, told = found(NEXT)
    assert (held, len(told)) == ([NEXT], 1)
    # The same row another night: still held since the first, and nothing happened.
    assert found("2026-11-24T02:10:00Z") == (held, told)
    put.write_text(good, "utf-8")
    held, told = found("2026-11-25T02:10:00Z")
    assert (held, len(told)) == ([], 2)


def test_records_alone_are_taken_in_too(root: Path) -> None:
    night(root, skip=LATER)
    put = root / "certificates/records/learners.csv"
    put.parent.mkdir(exist_ok=True)
    put.write_text("centre,learner_ref,name\nNF041,REF0900,Ada Obi\n", "utf-8")
    night(root, NEXT, skip=LATER)
    with opened(root) as session:
        assert [one.learner() for one in OfficeRecords(session.register).of_kind("learners")] == ["REF0900"]


@pytest.mark.parametrize("days", ["the same", "each another"])
def test_what_is_only_reported_is_a_section_with_who_should_look_and_holds_nothing(
    days: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = root / "portal.yaml"
    text = settings.read_text("utf-8")
    assert "late_days: null" in text
    settings.write_text(text.replace("late_days: null", "late_days: 90"), "utf-8")
    if days == "each another":
        # Five in words of their own: one row for the control stands for them where that is a long list.
        monkeypatch.setattr("generator.flow.night.morning_report._LONG", 4)
        listed = [claims([rank], completed_on=f"2026-06-{20 + rank}") for rank in range(1, 6)]
        whole = listed[0] + "".join(text.partition("claims:\n")[2] for text in listed[1:])
        (root / "certificates/claims/claims.yaml").write_text(whole, "utf-8")
        workshop.prepare(root, NIGHT)
        workshop.approve_all(root, NIGHT)
    done = night(root)
    assert done.report is not None
    assert (done.exit_code, done.report.headline) == (night_run.EXIT_OK, "OK 5")
    assert len(done.report.reported) == 5
    assert {(row.code, row.who) for row in done.report.reported} == {
        ("CLAIM-WINDOW", "Mireia Castell (quality nominee)")
    }
    folder = root / "certificates/reports"
    written = {kind: (folder / f"2026-11-22.{kind}").read_text("utf-8") for kind in ("html", "txt", "json")}
    assert "Reported, and not held: 5" in written["html"]
    assert "REPORTED, AND NOT HELD: 5" in written["txt"]
    for kind in ("html", "txt"):
        assert written[kind].count("late: completed on 2026-06-2") == 1
        assert written[kind].count("Mireia Castell") == 1
        assert "Nothing waits for anybody" not in written[kind]
        assert "Kwame" not in written[kind]
    assert len(json.loads(written["json"])["reported"]) == 5
    logged = [json.loads(line) for line in (folder / "2026-11-22.jsonl").read_text("utf-8").splitlines()]
    assert [len(line["reported"]) for line in logged if "reported" in line] == [5]
    again = night(root, NEXT)
    assert again.report is not None
    assert again.report.reported == (), "told once, when it was certified"


def test_a_report_names_nobody_who_is_certified(root: Path) -> None:
    unapproved(root)
    night(root)
    [morning] = [mail for name, mail in mails(root).items() if name.startswith("report")]
    whole = morning.as_string()
    for name in ("Ó Briain", "Kwame", "learner1@"):
        assert name not in whole
        assert name not in str(morning["Subject"])


def test_the_log_is_json_lines_and_the_register_keeps_the_run(root: Path) -> None:
    watch = iter(range(100))
    done = night(root, watch=lambda: float(next(watch)))
    lines = (root / "certificates/reports/2026-11-22.jsonl").read_text("utf-8").splitlines()
    logged = [json.loads(line) for line in lines]
    assert [line["step"] for line in logged] == [*night_run.STEP_NAMES, "report"]
    assert all(line["seconds"] == 1.0 and line["run"] == done.run.id for line in logged)
    with opened(root) as session:
        assert session.register.rows("SELECT state, ended_at IS NOT NULL FROM runs") == [("ended", 1)]
        assert len(session.register.rows("SELECT * FROM run_steps")) == len(night_run.STEP_NAMES) + 1


def test_steps_can_be_left_out_and_taken_up(root: Path) -> None:
    done = night(root, skip=("deploy", "deliver"))
    assert states(done)["deploy"] == "skipped"
    assert not (root / "../live").exists()
    assert not mails(root) or all(name.startswith("report") for name in mails(root))
    assert states(night(root))["deliver"] == "ok"
    assert len([name for name in mails(root) if name.startswith("issued")]) == 5


def test_anything_but_valid_keeps_the_old_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night(root)
    before = workshop.tree(root, "../live")
    add_claims(root, 6, NEXT)
    other = (root / "certificates/issued/2026/NW-26-000001.pdf").read_bytes()

    # The new file shows another certificate's code: what a mixed-up template cache would do.
    real = round_trip.pdf_reader.page_image
    monkeypatch.setattr(
        round_trip.pdf_reader,
        "page_image",
        lambda path, dpi: real(path.with_name("NW-26-000001.pdf"), dpi),
    )
    done = night(root, NEXT)
    assert other
    assert states(done)["round-trip"] == "failed"
    assert states(done)["deploy"] == "waits"
    assert codes(done) == {"ROUND-TRIP"}
    assert workshop.tree(root, "../live") == before
    assert len([name for name in mails(root) if name.startswith("issued")]) == 5
    monkeypatch.undo()
    assert states(night(root, NEXT))["deploy"] == "ok"


def test_a_night_that_finishes_an_earlier_one_counts_what_that_issued(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise Refused(DISK_LOW.at(Place("public"), "is full", "make room"))

    with monkeypatch.context() as patch:
        patch.setattr(night_run.publish, "publish", down)
        assert states(night(root))["publish"] == "failed"
    done = night(root, NEXT)
    assert done.report is not None
    assert done.report.headline == "OK 5"
    subjects = [mail["Subject"] for name, mail in mails(root).items() if name.startswith("report")]
    assert len(subjects) == 2
    assert [subject.startswith("OK 5") for subject in subjects] == [False, True]
    again = night(root, "2026-11-24T02:10:00Z")
    assert again.report is not None
    assert again.report.headline == "OK 0"


def test_without_a_decoder_the_policy_decides(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trip.scanner, "_decoder", lambda: None)
    done = night(root, skip=("deploy", "deliver"))
    assert states(done)["round-trip"] == "skipped"
    settings = root / "portal.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("  period_days: 21", "  period_days: 21\n  scan: required")
    )
    assert codes(night(root)) == {"SCAN-DECODER"}


def test_the_nightly_audit_looks_at_what_changed_and_a_thirtieth(root: Path) -> None:
    night(root)
    path = root / "certificates/issued/2026/NW-26-000003.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    found = []
    for day in range(1, 31):
        at = f"2026-12-{day:02d}T02:10:00Z"
        with opened(root, at) as session:
            problems = night_run.audit_night(session).problems
            found += [problem for problem in problems if "NW-26-000003" in str(problem.place)]
    assert len(found) == 1, "within thirty days each file is looked at once"


def test_a_full_audit_still_sees_everything(root: Path) -> None:
    night(root)
    with opened(root) as session:
        found, tree = audit.audit_site(
            FolderSite(session.workspace.public), session.workspace.keystore.pin(), session.now
        )
    assert tree is not None
    assert not found.problems


def test_runs_are_kept_apart_by_kind(root: Path) -> None:
    with opened(root) as session:
        runs = Runs(session.register)
        with session.register.transaction():
            runs.begin("nightly", session.now)
        assert runs.running("nightly") == 1
        assert runs.running("other") == 0
    shutil.rmtree(root)


def test_a_drop_folder_that_was_read_well_is_not_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(root)

    def read(*_: object) -> None:
        raise AssertionError("read again")

    with monkeypatch.context() as patch:
        patch.setattr(night_run.import_claims, "preview", read)
        assert states(night(root, NEXT))["import"] == "ok"
    add_claims(root, 6, NEXT)
    done = night(root, "2026-11-24T02:10:00Z")
    assert done.report is not None
    assert done.report.headline == "OK 1"
