"""Going on with an older register, where the newest is lost for good (docs/restoring.md).

The site is read whole and compared with the register. Certificates whose PDF and claim are still here come
back with their numbers; of the others the sealed entry is carried on, and so is what revokes or suspends. So
nothing that the site shows is lost, doubled or brought back to life.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.edge import disk, pdf_reader
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.publications import Publications
from generator.edge.register.site_only import KnownCertificate, LocatorRange, SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.edge.sites import FolderSite
from generator.errors import Malformed, Place, Problem, Refused
from generator.flow.importing import import_claims
from generator.flow.publishing import audit
from generator.flow.publishing.codes import (
    RECOVER_BRANCHED,
    RECOVER_IMPORT,
    RECOVER_KEYS,
    RECOVER_NEWER,
    RECOVER_SITE,
)
from generator.flow.shared.session import Session
from generator.formats import bucket, entry, paths, private_link, record, statement, status
from generator.formats.derivation import derive
from generator.model.certificate import Statement
from generator.model.value import ClaimId, Digest, Serial, VerificationCode
from generator.rules.drafting import draft
from generator.rules.file_comparison import number_in
from generator.rules.publication import shard_paths
from generator.terms import CLAIM

_NEXT = "restore the newest register, or one that was never worked on since"


@dataclass(frozen=True, slots=True)
class RecoveredCertificate:
    """A certificate that comes back: from the site, its PDF and its claim."""

    certified: Statement
    statement: bytes
    claim_id: ClaimId
    pdf_sha256: Digest
    prefix: int
    item: entry.Entry


@dataclass(frozen=True, slots=True)
class RecoveredState:
    """What the site shows of a certificate after its issue, and where: the locator's first 24 bits."""

    serial: Serial
    year: int
    prefix: int
    state: status.StatusException
    sealed: status.SealedException


@dataclass(frozen=True, slots=True)
class Recovery:
    """What an older register would take back from the site, and what only the site will know."""

    known: int
    tree: audit.Tree
    back: tuple[RecoveredCertificate, ...]
    published: tuple[str, ...]
    tombstones: tuple[tuple[str, entry.Entry], ...]
    states: tuple[RecoveredState, ...]
    sealed: tuple[tuple[LocatorRange, entry.Entry], ...]
    sealed_states: tuple[tuple[LocatorRange, status.SealedException], ...]
    links: tuple[str, ...]
    unclaimed: tuple[str, ...]
    last: dict[int, int]


def plan(session: Session) -> Recovery:
    """Read `public/` and say what would be done. Raises `Refused` where that cannot be."""
    made = compared(session)
    waiting = import_claims.preview(session).new
    if waiting:
        what = f"{CLAIM}s that are not registered: {waiting}; their certificates may be out"
        fix = "`certportal import --write`, then this again"
        raise Refused(RECOVER_IMPORT.at(Place("certificates/claims"), what, fix))
    return made


def compared(session: Session) -> Recovery:
    """The site against the register, as both are now."""
    tree = _whole(session)
    last = Publications(session.register).last()
    known = last.sequence if last else 0
    if tree.head.sequence <= known:
        where, fix = "certificates/register.db", "nothing is to be recovered"
        public = session.workspace.shown(session.workspace.public)
        what = f"knows publication {known}, and {public} is {tree.head.sequence}"
        raise Refused(RECOVER_NEWER.at(Place(where), what, fix))
    found = _Compared(session, tree)
    if found.problems:
        raise Refused(found.problems)
    back, unclaimed = _from_files(session, found.unknown)
    taken = {one.item.tag for one in back}
    sealed = tuple(kept for tag, kept in sorted(found.unknown.items()) if tag not in taken)
    states, sealed_states, problems = _states(session, tree, back)
    if problems:
        raise Refused(problems)
    return Recovery(
        known,
        tree,
        back,
        tuple(found.published),
        tuple(found.tombstones),
        states,
        sealed,
        sealed_states,
        _links(session),
        unclaimed,
        _counters(session, found.unknown),
    )


def _whole(session: Session) -> audit.Tree:
    """The whole site, authenticated. Raises `Refused` where anything of it is missing or damaged."""
    pin = session.workspace.keystore.pin()
    found, tree = audit.audit_site(
        FolderSite(session.workspace.public), pin, session.now, session.environment.progress
    )
    where = session.workspace.shown(session.workspace.public)
    fix = "copy the whole published site into this folder, from the host or its backup; then again"
    if tree is None:
        raise Refused(RECOVER_SITE.at(Place(where), found.problems[0].what, fix))
    missing = sorted(_named(tree) - tree.buckets.keys() - tree.shards.keys())
    if missing:
        what = f"{len(missing)} of its files are missing or damaged, {missing[0]} first"
        raise Refused(RECOVER_SITE.at(Place(where), what, fix))
    if tree.keys.version > session.workspace.keystore.manifest().version:
        what = f"the site is under key manifest {tree.keys.version}, keys/ holds an older one"
        raise Refused(
            RECOVER_KEYS.at(Place("keys/manifest.json"), what, "restore keys/ from its newest copy")
        )
    return tree


def _named(tree: audit.Tree) -> set[str]:
    """Every status shard, and every bucket that one of them names."""
    named = {path for year in tree.head.years for path in shard_paths(year.year, year.bits)}
    for shard in tree.shards.values():
        for rank, item in enumerate(shard.buckets):
            if item != bucket.ABSENT:
                prefix = shard.prefix + rank * (1 << (24 - shard.bits))
                named.add(paths.bucket(shard.year, shard.bits, prefix))
    return named


class _Compared:
    """The site's entries against the register's, bucket by bucket; decoys are told apart by their secret."""

    def __init__(self, session: Session, tree: audit.Tree) -> None:
        self._issuer_id = session.workspace.keystore.pin().issuer_id
        kept = SiteOnly(session.register)
        self.unknown: dict[bytes, tuple[LocatorRange, entry.Entry]] = {}
        self.published: list[str] = []
        self.tombstones: list[tuple[str, entry.Entry]] = []
        self.problems: list[Problem] = []
        secret = session.register.secret()
        seen: set[str] = set()
        for held in tree.buckets.values():
            place = LocatorRange(held.year, held.bits, held.prefix)
            shown = {item.tag: item for item in held.entries}
            for decoy in bucket.filled(secret, held.year, held.bits, held.prefix, 1, ()).entries:
                shown.pop(decoy.tag, None)
            for known in kept.known(place):
                seen.add(known.serial)
                self._one(known, shown)
            self.unknown.update({tag: (place, item) for tag, item in shown.items()})
        for serial in kept.published():
            if serial not in seen:
                self._strange(serial)

    def _one(self, known: KnownCertificate, shown: dict[bytes, entry.Entry]) -> None:
        theirs = shown.pop(known.item.tag, None)
        if theirs is None:
            if known.published:
                self._strange(known.serial)
        elif theirs == known.item:
            if not known.published:
                self.published.append(known.serial)
        elif self._is_tombstone(known.number, theirs):
            self.tombstones.append((known.serial, theirs))
        else:
            self._strange(known.serial)

    def _is_tombstone(self, number: VerificationCode, item: entry.Entry) -> bool:
        try:
            frame = entry.unseal(derive(number, self._issuer_id), item)
            return isinstance(record.decode(frame), record.Tombstone)
        except Malformed:
            return False

    def _strange(self, serial: Serial) -> None:
        what = "was published by this register, and the site shows it otherwise or not at all"
        self.problems.append(RECOVER_BRANCHED.at(Place(subject=serial), what, _NEXT))


def _from_files(
    session: Session, unknown: dict[bytes, tuple[LocatorRange, entry.Entry]]
) -> tuple[tuple[RecoveredCertificate, ...], tuple[str, ...]]:
    """Certificates whose issued PDF is here, is the very file that was published, and has its claim."""
    issuer_id = session.workspace.keystore.pin().issuer_id
    claims = _drafts(session, issuer_id)
    back: list[RecoveredCertificate] = []
    unclaimed: list[str] = []
    for path in sorted((session.workspace.certificates / "issued").glob("*/*.pdf")):
        presented = pdf_reader.read(path)
        number = number_in(presented)
        derived = derive(number, issuer_id) if number else None
        if derived is None or derived.tag not in unknown:
            continue
        _, item = unknown[derived.tag]
        try:
            made = record.decode(entry.unseal(derived, item))
        except Malformed:
            continue
        if isinstance(made, record.Tombstone) or made.files.pdf != presented.sha256:
            continue
        certified = statement.decode(made.statement)
        waiting = claims.get(statement.draft_bytes(certified.draft()), [])
        if not waiting:
            unclaimed.append(certified.serial)
            continue
        digest = Digest(disk.sha256(path, session.workspace.shown(path)).hex())
        back.append(
            RecoveredCertificate(certified, made.statement, waiting.pop(0), digest, derived.prefix(24), item)
        )
    return tuple(back), tuple(unclaimed)


def _drafts(session: Session, issuer_id: Digest) -> dict[bytes, list[ClaimId]]:
    """What each claim without a certificate would print -> the claims."""
    found: dict[bytes, list[ClaimId]] = {}
    for held in Claims(session.register).uncertified():
        claim = held.claim
        programme = session.workspace.programmes.get((claim.programme, claim.version))
        centre = session.workspace.centres.get(claim.centre)
        if programme is None or centre is None or held.replacement is not None:
            continue
        made = statement.draft_bytes(draft(claim, programme, centre, session.workspace.portal, issuer_id))
        found.setdefault(made, []).append(held.claim_id)
    return found


def _states(
    session: Session, tree: audit.Tree, back: tuple[RecoveredCertificate, ...]
) -> tuple[
    tuple[RecoveredState, ...],
    tuple[tuple[LocatorRange, status.SealedException], ...],
    list[Problem],
]:
    """Exceptions of certificates that the register will know, those of the others, and what is missing."""
    shown = {
        item.tag: (LocatorRange(shard.year, status.shard_bits(shard.bits), shard.prefix), item)
        for shard in tree.shards.values()
        for item in shard.exceptions
    }
    issuer_id, changes = session.workspace.keystore.pin().issuer_id, StateChanges(session.register)
    published = SiteOnly(session.register).published_states()
    numbers = [(serial, number) for serial, number in Certificates(session.register).by_place()]
    numbers += [(one.certified.serial, one.certified.number) for one in back]
    states, problems = [], []
    for serial, number in sorted(numbers) if shown or published else ():
        derived = derive(number, issuer_id)
        kept = shown.pop(derived.status_tag(), None)
        if kept is None:
            if serial in published:
                what = "its state was published by this register, and the site does not show it"
                problems.append(RECOVER_BRANCHED.at(Place(subject=serial), what, _NEXT))
        elif changes.sealed(serial) != kept[1]:
            opened = status.unseal(derived, kept[1])
            states.append(RecoveredState(serial, derived.year, derived.prefix(24), opened, kept[1]))
    return tuple(states), tuple(shown[tag] for tag in sorted(shown)), problems


def _links(session: Session) -> tuple[str, ...]:
    """Files of private links of which the register does not know the secret."""
    issuer_id = session.workspace.keystore.pin().issuer_id
    ours = {private_link.derive(link.secret, issuer_id).path for link in Contacts(session.register).links()}
    there = (path for path in FolderSite(session.workspace.public).paths() if private_link.is_path(path))
    return tuple(path for path in there if path not in ours)


def _counters(session: Session, unknown: dict[bytes, tuple[LocatorRange, entry.Entry]]) -> dict[int, int]:
    """The last serial of each year that may have been given: by what is out, and by the files here."""
    found = SiteOnly(session.register).counters()
    for place, _ in unknown.values():
        found[place.year] = found.get(place.year, 0) + 1
    code = session.workspace.portal.organisation.code
    for path in (session.workspace.certificates / "issued").glob(f"*/{code}-*.pdf"):
        year, rank = int(path.parent.name), int(path.stem.rpartition("-")[2])
        found[year] = max(found.get(year, 0), rank)
    return found
