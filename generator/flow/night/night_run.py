"""The night: every step in its order, each safe to kill, to skip and to do again (docs/operations.md).

A step does what is left to do and nothing twice, so a run that was cut short is finished by running
again. A step that fails holds back those that need it, and no others.

Its audit looks at everything that changed since the last one, and at a thirtieth of the rest: within a
month every file, every issued PDF and the whole event trail have been looked at, at a cost that follows
what is new and not what there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.edge import disk
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.runs import Run, Runs
from generator.edge.register.site_files import SiteFiles
from generator.edge.sites import FolderSite
from generator.errors import Place, Problem, Refused, WorkspaceBusy
from generator.flow.certifying import issuing
from generator.flow.certifying.proposals import EvaluatedClaims, Proposals
from generator.flow.importing import import_claims
from generator.flow.mailing import delivery, returned_mail
from generator.flow.night import morning_report, readiness
from generator.flow.night.codes import DEPLOY_NEARLY
from generator.flow.night.round_trip import round_trip
from generator.flow.office import due
from generator.flow.publishing import audit, audit_register, deployment, live_check, publish
from generator.flow.publishing.live_check import portion
from generator.flow.shared.session import Session
from generator.model.value import seconds
from generator.terms import CLAIM, Worded

AUDITED, AUDITED_EVENTS = "audited_sequence", "audited_events"
_PARTS = 30


def audit_night(session: Session) -> audit.Audit:
    """Audit public/ and the register; what was found good is not looked at again for a month."""
    runs, files = Runs(session.register), SiteFiles(session.register)
    upto = int(runs.switch(AUDITED) or 0)
    changed = files.changed_in(upto + 1)
    drawn = portion(session.register.secret(), session.now, _PARTS)
    site, pin = FolderSite(session.workspace.public), session.workspace.keystore.pin()
    known = SiteFiles(session.register).unreferenced()
    found, tree = audit.audit_site(
        site,
        pin,
        session.now,
        session.environment.progress,
        known,
        lambda path: path in changed or drawn(path),
    )
    if tree is None:
        return found
    # Once a month the trail is read from its very beginning.
    whole = seconds(session.now) // 86400 % _PARTS == 0
    events = 0 if whole else int(runs.switch(AUDITED_EVENTS) or 0)
    scope = audit_register.Scope(upto, drawn, events)
    audit_register.audit_register(session, tree, found, scope)
    audit_register.audit_verdicts(session, site, found, scope)
    last = Publications(session.register).last()
    if not found.problems and last is not None:
        with session.register.transaction():
            runs.set_switch(AUDITED, str(last.sequence), session.now)
            runs.set_switch(AUDITED_EVENTS, str(EventLog(session.register).state()[0]), session.now)
    return found


State = Literal["ok", "held", "failed", "skipped", "waits"]
_LEFT_OVER_SECONDS = 86_400  # what a living run makes and removes again takes minutes
KIND, IMPORTED = "nightly", "imported_sha256"
EXIT_OK, EXIT_FAULTS, EXIT_HELD = 0, 1, 3


@dataclass(slots=True)
class Step(Worded):
    """One step's outcome: in words, with the problems that it found, and how long it took (seconds)."""

    name: str
    state: State
    words: str
    problems: list[Problem] = field(default_factory=list)
    reported: list[Problem] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Night:
    """A run while it goes and when it is over."""

    run: Run
    steps: list[Step] = field(default_factory=list)
    report: morning_report.Report | None = None
    # What the controls step found, for issuing, which drops it: with many claims it is large.
    evaluated: EvaluatedClaims | None = None

    def failed(self, *names: str) -> bool:
        """Whether one of these steps failed, or waits for one that did."""
        return any(step.name in names and step.state in ("failed", "waits") for step in self.steps)

    @property
    def exit_code(self) -> int:
        """For a timer: 0 all done, 1 something failed, 3 done but for what is held."""
        if any(step.state in ("failed", "waits") for step in self.steps):
            return EXIT_FAULTS
        waits = self.report is not None and bool(self.report.held or self.report.mail)
        return EXIT_HELD if waits else EXIT_OK


def nightly(session: Session, skip: Collection[str] = ()) -> Night:
    """Run the night. Problems are in its steps; raises `Busy` only, where another run is at work."""
    runs = Runs(session.register)
    with session.register.transaction():
        interrupted = runs.interrupted(KIND) + runs.running(KIND)
        run = runs.begin(KIND, session.now)
    night = Night(run)
    disk.clear_temporary(_LEFT_OVER_SECONDS)
    for name, act, needs in _STEPS:
        _run(session, night, name, act, needs, name in skip)
    _finish(session, night, interrupted)
    return night


Act = Callable[[Session, Night], Step]


def _run(session: Session, night: Night, name: str, act: Act, needs: tuple[str, ...], skipped: bool) -> None:
    """One step, timed, logged and noted."""
    begun = session.environment.watch()
    if skipped:
        step = Step(name, "skipped", "as asked")
    elif night.failed(*needs):
        blocking = ", ".join(
            item.name for item in night.steps if item.name in needs and item.state in ("failed", "waits")
        )
        step = Step(name, "waits", f"for {blocking}")
    else:
        try:
            with disk.mendable():
                step = act(session, night)
        except WorkspaceBusy:
            raise
        except Refused as refused:
            step = Step(name, "failed", refused.problems[0].what, list(refused.problems))
        step.name = name
    step.seconds = round(session.environment.watch() - begun, 3)
    _keep(session, night, step)


def _keep(session: Session, night: Night, step: Step) -> None:
    night.steps.append(step)
    try:
        with session.register.transaction():
            Runs(session.register).step(night.run, step.name, step.state, step.words)
        _log(session, night.run, _plain(step))
    except WorkspaceBusy:
        raise
    except Refused as refused:
        # A full disk: the step's own outcome is what counts, and the next night says the rest.
        step.problems += refused.problems
        step.state = "failed"


def _log(session: Session, run: Run, members: dict[str, Any]) -> None:
    """One JSON line in the day's log."""
    whole = {"at": session.now, "run": run.id, **members}
    line = json.dumps(whole, ensure_ascii=False) + "\n"
    disk.append(session.workspace.certificates / "reports" / f"{session.today}.jsonl", line.encode())


def _plain(step: Step) -> dict[str, Any]:
    listed = [problem.plain() for problem in step.problems]
    members = {"step": step.name, "state": step.state, "seconds": step.seconds, "words": step.words}
    reported = [problem.plain() for problem in step.reported]
    return {**members, "problems": listed, **({"reported": reported} if reported else {})}


def _finish(session: Session, night: Night, interrupted: int) -> None:
    """Write the morning report, send it, and close the run."""
    begun = session.environment.watch()
    try:
        night.report = morning_report.write(session, night.run, list(night.steps), interrupted)
        delivery.send_office(session)
        state: State = "ok"
        step = Step("report", state, night.report.headline)
    except WorkspaceBusy:
        raise
    except Refused as refused:
        step = Step("report", "failed", refused.problems[0].what, list(refused.problems))
    step.seconds = round(session.environment.watch() - begun, 3)
    _keep(session, night, step)
    with session.register.transaction():
        # What a night with a failed step began, the next one finishes: its report counts that too.
        counted = night.run.events if night.failed(*STEP_NAMES) else EventLog(session.register).state()[0]
        report = {"events": counted, "headline": step.words}
        Runs(session.register).end(night.run, session.now, report)


def _import(session: Session, _night: Night) -> Step:
    growing = readiness.still_growing(session)
    if growing:
        return Step("", "held", "a file is still being written", growing)
    # What was read without a fault before need not be read again; controls look at every claim anyway.
    fingerprint = readiness.fingerprint(session.workspace)
    if Runs(session.register).switch(IMPORTED) == fingerprint:
        return Step("", "ok", "nothing new in the drop folder")
    found = import_claims.preview(session)
    # Also where no claim is new: records, rows that are held from now on, and rows that no longer are.
    import_claims.write(session, found)
    with session.register.transaction():
        Runs(session.register).set_switch(IMPORTED, None if found.problems else fingerprint, session.now)
    files = "1 file" if len(found.sources) == 1 else f"{len(found.sources)} files"
    words = f"{files} · {found.new} new, {found.amended} amended {CLAIM}s"
    if found.drafts:
        words += f" · {len(found.drafts)} {'report' if len(found.drafts) == 1 else 'reports'} drafted"
    if found.held:
        words += f" · {found.held} rows held"
    return Step("", "held" if found.problems else "ok", words, list(found.problems))


def _controls(session: Session, night: Night) -> Step:
    notices = readiness.check(session)
    # The import before this looks at rows that are not registered yet; here every claim is evaluated, once.
    found = Proposals(session).evaluate(Claims(session.register).uncertified())
    night.evaluated = found
    words = f"{len(found.claims)} {CLAIM}s without a certificate, {found.passing} pass every control"
    return Step("", "ok", words, notices)


def _issue(session: Session, night: Night) -> Step:
    evaluated, night.evaluated = night.evaluated, None
    done = issuing.issue(session, evaluated)
    words = f"{done.issued} issued" + (f" · {done.held} held" if done.held else "")
    if done.reported:
        words += f" · {len(done.reported)} reported"
    return Step("", "held" if done.held else "ok", words, list(done.problems), list(done.reported))


def _publish(session: Session, _night: Night) -> Step:
    done = publish.publish(session)
    until = done.next_update[:16].replace("T", " ")
    if not done.written:
        return Step("", "ok", f"nothing changed; publication {done.sequence} is good until {until}")
    size = f"{done.bytes_written / 1024:,.0f} KB"
    words = f"publication {done.sequence}, good until {until}; {done.written} of {done.files} files, {size}"
    return Step("", "ok", words)


def _audit(session: Session, _night: Night) -> Step:
    found = audit_night(session)
    state: State = "failed" if found.problems else "ok"
    words = f"{found.files} files, {found.certificates or 0} certificates looked at"
    return Step("", state, words, list(found.problems))


def _round_trip(session: Session, _night: Night) -> Step:
    done = round_trip(session)
    if done.left_out:
        return Step("", "skipped", done.left_out)
    return Step("", "ok", f"{done.scanned} of {done.new} new certificates scanned")


def _deploy(session: Session, _night: Night) -> Step:
    if not session.workspace.portal.deploy:
        return Step("", "skipped", "no target in portal.yaml; public/ is the site")
    done = deployment.deploy(session)
    problems: list[Problem] = []
    words = []
    for item in done:
        words.append(
            f"{item.target}: {item.put} files" + (f", {item.removed} removed" if item.removed else "")
        )
        problems += [
            DEPLOY_NEARLY.at(
                Place("portal.yaml", column=f"deploy {item.target}"), text, "plan for a larger host"
            )
            for text in item.advice
        ]
    faults: list[Problem] = []
    for target in session.workspace.portal.deploy:
        faults += live_check.check(session, target).problems
    words.append("live check " + ("failed" if faults else "good"))
    return Step("", "failed" if faults else "ok", "; ".join(words), [*faults, *problems])


def _deliver(session: Session, _night: Night) -> Step:
    problems = returned_mail.take_bounces(session, list(returned_mail.bounce_files(session.workspace)))
    if session.workspace.portal.delivery.mode != "off":
        due.request_reminders(session)
    done = delivery.deliver(session)
    problems += done.problems
    parts = [f"{done.sent} sent"]
    parts += [
        f"{count} {word}"
        for count, word in (
            (done.later, "to try later"),
            (done.failed, "failed"),
            (done.doubt, "in doubt"),
            (done.kept_back, "kept back"),
        )
        if count
    ]
    if done.stopped is not None:
        parts = [f"stopped: {done.stopped}"]
    return Step("", "failed" if done.problems else "ok", " · ".join(parts), problems)


_STEPS: tuple[tuple[str, Act, tuple[str, ...]], ...] = (
    ("import", _import, ()),
    ("controls", _controls, ()),
    ("issue", _issue, ("controls",)),
    ("publish", _publish, ("controls",)),
    ("audit", _audit, ("publish",)),
    ("round-trip", _round_trip, ("publish", "audit")),
    ("deploy", _deploy, ("publish", "audit", "round-trip")),
    # Learners are told of what is live; what is not yet live waits by itself.
    ("deliver", _deliver, ("audit", "round-trip")),
)
STEP_NAMES = tuple(name for name, _, _ in _STEPS)
