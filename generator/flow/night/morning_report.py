"""The morning report: what was done, what waits, who must act; HTML, text, JSON (docs/operations.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Protocol

from generator.edge import disk
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.messages import Message, Messages
from generator.edge.register.publications import Publication, Publications
from generator.edge.register.runs import Run, Runs
from generator.errors import Owner, Place, Problem
from generator.flow.mailing import delivery, notifications
from generator.flow.mailing.letters import letters, office
from generator.flow.night import readiness
from generator.flow.night.codes import FRESHNESS, MAIL_BOUNCED, MAIL_DOUBT, MAIL_FAILED
from generator.flow.shared.session import Session
from generator.model.people import Roster
from generator.model.value import Day
from generator.terms import CENTRE, CLAIM, GENERAL, in_words_of, sentence, spoken

_GROUPED_FROM = 4
_LONG = 12


class StepLike(Protocol):
    """What the report needs of a step."""

    name: str
    state: Any
    words: str
    problems: list[Problem]
    reported: list[Problem]
    seconds: float


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Something that waits for somebody: `who` in words, by the role that is `owner`. `count` rows of one
    kind are shown as one; `place` is then that of the first, and `where` says so.
    """

    code: str
    where: str
    place: Place
    owner: Owner
    what: str
    fix: str
    who: str
    count: int = 1
    serial: str = ""

    def plain(self) -> dict[str, str | int]:
        """As plain data for machines, the parts of the place beside `where` (as `Problem.plain`)."""
        members = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "place"}
        return {**members, **asdict(self.place)}


@dataclass(frozen=True, slots=True)
class Report:
    """A night in figures and rows. What is `reported` holds nothing; somebody should look at it."""

    day: Day
    headline: str
    issued: int
    held_count: int
    alarms: tuple[ReportRow, ...]
    held: tuple[ReportRow, ...]
    mail: tuple[ReportRow, ...]
    unreached: tuple[ReportRow, ...]
    reported: tuple[ReportRow, ...]
    next_update: str

    def plain(self) -> dict[str, Any]:
        """As plain data for machines."""
        members = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: [row.plain() for row in value] if isinstance(value, tuple) else value
            for name, value in members.items()
        }


def who_acts(problem: Problem, roster: Roster | None, day: Day, administrator: str) -> str:
    """In words: those who hold the role of the problem's owner on this day, or the role where nobody does.

    `administrator` is the address of whoever runs the program.
    """
    if problem.owner == "administrator":
        return f"the administrator ({administrator})"
    # A learner, and whoever sent a sheet, is nobody of the office: the exams officer, where there is one,
    # asks them.
    role = "exams_officer" if problem.owner in ("learner", "sender") else problem.owner
    holders = roster.in_role(role, day) if roster else ()
    words = spoken(role if holders else problem.owner)
    names = ", ".join(person.name for person in holders)
    return sentence(f"{names} ({words})" if names else f"the {words}")


def write(session: Session, run: Run, steps: Sequence[StepLike], interrupted: int) -> Report:
    """Write the report into certificates/reports/ and have it mailed, once for each night."""
    made = _made(session, run, steps)
    kind = session.workspace.portal.organisation.kind
    folder = session.workspace.certificates / "reports"
    facts = {
        **{name: getattr(made, name) for name in ("day", "headline", "held_count")},
        "next_update": _spoken(made.next_update),
        "interrupted": interrupted,
        "alarms": made.alarms,
        "held": _grouped(made.held),
        "mail": made.mail,
        "unreached": made.unreached,
        "reported": _short(made.reported),
        "reported_count": len(made.reported),
        "steps": [{**_step(item), "words": in_words_of(kind, item.words)} for item in steps],
    }
    letter = letters(session.workspace, session.workspace.portal.organisation.language).letter(
        "report", {**office(session.workspace), "headline": made.headline, "day": made.day}, facts
    )
    plain = {**made.plain(), "steps": [_step(item) for item in steps], "run": run.id}
    data = in_words_of(GENERAL, json.dumps(plain, ensure_ascii=False, indent=1)) + "\n"
    # The same for a run that was cut short and the one that finishes it; another for the next night.
    key = f"report/{made.day}-{Runs(session.register).last_ended(run)}"
    mailed = key.replace("/", "-")
    for name, text in (
        (f"{made.day}.html", letter.html),
        (f"{made.day}.txt", letter.text),
        (f"{made.day}.json", data),
        (f"mail/{mailed}.subject", letter.subject + "\n"),
        (f"mail/{mailed}.txt", letter.text),
        (f"mail/{mailed}.html", letter.html),
    ):
        disk.write(folder / name, text.encode(), private=True)
    if session.workspace.portal.delivery.report_to:
        with session.register.transaction():
            delivery.enqueue(session, key, "report")
        _warn(session, made)
    return made


def _made(session: Session, run: Run, steps: Sequence[StepLike]) -> Report:
    day, runs = session.today, Runs(session.register)
    kind = session.workspace.portal.organisation.kind
    roster = session.workspace.keystore.roster() if session.workspace.keystore.complete else None
    administrator = (
        session.workspace.portal.delivery.report_to or (session.workspace.portal.organisation.contact.email,)
    )[0]

    def row(problem: Problem, serial: str = "") -> ReportRow:
        who = who_acts(problem, roster, day, administrator)
        what, fix, who = (in_words_of(kind, text) for text in (problem.said, problem.fix, who))
        where = in_words_of(kind, str(problem.place))
        return ReportRow(problem.code, where, problem.place, problem.owner, what, fix, who, serial=serial)

    fresh = readiness.freshness(session)
    alarms = [row(problem) for step in steps if _alarming(step) for problem in step.problems]
    alarms += [row(problem) for problem in fresh]
    held = [row(problem) for step in steps if not _alarming(step) for problem in step.problems]
    reported = [row(problem) for step in steps for problem in step.reported]
    mail = [row(problem, serial) for serial, problem in _mail(session.register)]
    last = _live(session)
    issued = runs.happened("certificate_issued", run.events)
    bounced = runs.happened("message_bounced", run.events)
    held_count = len({item.where for item in held})
    failed = [step.name for step in steps if step.state == "failed"]
    return Report(
        day,
        _headline(issued, held_count, bounced, failed, alarms, mail),
        issued,
        held_count,
        tuple(alarms),
        tuple(held),
        tuple(mail),
        tuple(row(problem) for problem in notifications.unreached(session)),
        tuple(reported),
        last.next_update if last else "nothing is published yet",
    )


def _spoken(next_update: str) -> str:
    """An instant for the eye; other words as they are."""
    return f"{next_update[:10]} {next_update[11:16]} UTC" if next_update.endswith("Z") else next_update


def _alarming(step: StepLike) -> bool:
    """Problems of import and issue are claims that wait; all others are the administrator's."""
    return step.state == "failed" or step.name not in ("import", "issue")


def _headline(
    issued: int,
    held: int,
    bounced: int,
    failed: Sequence[str],
    alarms: Sequence[ReportRow],
    mail: Sequence[ReportRow],
) -> str:
    """`OK 155`, or what to act on. Figures and step names only: it becomes a subject line."""
    parts = [f"{name} failed" for name in failed]
    if not failed and alarms:
        parts.append(f"{len(alarms)} alarms" if len(alarms) > 1 else "1 alarm")
    counts = (
        (held, "held"),
        (bounced, "bounced"),
        (sum(item.code == MAIL_DOUBT.name for item in mail), "in doubt"),
        (sum(item.code == MAIL_FAILED.name for item in mail), "undeliverable"),
    )
    parts += [f"{count} {word}" for count, word in counts if count]
    return f"ACTION: {', '.join(parts)}" if parts else f"OK {issued}"


def _mail(register: Register) -> Iterable[tuple[str, Problem]]:
    """Messages that a person must look at, until they are settled."""
    messages = Messages(register)
    for state, code, what, fix in _UNSETTLED:
        for item in messages.in_state(state):  # type: ignore[arg-type]  # the table holds states only
            place, mend = Place(subject=item.key), fix.format(key=item.key, place=_place(item))
            yield item.serial or item.recipient or item.kind, code.at(place, _said(item, what), mend)


_UNSETTLED = (
    (
        "bounced",
        MAIL_BOUNCED,
        "the address does not exist or refuses mail",
        "correct the address in {place}, then `certportal deliver --again {key}`",
    ),
    (
        "failed",
        MAIL_FAILED,
        "the mail server would not take it",
        "correct the address in {place}, then `certportal deliver --again {key}`",
    ),
    (
        "doubt",
        MAIL_DOUBT,
        "the connection broke while it was handed over: it may or may not have arrived",
        "ask whom it was for or the mail log, then `certportal deliver --settled {key}` or `--again {key}`",
    ),
)


def _place(item: Message) -> str:
    """Where the address of a message is kept."""
    if item.serial is not None:
        return f"the {CLAIM} sheet"
    return "the learner's record" if "/" in (item.recipient or "") else f"the {CENTRE}'s file"


def _said(item: Message, what: str) -> str:
    return f"{what} ({item.reply})" if item.reply else what


def _grouped(rows: Sequence[ReportRow]) -> list[ReportRow]:
    """Many rows of one kind as one with their number; few in full."""
    kinds: dict[tuple[str, str, str], list[ReportRow]] = {}
    for item in rows:
        kinds.setdefault((item.code, item.what, item.fix), []).append(item)
    return _first_of(kinds.values())


def _short(rows: Sequence[ReportRow]) -> list[ReportRow]:
    """The same; where that is still a long list, one row for each control in its first claim's words."""
    shown = _grouped(rows)
    if len(shown) <= _LONG:
        return shown
    kinds: dict[str, list[ReportRow]] = {}
    for item in rows:
        kinds.setdefault(item.code, []).append(item)
    return _first_of(kinds.values())


def _first_of(groups: Iterable[list[ReportRow]]) -> list[ReportRow]:
    shown: list[ReportRow] = []
    for members in groups:
        if len(members) < _GROUPED_FROM:
            shown += members
            continue
        first = members[0]
        where = f"{first.where} and {len(members) - 1} more; all are in the JSON report"
        shown.append(replace(first, where=where, count=len(members), serial=""))
    return shown


def _step(item: StepLike) -> dict[str, Any]:
    problems = [problem.plain() for problem in item.problems]
    members = {"name": item.name, "state": item.state, "words": item.words, "seconds": item.seconds}
    return {**members, "problems": problems}


def _live(session: Session) -> Publication | None:
    """The publication that the public sees."""
    publications = Publications(session.register)
    return publications.find(publications.live(session.workspace.targets))


def _warn(session: Session, made: Report) -> None:
    """The warning at half-time of a status that was not renewed: one mail for each publication."""
    row = _live(session)
    stale = next((item for item in made.alarms if item.code == FRESHNESS.name), None)
    if row is None or stale is None:
        return
    key = f"freshness/{row.sequence}"
    facts = {"stale_on": row.next_update[:10], "issued_at": row.issued_at, "next_update": row.next_update}
    letter = letters(session.workspace, session.workspace.portal.organisation.language).letter(
        "freshness", {**office(session.workspace), "stale_on": facts["stale_on"]}, {**facts, "who": stale.who}
    )
    folder, name = session.workspace.certificates / "reports" / "mail", key.replace("/", "-")
    disk.write(folder / f"{name}.subject", f"{letter.subject}\n".encode(), private=True)
    disk.write(folder / f"{name}.txt", letter.text.encode(), private=True)
    with session.register.transaction():
        if delivery.enqueue(session, key, "freshness"):
            EventLog(session.register).append(
                session.now, "freshness_warned", f"publication {row.sequence}", {}
            )
