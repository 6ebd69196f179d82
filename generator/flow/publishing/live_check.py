"""Looking at a deployed site as the public does: over the web, with nothing but the root (docs/deploy.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from generator.crypto.cipher import mac
from generator.edge import host_configuration
from generator.edge.register.certificates import Certificates
from generator.edge.register.publications import Publications
from generator.edge.register.site_files import SiteFiles
from generator.edge.sites import HttpSite, read_over_http
from generator.errors import Place, Problem
from generator.flow.publishing import audit, deployment
from generator.flow.publishing.codes import LIVE_404, LIVE_HOST, LIVE_OLD, LIVE_TYPE, LIVE_VERDICT
from generator.flow.shared.session import Session
from generator.formats import paths
from generator.model.portal import DeployTarget
from generator.model.value import Instant, seconds
from generator.rules.published_files import Site, Unreadable
from generator.rules.verifying import verify

_NUMBERS = 12
_WAITS = (0.0, 5.0, 20.0)  # seconds; a content network needs a moment
_FIX = "`certportal deploy`; if it stays, see docs/operations.md, LIVE"
_HOST_FIX = "write the host's configuration again: `certportal deploy --host-config`"


@dataclass(slots=True)
class LiveCheck:
    """What the public sees at a target. `advice` is no fault: headers that the host does not send."""

    target: str
    place: str
    sequence: int = 0
    next_update: str = ""
    files: int = 0
    verified: int = 0
    problems: list[Problem] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


def check(session: Session, settings: DeployTarget) -> LiveCheck:
    """Audit and verify at the target's address, or where it has none, its files."""
    source = HttpSite(settings.url) if settings.url else deployment.opened(session, settings).site()
    found = LiveCheck(settings.name, settings.url or settings.path or settings.bucket or "")
    if source is None:
        found.advice.append("give the target a `url`: without one nobody can look at it")
        return found
    for wait in _WAITS:
        session.environment.sleep(wait)
        found.problems.clear()
        found.verified = 0
        _look(session, source, found)
        if not found.problems or not isinstance(source, HttpSite) or source.silent:
            break
    if isinstance(source, HttpSite) and source.silent:
        found.problems.append(LIVE_HOST.at(Place(subject=found.place), "does not answer in time", _FIX))
    elif settings.url:
        _host(settings.url, found)
    return found


def portion(salt: bytes, now: Instant, parts: int = 30) -> Callable[[str], bool]:
    """A thirtieth of all paths: another each day, every one of them within a month."""
    day = seconds(now) // 86400 % parts
    return lambda path: int.from_bytes(mac(salt, path.encode())[:4], "big") % parts == day


def _look(session: Session, source: Site, found: LiveCheck) -> None:
    pin = session.workspace.keystore.pin()
    # Files in their grace period, and those that only this host needs, are there with our knowledge.
    known = frozenset(SiteFiles(session.register).deployed(found.target))
    drawn = portion(session.register.secret(), session.now)
    audited, tree = audit.audit_site(source, pin, session.now, session.environment.progress, known, drawn)
    found.problems += audited.problems
    found.sequence, found.next_update, found.files = audited.sequence, audited.next_update, audited.files
    last = Publications(session.register).last()
    if tree is None or last is None:
        return
    if tree.head.sequence != last.sequence:
        what = f"shows publication {tree.head.sequence}, not {last.sequence}"
        found.problems.append(LIVE_OLD.at(Place(subject=found.place), what, _FIX))
        return
    certificates = Certificates(session.register)
    for serial in certificates.drawn(_NUMBERS, last.sequence):
        item = certificates.find(serial)
        if item is None:
            continue
        verdict = verify(item.number, source, pin, session.now)
        found.verified += 1
        if verdict.kind in ("malformed", "unreachable", "not_found", "forged", "stale"):
            what = f"verifies as {verdict.kind} ({verdict.reason or 'no reason'})"
            found.problems.append(LIVE_VERDICT.at(Place(subject=f"{serial} at {found.place}"), what, _FIX))


def _host(url: str, found: LiveCheck) -> None:
    """How the host answers: absent files, types and headers."""
    try:
        status, _ = read_over_http(url, "r/no-such-file.bin")
        if status not in (404, 410):
            what = f"answers {status} for a file that is not there"
            found.problems.append(LIVE_404.at(Place(subject=url), what, _HOST_FIX))
        for path in ("", paths.HEAD):
            status, given = read_over_http(url, path)
            if status != 200:
                found.problems.append(LIVE_HOST.at(Place(subject=f"{url}/{path}"), f"answers {status}", _FIX))
                continue
            wanted = host_configuration.headers(path or paths.INDEX)
            kind = given.get("content-type", "").partition(";")[0].strip()
            if kind != wanted["Content-Type"].partition(";")[0]:
                what = f"is sent as `{kind}`, not {wanted['Content-Type']}"
                found.problems.append(LIVE_TYPE.at(Place(subject=f"{url}/{path}"), what, _HOST_FIX))
            found.advice += [
                f"{url}/{path} is sent without {name}"
                for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
                if name.lower() not in given
            ]
            if wanted["Cache-Control"] == "no-cache" and "no-cache" not in given.get("cache-control", ""):
                found.advice.append(f"{url}/{path} is sent without Cache-Control: no-cache")
    except Unreadable:
        found.problems.append(LIVE_HOST.at(Place(subject=url), "does not answer", _FIX))
