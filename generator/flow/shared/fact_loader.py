"""Loading the facts of a claim from the register, for the rules to look at (DESIGN, the house).

Records that do not agree with the event chain are no facts: they come out as `Missing`, and every
control that needs them holds the claim.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from generator.edge.register.claims import Claims
from generator.edge.register.draws import Draws
from generator.edge.register.holds import Holds
from generator.edge.register.records import OfficeRecords, digest, subject
from generator.flow.shared.session import Session
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord, is_about
from generator.model.people import Person
from generator.model.quality_records import BlockStep, CentreApproval, Interest, Irregularity, ReviewCheck
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord
from generator.model.value import ClaimId
from generator.rules.controls.assessment import records_used
from generator.rules.controls.facts import ActiveHold, ClaimFacts, Missing, SampleState, SimilarClaim, Unknown
from generator.terms import CENTRE, CLAIM

_EDITED = "restore the register from the backup, and report it"
Kind = TypeVar("Kind", bound=OfficeRecord)
Listed = tuple[OfficeRecord, ...] | Missing


class Loader:
    """Loads facts for one run. `incoming` are records about to be kept: a preview looks at them too."""

    def __init__(
        self,
        session: Session,
        staff: Iterable[Person] = (),
        incoming: Iterable[OfficeRecord] = (),
    ) -> None:
        self._workspace = session.workspace
        self._records = OfficeRecords(session.register)
        self._claims = Claims(session.register)
        self._draws = Draws(session.register)
        # The few in force are read once; a claim is held by those on it and on its centre.
        self._holds: dict[tuple[str, str], list[ActiveHold]] = {}
        for item in Holds(session.register).in_force():
            fact = ActiveHold(item.hold_id, item.kind, item.owner, item.until)
            self._holds.setdefault((item.scope, item.subject), []).append(fact)
        self._today = session.today
        self._staff = tuple(staff)
        self._incoming: dict[str, list[OfficeRecord]] = {}
        self._numbers: dict[str, list[LearnerRecord]] = {}
        for record in incoming:
            self._incoming.setdefault(subject(record.centre, record.learner()), []).append(record)
            if isinstance(record, LearnerRecord) and record.uln:
                self._numbers.setdefault(record.uln, []).append(record)
        self._centres: dict[str, Listed] = {}
        # What a claim looks at besides verification records, which can be many.
        self._few: dict[str, Listed] = {}
        self._verified: dict[str, dict[tuple[str, str], tuple[VerificationRecord, ...]]] = {}

    def of(self, claim: Claim, claim_id: ClaimId | None = None, *, certified: bool = False) -> ClaimFacts:
        """Everything that the controls may look at for a claim; once it is certified, no hold is on it."""
        of_learner = self._about(subject(claim.centre, claim.learner_ref))
        if claim.centre not in self._centres:
            whole = self._centres[claim.centre] = self._about(subject(claim.centre, None))
            self._few[claim.centre] = (
                whole
                if isinstance(whole, Missing)
                else tuple(one for one in whole if not isinstance(one, VerificationRecord))
            )
        common = self._few[claim.centre]
        version = f"{claim.programme} version {claim.version}"
        facts = ClaimFacts(
            today=self._today,
            organisation=self._workspace.portal.organisation,
            programme=self._workspace.programmes.get((claim.programme, claim.version))
            or Missing(
                f"{version} is not in the catalogue", "add it to certificates/catalogue/", "quality_nominee"
            ),
            centre=self._workspace.centres.get(claim.centre)
            or Missing(
                f"the {CENTRE} {claim.centre} is not known",
                "add it to certificates/centres/",
                "quality_nominee",
            ),
            learner=_one(of_learner, LearnerRecord, _unregistered(claim)),
            registration=_all(of_learner, RegistrationEvent),
            results=_all(of_learner, Result),
            verifications=self._verifications(claim, self._centres[claim.centre]),
            attendance=_attendance(of_learner, claim),
            centre_approvals=_all(common, CentreApproval),
            interests=_both(common, of_learner, Interest),
            block_steps=_all(common, BlockStep),
            irregularities=_both(common, of_learner, Irregularity),
            holds=() if certified else self._held(claim, claim_id),
            staff=self._staff,
        )
        return replace(
            facts,
            others=self._others(claim, facts, claim_id),
            draw=self._draw(claim_id, common),
            evidence=_evidence(claim, facts),
        )

    def _about(self, about: str) -> Listed:
        found = self._records.about(about)
        if found.fault:
            return Missing(found.fault, _EDITED, "administrator")
        listed = {(item.record.KIND, item.record.key()): item.record for item in found.current()}
        for record in self._incoming.get(about, ()):
            listed[(record.KIND, record.key())] = record
        return tuple(listed.values())

    def _verifications(self, claim: Claim, common: Listed) -> tuple[VerificationRecord, ...] | Missing:
        """The centre's verification records of the claim's programme; sorted once for a centre."""
        if isinstance(common, Missing):
            return common
        if claim.centre not in self._verified:
            listed = [one for one in common if isinstance(one, VerificationRecord)]
            found: dict[tuple[str, str], list[VerificationRecord]] = {}
            for one in listed:
                found.setdefault((one.programme, one.version), []).append(one)
            self._verified[claim.centre] = {key: tuple(some) for key, some in found.items()}
        return self._verified[claim.centre].get((claim.programme, claim.version), ())

    def _others(
        self, claim: Claim, facts: ClaimFacts, claim_id: ClaimId | None
    ) -> tuple[SimilarClaim, ...] | Missing:
        """Claims for the same thing by somebody with the same learner number under another reference."""
        learner = facts.learner
        if isinstance(learner, Missing) or learner.uln is None:
            return ()
        same = [one for one in self._numbers.get(learner.uln, ()) if one.key() != learner.key()]
        found = {one.key(): one for one in (*same, *self._records.same_number(learner))}
        return tuple(
            SimilarClaim(
                f"{one.centre}/{one.learner_ref} ({CLAIM} {other_id}, {source})",
                serial,
                "the ULN is the same",
            )
            for one in found.values()
            for other_id, source, serial in self._claims.of_subject(
                subject(one.centre, one.learner_ref), claim.programme, claim.version, claim.kind
            )
            if other_id != claim_id
        )

    def _held(self, claim: Claim, claim_id: ClaimId | None) -> tuple[ActiveHold, ...]:
        on_claim = self._holds.get(("claim", claim_id), []) if claim_id else []
        return (*on_claim, *self._holds.get(("centre", claim.centre), []))

    def _draw(self, claim_id: ClaimId | None, common: Listed) -> SampleState | Missing:
        sampled = self._draws.sampled(claim_id) if claim_id else None
        if sampled is None:
            return Missing("is in no draw yet", "run `certportal review`", "quality_nominee")
        checks = (
            [] if isinstance(common, Missing) else [one for one in common if isinstance(one, ReviewCheck)]
        )
        return SampleState(sampled, next((one for one in reversed(checks) if one.claim_id == claim_id), None))


def _all(listed: Listed, kind: type[Kind]) -> tuple[Kind, ...] | Missing:
    return listed if isinstance(listed, Missing) else tuple(one for one in listed if isinstance(one, kind))


def _both(first: Listed, second: Listed, kind: type[Kind]) -> tuple[Kind, ...] | Missing:
    found = _all(first, kind), _all(second, kind)
    missing = next((one for one in found if isinstance(one, Missing)), None)
    return missing or tuple(one for part in found if not isinstance(part, Missing) for one in part)


def _one(listed: Listed, kind: type[Kind], otherwise: Missing) -> Kind | Missing:
    found = _all(listed, kind)
    return found if isinstance(found, Missing) else found[0] if found else otherwise


def _unregistered(claim: Claim) -> Missing:
    what = f"{claim.learner_ref} is not registered at {claim.centre}"
    return Missing(what, "register the learner, or correct the reference", "exams_officer")


def _attendance(listed: Listed, claim: Claim) -> Attendance | Missing:
    found = _all(listed, Attendance)
    if isinstance(found, Missing):
        return found
    matching = [one for one in found if is_about(one, claim.programme, claim.version)]
    what = f"no attendance is recorded for {claim.learner_ref} in {claim.programme}"
    return matching[0] if matching else Missing(what, "record it; nothing is assumed", "programme_leader")


def _evidence(claim: Claim, facts: ClaimFacts) -> tuple[str, ...]:
    """Digests of what the claim rests on. Contact and messages are no evidence: they may change."""
    used: list[OfficeRecord] = []
    for listed in (facts.registration, facts.results):
        if not isinstance(listed, Missing):
            used += [one for one in listed if is_about(one, claim.programme, claim.version)]
    with contextlib.suppress(Unknown):  # what is missing is the controls' business
        used += records_used(claim, facts)
    if isinstance(facts.attendance, Attendance):
        used.append(facts.attendance)
    learner_told = [one for one in used if isinstance(one, RegistrationEvent) and one.event == "told"]
    return tuple(sorted({digest(one) for one in used if one not in learner_told}))
