"""Rules of the random sequences that change no state: holds, letters, renewal, access, looks."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import rule

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.errors import Refused
from generator.flow.after_issue import holds, lifecycle, renewal, replacement, subject_access
from generator.flow.office import due
from generator.model.claim import Claim
from generator.rules.state_transitions import FROM
from tests.flow.after_issue.machine import Watched
from tests.flow.after_issue.test_holds import hold
from tests.flow.office.test_due import DONE
from tests.small_office import Office

# Few certificates, so that much happens to each: the first three, and the newest two.
PICK = st.integers(min_value=-2, max_value=2)
# Mostly with evidence, so that states are reached; without it every verb must refuse.
EVIDENCE = st.sampled_from([True, True, True, False])
# Most verbs write less than a dozen times, some much more; a kill may also come too late.
KILL = st.one_of(st.none(), st.integers(1, 12), st.integers(1, 80))


class OfficeRules(Watched):
    """What an office does beside its certificates, killed like everything else."""

    @rule(rank=PICK, kill=KILL)
    def resend(self, rank: int, kill: int | None) -> None:
        serial = self.pick(rank)

        def act(office: Office) -> None:
            again = lifecycle.plan_resend(office.session, serial)
            lifecycle.resend(office.session, again, "e.off")

        withheld = Holds(self.office.register).withholding(serial)
        issued = Certificates(self.office.register).find(serial)
        address = Contacts(self.office.register).of(issued.claim_id) if issued else None
        if self.states[serial] in FROM["resend"] and not withheld and address:
            self.step(act, {}, kill)
        else:
            self.refused(act)

    @rule(rank=PICK, kill=KILL)
    def place_hold(self, rank: int, kill: int | None) -> None:
        claims = [("claim", held.claim_id) for held in Claims(self.office.register).uncertified()]
        unpublished = [
            ("certificate", one) for one, _ in Certificates(self.office.register).never_published()
        ]
        subjects = [*claims, *unpublished, ("centre", "NF041"), ("certificate", self.pick(rank))]
        scope, subject = subjects[rank % len(subjects)]
        placed = hold(scope, subject, until="2027-12-01")

        def act(office: Office) -> None:
            holds.place(office.session, placed)

        if scope == "certificate" and (scope, subject) not in unpublished:
            self.refused(act)
        else:
            self.step(act, {}, kill)

    @rule(rank=PICK, kill=KILL)
    def release_hold(self, rank: int, kill: int | None) -> None:
        standing = Holds(self.office.register).in_force()
        if standing:
            hold_id = standing[rank % len(standing)].hold_id
            self.step(
                lambda office: holds.release(office.session, hold_id, "q.nom"),
                {},
                kill,
            )

    @rule(rank=PICK, kill=KILL)
    def renew(self, rank: int, kill: int | None) -> None:
        serial = self.pick(rank)

        def planned(office: Office) -> Claim:
            day = office.workspace.today(office.environment.now)
            return renewal.plan(office.session, serial, None, day, DONE)

        def act(office: Office) -> None:
            renewal.ask(office.session, serial, planned(office))

        try:
            planned(self.office)
        except Refused:
            self.refused(act)
        else:
            assert self.states[serial] in FROM["renew"]
            self.step(act, {}, kill)

    @rule(rank=PICK, kill=KILL)
    def access(self, rank: int, kill: int | None) -> None:
        ref = self.learner(self.pick(rank))
        files: dict[str, bytes] = {}

        def act(office: Office) -> None:
            files.update(subject_access.export(office.session, "NF041", ref or "L999"))

        if ref is None:
            self.refused(act)
            return
        self.step(act, {}, kill)
        text = files.get("your-data.json", b"").decode()
        others = {f"L{other:03d}" for other in range(1, 10)} - {ref}
        assert not [other for other in others if other in text]

    @rule(rank=PICK, allowed=EVIDENCE, kill=KILL)
    def link(self, rank: int, allowed: bool, kill: int | None) -> None:
        serial = self.pick(rank)

        def act(office: Office) -> None:
            who = "e.off" if allowed else "l.iv"
            replacement.link(office.session, serial, who, "an enquiry")

        looked = len(EventLog(self.office.register).of(serial, "link_viewed"))
        if not allowed:
            self.refused(act)
            return
        self.step(act, {}, kill)
        seen = len(EventLog(self.office.register).of(serial, "link_viewed"))
        # A look that was cut short showed nothing; any other is an event.
        assert seen == looked + 1 or kill is not None

    @rule(kill=KILL)
    def remind(self, kill: int | None) -> None:
        self.step(
            lambda office: due.request_reminders(office.session),
            {},
            kill,
        )
