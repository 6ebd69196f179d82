"""Eighteen nights of a small office, and somebody who keeps every public tree and tries to join them."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.formats import bucket, private_link, status
from generator.model.value import later
from tests import workshop
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO, reinstate, revoke
from tests.flow.night.night_office import add_claims, office
from tests.small_office import Office

pytestmark = pytest.mark.slow
FIRST = "2026-11-22T02:10:00Z"
NIGHTS = 18
LINK_DAYS = 3
# One or two certificates a night, with nights of none between them.
CLAIMS = (5, 5, 6, 8, 8, 8, 9, 10, 10, 12, 13, 13, 14, 16, 16, 16, 17, 18)


@dataclass
class Scraper:
    """Keeps what is public, night by night, and knows no key."""

    nights: list[dict[str, bytes]] = field(default_factory=list)

    def keep(self, public: Path) -> None:
        self.nights.append(
            {
                path.relative_to(public).as_posix(): path.read_bytes()
                for path in public.rglob("*")
                if path.suffix in (".bin", ".json")
            }
        )

    def heads(self) -> list[dict[str, object]]:
        """What each head says."""
        return [json.loads(b64decode(json.loads(files["head.json"])["payload"])) for files in self.nights]

    def appeared(self, folder: str) -> list[set[str]]:
        """The files of a folder that each night brought."""
        seen: set[str] = set()
        found = []
        for files in self.nights:
            now = {path for path in files if path.startswith(folder)}
            found.append(now - seen)
            seen |= now
        return found

    def entries(self) -> list[int]:
        """How many entries each night brought: tags in buckets that the nights before did not have."""
        seen: set[bytes] = set()
        found = []
        for files in self.nights:
            held = [bucket.decode(data) for path, data in files.items() if path.startswith("r/")]
            now = {item.tag for one in held for item in one.entries}
            found.append(len(now - seen))
            seen |= now
        return found


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scraper]:
    settings = f"delivery:\n  mode: link\n  link_days: {LINK_DAYS}\n"
    root = office(tmp_path_factory.mktemp("series") / "workspace", more=settings)
    scraper = Scraper()
    for night in range(NIGHTS):
        at = later(FIRST, days=night)
        if CLAIMS[night] > CLAIMS[max(0, night - 1)]:
            add_claims(root, CLAIMS[night], at)
        workshop.issue_all(root, at)
        workshop.publish_all(root, at)
        scraper.keep(root / "public")
    return root, scraper


def test_no_head_says_how_much_the_office_did(series: tuple[Path, Scraper]) -> None:
    _, scraper = series
    assert all(set(said["events"]) == {"chain"} for said in scraper.heads())  # type: ignore[call-overload]  # plain JSON


def test_the_files_of_all_links_are_of_one_size(series: tuple[Path, Scraper]) -> None:
    _, scraper = series
    sizes = {len(data) for files in scraper.nights for path, data in files.items() if path.startswith("l/")}
    assert sizes == {65_536 + 29}


def test_no_link_appears_with_its_entry_nor_always_so_many_nights_after(
    series: tuple[Path, Scraper],
) -> None:
    """Who takes each link for an entry of so many nights before is wrong about many, whatever the number."""
    root, scraper = series
    links = scraper.appeared("l/")
    waits: Counter[int] = Counter()
    with workshop.opened(root) as session:
        contacts, issuer_id = Contacts(session.register), session.workspace.keystore.pin().issuer_id
        rows = session.register.rows("SELECT serial, secret FROM links")
        published = {serial: contacts.published_at(serial) for serial, _ in rows}
        nights = {serial: _night(at) for serial, at in published.items() if at}
        for serial, secret in rows:
            path = private_link.derive(bytes(secret), issuer_id).path
            [appeared] = [night for night, files in enumerate(links) if path in files]
            waits[appeared - nights[serial]] += 1
    assert set(waits) == {1, 2, 3}, waits
    assert max(waits.values()) < 0.7 * sum(waits.values()), "one number of nights tells most of them"
    assert sum(waits.values()) >= 15, "nearly all have their link by now"


def test_every_link_comes_within_the_days_that_were_set(series: tuple[Path, Scraper]) -> None:
    root, _ = series
    with workshop.opened(root) as session:
        rows = session.register.rows(
            "SELECT p.issued_at, l.serial FROM certificates c JOIN publications p USING (sequence)"
            " LEFT JOIN links l ON l.serial = c.serial"
        )
    late = [at for at, linked in rows if not linked and _night(at) + LINK_DAYS < NIGHTS]
    assert late == []


def test_entries_can_be_counted_and_the_threat_model_says_so(series: tuple[Path, Scraper]) -> None:
    """What remains: decoys change for entries, so their number shows night by night."""
    _, scraper = series
    brought = [after - before for before, after in pairwise(CLAIMS)]
    assert scraper.entries()[1:] == brought
    said = (workshop.CHECKOUT / "site_src/docs/threat-model.md").read_text("utf-8")
    assert "how many entries came" in said


def test_two_events_of_one_certificate_share_a_tag_and_the_threat_model_says_so(office: Office) -> None:
    """What remains: a withdrawal and its end are seen to be of one certificate, but not of which."""
    scraper = Scraper()
    first = office.closed_case("revocation", SERIAL, "revoke", WHO)
    revoke(office, first)
    office.publish()
    scraper.keep(office.workspace.public)
    reinstate(office, office.closed_case("appeal", SERIAL, "reinstate", ("q.two", "s.two"), appeals=first))
    office.publish()
    scraper.keep(office.workspace.public)
    seen = []
    for files in scraper.nights:
        shards = [status.decode(status.split(data).body) for path, data in files.items() if path[:2] == "s/"]
        [found] = [item for shard in shards for item in shard.exceptions]
        seen.append(found)
    assert seen[0].tag == seen[1].tag
    assert seen[0].sealed != seen[1].sealed
    said = (workshop.CHECKOUT / "site_src/docs/threat-model.md").read_text("utf-8")
    assert "by its tag" in said


def _night(at: str) -> int:
    return next(night for night in range(NIGHTS) if later(FIRST, days=night)[:10] == at[:10])
