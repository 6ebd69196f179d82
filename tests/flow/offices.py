"""A workspace for each rule set, everything behind its claims in our own layouts, in all four forms."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.edge.register.claims import Claims
from generator.flow.certifying import approvals, issuing, sample_review
from generator.flow.importing import import_claims
from generator.flow.office import keys
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.people import RoleHeld
from generator.sheets import claim_file, layouts
from generator.sheets.layouts import Form
from tests import workshop
from tests.rules.controls import case

NOW = workshop.NOW
LEARNERS = ("L1", "L2", "L3")
NAMES = {"L1": "Zoë Ó Briain", "L2": "محمد عبد الله", "L3": "王 小明"}
ULNS = {"L1": "8802212715", "L2": "6478796514", "L3": None}
STAFF: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("h.adeyemi", "lead_internal_verifier", {"areas": ("Bakery",)}),
    ("m.castell", "quality_nominee", {}),
    ("e.okoro", "exams_officer", {}),
    ("s.marsh", "senior_manager", {}),
    ("p.lindgren", "programme_leader", {}),
)
APPROVERS = (("h.adeyemi", "lead_internal_verifier"), ("m.castell", "quality_nominee"))
STANDING = (("p.lindgren", "programme_leader"), ("m.castell", "quality_nominee"))


def settings(kind: str, rule_set: str, controls: Mapping[str, Any] | None = None, **policy: Any) -> str:
    """portal.yaml of an organisation under a rule set; JSON is YAML."""
    whole = {
        "schema": 1,
        "sample": True,
        "organisation": {
            "kind": kind,
            "code": "NW",
            "name": "Northfield Awarding",
            "timezone": "Europe/London",
            "language": "en",
            "contact": {"email": "office@northfield.example"},
        },
        "site": {"origin": "https://verify.northfield.example"},
        "policy": {"rule_set": rule_set, "controls": dict(controls or {}), **policy},
        "certificate": {"template": "completion"},
    }
    return json.dumps(whole, ensure_ascii=False)


def qualification(**changes: Any) -> dict[str, Any]:
    """The catalogue entry of the controls' own test case."""
    return {**case.PROGRAMME, **changes}


COURSE: dict[str, Any] = {
    "schema": 1,
    "programme": "KNIFE",
    "version": "1",
    "title": "Knife Skills",
    "labels": {"course": "Accredited Certificate"},
    "hours": 6,
    "units": [{"code": "M1", "title": "Sharpening"}, {"code": "EXAM", "title": "Final exam"}],
    "automatic": {"modules": "all", "exam": "EXAM"},
    "accreditation": {"body": "Kitchen Register", "start": "2020-01-01"},
    "validity": {"months": 36},
}


def _of(record: OfficeRecord, learner: str) -> OfficeRecord:
    changed = {**record.plain(), "learner_ref": learner}
    if "name" in changed:
        changed |= {"name": NAMES[learner], "uln": ULNS[learner]}
    return type(record).of(changed)


def records(learners: Sequence[str] = LEARNERS) -> list[OfficeRecord]:
    """All that stands behind a good claim of each learner."""
    single: list[OfficeRecord] = [case.learner(), *case.registration(), *case.results()]
    common: list[OfficeRecord] = [case.approval(), *case.verifications()]
    return common + [_of(one, learner) for learner in learners for one in single]


def claims(learners: Sequence[str] = LEARNERS) -> list[Claim]:
    """A good claim for each learner."""
    bare = [
        {name: item[name] for name in ("unit", "grade", "assessor") if name in item} for item in case.RESULTS
    ]
    return [
        case.claim(learner_ref=learner, learner_name=NAMES[learner], results=bare) for learner in learners
    ]


def put(root: Path, name: str, text: str | bytes) -> Path:
    """Write a file of the private folder."""
    path = root / "certificates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def put_records(root: Path, listed: Sequence[OfficeRecord]) -> None:
    """Records as files of ours: the forms take turns, so that each is read."""
    kinds = list(dict.fromkeys(one.KIND for one in listed))
    forms: tuple[Form, ...] = ("csv", "yaml", "jsonl", "xlsx")
    for rank, kind in enumerate(kinds):
        form = forms[rank % 4]
        for earlier in (root / "certificates/records").glob(f"{kind}.*"):
            earlier.unlink()
        mine = [one for one in listed if kind == one.KIND]
        put(root, f"records/{kind}.{form}", layouts.write(type(mine[0]), kind, mine, form))


def make(root: Path, portal: str, catalogue: Sequence[Mapping[str, Any]], form: Form = "csv") -> Path:
    """The inputs of a workspace under a rule set, and its keys and people."""
    shutil.copytree(workshop.CHECKOUT / "site_src", root / "site_src")
    (root / "portal.yaml").write_text(portal, "utf-8")
    for entry in catalogue:
        put(root, f"catalogue/{entry['programme']}.yaml", json.dumps(entry, ensure_ascii=False))
    put(root, "centres/C1.yaml", "schema: 1\nnumber: C1\nname: Northfield College\n")
    with workshop.opened(root) as session:
        keys.init_keys(session.workspace, session.environment)
        for handle, role, more in STAFF:
            held = RoleHeld.of({"role": role, "start": "2026-01-01", **more})
            keys.add_staff(session.workspace, session.environment, handle, handle, [held])
    return root


def put_claims(root: Path, listed: Sequence[Claim], form: Form = "csv") -> None:
    """Claims as a file of ours."""
    put(root, f"claims/claims.{form}", claim_file.write(list(listed), form))


def take(root: Path, at: str = NOW) -> import_claims.ImportPreview:
    """Import what is there; nothing is written where something is wrong."""
    with workshop.opened(root, at) as session:
        found = import_claims.preview(session)
        if not found.problems:
            import_claims.write(session, found)
        return found


def check_sample(root: Path, by: str = "s.marsh", at: str = NOW) -> int:
    """Hold the drawn claims against the records."""
    with workshop.opened(root, at) as session:
        found = sample_review.review(session)
        for item in found.sample:
            sample_review.check(session, item.held.claim_id, by, "agrees", None)
        return len(found.sample)


def sign(root: Path, handle: str, role: str, at: str = NOW, decision: Any = "approve", **more: Any) -> int:
    """Everything that waits, signed by one person; how many were received."""
    with workshop.opened(root, at) as session:
        waiting = list(Claims(session.register).uncertified())
        signed, _ = approvals.sign_claims(session, handle, role, waiting, decision, **more)
        return approvals.receive(session, signed).received


def sign_all(root: Path, at: str = NOW) -> None:
    """Both roles sign everything that waits."""
    for handle, role in APPROVERS:
        sign(root, handle, role, at)


def issued(root: Path, at: str = NOW) -> issuing.Issue:
    """Issue what is approved."""
    with workshop.opened(root, at) as session:
        return issuing.issue(session)


def codes(done: issuing.Issue) -> set[str]:
    """The names of what holds."""
    return {problem.code for problem in done.problems}


def awarding(root: Path, learners: Sequence[str] = LEARNERS, **controls: Any) -> Path:
    """An awarding organisation's workspace with imported claims, unsigned."""
    make(root, settings("awarding_organisation", "awarding-organisation", controls), [qualification()])
    put_records(root, records(learners))
    put_claims(root, claims(learners))
    found = take(root)
    assert not found.problems, [str(one) for one in found.problems]
    return root
