"""A sheet of another year: completed nearer to another year's end than to the learner's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.errors import Place, Problem
from generator.model.claim import Claim
from generator.model.registration import RegistrationEvent
from generator.model.value import Day, later
from generator.rules.controls.registration import ends_on
from generator.sheets.codes import SHEET_YEAR

HALF_A_YEAR_DAYS = 183


def problems(
    claim: Claim, planned: str, events: Iterable[RegistrationEvent], place: Place
) -> Iterator[Problem]:
    """Whether a claim was completed within half a year of the day on which its learner was to finish.

    `planned` is what the registration sheet says, empty where it says nothing; `events` are those of the
    claim's programme, of which an extension counts.
    """
    ends = [Day(day) for day in (planned, ends_on(tuple(events))) if day]
    if not ends:
        return
    first, last = later(min(ends), days=-HALF_A_YEAR_DAYS), later(max(ends), days=HALF_A_YEAR_DAYS)
    if not first <= claim.completed_on <= last:
        what = f"{claim.completed_on} is nearer to another year than to {max(ends)}, the planned completion"
        fix = (
            "check that it is this year's sheet; for a late learner record the extension, or write"
            " `completed_from` and `completed_until` in sources.yaml"
        )
        yield SHEET_YEAR.at(place.within("completed_on"), what, fix)
