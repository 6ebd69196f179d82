"""Approvals as they were received: opened, and verified as by the person they name (SPEC, Approval)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import Malformed
from generator.formats import approval, envelope
from generator.formats.approval import Approval, StandingApproval
from generator.model.people import PersonKey, Roster
from generator.model.value import Instant


@dataclass(frozen=True, slots=True)
class ReceivedApproval:
    """An approval as the event chain received it: when, its envelope, and the draft it was given for."""

    at: Instant
    data: bytes
    draft: bytes = b""


@dataclass(frozen=True, slots=True)
class OpenedStandingApproval:
    """A standing approval opened once for a whole run; `opened` is None where it is not genuine."""

    data: bytes
    opened: StandingApproval | None
    fault: str = ""
    at: Instant | None = None
    key: PersonKey | None = None


def opened_approvals(
    received: ReceivedApproval, roster: Roster
) -> tuple[Approval | StandingApproval, PersonKey]:
    """The approval and the key that signed it, live when it was received. Raises `Malformed`."""
    outer = approval.split(received.data)
    for person in roster.people:
        for key in person.keys:
            if not key.start <= received.at or (key.until is not None and received.at >= key.until):
                continue
            try:
                envelope.verified(outer, [bytes.fromhex(key.public)])
            except Malformed:
                continue
            opened = approval.decode(outer)
            if opened.person != person.person:
                raise Malformed(f"signed with a key of {person.person}, but in the name of {opened.person}")
            return opened, key
    raise Malformed("signed by nobody on the roster")


def open_approval(received: ReceivedApproval, roster: Roster) -> Approval | StandingApproval:
    """The approval, verified as by the person it names. Raises `Malformed`."""
    return opened_approvals(received, roster)[0]


def open_standing(received: Iterable[ReceivedApproval], roster: Roster) -> tuple[OpenedStandingApproval, ...]:
    """Every standing approval, verified as by the person it names, in the order of receipt."""
    found = []
    for item in received:
        try:
            opened, key = opened_approvals(item, roster)
        except Malformed as error:
            found.append(OpenedStandingApproval(item.data, None, str(error), item.at))
            continue
        if isinstance(opened, StandingApproval):
            found.append(OpenedStandingApproval(item.data, opened, "", item.at, key))
    return tuple(found)
