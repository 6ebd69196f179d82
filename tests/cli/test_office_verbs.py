"""The office's commands from the command line: check, review, approve, issue, trail, export, pending."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli.main import app
from tests.flow import offices

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return offices.awarding(tmp_path_factory.mktemp("verbs"), ["L1"], **{"REVIEW-CHECKED": {"mode": "hold"}})


def run(root: Path, *words: str, code: int = 0) -> str:
    """What a command says; the passphrases come from the environment."""
    boxes = ("root", "certificate", "n.ew", *(handle for handle, _, _ in offices.STAFF))
    env = {
        f"CERTPORTAL_PASSPHRASE_{box.replace('.', '_').upper()}": f"sample-{box}-passphrase" for box in boxes
    }

    done = CliRunner().invoke(app, [*words, "-w", str(root)], env=env)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_a_day_at_the_office(root: Path, tmp_path: Path) -> None:
    place = tmp_path / "w"
    shutil.copytree(root, place)
    run(place, "check", "--json")
    asked, answer = str(tmp_path / "approve.json"), str(tmp_path / "answer.json")
    for handle, role in offices.APPROVERS:
        run(place, "approve", "--out", asked)
        key = str(place / f"keys/private/person-{handle}.key")
        run(place, "approve", asked, "--as", handle, "--role", role, "--key", key, "--out", answer)
        run(place, "approve", "--answer", answer)
    run(place, "issue", "--json", code=3)
    run(place, "review", "--json")
    claim_id = json.loads(Path(asked).read_text())["claims"][0]["claim_id"]
    run(place, "review", "--check", claim_id, "--as", "s.marsh", "--note", "as recorded")
    run(place, "issue")
    run(place, "trail", "NW-26-000001", "--json")
    for name in (
        "results.csv",
        "learners.yaml",
        "people.jsonl",
        "registrations.xlsx",
        "claims.xlsx",
        "centres.xlsx",
    ):
        out = tmp_path / name
        run(place, "export", out.stem, "--out", str(out))
        assert out.stat().st_size > 100
        assert out.stat().st_mode & 0o077 == 0
    blank = tmp_path / "evidence.xlsx"
    assert "Evidence of" in run(
        place, "export", "evidence-pack", "--out", str(tmp_path / "clauses.xlsx")
    )  # its earlier name
    assert "certificates/records/" in run(place, "export", "evidence", "--empty", "--out", str(blank))
    assert blank.stat().st_size > 1000
    run(place, "pending", "--confirm", str(tmp_path / "confirm.csv"))
    people = tmp_path / "people.csv"
    people.write_text("person,name,role,start\nn.ew,New Person,assessor,2026-11-22\n", "utf-8")
    assert "Next: the same with `--write`" in run(place, "staff", "import", str(people))
    by = ("--by", "m.castell", "--by", "e.okoro")
    assert "person-n.ew.key" in run(place, "staff", "import", str(people), "--write", *by)
    assert json.loads(run(place, "staff", "import", str(people), "--json"))["same"] == 1
    limits = ("--programme", "Q1", "--centre", "C1", "--start", "2026-11-22")
    run(place, "staff", "add", "n.ew", "--name", "New Person", "--role", "internal_verifier", *limits)
    assert "internal verifier 2026-11-22 to open for Q1 at C1" in run(place, "staff", "list")
    run(place, "staff", "end", "h.adeyemi", "--role", "lead_internal_verifier", "--until", "2027-08-01")
    run(place, "staff", "revoke", "s.marsh", "--by", "m.castell", "--by", "e.okoro")


def test_what_cannot_be_meant_is_said(root: Path) -> None:
    for words in (("approve",), ("review", "--check", "x"), ("approve", "--all", "--as", "h.adeyemi")):
        done = CliRunner().invoke(app, [*words, "-w", str(root)])
        assert type(done.exception).__name__ == "UsageError"
