"""Workspaces to work on: the small one with five claims, and the sample, in an environment of fixed seeds.

The clock stands still and randomness follows from what it is asked for, so that the same steps give the same
bytes however often, and wherever, they are taken.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.sites import FolderSite
from generator.flow.certifying import approvals, issuing
from generator.flow.importing import import_claims
from generator.flow.office import keys
from generator.flow.publishing import audit, audit_after_issue, audit_register, publish
from generator.flow.shared import workspace as workspaces
from generator.flow.shared.session import Environment, Session
from generator.model.people import RoleHeld, RoleName
from generator.model.value import later

CHECKOUT = Path(__file__).resolve().parents[1]
NOW = "2026-11-22T09:00:00Z"
STAFF: tuple[tuple[str, str, RoleName], ...] = (
    ("h.adeyemi", "Hadiza Adeyemi", "lead_internal_verifier"),
    ("m.castell", "Mireia Castell", "quality_nominee"),
    ("p.lindgren", "Per Lindgren", "programme_leader"),
)
APPROVERS: tuple[tuple[str, RoleName], ...] = (
    ("h.adeyemi", "lead_internal_verifier"),
    ("m.castell", "quality_nominee"),
)
STANDING: tuple[tuple[str, RoleName], ...] = (
    ("p.lindgren", "programme_leader"),
    ("m.castell", "quality_nominee"),
)

_QUALIFICATION = """\
schema: 1
programme: L2BAKE
version: "2026"
title: Certificate in Baking
level: Level 2
labels: {qualification: Accredited Certificate, units: Unit Certificate}
scale: {P: Pass, M: Merit, D: Distinction}
overall_grades: {P: Pass, M: Merit, D: Distinction}
units:
  - {code: B1, title: Bread}
  - {code: B2, title: Pastry}
signatories:
  - {name: Ama Serwaa, title: Chief Executive}
"""
_COURSE = """\
schema: 1
programme: KNIFE
version: "1"
title: Knife Skills
labels: {course: Certificate of Completion}
units:
  - {code: M1, title: Sharpening}
automatic: {modules: all}
"""
# The small workspace has claims and nothing behind them: what is tested here is what follows from a claim.
_OFF = (
    "CENTRE-APPROVED",
    "CLAIM-ACCREDITED",
    "REGISTRATION-KNOWN",
    "REGISTRATION-ACTIVE",
    "REGISTRATION-SIGNED-OFF",
    "REGISTRATION-MATCH",
)
_NAMES = ("Zoë Ó Briain", "Σωκράτης Παπαδόπουλος", "محمد عبد الله الحسيني", "王 小明", "Kwame Brown")


def randomness(purpose: str, length: int) -> bytes:
    """Bytes that follow from what they are for."""
    return hashlib.shake_256(b"workshop randomness: " + purpose.encode()).digest(length)


def passphrase(box: str) -> str:
    """The sample's passphrase of a key."""
    return f"sample-{box}-passphrase"


def environment(now: str = NOW) -> Environment:
    """An environment with a clock that stands still and nobody at the keyboard."""
    return Environment(now, randomness, lambda _seconds: None, passphrase)


def claim(rank: int, **changes: object) -> str:
    """One claim of the small workspace in our own layout; None takes a field away."""
    course = rank > 3
    fields: dict[str, object] = {
        "kind": "course" if course else "qualification",
        "programme": "KNIFE" if course else "L2BAKE",
        "version": '"1"' if course else '"2026"',
        "centre": "NF041",
        "learner_ref": f"REF{rank:04d}",
        "learner_name": _NAMES[(rank - 1) % len(_NAMES)],
        "grade": None if course else "M",
        "completed_on": "2026-06-26",
        "results": (
            "[{unit: M1, grade: Completed}]"
            if course
            else "[{unit: B1, grade: P, assessor: a.one, verifier: v.two, verified_on: 2026-06-01},"
            " {unit: B2, grade: M, assessor: a.one, verifier: v.two, verified_on: 2026-06-01}]"
        ),
    } | changes
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def claims_file(claims: Iterable[str]) -> str:
    """A claim file in our own layout."""
    return "schema: 1\nclaims:\n" + "".join(claims)


def small(root: Path, claims: int = 5) -> Path:
    """The inputs of the small workspace in a new folder: nothing made yet."""
    shutil.copytree(CHECKOUT / "site_src", root / "site_src", ignore=shutil.ignore_patterns("docs"))
    settings = (CHECKOUT / "portal.yaml").read_text("utf-8")
    off = "".join(f"    {name}: {{mode: off}}\n" for name in _OFF)
    (root / "portal.yaml").write_text(settings.replace("  controls:\n", "  controls:\n" + off, 1), "utf-8")
    files = {
        "catalogue/L2BAKE-2026.yaml": _QUALIFICATION,
        "catalogue/KNIFE-1.yaml": _COURSE,
        "centres/NF041.yaml": "schema: 1\nnumber: NF041\nname: Northfield College\n",
        "claims/claims.yaml": claims_file(claim(rank) for rank in range(1, claims + 1)),
    }
    for name, text in files.items():
        path = root / "certificates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def sample(root: Path) -> Path:
    """The inputs of the sample workspace in a new folder."""
    shutil.copytree(CHECKOUT / "site_src", root / "site_src", ignore=shutil.ignore_patterns("docs"))
    shutil.copy(CHECKOUT / "portal.yaml", root / "portal.yaml")
    for name in ("catalogue", "centres", "claims", "records", "registrations"):
        shutil.copytree(CHECKOUT / "certificates" / name, root / "certificates" / name)
    return root


@contextmanager
def opened(root: Path, at: str = NOW) -> Iterator[Session]:
    """A workspace with its register."""
    made = workspaces.load_workspace(root)
    with made.register(randomness) as register:
        yield Session(made, register, environment(at))


def prepare(root: Path, at: str = NOW) -> None:
    """Keys, people and claims."""
    with opened(root, at) as session:
        if not session.workspace.keystore.complete:
            keys.init_keys(session.workspace, session.environment)
        known = session.workspace.keystore.roster()
        for handle, name, role in STAFF:
            if known.find(handle) is None:
                held = [RoleHeld(role=role, start=session.workspace.today(at))]
                keys.add_staff(session.workspace, session.environment, handle, name, held)
        import_all(session)


def import_all(session: Session) -> None:
    """Register every claim of the workspace's files; there must be no fault."""
    found = import_claims.preview(session)
    assert not found.problems, [str(problem) for problem in found.problems]
    import_claims.write(session, found)


def approve_all(root: Path, at: str = NOW, by: Sequence[tuple[str, RoleName]] = APPROVERS) -> None:
    """Two people approve every claim that is not automatic; two give the courses a standing approval."""
    with opened(root, at) as session:
        waiting = [held for held in Claims(session.register).uncertified() if held.claim.kind != "course"]
        for handle, role in by:
            signed, _ = approvals.sign_claims(session, handle, role, waiting)
            approvals.receive(session, signed)
        until = later(session.workspace.today(at), days=365)
        for code in sorted(code for code, item in session.workspace.programmes.items() if item.automatic):
            for handle, role in STANDING:
                given = approvals.sign_standing(session, handle, role, code[0], until)
                approvals.receive(session, given)


def copied(source: Path, target: Path) -> Path:
    """An office to spoil, like one that was built; its pages are only read, and so shared."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("site_src"))
    (target / "site_src").symlink_to(source / "site_src")
    for name in ("live", ".live.old"):
        shutil.rmtree(target / ".." / name, ignore_errors=True)
    if (source / "../live").is_dir():
        # The folder that shows its site to the public stands beside a workspace, never in it.
        shutil.copytree(source / "../live", target / "../live")
    return target


@cache
def _prepared(claims: int) -> Path:
    """The small workspace with keys, people and claims, built once in a process. Read only: copy it."""
    root = small(_keep() / f"prepared-{claims}", claims)
    prepare(root)
    return root


@cache
def _approved(claims: int) -> Path:
    """The same with every claim approved."""
    root = copied(_prepared(claims), _keep() / f"approved-{claims}")
    approve_all(root)
    return root


@cache
def _keep() -> Path:
    """Where built offices lie until the process ends."""
    folder = tempfile.mkdtemp(prefix="certportal-workshop-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def prepared(root: Path, claims: int = 5) -> Path:
    """A small workspace of one's own with keys, people and claims."""
    return _owned(_prepared(claims), root)


def approved(root: Path, claims: int = 5) -> Path:
    """The same, with every claim approved."""
    return _owned(_approved(claims), root)


def _owned(source: Path, root: Path) -> Path:
    """A copy in which every file may be changed."""
    return Path(shutil.copytree(source, root, dirs_exist_ok=True))


def signed_elsewhere(root: Path) -> list[approvals.Signed]:
    """Approvals of somebody else's workspace: the same claims and names, other random bytes."""

    def strange(purpose: str, length: int) -> bytes:
        return randomness(f"elsewhere: {purpose}", length)

    entrance = replace(environment(), randomness=strange)
    workspace = workspaces.load_workspace(root)
    with Register(root / "certificates/register.db", strange) as register:
        keys.init_keys(workspace, entrance)
        role = RoleHeld(role="lead_internal_verifier", start=workspace.today(NOW))
        keys.add_staff(workspace, entrance, "h.adeyemi", "Hadiza Adeyemi", [role])
        import_all(Session(workspace, register, entrance))
        waiting = [held for held in Claims(register).uncertified() if held.claim.kind != "course"]
        signed, _ = approvals.sign_claims(
            Session(workspace, register, entrance), "h.adeyemi", "lead_internal_verifier", waiting
        )
    return signed


def issue_all(root: Path, at: str = NOW) -> issuing.Issue:
    """Issue what is approved."""
    with opened(root, at) as session:
        return issuing.issue(session)


def publish_all(root: Path, at: str = NOW) -> publish.PublishOutcome:
    """Publish what is issued."""
    with opened(root, at) as session:
        return publish.publish(session)


def faults(session: Session) -> list[str]:
    """Everything that the audit of the site, the register and the evidence finds."""
    pin, site = session.workspace.keystore.pin(), FolderSite(session.workspace.public)
    found, tree = audit.audit_site(site, pin, session.now)
    assert tree is not None, found.problems
    audit_register.audit_register(session, tree, found)
    audit_register.audit_verdicts(session, site, found)
    audit_after_issue.audit_after_issue(session, found)
    return [str(problem) for problem in found.problems]


def whole(root: Path, at: str = NOW) -> Path:
    """The main job from the inputs to the published site."""
    prepare(root, at)
    approve_all(root, at)
    issue_all(root, at)
    publish_all(root, at)
    return root


def register_content(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a workspace's register."""
    with Register(root / "certificates" / "register.db", randomness) as register:
        names = [row[0] for row in register.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(register.rows(f"SELECT * FROM {name}"), key=repr) for name in sorted(names)}  # noqa: S608 - the register's own names


def put_register(root: Path, database: Path) -> None:
    """Another register in the place of a workspace's own, as somebody puts it who does it by hand."""
    place = root / "certificates/register.db"
    for suffix in ("-wal", "-shm", "-sums"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    place.write_bytes(database.read_bytes())


def forget_sums(root: Path) -> None:
    """The sums of a register that was edited with another tool, taken away as its editor would do."""
    (root / "certificates/register.db-sums").unlink(missing_ok=True)


def tree(root: Path, *folders: str) -> dict[str, bytes]:
    """Every file below some folders of a workspace, or beside it: hidden ones too, the database left out."""
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*")))
    return {
        Path(os.path.relpath(path, root)).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and not path.name.startswith(("register.db", ".lock"))
    }


def state(root: Path) -> dict[str, object]:
    """All that a run leaves: the register's rows, the private folder, keys, site, leftovers beside it."""
    strays = sorted(path.name for path in root.iterdir() if path.name.startswith("."))
    return {
        "register": register_content(root),
        "files": tree(root, "certificates", "keys", "public"),
        "strays": strays,
    }


def later_by(entrance: Environment, days: int) -> Environment:
    """The same door some days on."""
    return replace(entrance, now=later(entrance.now, days=days))
