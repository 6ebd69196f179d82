"""Sheets of which it cannot be told what they are of: code, place and who acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Place, Refused
from generator.flow.importing import import_sources, sheet_previews
from generator.flow.importing.import_sources import Options
from generator.flow.shared import workspace as workspaces
from generator.sheets.registration_sheet import Registration
from tests import sample_sheets, workshop
from tests.refusal import named

RESULTS = b"Learner reference,Unit,Grade\nREF0001,B1,P\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sample, no file of which is named in sources.yaml."""
    made = workshop.sample(tmp_path / "workspace")
    (made / "certificates/claims/sources.yaml").unlink()
    return made


def grades(root: Path, options: Options) -> object:
    workspace = workspaces.load_workspace(root)
    return import_sources.of_file(
        workspace, root / "certificates/claims" / sample_sheets.GRADES.name, options
    )


def test_a_sheet_that_could_be_of_either_centre(root: Path) -> None:
    (root / "certificates/centres/NF042.yaml").write_text(
        "schema: 1\nnumber: NF042\nname: Southfield\n", "utf-8"
    )
    with pytest.raises(Refused, match="say which with --centre: NF041, NF042") as act:
        grades(root, Options())
    where = f"certificates/claims/{sample_sheets.GRADES.name}"
    assert named(act) == [("SHEET-CENTRE", where, "exams_officer")]
    assert grades(root, Options(centre="NF041"))


def test_a_grade_sheet_that_either_registration_sheet_could_belong_to(root: Path) -> None:
    (root / "certificates/registrations/older.csv").write_bytes(sample_sheets.REGISTRATIONS.read_bytes())
    with pytest.raises(Refused, match="say which with --registrations: older") as act:
        grades(root, Options())
    where = f"certificates/claims/{sample_sheets.GRADES.name}"
    assert named(act) == [("SHEET-REGISTRATIONS", where, "exams_officer")]
    assert grades(root, Options(registrations="older.csv"))


def test_a_list_of_results_is_compared_and_not_kept(root: Path) -> None:
    path = root / "results.csv"
    path.write_bytes(RESULTS)
    workspace = workspaces.load_workspace(root)
    found = sheet_previews.look(workspace, path, Options())
    with pytest.raises(Refused, match="compared and never kept") as act:
        sheet_previews.keep_registrations(workspace, path, found)
    assert named(act) == [("IMPORT-SHAPE", workspace.shown(path), "exams_officer")]


def test_a_registration_that_makes_no_record() -> None:
    row = Registration("REF 0001\u202e", "Ann Bo", "", Place("registrations.csv", 7))
    records, problems = import_sources.as_records(row, "NF041", "L3IT", "2025")
    assert records == []
    assert {(one.code, str(one.place), one.owner) for one in problems} == {
        ("REGISTRATION-FIELD", "registrations.csv:7 learner_ref", "exams_officer")
    }
