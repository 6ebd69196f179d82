"""Writing letters: from a message in the register to its bytes, always the same (docs/delivery.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from generator.edge import disk
from generator.edge.mail import Attachment, OutgoingMessage, compose
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.contacts import Contacts
from generator.edge.register.holds import Holds
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Message
from generator.edge.register.publications import Publications
from generator.edge.register.records import OfficeRecords
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Refused
from generator.flow.mailing import notifications
from generator.flow.mailing.codes import MAIL_CENTRE, MAIL_PDF
from generator.flow.shared import waiting_messages
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace, installed_site_source
from generator.formats import paths, private_link, statement
from generator.model.value import Day, Serial
from generator.render.codes import MAIL_TEMPLATE
from generator.render.letters import LetterTemplates
from generator.rules.file_comparison import printed_day
from generator.rules.state_transitions import FROM
from generator.terms import CENTRE, term

FALLBACK, ISSUED, _REGISTRATION = "en", "issued", "registration"
_CAP, _PDF_CAP = 200_000, 20_000_000


class Unsendable(Exception):
    """A message that must not go any more, and why: its address or certificate is gone."""


class NotNow(Exception):
    """A message that waits, and why: nothing good can be said of its certificate today."""


def letters(workspace: Workspace, language: str) -> LetterTemplates:
    """The letters of a language; the English ones where the workspace has none of it.

    A letter that is new with a version of certportal is not in an office's own folder yet: until it is
    translated, the one that came with the program is sent. Half of a letter is a fault all the same.
    """
    folder = workspace.site_source / "mail"
    chosen = language if (folder / language).is_dir() else FALLBACK
    where = f"site_src/mail/{chosen}"
    if not (folder / chosen).is_dir():
        fix = "copy the folder from the installed certportal, or remove your own site_src"
        raise Refused(MAIL_TEMPLATE.at(Place(where), "is not there", fix))
    read = disk.read_tree(folder / chosen, _CAP, where)
    for other in (folder / FALLBACK, installed_site_source() / "mail" / FALLBACK):
        have = {name.partition(".")[0] for name in read}
        came = disk.read_tree(other, _CAP, where) if other.is_dir() else {}
        read |= {name: data for name, data in came.items() if name.partition(".")[0] not in have}
    return LetterTemplates({name: data.decode("utf-8") for name, data in read.items()}, where)


def office(workspace: Workspace) -> dict[str, Any]:
    """What every letter may say of the office; all that a subject may say at all."""
    portal = workspace.portal
    contact = portal.organisation.contact
    return {
        "organisation": portal.organisation.name,
        "email": contact.email,
        "telephone": contact.telephone,
        "accent": portal.site.accent,
        "sample": portal.sample,
        "registration": term(portal.organisation.kind, "registration"),
        "centre_word": term(portal.organisation.kind, "centre"),
        "claim_word": term(portal.organisation.kind, "claim"),
    }


class LetterBox:
    """Makes the parcel of each message; templates are read once for each language."""

    def __init__(self, session: Session) -> None:
        self._workspace = session.workspace
        self._live = Publications(session.register).live(session.workspace.targets)
        self._changes, self._holds = StateChanges(session.register), Holds(session.register)
        self._endings = notifications.Endings(session)
        self._certificates = Certificates(session.register)
        self._contacts = Contacts(session.register)
        self._asked = RequestedMessages(session.register)
        self._learner_messages = LearnerMessages(session.register)
        self._records = OfficeRecords(session.register)
        self._letters: dict[str, LetterTemplates] = {}

    def parcel(self, message: Message) -> OutgoingMessage:
        """The message's bytes, where it may leave now.

        Raises `Unsendable`, `NotNow`, or `Refused` for a template or file that is missing.
        """
        if message.to_office:
            return self._to_office(message)
        if message.kind == notifications.CENTRE_EXPIRY:
            return self._to_centre(message)
        if message.serial is None:
            return self._about_registration(message)
        issued = self._certificates.find(message.serial)
        if issued is None or issued.statement is None:
            raise Unsendable("the certificate was erased")
        recipient = self._contacts.of(issued.claim_id)
        if recipient is None:
            raise Unsendable("the address was removed")
        self._may_leave(message, issued.serial)
        certified = statement.decode(issued.statement)
        secret = self._contacts.secret(issued.serial)
        if message.key == f"issued/{issued.serial}" and self._contacts.link_withdrawn(issued.serial):
            raise Unsendable("the private link was withdrawn")
        attached = message.kind == ISSUED and (
            self._workspace.portal.delivery.mode != "link" or secret is None
        )
        origin = self._workspace.portal.site.origin
        facts = {
            "name": certified.learner.name,
            "label": certified.label,
            "title": certified.programme.title,
            "serial": certified.serial,
            "issued_on": printed_day(certified.issued_on),
            "expires_on": printed_day(certified.expires_on) if certified.expires_on else "",
            "address": paths.link(origin, certified.number),
            "link": private_link.address(origin, secret) if secret else "",
            "attached": attached,
        }
        files = (
            Attachment(f"{certified.serial}.pdf", "pdf", pdf_of(self._workspace, issued))
            if attached
            else None
        )
        return self._written(message, certified.language, message.kind, facts, recipient, files)

    def event(self, message: Message) -> str:
        """What caused a message, in words that a restored register would choose again.

        A key may hold the number of a row, which after a restore another event can have.
        """
        asked = self._asked.in_message(message.key)
        if asked:
            items = sorted(
                f"{item.subject} {item.details.get('expires_on')} {item.details.get('days')}"
                for item in asked
            )
            head = message.kind if message.serial else message.key
            return "\n".join([head, *items])
        if message.kind.startswith(waiting_messages.REGISTRATION):
            said = self._learner_messages.find(int(message.key.rpartition("/")[2]))
            return f"{message.kind}\n{said.event_key}" if said else message.key
        return message.key

    def _may_leave(self, message: Message, serial: Serial) -> None:
        """Look at the certificate as it is now: between a letter's making and its leaving days may lie."""
        if message.kind == notifications.EXPIRY:
            asked = self._asked.in_message(message.key)
            if asked and all(self._endings.over(item) for item in asked):
                raise Unsendable("there is nothing left to remind of")
        state = self._changes.state(serial)
        if state not in FROM["resend"] and state != "suspended":
            raise Unsendable(f"the certificate is {state}")
        holds = [f"withheld until {hold.until}" for hold in self._holds.withholding(serial)]
        if state == "suspended" or holds:
            raise NotNow(f"the certificate is {holds[0] if holds else state}")
        if not self._changes.live(serial, self._live):
            raise NotNow("the certificate's new state is not live yet")

    def _to_centre(self, message: Message) -> OutgoingMessage:
        """What ends at a centre: serials and days, no learner."""
        centre = self._workspace.centres.get(message.recipient or "")
        if centre is None or centre.contact is None:
            fix = f"put `contact` back into the {CENTRE}'s file, or restore the file"
            what = "has no address any more"
            raise Refused(MAIL_CENTRE.at(Place(subject=f"{CENTRE} {message.recipient}"), what, fix))
        items = [item for item in self._asked.in_message(message.key) if not self._endings.over(item)]
        days = {item.subject: Day(item.details["expires_on"]) for item in items}
        if not days:
            raise Unsendable("of none of the certificates is there anything left to say")
        ending = sorted((day, serial) for serial, day in days.items())
        facts = {
            "centre": centre.name,
            "certificates": [{"serial": one, "expires_on": printed_day(day)} for day, one in ending],
        }
        language = centre.contact.language or self._workspace.portal.organisation.language
        return self._written(message, language, message.kind, facts, centre.contact.email, None)

    def _about_registration(self, message: Message) -> OutgoingMessage:
        """What happened to a registration; the event alone, and the day of it."""
        row = self._learner_messages.find(int(message.key.rpartition("/")[2]))
        reached = notifications.mailbox(self._records, message.recipient or "")
        if row is None or reached is None:
            raise Unsendable("the learner was erased" if row is None else "the address was removed")
        name, address = reached
        code, version = str(row.payload["programme"]), str(row.payload["version"])
        programme = self._workspace.programmes.get((code, version))
        facts = {
            "name": name,
            "event": str(row.payload["event"]),
            "title": programme.title if programme else code,
            "on": printed_day(Day(row.payload["on"])),
        }
        language = self._workspace.portal.organisation.language
        return self._written(message, language, _REGISTRATION, facts, address.email, None)

    def _to_office(self, message: Message) -> OutgoingMessage:
        """A report or a warning, as it was written into the reports folder."""
        to = self._workspace.portal.delivery.report_to
        folder = self._workspace.certificates / "reports" / "mail"
        name = message.key.replace("/", "-")
        subject, text, html = (
            disk.read(folder / f"{name}{part}", 50_000_000, f"reports/{name}{part}").decode()
            if part != ".html" or (folder / f"{name}{part}").exists()
            else ""
            for part in (".subject", ".txt", ".html")
        )
        if not to:
            raise Unsendable("nobody is named in delivery.report_to")
        sender = self._sender()
        data = compose(
            message_id=message.message_id,
            at=message.created_at,
            sender=sender,
            recipient=", ".join(to),
            subject=subject.strip(),
            text=text,
            html=html,
        )
        return OutgoingMessage(message.key, sender[1], to, data)

    def _written(
        self,
        message: Message,
        language: str,
        name: str,
        facts: Mapping[str, Any],
        recipient: str,
        attachment: Attachment | None,
    ) -> OutgoingMessage:
        if language not in self._letters:
            self._letters[language] = letters(self._workspace, language)
        letter = self._letters[language].letter(name, office(self._workspace), facts)
        sender = self._sender()
        data = compose(
            message_id=message.message_id,
            at=message.created_at,
            sender=sender,
            recipient=recipient,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            attachment=attachment,
        )
        return OutgoingMessage(message.key, sender[1], (recipient,), data)

    def _sender(self) -> tuple[str, str]:
        organisation = self._workspace.portal.organisation
        return organisation.name, self._workspace.portal.delivery.sender or organisation.contact.email


def pdf_of(workspace: Workspace, issued: Issued) -> bytes:
    """An issued PDF, the very file that was issued. Raises `Refused`."""
    path = workspace.issued_file(issued.serial, issued.issued_on)
    where = workspace.shown(path)
    data = disk.read(path, _PDF_CAP, where)
    if hashlib.sha256(data).hexdigest() != issued.pdf_sha256:
        fix = f"`certportal pdf {issued.serial}` makes it again"
        raise Refused(MAIL_PDF.at(Place(where), "is not the file that was issued", fix))
    return data
