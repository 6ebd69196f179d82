"""Holds: what keeps a claim from being issued, or a certificate from being published (docs/holds.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.personal import Personal
from generator.model.value import Day, Handle, Text, Value, model_validator

HoldScope = Literal["claim", "certificate", "centre"]
HoldKind = Literal["block", "malpractice", "data_query", "identity", "external_sign_off", "fees"]


class Permission(Value):
    """That the awarding organisation permits a hold for fees: its reference, and the day it was given."""

    reference: Annotated[Text, Personal(common=True)]
    given_on: Day


class Hold(Value):
    """A hold as it is placed. `until` is when its owner must look at it; it never lifts itself."""

    scope: HoldScope
    subject: Text
    kind: HoldKind
    owner: Annotated[Handle, Personal("staff")]
    reason: Annotated[Text, Personal("others")]
    until: Day
    permission: Permission | None = None

    @model_validator(mode="after")
    def _permitted(self) -> Hold:
        if self.permission is not None and self.kind != "fees":
            raise ValueError("a permission belongs to a hold of kind fees")
        return self
