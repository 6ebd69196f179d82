"""A small office for the night: five learners with addresses, a folder as the live site, an outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from generator.flow.night import night_run
from generator.flow.shared.session import Session
from tests import workshop
from tests.workshop import copied as copied  # its own offices are copied alike

NIGHT = "2026-11-22T02:10:00Z"
NEXT = "2026-11-23T02:10:00Z"
FOLDER = "deploy:\n  - {name: live, kind: folder, path: ../live}\n"
REPORTS = "delivery:\n  report_to: [office@northfield.example]\n"


def claims(ranks: Sequence[int], **changes: object) -> str:
    """Claims with an address each."""
    return workshop.claims_file(
        workshop.claim(rank, email=f"learner{rank}@example.org", **changes) for rank in ranks
    )


def office(root: Path, more: str = REPORTS + FOLDER, count: int = 5) -> Path:
    """Keys, staff, claims and approvals; nothing issued yet. `more` is added to portal.yaml."""
    workshop.small(root, count)
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, count + 1)), "utf-8")
    settings = root / "portal.yaml"
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    workshop.prepare(root, NIGHT)
    workshop.approve_all(root, NIGHT)
    return root


def add_claims(root: Path, count: int, at: str) -> None:
    """Further learners, approved."""
    (root / "certificates/claims/claims.yaml").write_text(claims(range(1, count + 1)), "utf-8")
    workshop.prepare(root, at)
    workshop.approve_all(root, at)


def night(root: Path, at: str = NIGHT, skip: Sequence[str] = (), **changes: object) -> night_run.Night:
    """One night in an environment of fixed seeds."""
    with opened(root, at, **changes) as session:
        return night_run.nightly(session, skip)


@contextmanager
def opened(root: Path, at: str = NIGHT, **changes: object) -> Iterator[Session]:
    """The workspace with its register; `changes` replace parts of the environment."""
    with workshop.opened(root, at) as session:
        yield replace(session, environment=replace(session.environment, **changes))  # type: ignore[arg-type]  # parts of an environment


def states(made: night_run.Night) -> dict[str, str]:
    """How each step ended."""
    return {step.name: step.state for step in made.steps}


def codes(made: night_run.Night) -> set[str]:
    """The codes of all problems."""
    return {problem.code for step in made.steps for problem in step.problems}


def mails(root: Path) -> dict[str, EmailMessage]:
    """The outbox: file name without suffix -> message."""
    return {
        path.stem: message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[misc]  # EmailMessage under this policy
        for path in sorted((root / "certificates/outbox").glob("*.eml"))
    }
