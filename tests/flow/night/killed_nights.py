"""The nights that night_killing.py kills, each as small as it can be with something to do for every step."""

from __future__ import annotations

from pathlib import Path

from generator.edge.register.messages import Messages
from generator.errors import Refused
from generator.flow.after_issue import lifecycle
from generator.flow.publishing import recovery_plan, recovery_run
from tests import workshop
from tests.flow.mailing import mail_server
from tests.flow.night.night_office import FOLDER, NEXT, NIGHT, claims, night, office, opened


def drop(root: Path, *ranks: int) -> None:
    """A claim file in the drop folder; learners from the fourth on finished a course."""
    (root / "certificates/claims/claims.yaml").write_text(claims(ranks), "utf-8")


def passphrase(box: str) -> str:
    """The sample's, and the mail server's."""
    return mail_server.PASSWORD if box == "smtp" else workshop.passphrase(box)


def _done(root: Path, at: str, exit_code: int) -> None:
    done = night(root, at, passphrase=passphrase)
    if done.exit_code != exit_code:
        raise RuntimeError(str([step for step in done.steps if step.state != "ok"]))


def before_first(root: Path) -> Path:
    """A qualification approved by two, and a finished course in the drop folder: nothing issued yet."""
    office(root, count=1)
    drop(root, 1, 4)
    return root


def first_night(root: Path) -> None:
    """Import one, issue two, the first site, the first deployment, two mails and the report."""
    _done(root, NIGHT, 0)


def before_second(root: Path) -> Path:
    """The day after: another course, a suspension to publish, a bounce in the folder."""
    first_night(before_first(root))
    drop(root, 1, 4, 5)
    with opened(root) as session:
        decided = ("m.castell", "quality_nominee")
        serial, until, why = "NW-26-000001", "2026-12-31", "a question is open"
        plan = lifecycle.plan_suspend(session, serial, until, why, decided)
        lifecycle.suspend(session, plan)
        [message] = [
            item for item in Messages(session.register).in_state("sent") if item.serial == "NW-26-000002"
        ]
    bounces = root / "certificates/bounces"
    bounces.mkdir()
    report = mail_server.bounced(
        message.message_id, recipient="learner4@example.org", date="Mon, 23 Nov 2026 12:00:00 +0000"
    )
    (bounces / "one.eml").write_bytes(report)
    return root


def second_night(root: Path) -> None:
    """Everything again beside what is there: the old site is switched away, the bounce waits for a person."""
    _done(root, NEXT, 3)


def before_mails(root: Path, port: int, trust: Path) -> Path:
    """Two certificates are live, and a mail server waits for what is told of them."""
    office(root, FOLDER, count=1)
    drop(root, 1, 4)
    settings = root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8") + mail_server.settings(port, trust), "utf-8")
    night(root, skip=("deliver",))
    return root


def mails(root: Path) -> None:
    """Tell two learners over SMTP; a message in doubt is on the list and no failure."""
    done = night(root, passphrase=passphrase)
    if done.exit_code not in (0, 3):
        raise RuntimeError(str([step for step in done.steps if step.state != "ok"]))


def before_recovery(root: Path) -> Path:
    """The register of before the first night in the place of the lost one; one of its PDFs is lost too."""
    before_first(root)
    with opened(root, NIGHT) as session:
        workshop.import_all(session)
        session.register.copy_to(root / "older.db")
    first_night(root)
    (root / "certificates/issued/2026/NW-26-000002.pdf").unlink()
    workshop.put_register(root, root / "older.db")
    (root / "older.db").unlink()
    return root


def recovery_from_the_site(root: Path) -> None:
    """Go on with the older register: one certificate back, one known to the site only, a higher number."""
    with opened(root, NEXT) as session:
        if recovery_run.finish(session) is not None:
            return
        try:
            planned = recovery_plan.plan(session)
        except Refused as refused:
            if {problem.code for problem in refused.problems} != {"RECOVER-NEWER"}:
                raise
            return
        recovery_run.recover(session, planned, "m.castell")
