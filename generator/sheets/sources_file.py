"""sources.yaml: which file holds which claims, how its dates are written, how its columns are named.

See docs/import.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.value import Code, Day, Field, Text, Value, written
from generator.sheets.written_day import DateStyle

Layout = Literal["unit_grades", "completion_report", "progress_report"]
Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1"]


# The name of a file below the folder in which it belongs: no way up, no root, no drive, nothing hidden.
FileName = Annotated[
    str,
    Field(max_length=200),
    written(
        r"^[^/\\:\x00-\x1f.][^/\\:\x00-\x1f]*(/[^/\\:\x00-\x1f.][^/\\:\x00-\x1f]*)*$",
        "the name of a file in the folder of its kind, such as grades.xlsx",
    ),
]


class Source(Value):
    """One line of sources.yaml: which file holds what, and for which programme and centre.

    `columns` is our name -> their heading; `completed_from` and `completed_until` are the days between
    which this year's learners finish; `date_cells: right` says that real dates among text dates are as they
    were meant; `people` is a sheet that gives an LMS's addresses their ids.
    """

    file: FileName
    layout: Layout
    programme: Code
    version: Code
    centre: Code
    dates: DateStyle = "unknown"
    registrations: FileName | None = None
    registrations_dates: DateStyle | None = None
    date_cells: Literal["right"] | None = None
    registrations_date_cells: Literal["right"] | None = None
    people: FileName | None = None
    sheet: Text | None = None
    encoding: Encoding | None = None
    columns: dict[str, Text] = {}
    completed_from: Day | None = None
    completed_until: Day | None = None


class Sources(Value):
    """The whole of sources.yaml."""

    schema_: Literal[1] = Field(alias="schema")
    sources: tuple[Source, ...]
