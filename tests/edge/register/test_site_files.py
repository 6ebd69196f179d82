"""Files of the published folder as they were last written, and what each deploy target holds of them."""

from __future__ import annotations

import hashlib

from generator.edge.register.database import Register
from generator.edge.register.site_files import UNKNOWN, SiteFiles
from generator.model.value import Digest
from generator.rules.publication import PublicationPlan, PublicationStamp
from tests.edge.register.rows import LATER, NOW


def written(register: Register, sequence: int, files: dict[str, bytes], *kept: str) -> SiteFiles:
    """A publication that wrote some files and refers to some more."""
    with register.transaction():
        SiteFiles(register).written(files, {*files, *kept}, sequence, NOW if sequence == 1 else LATER)
    return SiteFiles(register)


def test_a_file_has_the_publication_that_last_changed_its_bytes(register: Register) -> None:
    files = written(register, 1, {"a": b"one", "b": b"two"})
    written(register, 2, {"a": b"one", "b": b"three"})
    assert [(one.path, one.size, one.sequence) for one in files.all()] == [("a", 3, 1), ("b", 5, 2)]
    assert files.all()[0].sha256 == hashlib.sha256(b"one").digest()
    assert files.changed_in(2) == {"b"}
    assert files.changed_in(1) == {"a", "b"}
    assert (files.totals(), files.largest()) == ((2, 8), 5)


def test_an_empty_folder_has_nothing(register: Register) -> None:
    assert (SiteFiles(register).totals(), SiteFiles(register).largest()) == ((0, 0), 0)


def test_what_nothing_refers_to_has_its_day_until_it_is_referred_to_again(register: Register) -> None:
    files = written(register, 1, {"a": b"1", "b": b"2"})
    assert files.unreferenced() == frozenset()
    written(register, 2, {}, "a")
    assert files.unreferenced() == {"b"}
    assert files.in_grace(LATER) == {"b"}
    assert files.in_grace("2026-12-31T00:00:00Z") == set()
    written(register, 3, {}, "a")
    assert files.in_grace(LATER) == {"b"}, "its day moved on"
    written(register, 4, {}, "a", "b")
    assert files.unreferenced() == frozenset()


def test_after_a_publication_only_what_is_referred_to_or_in_its_grace_is_left(register: Register) -> None:
    files = written(register, 1, {"stays": b"1", "grace": b"2", "goes": b"3"})
    stamp = PublicationStamp(Digest("0" * 64), 2, LATER, LATER, 1)
    plan = PublicationPlan(stamp, {"new": b"4"}, frozenset({"stays"}), frozenset({"grace"}), {})
    with register.transaction():
        files.published(plan)
    assert [(one.path, one.unreferenced_at) for one in files.all()] == [
        ("grace", LATER),
        ("new", None),
        ("stays", None),
    ]


def test_a_target_holds_what_was_copied_to_it(register: Register) -> None:
    files = SiteFiles(register)
    with register.transaction():
        files.put("web", [("a", b"1"), ("b", b"2")])
        files.put("web", [("a", b"3")])
        files.put("mirror", [("a", b"1")])
        files.dropped("web", ["b"])
    assert files.deployed("web") == {"a": b"3"}
    assert files.deployed("mirror") == {"a": b"1"}, "another target's file went"


def test_a_target_shows_its_last_whole_publication_until_it_is_forgotten(register: Register) -> None:
    files = SiteFiles(register)
    with register.transaction():
        for sequence in (1, 2):
            files.set_live("web", sequence, NOW)
        files.set_live("mirror", 1, NOW)
        files.put("web", [("a", b"1")])
    assert files.live_sequences() == {"web": 2, "mirror": 1}
    with register.transaction():
        files.forget("web")
    assert files.live_sequences() == {"mirror": 1}
    assert files.deployed("web") == {"a": UNKNOWN}, "what is out must still be removed one day"
