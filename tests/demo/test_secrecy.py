"""Scraping the whole site yields no personal data: nothing of the learners is findable in public/."""

from __future__ import annotations

import base64
import csv
import zlib
from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.records import OfficeRecords
from generator.formats import statement, verification_code
from generator.model.personal import identifying
from generator.model.record_kinds import EVERY
from tests import workshop
from tests.demo.searching import Search

SECRET = "Zoë Ó Briain"


def secrets_of(sample: Path) -> list[str]:
    """Names, e-mails, references, learner numbers, serials, verification numbers and claim ids."""
    found: list[str] = []
    for sheet in (
        *(sample / "certificates/registrations").glob("*.csv"),
        *(sample / "certificates/claims").glob("*.csv"),
    ):
        for row in csv.DictReader(sheet.read_text("utf-8-sig").splitlines()):
            first, last = row.get("First names", ""), row.get("Last names", "")
            found += [f"{first} {last}", f"{last}, {first}", f"{last} {first}"] if last else []
            named = ("name", "Email address", "E-mail", "ULN", "Centre reference", "Registration number")
            found += [row[column] for column in named if row.get(column)]
    with workshop.opened(sample) as session:
        for serial, secret, claim_id, data in session.register.rows(
            "SELECT serial, number, claim_id, statement FROM certificates"
        ):
            found += [
                serial,
                secret,
                verification_code.grouped(secret),
                claim_id,
                statement.decode(data).learner.name,
            ]
        found += [salt for (salt,) in session.register.rows("SELECT salt FROM claims")]
        # Whatever is marked as telling of one learner, in a claim or in a record, whichever fields these are.
        for held in Claims(session.register).certified():
            found += identifying(held.claim)
        for kind in EVERY:
            for record in OfficeRecords(session.register).of_kind(kind):
                found += identifying(record)
    return found


@pytest.mark.parametrize(
    "planted",
    [
        SECRET.encode(),
        SECRET.upper().encode(),
        SECRET.encode("utf-16-le"),
        SECRET.encode("utf-16-be"),
        base64.b64encode(SECRET.encode()),
        base64.b64encode(b"a" + SECRET.encode()),
        base64.urlsafe_b64encode(b"ab" + SECRET.encode() + b"z"),
        SECRET.encode().hex().encode(),
        SECRET.encode().hex().upper().encode(),
        "".join(f"&#{ord(char)};" for char in SECRET).encode(),
    ],
)
def test_the_search_finds_what_is_planted(planted: bytes) -> None:
    assert Search([SECRET]).found(b"\x00abc" + planted + b"\xffxyz") == [SECRET]


@pytest.mark.parametrize("window", [-15, 15, 31])
def test_the_search_finds_what_is_deflated(window: int) -> None:
    packer = zlib.compressobj(wbits=window)
    packed = packer.compress(b'{"name": "' + SECRET.encode() + b'"}') + packer.flush()
    assert Search([SECRET]).found_deflated(b"\x07\x03" + packed + b"tail") == [SECRET]


@pytest.mark.slow
def test_nothing_of_the_learners_is_in_the_published_files(sample: Path) -> None:
    secrets = secrets_of(sample)
    assert len(set(secrets)) > 157 * 5
    search = Search(secrets)
    # The same search finds them where they belong.
    assert search.found((sample / "certificates/claims/unit-grades-L3IT-2026.csv").read_bytes())
    everything = workshop.tree(sample, "public")
    assert [path for path in everything if search.found(path.encode())] == []
    assert {path: hits for path, data in everything.items() if (hits := search.found(data))} == {}


@pytest.mark.slow
def test_nothing_of_the_learners_is_deflated_in_the_published_files(sample: Path) -> None:
    search = Search(secrets_of(sample))
    everything = workshop.tree(sample, "public")
    assert {path: hits for path, data in everything.items() if (hits := search.found_deflated(data))} == {}
