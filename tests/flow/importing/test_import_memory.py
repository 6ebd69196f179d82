"""Ten times the rows in the same memory, from the file to the preview."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests import sample_sheets, workshop
from tests.flow.importing.sheets_put_in import course, only

_ALLOWED_GROWTH = 24_000  # kilobytes; 20 MB of CSV would be three times that as Python objects
_MEASURE = """
import resource, sys
from pathlib import Path
from tests import workshop
from generator.flow.importing import import_claims
with workshop.opened(Path(sys.argv[1])) as session:
    found = import_claims.preview(session)
assert found.new > 0, found.problems
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def report(path: Path, rows: int) -> None:
    """A completion report of that many learners."""
    head, *samples = sample_sheets.rows_of(sample_sheets.COMPLETION)
    made = ([str(100_000 + rank), *samples[rank % 120][1:]] for rank in range(rows))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *made])
    else:
        book = Workbook(write_only=True)
        page = book.create_sheet("Report")
        for row in (head, *made):
            page.append(row)
        book.save(path)


_MEASURE_LIST = """
import resource, sys
from pathlib import Path
from tests import workshop
from generator.flow.importing import import_claims, import_sources
with workshop.opened(Path(sys.argv[1])) as session:
    options = import_sources.Options(programme="CARE101")
    item = import_sources.of_file(session.workspace, session.workspace.root / "attendance.csv", options)
    found = import_claims.preview(session, [item])
    import_claims.write(session, found)
assert found.records.listed[0] > 0, found.problems
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.exhaustive
@pytest.mark.slow
def test_neither_does_it_with_a_list_that_becomes_records(tmp_path: Path) -> None:
    peaks = []
    for rows in (2_000, 20_000):
        root = workshop.sample(tmp_path / str(rows))
        with (root / "attendance.csv").open("w", encoding="utf-8", newline="") as file:
            listed = ([str(100_000 + rank), "9", "10"] for rank in range(rows))
            csv.writer(file).writerows([["Student ID", "Attended", "Possible"], *listed])
        command = [sys.executable, "-c", _MEASURE_LIST, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=workshop.CHECKOUT)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < _ALLOWED_GROWTH, peaks


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, suffix: str) -> None:
    peaks = []
    for rows in (2_000, 40_000):
        root = workshop.sample(tmp_path / str(rows))
        only(root, course(f"report{suffix}", "completion_report"))
        report(root / "certificates" / "claims" / f"report{suffix}", rows)
        command = [sys.executable, "-c", _MEASURE, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=workshop.CHECKOUT)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < _ALLOWED_GROWTH, peaks
