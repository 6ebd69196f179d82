"""What tests do to a workspace with claims: issue a day later, change staff, tamper with the register."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from generator.edge.register.claims import Claims
from generator.flow.office import keys
from tests import workshop
from tests.flow import offices

LATER = "2026-11-23T09:00:00Z"


def found(root: Path, at: str = LATER) -> tuple[int, set[str]]:
    """How many were issued, and what holds the others."""
    done = offices.issued(root, at)
    return done.issued, offices.codes(done)


def words(root: Path, at: str = LATER) -> str:
    return " / ".join(str(problem) for problem in offices.issued(root, at).problems)


def tamper(root: Path, sql: str, *values: Any) -> None:
    """What somebody does with another SQLite tool."""
    with contextlib.closing(sqlite3.connect(root / "certificates/register.db")) as connection, connection:
        connection.execute(sql, values)
    (root / "certificates/register.db-sums").unlink(missing_ok=True)


def claim_ids(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [held.claim_id for held in Claims(session.register).uncertified()]


def staff(root: Path, change: str, *arguments: Any, at: str = LATER, **named: Any) -> None:
    with workshop.opened(root, at) as session:
        getattr(keys, change)(session.workspace, session.environment, *arguments, **named)
