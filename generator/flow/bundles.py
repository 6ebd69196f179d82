"""Certificates by the handful: a ZIP with a list for a centre or sponsor, addresses for an LMS.

Lists carry the serial, which opens nothing. The file of addresses is the exception by its nature: it
is for the LMS alone, readable by its owner only.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.edge import disk
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.flow import live
from generator.flow.letters import pdf_of
from generator.flow.workspace import Door, Workspace
from generator.model.certificate import Statement
from generator.wire import layout, private_link, statement

By = Literal["centre", "sponsor"]
_STAMP = (1980, 1, 1, 0, 0, 0)  # a ZIP has no better word for "no time"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written, and for how many certificates."""

    path: Path
    count: int


def bundle(workspace: Workspace, register: Register, door: Door, by: By, since: str = "") -> list[Made]:
    """One ZIP for each centre or sponsor, with what is live and was issued since a day."""
    groups: dict[str, list[tuple[Issued, Statement]]] = {}
    for item, certified in _live(workspace, register, since):
        name = _group(certified, by)
        if name is not None:
            groups.setdefault(name, []).append((item, certified))
    day, made = workspace.today(door.now), []
    for name, members in sorted(groups.items()):
        path = workspace.certificates / "reports" / "bundles" / f"{day}-{_file_name(name)}.zip"
        disk.write(path, _zipped(workspace, members), private=True)
        made.append(Made(path, len(members)))
    return made


def links(workspace: Workspace, register: Register, door: Door, since: str = "") -> Made:
    """A CSV for the LMS: learner reference, programme, serial, address of the certificate."""
    claims, contacts, origin = Claims(register), Contacts(register), workspace.portal.site.origin
    rows = []
    for item, certified in _live(workspace, register, since):
        held = claims.by_id(item.claim_id)
        secret = contacts.secret(item.serial)
        address = private_link.address(origin, secret) if secret else layout.link(origin, item.number)
        if held is not None:
            programme = certified.programme
            rows.append((held.claim.learner_ref, programme.code, programme.version, item.serial, address))
    path = workspace.certificates / "reports" / f"links-{workspace.today(door.now)}.csv"
    heading = ("learner_ref", "programme", "version", "serial", "address")
    disk.write(path, _csv(heading, rows), private=True)
    return Made(path, len(rows))


def _live(workspace: Workspace, register: Register, since: str) -> Iterator[tuple[Issued, Statement]]:
    """Certificates that verify now, without an exception."""
    certificates = Certificates(register)
    for serial in certificates.published_between(0, live.sequence(workspace, register)):
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


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] or "group"
