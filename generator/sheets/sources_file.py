"""sources.yaml: which file holds which claims, how its dates are written, how its columns are named.

See docs/import.md.
"""

from __future__ import annotations

from typing import Literal

from generator.model.value import Code, Day, Field, Text, Value
from generator.sheets.written_day import DateStyle

Layout = Literal["unit_grades", "completion_report", "progress_report"]
Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1"]


class Source(Value):
    """One line of sources.yaml: which file holds what, and for which programme and centre.

    `columns` is our name -> their heading; `completed_from` and `completed_until` are the days between
    which this year's learners finish; `date_cells: right` says that real dates among text dates are as they
    were meant; `people` is a sheet that gives an LMS's addresses their ids.
    """

    file: Text
    layout: Layout
    programme: Code
    version: Code
    centre: Code
    dates: DateStyle = "unknown"
    registrations: Text | None = None
    registrations_dates: DateStyle | None = None
    date_cells: Literal["right"] | None = None
    registrations_date_cells: Literal["right"] | None = None
    people: Text | None = None
    sheet: Text | None = None
    encoding: Encoding | None = None
    columns: dict[str, Text] = {}
    completed_from: Day | None = None
    completed_until: Day | None = None


class Sources(Value):
    """The whole of sources.yaml."""

    schema_: Literal[1] = Field(alias="schema")
    sources: tuple[Source, ...]
