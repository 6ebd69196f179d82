"""A small office with a real mail server: certificates that were announced before, and its letters."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from generator.errors import Problem
from generator.flow.mailing import delivery, notifications, returned_mail
from generator.flow.office import due
from generator.flow.shared import workspace as workspaces
from tests.flow.mailing import mail_server
from tests.flow.mailing.mail_server import Manners
from tests.small_office import Office

CENTRE, LEARNER = "exams@college.northfield.example", "zoe@learners.example"
SINCE = "2026-11-20"
NEXT = "2026-11-23T02:00:00Z"


def mailing(office: Office, settings: str = "") -> Office:
    """The office as its files are now, with these settings, at a door that knows the mail's password."""
    path = office.workspace.root / "portal.yaml"
    path.write_text(path.read_text("utf-8") + settings, "utf-8")

    def passphrase(box: str) -> str:
        return mail_server.PASSWORD if box == "smtp" else office.environment.passphrase(box)

    with office.register.transaction():
        office.register.change("DELETE FROM contacts")
    return replace(
        office,
        workspace=workspaces.load_workspace(office.workspace.root),
        environment=replace(office.environment, passphrase=passphrase),
    )


def addressed(office: Office, text: str = f"contact: {{email: {CENTRE}}}\n") -> Office:
    path = office.workspace.certificates / "centres" / "NF041.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return replace(office, workspace=workspaces.load_workspace(office.workspace.root))


def remind(office: Office) -> None:
    due.request_reminders(office.session)


def delivered(office: Office) -> int:
    return delivery.deliver(office.session).sent


def unreached(office: Office) -> list[Problem]:
    return notifications.unreached(office.session)


def letters(manners: Manners, to: str) -> list[EmailMessage]:
    return [
        message_from_bytes(data, policy=policy.default)  # type: ignore[misc]  # EmailMessage under this policy
        for recipient, data in manners.taken
        if recipient == to
    ]


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def came_back(office: Office, mail: EmailMessage) -> None:
    path = office.workspace.certificates / "bounces" / "bounces.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"message_id,status\n{mail['Message-ID']},5.1.1\n", "utf-8")
    assert not returned_mail.take_bounces(office.session, [path])
