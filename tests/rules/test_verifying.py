"""Freshness to the second, precedence, what is shown (SPEC, chapter Verdict)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from generator.formats import head, paths, status
from generator.formats.derivation import derive
from generator.model.keyring import ONLINE_WINDOW_DAYS, Manifest
from generator.model.value import instant, later, seconds
from generator.model.verdict import EXIT_CODES, KINDS, SHOWS_FIELDS, VerdictKind
from generator.rules.file_comparison import PresentedFile
from generator.rules.verifying import verify
from tests import altered_site as altered
from tests import small_site as small

LATER = "2026-11-23T00:00:00Z"
EXPIRED = small.small_site().numbers["expired"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "kind"),
    [
        ("2029-11-21T23:59:59Z", "valid"),
        ("2029-11-22T23:59:59Z", "valid"),  # the last day still counts
        ("2029-11-23T00:00:00Z", "expired"),
    ],
)
def test_the_last_day_of_a_certificate(now: str, kind: VerdictKind) -> None:
    """The site published around that day, by a key whose window is then."""
    issued_at, next_update = later(now, days=-1), later(now, days=5)
    signer = small.key(small.ONLINE, later(now, days=-2), later(now, days=10))
    current = altered.next_manifest(keys=[small.GENESIS.keys[0].plain(), signer.plain()])
    site = small.small_site(9, issued_at, next_update)
    site = site.but(_moved(site, current))
    found = verify(site.numbers["expiring"], site, small.PIN, now)
    assert found.kind == kind


def _moved(site: small.SmallSite, current: Manifest) -> altered.Changes:
    """Its own dates, but under this manifest."""
    changes = altered.published_under(current)
    for path, data in site.files.items():
        if path.startswith("s/"):
            shard = status.decode(status.split(data).body)
            changes |= altered.resigned(replace(shard, manifest_version=2))
    return changes | {paths.HEAD: _head(site)}


def _head(site: small.SmallSite) -> bytes:
    top = head.decode(head.split(site.files[paths.HEAD]).payload)
    return head.sign(top.model_copy(update={"manifest_version": 2}), small.ONLINE)


STATES: dict[str, status.StatusException | None] = {
    "none": None,
    "reinstated": status.StatusException("reinstated", "2026-11-20"),
    "superseded": status.StatusException("superseded", "2026-11-20", 4),
    "suspended": status.StatusException("suspended", "2026-11-20", 2),
    "revoked": status.StatusException("revoked", "2026-11-20", 1),
}
FILES = {
    "none": None,
    "issued": PresentedFile(small.pdf_digest("expired")),
    "copy": PresentedFile(bytes(32)),
    "forged": PresentedFile(bytes(32), b"{}"),
}


@pytest.mark.parametrize(
    ("state", "file", "old"), list(itertools.product(STATES, FILES, (False, True))), ids=str
)
def test_precedence(state: str, file: str, old: bool) -> None:
    """Of all that is true, the first in the order of the kinds is the answer."""
    site = small.small_site()
    derived = derive(EXPIRED, small.ISSUER_ID)
    path, _ = altered.places(EXPIRED)
    shard = status.decode(status.split(site.files[path]).body)
    exception = STATES[state]
    if exception:
        shard = replace(shard, exceptions=(status.seal(derived, exception),))
        site = site.but(altered.resigned(shard))
    now = "2027-02-01T00:00:00Z" if old else LATER
    found = verify(EXPIRED, site, small.PIN, now, FILES[file])
    true: set[str] = {"expired", "valid"}
    true |= {"stale"} if old else set()
    true |= {file} & {"copy", "forged"}
    true |= {state} & {"superseded", "suspended", "revoked"}
    assert found.kind == min(true, key=KINDS.index)  # type: ignore[arg-type]  # every one of them is a kind
    assert (found.statement is not None) == (found.kind in SHOWS_FIELDS)
    assert ("reinstated" in found.notices) == (state == "reinstated")
    assert ("copy" in found.notices) == (file == "copy")
    assert found.checked_at == small.NOW


def test_nothing_is_shown_of_what_is_withdrawn() -> None:
    hidden = {"malformed", "unreachable", "forged", "not_found", "erased", "revoked", "suspended"}
    assert set(KINDS) == SHOWS_FIELDS | hidden


def test_every_kind_has_its_own_exit_code() -> None:
    assert EXIT_CODES.keys() == set(KINDS)
    assert len(set(EXIT_CODES.values())) == len(KINDS)
    assert EXIT_CODES["valid"] == 0


def test_until_never_lifts_a_suspension() -> None:
    for now in (LATER, "2026-12-13T02:00:00Z", "2030-01-01T00:00:00Z"):
        found = verify(small.small_site().numbers["suspended"], small.small_site(), small.PIN, now)
        assert (found.kind, found.until) == ("suspended", "2026-12-31")


def test_a_suggestion_is_offered_but_not_looked_up() -> None:
    number = small.small_site().numbers["valid"]
    slip = number[:10] + ("7" if number[10] != "7" else "8") + number[11:]
    found = verify(slip, small.small_site(), small.PIN, LATER)
    assert (found.kind, found.suggestion, found.statement) == ("malformed", number, None)


def test_a_clock_that_is_wrong_never_makes_good_news_of_bad() -> None:
    site = small.small_site()
    for name, wanted in (("revoked", "revoked"), ("suspended", "suspended"), ("erased", "erased")):
        for now in ("1970-01-01T00:00:00Z", LATER, "2099-12-31T23:59:59Z", "9999-12-31T23:59:59Z"):
            assert verify(site.numbers[name], site, small.PIN, now).kind == wanted


@pytest.mark.parametrize(("seconds_more", "kind"), [(0, "valid"), (1, "unreachable")])
def test_a_publication_that_speaks_for_longer_than_allowed_is_not_believed(
    seconds_more: int, kind: VerdictKind
) -> None:
    last = instant(seconds(small.NOW) + ONLINE_WINDOW_DAYS * 86400 + seconds_more)
    site = small.small_site(7, small.NOW, last)
    found = verify(site.numbers["valid"], site, small.PIN, LATER)
    assert found.kind == kind
    assert found.reason == ("" if kind == "valid" else "key_window")


@pytest.mark.parametrize(("seconds_more", "kind"), [(0, "valid"), (1, "stale")])
def test_a_list_is_current_to_its_last_second(seconds_more: int, kind: VerdictKind) -> None:
    site = small.small_site()
    now = instant(seconds(small.NEXT) + seconds_more)
    assert verify(site.numbers["valid"], site, small.PIN, now).kind == kind
