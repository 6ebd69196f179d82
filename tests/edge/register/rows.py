"""Rows for tests of the register's tables: claims, certificates, publications, as small as they are."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.publications import Publication, Publications
from generator.formats.entry import Entry
from generator.formats.status import SealedException
from generator.model.claim import Claim
from generator.model.value import ClaimId, Digest, Instant, Serial
from generator.rules.signing import Allotted
from tests.rules.controls import case

NOW = Instant("2026-11-22T09:00:00Z")
LATER = Instant("2026-11-23T09:00:00Z")
DAY = "2026-11-22"
CHAIN = Digest("c" * 64)


def randomness(purpose: str, length: int) -> bytes:
    """Bytes that follow from what they are for."""
    return hashlib.shake_256(b"register: " + purpose.encode()).digest(length)


def opened(path: Path) -> Register:
    """The register in a file."""
    return Register(path, randomness)


def claim(learner: str = "L1", **changes: Any) -> Claim:
    """A claim of one learner."""
    return case.claim(learner_ref=learner, **changes)


def registered(register: Register, learner: str = "L1", **changes: Any) -> ClaimId:
    """Its row; nothing is certified."""
    with register.transaction():
        return Claims(register).add(claim(learner, **changes), f"{learner}.csv:1", NOW)


def allotted(register: Register, learner: str = "L1", *, on: str = DAY, statement: bytes = b"{}") -> Allotted:
    """A certificate that has its number and no PDF yet."""
    claim_id = registered(register, learner)
    certificates = Certificates(register)
    with register.transaction():
        made = certificates.allot("NW", on, claim_id)
        certificates.add(made, claim_id, statement, "completion", f"recipe of {learner}", "a" * 64)
    return made


def issued(register: Register, learner: str = "L1", *, prefix: int = 0, **more: Any) -> Serial:
    """A certificate with its PDF made; in no publication yet."""
    made = allotted(register, learner, **more)
    with register.transaction():
        Certificates(register).made(made.serial, Digest("f" * 64), prefix, entry(learner).encode())
    return made.serial


def entry(name: str, size: int = 144) -> Entry:
    """A sealed entry that nobody can open."""
    return Entry(randomness(f"tag/{name}", 16), randomness(f"nonce/{name}", 12), bytes(size))


def exception(name: str) -> SealedException:
    """A sealed exception that nobody can open."""
    return SealedException(
        randomness(f"tag/{name}", 16), randomness(f"nonce/{name}", 12), b"sealed " + name.encode()
    )


def published(register: Register, sequence: int, *, done: bool = True, pages: str = "d") -> Publication:
    """A publication of everything that waits."""
    made = Publication(sequence, NOW, LATER, 1, 10 + sequence, CHAIN, Digest(pages * 64), int(done))
    publications = Publications(register)
    with register.transaction():
        publications.add(made)
        publications.take(sequence)
        if done:
            publications.finish(sequence)
    return made


def statements(patch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What any register is asked from now on: the module that asks, and the statement."""
    asked: list[tuple[str, str]] = []

    def noted(name: str) -> None:
        real = getattr(Register, name)

        def ask(self: Register, sql: str, *values: Any) -> Any:
            asked.append((_asker(), sql))
            return real(self, sql, *values)

        patch.setattr(Register, name, ask)

    for name in ("rows", "each", "change", "change_many"):
        noted(name)
    return asked


def _asker() -> str:
    """The module outside the register's own database that is asking."""
    frame = sys._getframe(2)
    while frame.f_globals["__name__"] == Register.__module__ and frame.f_back is not None:
        frame = frame.f_back
    return str(frame.f_globals["__name__"])
