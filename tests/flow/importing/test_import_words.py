"""What the exams officer reads: the verb itself, with its words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from generator.cli.main import app
from generator.cli.terminal import report_and_exit
from generator.errors import Place
from generator.flow.office import keys
from generator.model.people import RoleHeld
from tests import sample_sheets, workshop
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import grades, only, put

ROWS = sample_sheets.rows_of(sample_sheets.GRADES)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = workshop.sample(tmp_path / "w")
    only(made, grades())
    return made


def run(root: Path, *words: str) -> Result:
    """The verb, as a person calls it without a terminal."""
    return CliRunner().invoke(app, ["import", *words, "-w", str(root)])


def faulty(root: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[16][ROWS[0].index("U3 internal verifier")] = rows[16][ROWS[0].index("U3 assessor")]
    rows[30][1] = "6478796541"
    put(root, importing.GRADES, sample_sheets.as_csv(rows))


@pytest.mark.slow
def test_a_clean_import_in_words(root: Path) -> None:
    said = run(root)
    assert said.exit_code == 0
    assert "54 full claims \u00b7 6 unit claims" in said.output
    assert "Northfield College" in said.output
    assert "Nothing was written. Next: the same with `--write`." in said.output
    assert importing.claims(root) == []
    assert "Registered." in run(root, "--write").output
    assert "0 new, 0 amended, 60 known already" in run(root).output


@pytest.mark.slow
def test_faults_are_told_by_row_column_and_whom_to_ask(root: Path) -> None:
    faulty(root)
    said = run(root)
    assert said.exit_code == 1
    assert "row 17, U3 internal verifier" in said.output
    assert "another internal verifier" in said.output
    assert "ask: an internal verifier other than t.marsh, to verify U3" in said.output
    assert "row 31, ULN" in said.output
    assert "fails its check digit (the registration of NF04129 holds another)" in said.output
    assert "ask: the learner" in said.output
    assert "unit-grades-L3IT-2026.checked.xlsx" in said.output
    assert "take the 58 good rows" in said.output
    assert run(root, "--write").exit_code == 1
    assert importing.claims(root) == []
    said = run(root, "--accept-good")
    assert (said.exit_code, len(importing.claims(root))) == (3, 58)
    listed = run(root, "--held")
    assert "2 rows held" in listed.output
    assert "CLAIM-FOUR-EYES" in listed.output


def test_machines_read_json(root: Path) -> None:
    faulty(root)
    told = json.loads(run(root, "--json").stdout)
    assert (told["new"], told["held"], told["written"]) == (58, 2, False)
    owners = {problem["code"]: problem["owner"] for problem in told["problems"]}
    assert owners == {"CLAIM-FOUR-EYES": "internal_verifier", "LEARNER-ULN": "learner"}
    for problem in told["problems"]:
        place = Place(**{part: problem[part] for part in ("file", "row", "column", "subject")})
        assert problem["where"] == str(place)
        assert place.row in {17, 31}


@pytest.mark.slow
def test_a_strange_sheet_is_learnt_and_then_read_by_what_was_proposed(root: Path, tmp_path: Path) -> None:
    strange = {
        "Registration number": "Key",
        "ULN": "National no.",
        "First names": "Fornames",
        "Last names": "Surnam",
        "Completed on": "Finished",
        "Claim": "What",
    }
    rows = [[strange.get(cell, cell) for cell in ROWS[0]], *ROWS[1:]]
    sent = tmp_path / "strange.csv"
    sent.write_bytes(sample_sheets.as_csv(rows))
    with pytest.raises(SystemExit):
        report_and_exit(run(root, str(sent)).exception or AssertionError("it was read"))
    said = run(root, "--propose", str(sent))
    assert said.exit_code == 0, said.output
    assert "60 of 60 cells are ten digits with a good check digit" in said.output
    assert "dates can only have the day first" in said.output
    assert "Nothing was written." in said.output
    entry = said.output.split("read it before you keep it:\n")[1].rpartition("Nothing")[0]
    for name, heading in strange.items():
        assert f'"{name}": "{heading}"' in entry
    registrations = f"    registrations: {sample_sheets.REGISTRATIONS.name}\n"
    sources = root / "certificates" / "claims" / "sources.yaml"
    sources.write_text(f"schema: 1\nsources:\n{entry}{registrations}", "utf-8")
    assert "60 new" in run(root, str(sent)).output


def test_a_staff_list_is_compared_with_the_roster_and_changes_nothing(root: Path, tmp_path: Path) -> None:
    with workshop.opened(root) as session:
        keys.init_keys(session.workspace, session.environment)
        held = RoleHeld(role="assessor", start="2026-01-01")
        keys.add_staff(session.workspace, session.environment, "k.osei", "Kofi Osei", [held])
        before = session.workspace.keystore.roster()
    sent = tmp_path / "staff.csv"
    rows = [["Staff ID", "Name", "Role"], ["K.Osei", "Kofi Osei", "assessor"], ["n.new", "Nia New", "IV"]]
    sent.write_bytes(sample_sheets.as_csv([*rows, ["t.ut", "Tim Ut", "tutor"]]))
    said = run(root, str(sent))
    assert said.exit_code == 1
    assert "n.new            Nia New is not on the roster (internal verifier)" in said.output
    assert "`tutor` is no role" in said.output
    sent.write_bytes(sample_sheets.as_csv(rows))
    told = json.loads(run(root, str(sent), "--json").stdout)
    assert (told["faults"], told["people"]) == (0, "certificates/reports/people-staff.csv")
    people = (root / told["people"]).read_text("utf-8-sig").splitlines()
    assert people[1] == "n.new,Nia New,internal_verifier,,,,,,,"
    sent.write_bytes(sample_sheets.as_csv(rows[:2]))
    assert "Everybody in it is on the roster" in run(root, str(sent)).output
    assert not (root / told["people"]).exists()
    with workshop.opened(root) as session:
        assert session.workspace.keystore.roster() == before


def test_wrong_words_are_refused(root: Path) -> None:
    assert run(root, "--dates", "yesterday").exception is not None
    assert run(root, "--encoding", "ebcdic").exception is not None
    assert run(root, "--propose").exception is not None
