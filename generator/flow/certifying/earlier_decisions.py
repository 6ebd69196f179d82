"""What somebody decided before: a new decision names it, so none can be replayed or reordered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from generator.errors import Malformed
from generator.formats.approval import Approval, StandingApproval
from generator.model.people import Roster
from generator.rules.received_approvals import ReceivedApproval, open_approval


def latest_decision(
    about: Approval | StandingApproval, received: Iterable[ReceivedApproval], roster: Roster
) -> tuple[str | None, Approval | StandingApproval | None]:
    """What this person decided last in this role on the same: the envelope's digest, and the decision."""
    digest: str | None = None
    last: Approval | StandingApproval | None = None
    for item in received:
        try:
            opened = open_approval(item, roster)
        except Malformed:
            continue
        if _subject(opened) == _subject(about):
            digest, last = hashlib.sha256(item.data).hexdigest(), opened
    return digest, last


def _subject(opened: Approval | StandingApproval) -> tuple[str, ...]:
    if isinstance(opened, Approval):
        return "claim", opened.claim_id, opened.person, opened.role
    return "standing", opened.programme, opened.programme_version, opened.person, opened.role


def is_already_decided(made: Approval | StandingApproval, last: Approval | StandingApproval | None) -> bool:
    """Whether this person's last word in this role was the very same."""
    if last is None:
        return False
    last = last.model_copy(update={"replaces": None})
    if isinstance(made, StandingApproval) and isinstance(last, StandingApproval):
        # A later day of signing changes nothing while the earlier one still runs.
        return made.start <= last.until and made.model_copy(update=_dates(last)) == last
    return last == made


def _dates(last: StandingApproval) -> dict[str, str]:
    return {"start": last.start, "until": last.until}
