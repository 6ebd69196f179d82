"""Which state may follow which after issue (SPEC, chapter Status; docs/afterwards.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from generator.errors import Place, Problem
from generator.rules.codes import AFTER_STATE

State = Literal["valid", "suspended", "revoked", "superseded", "reinstated", "erased"]
Verb = Literal["revoke", "suspend", "reinstate", "replace", "resend", "renew", "erase"]

# From which states each verb may go on; "valid" is a certificate to which nothing was done yet.
FROM: Mapping[Verb, tuple[State, ...]] = {
    "revoke": ("valid", "suspended", "superseded", "reinstated"),
    "suspend": ("valid", "suspended", "reinstated"),
    "reinstate": ("suspended", "revoked"),
    "replace": ("valid", "reinstated"),
    "resend": ("valid", "reinstated"),
    "renew": ("valid", "reinstated"),
    "erase": ("valid", "suspended", "revoked", "superseded", "reinstated"),
}
_INSTEAD: Mapping[State, str] = {
    "valid": "nothing was done to it yet",
    "suspended": "decide the case first: `certportal reinstate` or `certportal revoke`",
    "revoked": "after an appeal: `certportal reinstate`",
    "superseded": "use the newer certificate",
    "reinstated": "nothing is left to lift",
    "erased": "nothing is kept of it that could be changed",
}


def may(verb: Verb, state: State, serial: str) -> list[Problem]:
    """Nothing, or the problem that this verb cannot follow this state (AFTER-STATE)."""
    if state in FROM[verb]:
        return []
    what = f"cannot {verb} a certificate that is {state}"
    return [AFTER_STATE.at(Place(subject=serial), what, _INSTEAD[state])]


def extends(state: State, until_before: str | None, until: str, serial: str) -> list[Problem]:
    """A suspension of the suspended may only move its end to a later day (AFTER-STATE)."""
    if state != "suspended" or (until_before is not None and until > until_before):
        return []
    what = f"is suspended until {until_before} already"
    return [AFTER_STATE.at(Place(subject=serial), what, "name a later day to extend the suspension")]
