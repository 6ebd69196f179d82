"""What a claim may renew: the same learner's earlier certificate of the same programme (docs/expiry.md)."""

from __future__ import annotations

from typing import Protocol

from generator.errors import Place, Problem
from generator.model.claim import Claim
from generator.rules.codes import CLAIM_RENEWS
from generator.terms import CLAIM


class EarlierClaim(Protocol):
    """The claim that is renewed; `serial` is None while it is not certified."""

    @property
    def claim(self) -> Claim: ...

    @property
    def serial(self) -> str | None: ...


def problems(claim: Claim, old: EarlierClaim | None, place: Place) -> list[Problem]:
    """Why a claim cannot renew `old`, which is what it names; nothing where it renews nothing."""
    if claim.renews is None:
        return []
    if old is None or old.serial is None:
        what = f"renews {claim.renews}, which is no certified {CLAIM}"
        return [CLAIM_RENEWS.at(place.within("renews"), what, "`certportal renew SERIAL` fills it in")]
    same = ("centre", "learner_ref", "programme")
    other = [name for name in same if getattr(old.claim, name) != getattr(claim, name)]
    if other:
        what = f"renews a certificate with another {' and '.join(other)}"
        return [CLAIM_RENEWS.at(place.within("renews"), what, "name the certificate of this learner")]
    if claim.completed_on <= old.claim.completed_on:
        what = f"was completed on {claim.completed_on}, not after the one that it renews"
        return [CLAIM_RENEWS.at(place.within("completed_on"), what, "give the day of the new achievement")]
    return []
