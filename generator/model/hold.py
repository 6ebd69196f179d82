"""Holds: what keeps a claim from being issued, or a certificate from being published (docs/holds.md)."""

from __future__ import annotations

from typing import Literal

from generator.model.value import Day, Handle, Text, Value

HoldScope = Literal["claim", "certificate", "centre"]
HoldKind = Literal["block", "malpractice", "data_query", "identity", "external_sign_off", "fees"]


class Hold(Value):
    """A hold as it is placed. `until` is when its owner must look at it; it never lifts itself."""

    scope: HoldScope
    subject: Text
    kind: HoldKind
    owner: Handle
    reason: Text
    until: Day
