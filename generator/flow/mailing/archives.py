"""Archives of certificates: a ZIP with a list for a centre or sponsor, addresses for an LMS.

Lists carry the serial, which opens nothing. The file of addresses is the exception by its nature: it
is for the LMS alone, readable by its owner only.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.edge import disk
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.publications import Publications
from generator.edge.register.records import OfficeRecords, subject
from generator.edge.register.state_changes import StateChanges
from generator.flow.mailing.letters import pdf_of
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.formats import paths, private_link, statement
from generator.model.certificate import Statement
from generator.model.registration import LearnerRecord

By = Literal["centre", "sponsor"]
_STAMP = (1980, 1, 1, 0, 0, 0)  # a ZIP has no better word for "no time"


@dataclass(frozen=True, slots=True)
class Archive:
    """A file for so many certificates (of none, there is none), and how many were kept from it."""

    path: Path
    count: int
    kept_back: int = 0


def archive(session: Session, by: By, since: str = "") -> list[Archive]:
    """One ZIP for each centre or sponsor, with what is live and was issued since a day.

    A sponsor gets nothing of a learner whose record names what was agreed to, and this not among it.
    """
    groups: dict[str, list[tuple[Issued, Statement]]] = {}
    kept_back: Counter[str] = Counter()
    agreed = _Agreed(session.register)
    for item, certified in _live(session, since):
        name = _group(certified, by)
        if name is None:
            continue
        members = groups.setdefault(name, [])
        if by == "sponsor" and not agreed.to_sponsor(item):
            kept_back[name] += 1
        else:
            members.append((item, certified))
    day, made = session.today, []
    files = _file_names(groups)
    for name, members in sorted(groups.items()):
        path = session.workspace.certificates / "reports" / "archives" / f"{day}-{files[name]}.zip"
        if members:
            disk.write(path, _zipped(session.workspace, members), private=True)
        made.append(Archive(path, len(members), kept_back[name]))
    return made


class _Agreed:
    """What learners agreed to, as far as the register knows."""

    def __init__(self, register: Register) -> None:
        self._claims, self._records = Claims(register), OfficeRecords(register)

    def to_sponsor(self, item: Issued) -> bool:
        """False where the learner's record does not name the sponsor; without a record the office knows."""
        held = self._claims.by_id(item.claim_id)
        if held is None or held.claim.centre is None:
            return True
        about = self._records.about(subject(held.claim.centre, held.claim.learner_ref)).current()
        learners = [kept.record for kept in about if isinstance(kept.record, LearnerRecord)]
        return all("sponsor" in learner.consents for learner in learners)


def links(session: Session, since: str = "") -> Archive:
    """A CSV for the LMS: learner reference, programme, serial, address of the certificate."""
    claims, contacts, origin = (
        Claims(session.register),
        Contacts(session.register),
        session.workspace.portal.site.origin,
    )
    rows = []
    for item, certified in _live(session, since):
        held = claims.by_id(item.claim_id)
        secret = contacts.secret(item.serial)
        address = private_link.address(origin, secret) if secret else paths.link(origin, item.number)
        if held is not None:
            programme = certified.programme
            rows.append((held.claim.learner_ref, programme.code, programme.version, item.serial, address))
    path = session.workspace.certificates / "reports" / f"links-{session.today}.csv"
    heading = ("learner_ref", "programme", "version", "serial", "address")
    disk.write(path, _csv(heading, rows), private=True)
    return Archive(path, len(rows))


def _live(session: Session, since: str) -> Iterator[tuple[Issued, Statement]]:
    """Certificates that verify as valid on the live site, by serial."""
    certificates, changes = Certificates(session.register), StateChanges(session.register)
    states = {change.serial: change.kind for change in changes.all()}
    waits = changes.waiting()
    for serial in certificates.published_upto(Publications(session.register).live(session.workspace.targets)):
        if states.get(serial, "reinstated") != "reinstated" or serial in waits:
            continue
        item = certificates.find(serial)
        if item is not None and item.statement is not None and item.issued_on >= since:
            yield item, statement.decode(item.statement)


def _group(certified: Statement, by: By) -> str | None:
    if by == "sponsor":
        return certified.sponsor
    return (certified.centre.number or certified.centre.name) if certified.centre else None


def _zipped(workspace: Workspace, members: Iterable[tuple[Issued, Statement]]) -> bytes:
    """The same bytes for the same certificates; PDFs are compressed already."""
    data = io.BytesIO()
    rows = []
    with zipfile.ZipFile(data, "w") as archive:
        for item, certified in members:
            archive.writestr(zipfile.ZipInfo(f"{item.serial}.pdf", _STAMP), pdf_of(workspace, item))
            title = certified.programme.title
            rows.append((item.serial, certified.learner.name, title, certified.grade or "", item.issued_on))
        rows.sort(key=lambda row: (row[1].rpartition(" ")[2].casefold(), row[1].casefold(), row[0]))
        heading = ("serial", "name", "certificate", "grade", "issued_on")
        archive.writestr(zipfile.ZipInfo("list.csv", _STAMP), _csv(heading, rows))
    return data.getvalue()


def _csv(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows(tuple(_plain(cell) for cell in row) for row in rows)
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name for each group, no two alike: a digest where letters alone do not tell them apart."""
    plain = {name: re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] for name in names}
    often = Counter(made.casefold() for made in plain.values())
    return {
        name: made
        if often[made.casefold()] == 1 and made
        else f"{made or 'group'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        for name, made in plain.items()
    }
