"""Certificates that a centre received, and every hand they pass through (docs/received.md).

A `Received` says what an awarding organisation printed; a `Handover` is one event in the life of a paper,
received or issued here. Neither ever holds the number of an identity document.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from generator.model.claim import Reference
from generator.model.office_record import OfLearner
from generator.model.personal import Personal
from generator.model.value import Code, Day, Field, Handle, Text, Value, model_validator

Anomaly = Literal["unclaimed", "twice", "name", "number", "programme", "level", "grade", "date", "result"]
HandoverEvent = Literal[
    "received",
    "printed",
    "checked",
    "anomaly_closed",
    "ready",
    "collected",
    "posted",
    "returned",
    "uncollected",
    "sent_back",
    "destroyed",
]
# What an event says beyond who did it and when; what it must say, and what only it may say.
_NEEDS: dict[str, tuple[str, ...]] = {
    "collected": ("collected_by", "identity"),
    "posted": ("tracking",),
    "destroyed": ("second",),
    "anomaly_closed": ("anomaly", "detail"),
    "sent_back": ("detail",),
}
_ONLY: dict[str, tuple[str, ...]] = {
    "collected_by": ("collected",),
    "third_party": ("collected",),
    "authorisation": ("collected", "posted"),
    "identity": ("collected",),
    "tracking": ("posted", "sent_back"),
    "second": ("destroyed",),
    "anomaly": ("anomaly_closed",),
}


class PaperSettings(Value):
    """Days in the life of a certificate on paper (docs/received.md).

    `expected_days` after a claim its certificate is missed; `remind_days` after it was ready it counts as
    uncollected; `destroy_days` after it came into the office two people may destroy it.
    """

    expected_days: Annotated[int, Field(ge=1, le=3660)] = 42
    remind_days: Annotated[int, Field(ge=1, le=3660)] = 28
    destroy_days: Annotated[int, Field(ge=1, le=36500)] = 365


class ReceivedCertificate(OfLearner):
    """A certificate of an awarding organisation as it is printed; `certificate` is its number there."""

    KIND: ClassVar[str] = "received"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "certificate")

    certificate: Annotated[Reference, Personal(common=True)]
    name: Annotated[Text, Personal()]
    uln: Annotated[Text, Personal()] | None = None
    qualification: Annotated[Text, Personal(common=True)]
    programme: Code | None = None
    version: Code | None = None
    level: Annotated[Text, Personal(common=True)] | None = None
    grade: Annotated[Text, Personal(common=True)] | None = None
    awarded_on: Annotated[Day, Personal(common=True)] | None = None
    despatched_on: Annotated[Day, Personal(common=True)] | None = None
    received_on: Annotated[Day, Personal(common=True)] | None = None


class Handover(OfLearner):
    """One event in the life of a paper certificate: by whom in the office, on which day.

    `second` is the other person who destroyed it; `identity` the kind of document seen, never its number.
    A row given again with `entered_in_error` takes the event back.
    """

    KIND: ClassVar[str] = "handovers"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "certificate", "event", "on", "anomaly")

    certificate: Annotated[Reference, Personal(common=True)]
    event: HandoverEvent
    on: Annotated[Day, Personal(common=True)]
    by: Annotated[Handle, Personal("staff")]
    second: Annotated[Handle, Personal("staff")] | None = None
    anomaly: Anomaly | None = None
    collected_by: Literal["learner", "third_party"] | None = None
    third_party: Annotated[Text, Personal("others")] | None = None
    authorisation: Annotated[Text, Personal("others")] | None = None
    identity: Annotated[Text, Personal(common=True)] | None = None
    tracking: Annotated[Text, Personal(common=True)] | None = None
    detail: Annotated[Text, Personal("others")] | None = None
    entered_in_error: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Handover:
        lacking = [name for name in _NEEDS.get(self.event, ()) if getattr(self, name) is None]
        if lacking:
            raise ValueError(f"`{self.event}` says {' and '.join(lacking)}")
        strange = [name for name, events in _ONLY.items() if getattr(self, name) and self.event not in events]
        if strange:
            raise ValueError(f"`{self.event}` does not say {' or '.join(strange)}")
        if self.collected_by == "third_party" and not (self.third_party and self.authorisation):
            raise ValueError("a third party is named (third_party), with the learner's authorisation")
        if any(char.isdigit() for char in self.identity or ""):
            raise ValueError("say what kind of document was seen, never its number")
        if self.second == self.by:
            raise ValueError("two different people destroy a certificate")
        return self
