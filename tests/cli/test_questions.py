"""Questions about names: answered on a sheet that is handed back, or at the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import sample_sheets, workshop
from tests.cli.terminal import Answer, Terminal, typed
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import grades, only, put

ROWS = sample_sheets.rows_of(sample_sheets.GRADES)
FIRST, LAST = ROWS[0].index("First names"), ROWS[0].index("Last names")
ASKED = "all, none, each, or later?"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A grade sheet of seven learners, two of whom are in capitals."""
    made = workshop.sample(tmp_path / "w")
    only(made, grades())
    rows = [list(row) for row in ROWS[:8]]
    for row in (rows[5], rows[7]):
        row[LAST] = row[LAST].upper()
        row[FIRST] = row[FIRST].upper()
    put(made, importing.GRADES, sample_sheets.as_csv(rows))
    return made


def names(root: Path) -> list[bool]:
    """Whether each registered claim has the name as registered."""
    registered = {" ".join((row[FIRST], row[LAST])).strip() for row in ROWS[1:8]}
    return [any(f'"{name}"' in body for name in registered) for body in importing.claims(root)]


def filled(root: Path, *answers: str) -> Path:
    sheet = root / "certificates/reports/questions.csv"
    lines = sheet.read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(answers)
    given = [lines[0], *(line + answer for line, answer in zip(lines[1:], answers, strict=True))]
    sheet.write_text("\n".join(given), "utf-8-sig")
    return sheet


@pytest.mark.slow
def test_answers_on_the_sheet_are_taken_and_remembered(root: Path, certportal: Terminal) -> None:
    first = certportal("import", "--write", "-w", root)
    assert first.code == 1
    assert "2 names spelt otherwise than registered: certificates/reports/questions.csv" in first.out
    assert "--answer certificates/reports/questions.csv" in first.out
    sheet = filled(root, "same", "Yes")
    assert certportal("import", "--answer", sheet, "--write", "-w", root).code == 0
    assert names(root) == [True] * 7
    again = certportal("import", "-w", root)
    assert (again.code, "0 new, 0 amended, 7 known already" in again.out) == (0, True)


@pytest.mark.slow
def test_different_people_stay_held(root: Path, certportal: Terminal) -> None:
    certportal("import", "-w", root)
    sheet = filled(root, "different", "")
    said = certportal("import", "--answer", sheet, "--accept-good", "-w", root)
    assert said.code == 3
    assert "REGISTRATION-MATCH" in said.out
    assert "1 name spelt otherwise" in said.out
    assert names(root) == [True] * 5


@pytest.mark.slow
def test_words_that_are_no_answer_are_refused_by_their_line(root: Path, certportal: Terminal) -> None:
    certportal("import", "-w", root)
    sheet = filled(root, "same", "perhaps")
    said = certportal("import", "--answer", sheet, "--write", "-w", root)
    assert said.code == 1
    assert "questions.csv:3: IMPORT-ANSWER: `perhaps` is no answer" in said.err
    assert importing.claims(root) == []
    other = certportal("import", "--answer", root / "portal.yaml", "-w", root)
    assert (other.code, "SHEET-DELIMITER" in other.err or "IMPORT-ANSWER" in other.err) == (1, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("replies", "code", "registered"),
    [
        (((ASKED, "all"),), 0, 7),
        (((ASKED, "none"),), 1, 0),
        (((ASKED, "each"), ("?", "y"), ("?", "n")), 1, 0),
        (((ASKED, "later"),), 1, 0),
    ],
)
def test_at_a_terminal_one_question_is_asked_for_all(
    root: Path, replies: tuple[tuple[str, str], ...], code: int, registered: int
) -> None:
    said = asked(root, replies)
    assert (said.code, len(importing.claims(root))) == (code, registered), said.out
    assert "2 names spelt otherwise than registered" in said.out
    held = {
        "all": [],
        "none": ["REGISTRATION-MATCH"],
        "each": ["REGISTRATION-MATCH"],
        "later": ["IMPORT-NAME"],
    }
    for known in ("REGISTRATION-MATCH", "IMPORT-NAME"):
        assert (known in said.out) is (known in held[replies[0][1]]), said.out


def asked(root: Path, replies: tuple[tuple[str, str], ...]) -> Answer:
    return typed("import", "--write", cwd=root, replies=replies)
