"""A small office: a workspace with seven staff and a few invented learners, made once and copied."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.flow.after_issue import cases, reissue
from generator.flow.certifying import approvals, issuing
from generator.flow.importing import import_claims
from generator.flow.office import keys
from generator.flow.publishing import publish
from generator.flow.shared import workspace
from generator.flow.shared.session import Environment, Session
from generator.flow.shared.workspace import Workspace
from generator.model.people import RoleHeld, RoleName

NOW = "2026-11-22T02:00:00Z"
STAFF: tuple[tuple[str, str, RoleName], ...] = (
    ("l.iv", "Lena Ivers", "lead_internal_verifier"),
    ("q.nom", "Quentin Nomura", "quality_nominee"),
    ("q.two", "Quinta Twomey", "quality_nominee"),
    ("e.off", "Esra Offer", "exams_officer"),
    ("s.man", "Sami Manzo", "senior_manager"),
    ("s.two", "Sabine Twose", "senior_manager"),
    ("t.ass", "Tariq Assad", "internal_verifier"),
)
LEARNERS = (
    "Zoë Ó Briain",
    "Anan Suwan",
    "Bo Li",
    "Caitríona Ní Dhuibhir",
    "Dilys Wynne-Pryce",
    "Efua Mensah",
)
_PORTAL = """\
schema: 1
sample: true
organisation:
  kind: awarding_organisation
  code: NW
  name: Northfield Awarding
  timezone: Europe/London
  language: en
  contact: {email: office@northfield.example}
site:
  origin: https://verify.northfield.example
policy:
  rule_set: awarding-organisation
  controls:
    CENTRE-APPROVED: {mode: off}
    REGISTRATION-KNOWN: {mode: off}
    REGISTRATION-ACTIVE: {mode: off}
    REGISTRATION-SIGNED-OFF: {mode: off}
    REGISTRATION-MATCH: {mode: off}
    CLAIM-VERIFIED: {mode: off}
    GRADE-OVERALL: {mode: off}
  approvals: [lead_internal_verifier, quality_nominee]
  standing_approvals: [programme_leader, quality_nominee]
retention:
  - {records: assessment records, years: 3}
  - {records: claims, since: end_of_year_of_issue, years: 6}
  - {records: learner work, days: 84}
reminders:
  days: [90, 30, 7]
  reviews:
    - {subject: Appeals policy, due: 2026-12-01}
"""
_COURSE = """\
schema: 1
programme: AID1
version: "1"
title: First Aid at Work
labels: {course: Certificate of Completion}
units:
  - {code: M1, title: Assess}
  - {code: M2, title: Act}
validity: {months: 2}
signatories:
  - {name: Ama Serwaa, title: Chief Executive}
"""
_CENTRE = "schema: 1\nnumber: NF041\nname: Northfield College\n"


def randomness(purpose: str, length: int) -> bytes:
    """What everybody can foresee: the same purpose gives the same bytes."""
    return hashlib.shake_256(b"small office: " + purpose.encode()).digest(length)


def environment(now: str = NOW) -> Environment:
    """A door at which nothing is left to chance."""
    return Environment(now, randomness, lambda _: None, lambda box: f"sample-{box}-passphrase")


@dataclass(frozen=True)
class Office:
    """An open office at one instant."""

    workspace: Workspace
    register: Register
    environment: Environment

    @property
    def session(self) -> Session:
        """What a use case takes."""
        return Session(self.workspace, self.register, self.environment)

    def at(self, now: str) -> Office:
        """The same office later."""
        return replace(self, environment=replace(self.environment, now=now))

    def issue_all(self) -> issuing.Issue:
        """Two people approve whatever waits, and it is issued."""
        self.approve_all()
        return issuing.issue(self.session)

    def approve_all(self) -> None:
        """Everybody whom a claim or a replacement needs approves what waits."""
        claims = Claims(self.register)
        for handle, role in (
            ("l.iv", "lead_internal_verifier"),
            ("q.nom", "quality_nominee"),
            ("e.off", "exams_officer"),
        ):
            signed, _ = approvals.sign_claims(self.session, handle, role, claims.uncertified())
            approvals.receive(self.session, signed)

    def publish(self) -> publish.Published:
        """The urgent way, which builds no pages."""
        return publish.publish_status(self.session)

    def publish_interrupted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A publication that is killed between its plan and the switch."""

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(publish.switch, "commit", killed)
            with pytest.raises(KeyboardInterrupt):
                self.publish()

    def closed_case(
        self, kind: str, serial: str, outcome: str, people: tuple[str, str], **more: object
    ) -> str:
        """A case about a certificate, opened, decided by a quality nominee and a senior manager, closed."""
        opening = cases.Opening(kind, (serial,), "what happened", "e.off", **more)  # type: ignore[arg-type]  # the test's own words
        case = cases.draw_up(self.session, opening)
        with self.register.transaction():
            cases.open_case(self.session, case)
        code = 1 if outcome == "revoke" else 0
        for person, role in zip(people, ("quality_nominee", "senior_manager"), strict=True):
            made = (outcome, code, None)
            reissue.decide(self.session, case.case_id, made, (person, role))  # type: ignore[arg-type]  # the test's own words
        reissue.close(self.session, case.case_id)
        return case.case_id


def claims_file(learners: tuple[str, ...], completed_on: str = "2026-11-20") -> str:
    """Claims of the course in our own layout."""
    rows = [
        f"{rank:03d},{name},course,AID1,1,NF041,{completed_on},M1=Completed; M2=Completed"
        for rank, name in enumerate(learners, 1)
    ]
    head = "learner_ref,learner_name,kind,programme,version,centre,completed_on,results"
    return "\n".join([head, *(f"L{row}" for row in rows)]) + "\n"


@cache
def _base() -> Path:
    root = Path(mkdtemp(prefix="small-office-"))
    sources = Path(__file__).parents[1] / "site_src"
    files = {
        "portal.yaml": _PORTAL,
        "certificates/catalogue/AID1-1.yaml": _COURSE,
        "certificates/centres/NF041.yaml": _CENTRE,
        "certificates/claims/course.csv": claims_file(LEARNERS),
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "site_src").symlink_to(sources)
    loaded = workspace.load_workspace(root)
    keys.init_keys(loaded, environment())
    for handle, name, role in STAFF:
        keys.add_staff(loaded, environment(), handle, name, [RoleHeld(role=role, start="2026-01-01")])
    with loaded.register(randomness) as register:
        office = Office(loaded, register, environment())
        session = Session(loaded, register, office.environment)
        found = import_claims.preview(session)
        assert not found.problems, found.problems
        import_claims.write(session, found)
        with register.transaction():
            for held in Claims(register).uncertified():
                Contacts(register).put(held.claim_id, f"{held.claim.learner_ref.lower()}@learners.example")
        issued = office.issue_all()
        assert issued.issued == len(LEARNERS), issued.problems
        publish.publish(Session(loaded, register, office.environment))
    return root


@contextmanager
def small_office(folder: Path) -> Iterator[Office]:
    """A copy of the office with every learner certified and published."""
    root = folder / "office"
    shutil.copytree(_base(), root, symlinks=True)
    loaded = workspace.load_workspace(root)
    with loaded.register(randomness) as register:
        yield Office(loaded, register, environment())
