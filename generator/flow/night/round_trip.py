"""From the printed code back to the verdict, on the very files that are about to go out.

A sample of the new certificates is drawn, pictured, its QR read as a phone reads it, and the recipe run
on the built tree. Anything but `valid` stops the deployment; the site that is live stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.crypto.cipher import mac
from generator.edge import browser, pdf_reader, scanner, web_server
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.database import Register
from generator.edge.register.publications import Publications
from generator.edge.register.runs import Runs
from generator.edge.sites import FolderSite
from generator.errors import Place, Problem, Refused
from generator.flow.night.codes import ROUND_TRIP, ROUND_TRIP_PAGE, SCAN_DECODER
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.keyring import Pin
from generator.model.value import Instant, Serial
from generator.rules.verifying import verify

_DOTS_PER_INCH = 150


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """How many certificates were new, how many of them were read back, and what was left out."""

    new: int
    scanned: int
    left_out: str = ""


def round_trip(session: Session) -> RoundTrip:
    """Read back what no earlier round trip has. Raises `Refused` with everything that is not valid."""
    settings = session.workspace.portal.publish
    last = Publications(session.register).last()
    if settings.scan == "off" or last is None:
        return RoundTrip(0, 0, "switched off in portal.yaml" if settings.scan == "off" else "")
    checked = Runs(session.register).round_trip()
    if checked >= last.sequence:
        return RoundTrip(0, 0)
    new = Certificates(session.register).published_between(checked, last.sequence)
    if new and not scanner.available():
        if settings.scan == "required":
            fix = "`pip install 'certportal[roundtrip]'`, or set publish.scan to where_possible"
            what = "policy asks that printed codes are read back, and no decoder is installed"
            raise Refused(SCAN_DECODER.at(Place("portal.yaml", column="publish.scan"), what, fix))
        return RoundTrip(len(new), 0, "no decoder: pip install 'certportal[roundtrip]'")
    sample = _drawn(session.register, new, settings.scan_sample)
    problems: list[Problem] = []
    pin, site = session.workspace.keystore.pin(), FolderSite(session.workspace.public)
    for rank, item in enumerate(sample):
        session.environment.progress("reading back", rank, len(sample))
        problems += _one(session.workspace, item, site, pin, session.now)
    if sample and settings.browser and not problems:
        problems += _in_browser(session.workspace, sample[0], settings.browser)
    if problems:
        raise Refused(problems)
    with session.register.transaction():
        Runs(session.register).round_trip_done(last.sequence, len(sample))
    session.environment.progress("reading back", len(sample), len(sample))
    return RoundTrip(len(new), len(sample))


def _drawn(register: Register, new: Sequence[Serial], count: int) -> list[Issued]:
    """All, or so many of them as the register's secret draws: nobody can tell which beforehand."""
    secret, certificates = register.secret(), Certificates(register)
    if len(new) > count:
        new = sorted(sorted(new, key=lambda serial: mac(secret, b"round-trip\0" + serial.encode()))[:count])
    found = (certificates.find(serial) for serial in new)
    return [item for item in found if item is not None]


def _one(workspace: Workspace, item: Issued, site: FolderSite, pin: Pin, now: Instant) -> list[Problem]:
    path = workspace.issued_file(item.serial, item.issued_on)
    if not path.is_file() and not workspace.portal.certificate.keep:
        return []
    where = workspace.shown(path)
    fix = "nothing went out; do not publish by hand, see docs/operations.md, ROUND-TRIP"
    seen = scanner.read(pdf_reader.page_image(path, _DOTS_PER_INCH))
    wanted = f"{workspace.portal.site.origin}/#"
    numbers = [text.removeprefix(wanted) for text in seen if text.startswith(wanted)]
    if len(numbers) != 1:
        what = f"its code cannot be read as an address at {workspace.portal.site.origin}"
        return [ROUND_TRIP.at(Place(where), what, fix)]
    verdict = verify(numbers[0], site, pin, now, pdf_reader.read(path))
    if verdict.kind == "valid":
        return []
    what = f"verifies as {verdict.kind} ({verdict.reason or 'no reason'}), not as valid"
    return [ROUND_TRIP.at(Place(where), what, fix)]


def _in_browser(workspace: Workspace, item: Issued, program: str) -> list[Problem]:
    with web_server.serving(workspace.public) as origin:
        kind = browser.verdict_shown(program, f"{origin}/#{item.number}")
    if kind == "valid":
        return []
    fix = "open the built page by hand (`certportal serve`); nothing went out"
    what = f"the page in {program} says `{kind or 'nothing'}` of {item.serial}, not valid"
    return [ROUND_TRIP_PAGE.at(Place("public/index.html"), what, fix)]
