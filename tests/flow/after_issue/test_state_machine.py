"""Random sequences of every verb after issue, killed at random writes; checked after each step.

Checked: the chain is whole, register and site agree, no state is reached without its evidence, a refused verb
changes nothing, a killed one happened wholly or not at all, and nothing is lost.
"""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import precondition, rule

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.holds import Holds
from generator.edge.register.replacements import Replacements
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Refused
from generator.flow.after_issue import erasure, lifecycle, reissue, replacement
from generator.flow.importing import import_claims
from generator.flow.publishing import publish
from generator.flow.shared import certificate_states
from generator.rules import renewals
from generator.rules.state_transitions import FROM
from tests.examples import examples
from tests.flow.after_issue.machine import MORE, NONE, PAIRS
from tests.flow.after_issue.office_rules import EVIDENCE, KILL, PICK, OfficeRules
from tests.flow.after_issue.test_lifecycle import suspend, verdict
from tests.flow.after_issue.test_reissue import cohort
from tests.flow.after_issue.test_replace import request
from tests.small_office import LEARNERS, Office, claims_file


class AfterIssue(OfficeRules):
    """Every verb, with and without its evidence."""

    @rule(
        rank=PICK,
        which=st.sampled_from([("revocation", "revoke"), ("revocation", "dismiss"), ("erasure", "dismiss")]),
        kill=KILL,
    )
    def a_case(self, rank: int, which: tuple[str, str], kill: int | None) -> None:
        serial = self.pick(rank)
        self.step(lambda office: office.closed_case(which[0], serial, which[1], PAIRS[0]), {}, kill)

    # ------------------------------------------------------------ verbs

    @rule(rank=PICK, evidence=EVIDENCE, kill=KILL)
    def revoke(self, rank: int, evidence: bool, kill: int | None) -> None:
        serial = self.pick(rank)
        case_id = self.usable(serial, "revocation", "revoke", evidence)

        def act(office: Office) -> None:
            plan = lifecycle.plan_revoke(office.session, serial, case_id)
            lifecycle.apply_planned(office.session, plan)

        if case_id != NONE and self.states[serial] in FROM["revoke"]:
            self.step(act, {serial: "revoked"}, kill)
        else:
            self.refused(act)

    @rule(rank=PICK, evidence=EVIDENCE, appealed=st.booleans(), kill=KILL)
    def reinstate(self, rank: int, evidence: bool, appealed: bool, kill: int | None) -> None:
        serial = self.pick(rank)
        case_id = self.lifting(serial, evidence, appealed)

        def act(office: Office) -> None:
            plan = lifecycle.plan_reinstate(office.session, serial, case_id)
            lifecycle.apply_planned(office.session, plan)

        if case_id != NONE:
            made = [item for item in Replacements(self.office.register).of_old(serial) if item.new_serial]
            self.step(act, {serial: "superseded" if made else "reinstated"}, kill)
        else:
            self.refused(act)

    @rule(rank=PICK, days=st.integers(1, 300), kill=KILL)
    def suspend(self, rank: int, days: int, kill: int | None) -> None:
        serial = self.pick(rank)
        until = f"{2027 + days // 28 // 12}-{days // 28 % 12 + 1:02d}-{days % 28 + 1:02d}"
        last = StateChanges(self.office.register).last(serial)
        extends = self.states[serial] != "suspended" or (last is not None and until > (last.until or ""))
        if self.states[serial] in FROM["suspend"] and extends:
            self.step(lambda office: suspend(office, until, serial=serial), {serial: "suspended"}, kill)
        else:
            self.refused(lambda office: suspend(office, until, serial=serial))

    @rule(rank=PICK, evidence=st.sampled_from([False, False, True]), kill=KILL)
    def erase(self, rank: int, evidence: bool, kill: int | None) -> None:
        serial = self.pick(rank)
        case_id = self.usable(serial, "erasure", "erase", evidence)
        waits = [
            item
            for item in Replacements(self.office.register).of_old(serial)
            if item.withdrawn_at is None and item.request is not None and item.new_serial is None
        ]

        def act(office: Office) -> None:
            plan = erasure.plan(office.session, serial, case_id)
            erasure.erase(office.session, plan)

        replaced = waits and self.states[serial] != "superseded"
        if case_id != NONE and self.states[serial] in FROM["erase"] and not replaced:
            self.step(act, {serial: "erased"}, kill)
        else:
            self.refused(act)

    @rule(rank=PICK, because=st.sampled_from(["damage", "loss", "name"]), kill=KILL)
    def replace(self, rank: int, because: str, kill: int | None) -> None:
        serial = self.pick(rank)
        name = {"learner": {"name": f"New Name {rank}"}} if because == "name" else {}

        def act(office: Office) -> None:
            planned = replacement.plan(office.session, request(because, old_serial=serial), name)
            replacement.ask(office.session, planned, "e.off")

        waits = [
            item
            for item in Replacements(self.office.register).of_old(serial)
            if item.withdrawn_at is None and item.new_serial is None
        ]
        if self.states[serial] in FROM["replace"] and not waits:
            self.step(act, {}, kill)
        else:
            self.refused(act)

    @rule(rank=PICK, kill=KILL)
    def withdraw(self, rank: int, kill: int | None) -> None:
        waiting = [held.claim_id for held in Claims(self.office.register).uncertified() if held.replacement]
        if waiting:
            claim_id = waiting[rank % len(waiting)]
            self.step(
                lambda office: replacement.withdraw(office.session, claim_id, "e.off"),
                {},
                kill,
            )

    @rule(ranks=st.lists(PICK, min_size=1, max_size=3), yes=st.booleans(), kill=KILL)
    def reissue(self, ranks: list[int], yes: bool, kill: int | None) -> None:
        serials = tuple(sorted({self.pick(rank) for rank in ranks}))

        def act(office: Office) -> None:
            found = cohort(office, serials, completed_on="2026-11-21")
            reissue.open_cohort(office.session, found)
            case_id = found.case.case_id
            made = ("reissue" if yes else "dismiss", 0, None)
            for who in (("e.off", "exams_officer"), ("q.nom", "quality_nominee")):
                reissue.decide(office.session, case_id, made, who)  # type: ignore[arg-type]  # the test's own words
            reissue.close(office.session, case_id)
            if yes:
                listed = reissue.plan_release(office.session, case_id)
                reissue.release(office.session, case_id, listed)

        try:
            cohort(self.office, serials, completed_on="2026-11-21")
        except Refused:
            self.refused(act)
        else:
            self.step(act, {}, kill)

    @precondition(lambda self: self.more < len(MORE))
    @rule(kill=KILL)
    def claim(self, kill: int | None) -> None:
        self.more += 1
        path = self.office.workspace.certificates / "claims" / "course.csv"
        path.write_text(claims_file((*LEARNERS, *MORE[: self.more])))

        def act(office: Office) -> None:
            found = import_claims.preview(office.session)
            assert {problem.code for problem in found.problems} <= {"CLAIM-ERASED"}
            import_claims.write(office.session, found)

        self.step(act, {}, kill)

    @rule(kill=KILL)
    def issue(self, kill: int | None) -> None:
        """Whatever may be issued is; a killed issue is finished by the next one, with the same numbers."""
        claims, replacements = Claims(self.office.register), Replacements(self.office.register)
        register = self.office.register
        held_back = {(hold.scope, hold.subject) for hold in Holds(register).in_force()}
        good = [
            held
            for held in claims.uncertified()
            if not held_back & {("claim", held.claim_id), ("centre", held.claim.centre)}
            and not certificate_states.obstacles(register, held)
            # What is renewed may have been withdrawn since.
            and not renewals.problems(held.claim, claims.by_id(held.claim.renews or ""), Place())
        ]
        old = [replacements.of_claim(held.claim_id) for held in good]
        superseded = {item.old_serial: "superseded" for item in old if item is not None}
        before = self.states
        if self._run(Office.issue_all, kill):
            self.office.issue_all()
        after = self.seen()
        assert {serial: state for serial, state in after.items() if serial in before} == {
            **before,
            **superseded,
        }
        assert len(after) - len(before) == len(good)
        self.states = after

    @rule(whole=st.booleans(), kill=KILL)
    def publish(self, whole: bool, kill: int | None) -> None:
        act = publish.publish if whole else publish.publish_status
        self._run(lambda office: act(office.session), kill)
        self.office.publish()
        assert StateChanges(self.office.register).waiting() == set()
        withheld = {serial for serial in self.states if Holds(self.office.register).withholding(serial)} & {
            serial for serial, _ in Certificates(self.office.register).never_published()
        }
        for serial, state in self.states.items():
            expected = "not_found" if serial in withheld else state.replace("reinstated", "valid")
            assert verdict(self.office, serial).kind == expected


AfterIssue.TestCase.settings = settings(max_examples=examples(12), stateful_step_count=32)
TestAfterIssue = pytest.mark.slow(AfterIssue.TestCase)
