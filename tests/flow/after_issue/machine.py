"""The machine under the random sequences: an office, its model, kills, and what must always hold."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from generator.edge.register.cases import Cases
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.records import OfficeRecords
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Refused
from generator.flow.after_issue import erasure
from generator.flow.publishing import publish
from generator.flow.shared import workspace as workspaces
from generator.model.office_record import OfficeRecord
from generator.model.registration import LearnerRecord, RegistrationEvent
from tests import workshop
from tests.flow.after_issue.crashing import killed_at
from tests.small_office import LEARNERS, Office, environment, randomness, small_office

NONE = "C-26-999999"
MORE = ("Gwenllian Hughes", "Hannu Ikonen", "Imani Jelani")
PAIRS = (("q.nom", "s.man"), ("q.two", "s.two"))


def recorded(ref: str, name: str) -> list[OfficeRecord]:
    """What an office has recorded of a learner before anything is claimed."""
    whose = {"centre": "NF041", "learner_ref": ref}
    what = {**whose, "programme": "AID1", "version": "1", "event": "registered", "on": "2026-10-01"}
    return [LearnerRecord.of({**whose, "name": name}), RegistrationEvent.of(what)]


class Watched(RuleBasedStateMachine):
    """An office, and beside it what each certificate's state must be."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.open = contextlib.ExitStack()
        self.office: Office = self.open.enter_context(small_office(self.folder))
        self.hours, self.pictures, self.more = 2, 0, 0
        with self.office.register.transaction():
            for rank, name in enumerate((*LEARNERS, *MORE), 1):
                for record in recorded(f"L{rank:03d}", name):
                    OfficeRecords(self.office.register).keep(record, "begin", self.office.environment.now)
        self.numbers: dict[str, str] = {}
        self.states = self.seen()
        self.killed = Counter[str]()

    def teardown(self) -> None:
        if hasattr(self, "open"):
            self.open.close()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------ what is seen, and what a step may do

    def seen(self) -> dict[str, str]:
        """The state of every certificate that is made."""
        changes = StateChanges(self.office.register)
        return {
            item.serial: changes.state(item.serial) for item in Certificates(self.office.register).issued()
        }

    def pick(self, rank: int) -> str:
        return sorted(self.states)[rank]

    def step(self, act: Callable[[Office], object], changes: dict[str, str], kill: int | None) -> None:
        """Do something that must succeed: wholly, or if it is killed wholly or not at all."""
        before, after = self.states, {**self.states, **changes}
        self._run(act, kill)
        assert self.seen() in ((before, after) if kill is not None else (after,))
        self.states = self.seen()

    def refused(self, act: Callable[[Office], object]) -> None:
        """Do something that must be refused, and must change nothing."""
        events = EventLog(self.office.register).state()
        with pytest.raises(Refused):
            act(self.office)
        assert EventLog(self.office.register).state() == events
        assert self.seen() == self.states

    def _run(self, act: Callable[[Office], object], kill: int | None) -> bool:
        self.hours += 1
        self.office = self.office.at(f"2026-11-{22 + self.hours // 24:02d}T{self.hours % 24:02d}:00:00Z")
        if kill is None:
            act(self.office)
            return False
        self.pictures += 1
        picture = self.folder / f"picture-{self.pictures}"
        root = self.office.workspace.root
        with killed_at(root, picture, kill) as killing:
            act(self.office)
        if killing.happened:
            self._wake(root, picture)
        return killing.happened

    def _wake(self, root: Path, picture: Path) -> None:
        """Start again from what was on the disk when the kill came, and finish what can be finished."""
        now = self.office.environment.now
        self.open.close()
        shutil.rmtree(root)
        picture.rename(root)
        loaded = workspaces.load_workspace(root)
        self.open = contextlib.ExitStack()
        register = self.open.enter_context(loaded.register(randomness))
        self.office = Office(loaded, register, environment(now))
        erasure.finish(self.office.session)
        last = Publications(register).last()
        if last is not None and not last.done:
            publish.publish(self.office.session)

    # ------------------------------------------------------------ evidence

    def usable(self, serial: str, kind: str, outcome: str, evidence: bool) -> str:
        """A closed case of this kind and outcome, not carried out; made if there is to be evidence."""
        for held in Cases(self.office.register).of(serial):
            if (held.kind, held.outcome, held.used_at) == (kind, outcome, None) and held.body is not None:
                return held.case_id
        if evidence and self.states[serial] != "erased":
            return self.office.closed_case(kind, serial, outcome, PAIRS[0])
        return NONE

    def lifting(self, serial: str, evidence: bool, appealed: bool) -> str:
        """A case that lifts the present state: its appeal, or an investigation that found nothing."""
        last = StateChanges(self.office.register).last(serial)
        if last is None or last.case_id is None or last.kind not in ("revoked", "suspended"):
            return NONE
        for held in Cases(self.office.register).of(serial):
            fits = held.kind == "appeal" and held.appeals == last.case_id and held.outcome == "reinstate"
            if fits and held.used_at is None:
                return held.case_id
        if last.kind == "suspended" and not appealed:
            return self.usable(serial, "revocation", "dismiss", evidence)
        if not evidence:
            return NONE
        return self.office.closed_case("appeal", serial, "reinstate", PAIRS[1], appeals=last.case_id)

    # ------------------------------------------------------------ learners

    def learner(self, serial: str) -> str | None:
        """The reference of a certificate's learner; None once it is erased."""
        issued = Certificates(self.office.register).find(serial)
        held = Claims(self.office.register).by_id(issued.claim_id) if issued else None
        return held.claim.learner_ref if held else None

    # ------------------------------------------------------------ what always holds

    @invariant()
    def nothing_is_wrong(self) -> None:
        if not hasattr(self, "office"):
            return
        assert workshop.faults(self.office.session) == []
        assert self.seen() == self.states

    @invariant()
    def records_go_with_the_last_certificate_and_not_before(self) -> None:
        if not hasattr(self, "office"):
            return
        claims, records = Claims(self.office.register), OfficeRecords(self.office.register)
        for rank in range(1, len(LEARNERS) + len(MORE) + 1):
            about = records.about(f"NF041/L{rank:03d}")
            assert about.fault == ""
            # The last few are registered, and may not be claimed yet.
            if rank <= len(LEARNERS) or claims.of_learner("NF041", f"L{rank:03d}"):
                assert bool(about.kept) == bool(claims.of_learner("NF041", f"L{rank:03d}"))

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "office"):
            return
        found = {item.serial: item.number for item in Certificates(self.office.register).issued()}
        assert self.numbers.items() <= found.items()
        assert len(set(found.values())) == len(found)
        self.numbers = found
        reminders: Counter[Any] = Counter(
            (item.subject, item.recipient, item.details["days"])
            for item in RequestedMessages(self.office.register).waiting()
            if item.kind == "expiry_reminder"
        )
        assert set(reminders.values()) <= {1}
