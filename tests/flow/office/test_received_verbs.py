"""What the verb says of certificates on paper, and the sheets that it writes to be filled in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from generator.cli.main import app
from generator.errors import UsageError
from tests.flow.office.papers import DESPATCH, despatched, emptied, states


@pytest.fixture
def place(claimed: Path, tmp_path: Path) -> Path:
    """Two learners whose claims and records are in the register, and no files of records."""
    return emptied(claimed, tmp_path / "w")


@pytest.fixture
def run(place: Path) -> Callable[..., str]:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "-w", str(place)])
        assert done.exit_code == 0, done.output
        return done.output

    return said


def test_the_verb_says_where_each_is_and_who_must_act(place: Path, run: Callable[..., str]) -> None:
    assert "No certificate was received" in run("received")
    despatched(place, DESPATCH)
    said = run("received")
    assert "AO-1             C1/L1: here since 2026-09-01 - exams officer: compare the paper" in said
    assert "RECEIVED-GRADE: has the grade Pass; claimed was M" in said
    assert "2 certificates, 1 withheld, 0 awaited" in said
    assert "AO-1" not in run("received", "--anomalies")
    told = json.loads(run("received", "--json"))
    assert [one["state"] for one in told["certificates"]] == ["here", "withheld"]
    first = told["certificates"][0]
    assert (first["owner"], first["fix"]) == (
        "exams_officer",
        "compare the paper with the claim, and record `checked`",
    )
    out = place / "handovers-checked.csv"
    assert "2 certificates in" in run("received", "sheet", "--event", "checked", "--out", str(out))
    rows = out.read_text("utf-8-sig").splitlines()
    assert rows[1].startswith("C1,L1,AO-1,checked,,,")
    filled = [rows[0], rows[1].replace("checked,,", "checked,2026-09-02,e.off"), rows[2]]
    out.write_text("\n".join(filled[:2]), "utf-8")
    assert "records: 1 new, 0 changed, 0 known already" in run("import", str(out), "--write")
    assert states(place)["AO-1"] == "checked"
    assert "0 certificates to be collected" in run("received", "collection", "--out", str(place / "c.csv"))
    for name in ("Zoë", "Briain"):
        assert name not in said
        assert name not in out.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("event", "rows"),
    [
        ("received", []),
        ("checked", ["AO-1", "AO-2"]),
        ("anomaly_closed", ["AO-2"]),
        ("sent_back", ["AO-2"]),
        ("destroyed", ["AO-1"]),
        ("ready", []),
        ("returned", []),
    ],
)
def test_a_sheet_names_those_for_which_an_event_comes_next(
    place: Path, run: Callable[..., str], event: str, rows: list[str]
) -> None:
    despatched(place, DESPATCH)
    out = place / f"handovers-{event}.csv"
    run("received", "sheet", "--event", event, "--out", str(out))
    listed = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["certificate"] for row in listed] == rows
    assert {row["on"] + row["by"] + row["second"] + row["detail"] for row in listed} <= {""}
    assert [row["anomaly"] for row in listed if row["anomaly"]] == ["grade"] * (event == "anomaly_closed")


def test_a_row_of_a_file_of_events_is_held_and_the_others_are_kept(place: Path) -> None:
    despatched(place, DESPATCH)
    head = "centre,learner_ref,certificate,event,on,by"
    rows = ["C1,L1,AO-1,checked,2026-09-02,e.off", "C1,L2,AO-2,ready,2026-09-02,e.off"]
    sent = place / "handovers-september.csv"
    sent.write_text("\n".join([head, *rows]), "utf-8")
    done = CliRunner().invoke(app, ["import", str(sent), "--accept-good", "-w", str(place)])
    assert (done.exit_code, "HANDOVER-UNCHECKED" in done.output) == (3, True)
    assert states(place) == {"AO-1": "checked", "AO-2": "withheld"}


def test_a_sheet_may_be_a_workbook_with_lists_to_choose_from(place: Path, run: Callable[..., str]) -> None:
    despatched(place, DESPATCH)
    out = place / "handovers-checked.xlsx"
    run("received", "sheet", "--event", "checked", "--out", str(out))
    book = load_workbook(out)
    page = book["handovers"]
    head = [cell.value for cell in page[1]]
    assert page.data_validations.dataValidation
    page.delete_rows(3)
    page.cell(2, head.index("on") + 1).value = date(2026, 9, 2)
    page.cell(2, head.index("by") + 1).value = "e.off"
    book.save(out)
    assert "records: 1 new" in run("import", str(out), "--write")
    assert states(place) == {"AO-1": "checked", "AO-2": "withheld"}


@pytest.mark.parametrize(
    ("event", "name"), [("printed", "handovers.csv"), ("checked", "h.csv"), ("checked", "handovers.yaml")]
)
def test_a_sheet_that_could_not_be_read_again_is_refused(place: Path, event: str, name: str) -> None:
    words = ["received", "sheet", "--event", event, "--out", str(place / name), "-w", str(place)]
    assert isinstance(CliRunner().invoke(app, words).exception, UsageError)
    assert not (place / name).exists()
