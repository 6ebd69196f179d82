"""What may happen to a certificate on paper, and in which order (docs/received.md).

Nothing is handed out that was not compared and checked, nothing twice, and what nobody collected is
destroyed by two people only after the set time. Each rule has a name of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from generator.errors import Code
from generator.model.paper import Handover
from generator.model.value import Day, later
from generator.rules.codes import (
    HANDOVER_ARRIVED,
    HANDOVER_DATES,
    HANDOVER_EARLY,
    HANDOVER_ENDED,
    HANDOVER_OUT,
    HANDOVER_TWICE,
    HANDOVER_UNCHECKED,
    HANDOVER_WITHHELD,
)
from generator.terms import CLAIM, Worded

PaperState = Literal[
    "expected",
    "here",
    "checked",
    "ready",
    "uncollected",
    "collected",
    "posted",
    "returned",
    "sent_back",
    "destroyed",
]
_RANK = (
    *("received", "printed", "anomaly_closed", "checked", "ready", "uncollected"),
    *("collected", "posted", "returned", "sent_back", "destroyed"),
)
OUT: tuple[PaperState, ...] = ("collected", "posted")
ENDED: tuple[PaperState, ...] = ("sent_back", "destroyed")


@dataclass(frozen=True, slots=True)
class Breach(Worded):
    """An event that a rule forbids."""

    event: Handover
    code: Code
    what: str
    fix: str


@dataclass(slots=True)
class PaperHistory:
    """Where a paper is after its events, since when, since when it lies in the office, and every breach.

    `withheld`: why it is not to be handed out. `destroy_days`: how long it lies before it may be destroyed.
    Both forbid what is about to be recorded (`fresh`); what was recorded before happened. `issued_here`:
    it was printed here, so that its life begins with `printed`.
    """

    withheld: Sequence[str]
    destroy_days: int
    issued_here: bool = False
    fresh: Sequence[Handover] = ()
    place: PaperState = "expected"
    since: Day | None = None
    lies_since: Day | None = None
    checked: bool = False
    breaches: list[Breach] = field(default_factory=list)

    def arrive(self, day: Day) -> None:
        """It is in the office from this day on, as the record of the certificate says."""
        self.place, self.since, self.lies_since = "here", day, day

    def step(self, event: Handover) -> None:
        """One event; what is forbidden is noted and changes nothing."""
        found = self._forbidden(event)
        if found is not None:
            self.breaches.append(Breach(event, *found))
            return
        match event.event:
            case "anomaly_closed":
                return
            case "received" | "printed":
                self.arrive(event.on)
                return
            case "checked":
                self.checked, self.place = True, "checked"
            case "returned":
                self.lies_since, self.place = event.on, "returned"
            case "ready" | "uncollected" | "collected" | "posted" | "sent_back" | "destroyed":
                self.place = event.event
        self.since = event.on

    @property
    def destroy_from(self) -> Day | None:
        """The first day on which it may be destroyed, while it lies in the office."""
        if self.lies_since is None or self.place in (*OUT, *ENDED):
            return None
        return later(self.lies_since, days=self.destroy_days)

    def _forbidden(self, event: Handover) -> tuple[Code, str, str] | None:
        said, name = event.event.replace("_", " "), event.certificate
        if event.event == "anomaly_closed":
            return None
        if self.place in ENDED:
            what = (
                f"{name} was {self.place.replace('_', ' ')} on {self.since}: nothing happens to it any more"
            )
            return HANDOVER_ENDED, what, "correct the certificate number"
        if self.since is not None and event.on < self.since:
            what = f"{said} on {event.on}, before it was {self.place.replace('_', ' ')} on {self.since}"
            return HANDOVER_DATES, what, "correct the day"
        first = "printed" if self.issued_here else "received"
        if (event.event == first) != (self.place == "expected") or event.event in {"received", "printed"} - {
            first
        }:
            if self.place == "expected":
                return (
                    HANDOVER_ARRIVED,
                    f"{said}, but it was never {first}",
                    f"record `{first}`",
                )
            what = f"{said}, but it is in the office since {self.lies_since}"
            return HANDOVER_ARRIVED, what, "remove the row"
        return self._out_or_in(event, said)

    def _out_or_in(self, event: Handover, said: str) -> tuple[Code, str, str] | None:
        if event.event == "returned":
            if self.place not in OUT:
                fix = "record first how it left the office"
                return HANDOVER_OUT, "returned, but it was never handed out", fix
            return None
        if self.place in OUT:
            what = f"{said}, but it was {self.place} on {self.since} and did not return"
            return HANDOVER_TWICE, what, "record its return first, or correct the number"
        if event.event in ("ready", "collected", "posted", "uncollected"):
            if not self.checked:
                fix = f"compare the paper with the {CLAIM}, and record `checked`"
                return HANDOVER_UNCHECKED, f"{said}, but nobody checked it", fix
            if self.withheld and event in self.fresh:
                what = f"{said}, but it is withheld: {', '.join(self.withheld)}"
                return HANDOVER_WITHHELD, what, "settle it and record `anomaly_closed`"
        first = self.destroy_from
        if event.event == "destroyed" and event in self.fresh and first is not None and event.on < first:
            what = f"destroyed on {event.on}; it lies here since {self.lies_since} and is kept until {first}"
            return HANDOVER_EARLY, what, "keep it until then, or send it back"
        return None


def walk(
    events: Sequence[Handover],
    *,
    fresh: Sequence[Handover] = (),
    received_on: Day | None = None,
    withheld: Sequence[str] = (),
    destroy_days: int,
    issued_here: bool = False,
) -> PaperHistory:
    """A paper's way through its events, by day and, on one day, in the order of the office's work."""
    found = PaperHistory(withheld, destroy_days, issued_here, fresh)
    if received_on is not None:
        found.arrive(received_on)
    for event in sorted(events, key=lambda one: (one.on, _RANK.index(one.event))):
        # Where the record itself says when it came, an event that says so too is no second arrival.
        by_despatch_list = event.event == "received" and received_on is not None
        if not event.entered_in_error and not by_despatch_list:
            found.step(event)
    return found
