"""Carrying out a recovery: one transaction, compared with the site byte by byte before it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from generator.edge import disk
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.messages import Messages
from generator.edge.register.publications import Publication, Publications
from generator.edge.register.runs import Runs
from generator.edge.register.site_files import SiteFiles
from generator.edge.register.site_only import SiteOnly
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.edge.sites import FolderSite
from generator.errors import Place, Refused
from generator.flow.mailing import notifications
from generator.flow.publishing.audit_after_issue import TAKEN_BACK
from generator.flow.publishing.codes import RECOVER_REBUILD
from generator.flow.publishing.publish import PublishOutcome, publish, publish_status
from generator.flow.publishing.recovery_plan import Recovery, compared
from generator.flow.shared import rosters
from generator.flow.shared.codes import AFTER_CHANGED
from generator.flow.shared.session import Session
from generator.formats import bucket
from generator.model.hold import Hold
from generator.model.value import Handle, later
from generator.rules.publication import ChangedBucket, bucket_file
from generator.rules.signing import Allotted

_LOOK_AGAIN_DAYS = 14
_BATCH = 1_000
_FILE_CAP = 1_000_000_000
_UNKNOWN = "0" * 64  # the digest of approvals, and the recipe, that went with the lost register


def recover(session: Session, planned: Recovery, by: str) -> PublishOutcome:
    """Take the site for what is so, and publish the next number after it. `by` answers for it."""
    today = session.today
    rosters.on_roster(session.workspace, by, session.workspace.portal.policy.after_issue.hold, today)
    EventLog(session.register).check_clock(session.now)
    with session.register.transaction():
        if compared(session) != planned:
            what = "was changed by somebody else since this was shown; nothing was done"
            raise Refused(AFTER_CHANGED.at(Place("certificates/register.db"), what, "run the command again"))
        _take(session, planned)
        _carry(session.register, planned)
        _restore_states(session, planned)
        _compare(session.register, planned)
        _hold(session, planned, Handle(by))
        _verify_again(session, planned)
        top = planned.tree.head
        details = {
            "known": planned.known,
            "publication": top.sequence,
            "chain": top.events.chain,
            "back": len(planned.back),
            "sealed": len(planned.sealed),
            "by": by,
        }
        EventLog(session.register).append(session.now, "register_recovered", "register", details)
    return publish_status(session)


def finish(session: Session) -> PublishOutcome | None:
    """Publish after a recovery that was cut short before it could; None where there is none."""
    last, site_only = Publications(session.register).last(), SiteOnly(session.register)
    if last is not None and site_only.accepts(last.sequence, last.chain):
        return publish_status(session)
    if last is not None and not last.done and site_only.last_head() == last.sequence - 1:
        return publish(session)
    return None


def _take(session: Session, planned: Recovery) -> None:
    """What comes back with its number: certificates, publication, tombstones, states."""
    certificates, site_only, trail = (
        Certificates(session.register),
        SiteOnly(session.register),
        EventLog(session.register),
    )
    sequence = planned.tree.head.sequence
    for one in planned.back:
        certified = one.certified
        allotted = Allotted(certified.number, certified.serial, certified.issued_on)
        template = session.workspace.portal.certificate.template
        data = one.statement
        certificates.add(allotted, one.claim_id, data, template, _UNKNOWN, _UNKNOWN)
        certificates.made(certified.serial, one.pdf_sha256, one.prefix, one.item.encode())
        site_only.mark_published(certified.serial, sequence)
        trail.append(session.now, "certificate_taken_back", certified.serial, {"claim": one.claim_id})
    for serial in planned.published:
        site_only.mark_published(serial, sequence)
    for serial, item in planned.tombstones:
        site_only.mark_published(serial, sequence, item)
        trail.append(session.now, "tombstone_taken_back", serial, {})
    for found in planned.states:
        state = found.state
        site_only.state(found.serial, found.year, found.prefix, sequence, found.sealed)
        StateChanges(session.register).add(
            StateChange(found.serial, state.kind, state.changed_on, state.reason_code, state.until)
        )
        trail.append(session.now, TAKEN_BACK, found.serial, {"state": state.kind, "on": state.changed_on})


def _carry(register: Register, planned: Recovery) -> None:
    """What only the site knows."""
    site_only = SiteOnly(register)
    for place, item in planned.sealed:
        site_only.keep_entry(place, item)
    for place, state in planned.sealed_states:
        site_only.keep_exception(place, state)
    for path in planned.links:
        site_only.keep_link(path)
    for year, last in planned.last.items():
        site_only.count_on(year, last)


def _restore_states(session: Session, planned: Recovery) -> None:
    """The site's publication becomes this register's last, with its buckets and files."""
    workspace, register = session.workspace, session.register
    publications, top = Publications(register), planned.tree.head
    for year in top.years:
        publications.set_year(year.year, year.bits)
    buckets = planned.tree.buckets.values()
    publications.list_buckets({(held.year, held.bits, held.prefix): bucket.listed(held) for held in buckets})
    # At which event of the lost register it was, nobody can say.
    row = (top.issued_at, top.next_update, top.manifest_version, 0, top.events.chain)
    publications.add(Publication(top.sequence, *row, top.pages_sha256, 0))
    publications.finish(top.sequence)
    SiteOnly(register).accept(top.sequence, top.events.chain)
    Runs(register).round_trip_done(top.sequence, 0)
    files, paths = SiteFiles(register), set(FolderSite(workspace.public).paths())
    files.removed(item.path for item in files.all())
    for some in _batched(sorted(paths)):
        data = {path: disk.read(workspace.public / path, _FILE_CAP, path) for path in some}
        files.written(data, paths, top.sequence, top.issued_at)
    for target in workspace.portal.deploy:
        # What a target holds is as unknown as the rest: everything is copied again.
        files.forget(target.name)


def _batched(paths: list[str]) -> Iterator[list[str]]:
    """So many at a time that they fit in memory."""
    return (paths[first : first + _BATCH] for first in range(0, len(paths), _BATCH))


def _compare(register: Register, planned: Recovery) -> None:
    """Every bucket made from the register as it would be kept is the one that is out, byte for byte."""
    certificates, secret = Certificates(register), register.secret()
    for path, held in planned.tree.buckets.items():
        last = held.prefix + (1 << (24 - held.bits)) - 1
        real = certificates.entries(held.year, held.prefix, last, planned.tree.head.sequence)
        content = ChangedBucket(held.prefix, held.version, tuple(real))
        _, made, _ = bucket_file(secret, held.year, held.bits, content)
        if made != bucket.encode(held):
            what = "would not come out as it is published; nothing was done"
            fix = "call whoever maintains your installation, and keep this copy of the register"
            raise Refused(RECOVER_REBUILD.at(Place(path), what, fix))


def _hold(session: Session, planned: Recovery, by: Handle) -> None:
    """Where certificates are known to the site only, each claim that may have one waits for a person."""
    if not planned.sealed:
        return
    until = later(session.today, days=_LOOK_AGAIN_DAYS)
    reason = f"may be one of {len(planned.sealed)} certificates that only the site still knows"
    for claim in list(Claims(session.register).uncertified()):
        hold = Hold(
            scope="claim", subject=claim.claim_id, kind="data_query", owner=by, reason=reason, until=until
        )
        placed = Holds(session.register).place(hold, session.now, [])
        details = {"hold": placed, "kind": hold.kind, "owner": by, "until": until}
        EventLog(session.register).append(session.now, "hold_placed", claim.claim_id, details)


def _verify_again(session: Session, planned: Recovery) -> None:
    """Nobody knows which letters have gone since: each is a person's to decide, none goes by itself."""
    settings, messages = session.workspace.portal.delivery, Messages(session.register)
    if settings.mode != "off":
        domain = notifications.domain(session.workspace)
        for serial, _ in list(messages.unannounced(planned.tree.head.sequence, settings.since)):
            messages.enqueue(f"issued/{serial}", "issued", serial, domain, session.now)
        notifications.queue(session)
    SiteOnly(session.register).mark_messages_in_doubt(session.now)
