"""The verdict recipe: twelve numbered steps from a number to an answer (SPEC, chapter Verdict).

The same numbers are in the SPEC, in verify.js and in the vectors. A fault in any published byte
is `unreachable` (could not check), never a verdict on the certificate; bad news shows even from a
stale status, good news never does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.crypto import ed25519
from generator.errors import Malformed
from generator.formats import entry, record, statement, status, verification_code
from generator.formats.derivation import RecordKeys, derive
from generator.formats.head import Head
from generator.model.certificate import Statement
from generator.model.keyring import Manifest, Pin
from generator.model.value import Day, Instant, later, utc_day
from generator.model.verdict import KINDS, SHOWS_FIELDS, Verdict, VerdictKind
from generator.rules.file_comparison import PresentedFile, compare
from generator.rules.published_files import Site, Unreachable, public_keys
from generator.rules.site_reader import SiteReader


@dataclass(frozen=True, slots=True)
class _Found:
    """What steps 3 to 7 lead to: the frame, or why there is none; `dated` is the list that says so."""

    manifest: Manifest
    shard: status.Shard | None
    dated: status.Shard | Head
    fresh: bool
    now: Instant
    frame: bytes | None
    step: int


def verify(
    text: str,
    site: Site,
    pin: Pin,
    now: Instant,
    presented: PresentedFile | None = None,
    reader: SiteReader | None = None,
) -> Verdict:
    """The verdict on a number as typed, with the file it came from if there is one.

    `now` is the device's clock (an instant); `pin` is held beforehand and never comes from `site`. A `reader`
    of that site and pin is for a run over many numbers: it may remember what it has authenticated.
    """
    typed = verification_code.read(text)
    if typed.number is None:
        return Verdict("malformed", 1, typed.reason, suggestion=typed.suggestion)
    derived = derive(typed.number, pin.issuer_id)
    try:
        try:
            return _attempt(
                typed.number, derived, reader or SiteReader(site, pin), now, presented, again=False
            )
        except Unreachable:
            # One reload: between two requests the site may have been published anew.
            return _attempt(typed.number, derived, SiteReader(site, pin), now, presented, again=True)
    except Unreachable as failure:
        return Verdict("unreachable", failure.step, failure.reason)


def _attempt(
    asked: str,
    derived: RecordKeys,
    reader: SiteReader,
    now: Instant,
    presented: PresentedFile | None,
    *,
    again: bool,
) -> Verdict:
    found = _find(derived, reader, now, again)
    if found.frame is None or found.shard is None:
        kind: VerdictKind = "not_found" if found.fresh else "stale"
        return _dated(Verdict(kind, found.step, "" if found.fresh else "absent"), found)
    return _dated(_judge(asked, derived, reader.pin, found, found.frame, found.shard, presented), found)


def _find(derived: RecordKeys, reader: SiteReader, now: Instant, again: bool) -> _Found:
    """Steps 3 to 7."""
    keys = reader.manifest(again)
    top = reader.head(keys, again)
    year = top.find(derived.year)
    if year is None:
        now = max(now, top.issued_at)
        return _Found(keys, None, top, now <= top.next_update and now <= keys.expires_at, now, None, 4)
    prefix = derived.prefix(year.bits)
    shard = reader.shard(keys, top, derived.year, year.bits, prefix, again)
    now = max(now, shard.issued_at)
    fresh = now <= shard.next_update and now <= keys.expires_at
    named = shard.bucket(prefix)
    if not named.version:
        return _Found(keys, shard, shard, fresh, now, None, 5)
    held = reader.bucket(derived.year, year.bits, prefix, named, again)
    sealed = held.find(derived.tag)
    if sealed is None:
        return _Found(keys, shard, shard, fresh, now, None, 6)
    try:
        return _Found(keys, shard, shard, fresh, now, entry.unseal(derived, sealed), 7)
    except Malformed:
        raise Unreachable(7, "damaged") from None


def _judge(
    asked: str,
    derived: RecordKeys,
    pin: Pin,
    found: _Found,
    frame: bytes,
    shard: status.Shard,
    presented: PresentedFile | None,
) -> Verdict:
    """Steps 8 to 12, over an opened frame."""
    try:
        item = record.decode(frame)
    except Malformed:
        raise Unreachable(8, "damaged") from None
    _check_signatures(found.manifest, item)
    if isinstance(item, record.Tombstone):
        return _erased(item, found.manifest, asked, pin)
    certified = _statement(item, found.manifest, asked, pin)
    answers = []
    try:
        sealed = shard.find(derived.status_tag())
        if sealed:
            answers.append(_exception(status.unseal(derived, sealed)))
    except Malformed:
        raise Unreachable(10, "damaged") from None
    if certified.expires_on and found.now[:10] > certified.expires_on:
        answers.append(Verdict("expired", 11, changed_on=certified.expires_on))
    if not found.fresh:
        answers.append(Verdict("stale", 4, "old"))
    file = Verdict("valid", 12)
    if presented:
        file = compare(presented, item, certified, public_keys(found.manifest, "certificate"))
    answers.append(file)
    worst = min(answers, key=lambda answer: KINDS.index(answer.kind))
    notices = tuple(notice for answer in answers for notice in answer.notices)
    if file.kind == "copy" and worst is not file:
        # Whatever else is said of the certificate, a copy is called a copy.
        notices = (*notices, "copy")
    shown = certified if worst.kind in SHOWS_FIELDS else None
    return replace(worst, statement=shown, notices=notices, unread=file.unread if shown else ())


def _check_signatures(keys: Manifest, item: record.Record | record.Tombstone) -> None:
    """Step 8, first half: every signature is by a certificate key over the exact bytes."""
    for signature, message in item.signed():
        key = keys.find(signature.key_id, "certificate")
        if key is None or not ed25519.verify(bytes.fromhex(key.public), message, signature.raw):
            raise Unreachable(8, "damaged")
        if key.cutoff is not None:
            # Needs a log proof older than the cut-off; until the log exists there is none.
            raise Unreachable(8, "key_cut_off")


def _statement(item: record.Record, keys: Manifest, asked: str, pin: Pin) -> Statement:
    """Step 8, second half, and step 9: key window, issuer and number."""
    try:
        certified = statement.decode(item.statement)
    except Malformed:
        raise Unreachable(8, "damaged") from None
    _check_window(keys, item, certified.issued_on)
    if certified.issuer_id != pin.issuer_id or certified.number != asked:
        raise Unreachable(9, "damaged")
    return certified


def _check_window(keys: Manifest, item: record.Record | record.Tombstone, day: Day) -> None:
    for signature, _ in item.signed():
        key = keys.find(signature.key_id, "certificate")
        if key is None or not _day_in_window(day, key.start, key.until):
            raise Unreachable(8, "key_window")


def _erased(item: record.Tombstone, keys: Manifest, asked: str, pin: Pin) -> Verdict:
    try:
        erased = item.erased()
    except Malformed:
        raise Unreachable(8, "damaged") from None
    _check_window(keys, item, erased.erased_on)
    if erased.issuer_id != pin.issuer_id or erased.number != asked:
        raise Unreachable(9, "damaged")
    return Verdict("erased", 9, changed_on=erased.erased_on)


def _exception(item: status.StatusException) -> Verdict:
    """Step 10. A reinstated certificate is as good as any; the notice says that it once was not."""
    if item.kind == "reinstated":
        return Verdict("valid", 12, changed_on=item.changed_on, notices=("reinstated",))
    return Verdict(
        item.kind,
        10,
        changed_on=item.changed_on,
        until=item.until,
        reason_code=item.reason_code,
        successor=item.successor,
    )


def _day_in_window(day: Day, start: Instant, until: Instant | None) -> bool:
    # Days are the organisation's, windows are UTC: a day of grace covers every time zone.
    return later(utc_day(start), days=-1) <= day and (until is None or day <= later(utc_day(until), days=1))


def _dated(verdict: Verdict, found: _Found) -> Verdict:
    """With the dates of the list that was looked at: the shard's, or the head's of a year without one."""
    return replace(verdict, checked_at=found.dated.issued_at, next_update=found.dated.next_update)
