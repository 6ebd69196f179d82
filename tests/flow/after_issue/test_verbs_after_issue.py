"""The verbs after issue as they are typed: what they show, what they ask for, what they say comes next."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from generator.cli.main import app
from generator.edge.register.state_changes import StateChanges
from generator.errors import Refused
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO
from tests.small_office import STAFF, Office


@pytest.fixture
def typed(office: Office, monkeypatch: pytest.MonkeyPatch) -> object:
    for box in ("root", "certificate", "online", *(handle for handle, _, _ in STAFF)):
        name = "CERTPORTAL_PASSPHRASE_" + box.upper().replace(".", "_")
        monkeypatch.setenv(name, f"sample-{box}-passphrase")
    monkeypatch.setattr("generator.cli.environment.now", lambda: "2026-11-22T03:00:00Z")

    def run(*words: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, [*words, "-w", str(office.workspace.root)], input=given)

    return run


@pytest.mark.slow
def test_a_revocation_from_the_case_to_the_portal(office: Office, typed: object) -> None:
    run = typed
    assert callable(run)
    opened = run(
        "case", "open", SERIAL, "--kind", "revocation", "--because", "another's work", "--as", "e.off"
    )
    assert "Case C-26-000001" in opened.output
    for person, role in zip(WHO, ("quality_nominee", "senior_manager"), strict=True):
        done = run("case", "decide", "C-26-000001", "--outcome", "revoke", "--as", person, "--role", role)
        assert done.exit_code == 0, done.exception
    assert f"certportal revoke {SERIAL} --case C-26-000001" in run("case", "close", "C-26-000001").output
    unconfirmed = run("revoke", SERIAL, "--case", "C-26-000001")
    assert isinstance(unconfirmed.exception, Refused)
    assert "another's work" not in unconfirmed.output
    for shown in ("Zoë Ó Briain", "valid", "revoked, from 2026-11-22", "after an investigation"):
        assert shown in unconfirmed.output
    other = run("revoke", SERIAL, "--case", "C-26-000001", "--yes", "NW-26-000002")
    assert isinstance(other.exception, Refused)
    assert StateChanges(office.register).state(SERIAL) == "valid"
    done = run("revoke", SERIAL, "--case", "C-26-000001", "--yes", SERIAL)
    assert "Next: `certportal publish --status-only`" in done.output
    assert StateChanges(office.register).state(SERIAL) == "revoked"
    assert run("publish", "--status-only").exit_code == 0
    assert run("audit", "--site", str(office.workspace.public)).exit_code == 0


@pytest.mark.slow
def test_holds_due_and_access(office: Office, typed: object, tmp_path: Path) -> None:
    run = typed
    assert callable(run)
    placed = run(
        "hold", "place", "NF041", "--scope", "centre", "--kind", "block", "--because", "x",
        "--until", "2026-12-01", "--as", "e.off",
    )  # fmt: skip
    assert "certportal hold release 1" in placed.output
    assert "owner e.off" in run("hold", "list").output
    assert "hold          NF041" in run("due", "--days", "30").output
    assert "6 certificates" in run("due", "--remind").output
    assert "is released" in run("hold", "release", "1", "--as", "e.off").output
    done = run("access", "NF041", "L001", "--out", str(tmp_path / "export"))
    assert "3 files" in done.output
    assert (tmp_path / "export" / "your-data.txt").stat().st_mode & 0o077 == 0
    assert "6 hold a certificate" in run("revalidation", "AID1", "1").output


@pytest.mark.slow
def test_suspending_and_erasing(office: Office, typed: object) -> None:
    run = typed
    assert callable(run)
    done = run(
        "suspend", SERIAL, "--until", "2026-12-31", "--because", "x", "--as", "q.nom",
        "--role", "quality_nominee", "--yes", SERIAL,
    )  # fmt: skip
    assert "is suspended" in done.output
    # The verbs run an hour later than the office opened.
    case_id = office.at("2026-11-22T03:00:00Z").closed_case("erasure", "NW-26-000002", "erase", WHO)
    done = run("erase", "NW-26-000002", "--case", case_id, "--yes", "NW-26-000002")
    for shown in ("remove the row from certificates/claims/course.csv:3", "is erased"):
        assert shown in done.output
    assert "Nothing was left to finish" in run("erase", "--finish").output


@pytest.mark.slow
def test_a_replacement_and_a_reissue(office: Office, typed: object) -> None:
    run = typed
    assert callable(run)
    ask = (
        "replace", "ask", SERIAL, "--because", "damage", "--evidence", "the damaged paper",
        "--seen-by", "e.off", "--seen-on", "2026-11-20", "--as", "e.off",
    )  # fmt: skip
    assert isinstance(run(*ask, "--yes", SERIAL).exception, Refused)
    assert "Registered as claim" in run(*ask, "--fee-waived", "hardship", "--yes", SERIAL).output
    reissue = run(
        "reissue", "open", "NW-26-000002", "NW-26-000003", "--completed-on", "2026-11-21",
        "--because", "wrong day", "--effect", "a day early", "--mitigation", "new ones",
        "--as", "e.off", "--yes", "C-26-000001",
    )  # fmt: skip
    assert "Completed" in reissue.output
    assert "completed_on" not in reissue.output
    assert "C-26-000001 is open about 2 certificates" in reissue.output
    looked = run("replace", "link", SERIAL, "--because", "enquiry 14", "--as", "e.off")
    assert "This look was recorded" in looked.output
