"""Making and renewing keys; adding staff to the roster (SPEC, chapters Keys and Roster).

People from a file of ours are shown first, then signed onto the roster once for all (docs/layouts.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.crypto.ed25519 import SeedSigner
from generator.edge import disk
from generator.errors import Malformed, Place, Refused
from generator.flow.office.codes import KEYS_CERTIFICATE, KEYS_EXIST, ROSTER_SIGNERS
from generator.flow.shared.codes import KEYS_ONLINE
from generator.flow.shared.key_files import NewKeyFile, ask, locked, make
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace
from generator.formats import manifest, roster
from generator.model.keyring import Key, Manifest, OriginFrom, Pin, RootKeys
from generator.model.people import PeopleRow, Person, PersonKey, RoleHeld, Roster
from generator.model.value import Handle, Instant, later
from generator.rules import roster_changes
from generator.rules.codes import STAFF_ROLE, STAFF_UNKNOWN
from generator.rules.roster_changes import ProposedRoster
from generator.sheets import layouts, table
from generator.sheets.codes import LAYOUT_NAME

# A year and a month of online keys, each good for 35 days and beginning 30 days after the last.
ONLINE_KEYS, ONLINE_STEP_DAYS, ONLINE_WINDOW_DAYS = 13, 30, 35
MANIFEST_DAYS = 400


def init_keys(workspace: Workspace, environment: Environment) -> Manifest:
    """Make root, certificate and online keys and the genesis manifest. Refuses where keys are."""
    store = workspace.keystore
    if store.complete:
        fix = "keep them: other keys would be another issuer; `certportal keys renew` extends them"
        raise Refused(KEYS_EXIST.at(Place(str(store.folder)), "this workspace has its keys", fix))
    total = ONLINE_KEYS + 2
    environment.progress("keys", 0, total)
    root = make(workspace, environment, "root", ["root"])[0]
    environment.progress("keys", 1, total)
    certificate = make(workspace, environment, "certificate", ["certificate"])[0]
    environment.progress("keys", 2, total)
    online = _make_online(workspace, environment, 1, ONLINE_KEYS)
    if workspace.portal.certificate.seal == "self":
        make(workspace, environment, "seal", ["seal"])
    organisation = workspace.portal.organisation
    genesis = Manifest(
        version=1,
        name=organisation.name,
        code=organisation.code,
        sample=True if workspace.portal.sample else None,
        created_at=environment.now,
        expires_at=later(environment.now, days=MANIFEST_DAYS),
        root=RootKeys(keys=(root.public,)),
        keys=(_key(certificate, environment.now), *_windows(online, environment.now)),
        origins=(OriginFrom(origin=workspace.portal.site.origin, start=environment.now),),
    )
    data = manifest.sign(genesis, [root])
    issuer_id = manifest.digest(manifest.split(data).payload)
    empty = Roster(version=1, issuer_id=issuer_id, created_at=environment.now, people=())
    store.write_roster(roster.sign(empty, [root]), 1)
    store.write_manifest(data, 1)
    # The pin is written last: a killed run leaves no pin, and the next one starts from nothing.
    store.write_pin(Pin(issuer_id=issuer_id, name=genesis.name, manifest_version=1, root=genesis.root))
    environment.progress("keys", total, total)
    return genesis


def renew_keys(workspace: Workspace, environment: Environment) -> Manifest:
    """A new manifest version: online keys for another year, certificate keys kept for good."""
    store = workspace.keystore
    current = store.manifest()
    pin = store.pin()
    root = unlock(workspace, environment, "root", "root")
    kept = [key for key in current.keys if key.role != "online" or (key.until or "") > environment.now]
    covered = max(
        (key.until or environment.now for key in kept if key.role == "online"), default=environment.now
    )
    start = max(environment.now, later(covered, days=ONLINE_STEP_DAYS - ONLINE_WINDOW_DAYS))
    first = 1 + sum(1 for _ in (store.folder / "private").glob("online-*.key"))
    online = _make_online(workspace, environment, first, ONLINE_KEYS)
    origin = workspace.portal.site.origin
    origins = current.origins
    if origin not in [item.origin for item in origins]:
        origins = (*origins, OriginFrom(origin=origin, start=environment.now))
    renewed = Manifest(
        version=current.version + 1,
        issuer_id=pin.issuer_id,
        previous=manifest.digest(manifest.split(store.manifest_bytes()).payload),
        name=workspace.portal.organisation.name,
        code=current.code,
        sample=current.sample,
        created_at=environment.now,
        expires_at=later(start, days=MANIFEST_DAYS),
        root=current.root,
        keys=(*kept, *_windows(online, start)),
        origins=origins,
    )
    store.write_manifest(manifest.sign(renewed, [root]), renewed.version)
    return renewed


def add_staff(
    workspace: Workspace,
    environment: Environment,
    handle: str,
    name: str,
    roles: Sequence[RoleHeld],
    by: Sequence[str] = (),
) -> Person:
    """Add a person with a key of their own, or give a person further roles.

    The root signs, or `by` names two people who hold office and are not the person.
    """
    store = workspace.keystore
    current = store.roster()
    known = current.find(handle)
    signers = roster_signers(workspace, environment, by)
    fresh: list[NewKeyFile] = []
    if known:
        added = tuple(role for role in roles if role not in known.roles)
        person = known.model_copy(update={"roles": known.roles + added})
    else:
        person, fresh = new_person(workspace, environment, handle, name, roles)
    others = tuple(item for item in current.people if item.person != handle)
    people = tuple(sorted((*others, person), key=lambda item: item.person))
    change_roster(workspace, environment, current, people, signers, fresh)
    return person


def new_person(
    workspace: Workspace, environment: Environment, handle: str, name: str, roles: Sequence[RoleHeld]
) -> tuple[Person, list[NewKeyFile]]:
    """A person with a key of their own, and that key's file, which `change_roster` writes."""
    made = locked(workspace, environment, "person", [f"person-{handle}"], handle)
    signer = made[0].signer
    key = PersonKey(id=signer.key_id, public=signer.public, start=environment.now)
    return Person(person=Handle(handle), name=name, roles=tuple(roles), keys=(key,)), made


def revoke_staff(
    workspace: Workspace, environment: Environment, handle: str, by: Sequence[str] = ()
) -> Person:
    """End a person's keys now: what they approved and nothing has consumed is void."""
    current = workspace.keystore.roster()
    person = current.find(handle)
    if person is None:
        fix = "`certportal staff list` shows the roster"
        raise Refused(STAFF_UNKNOWN.at(Place("keys/roster.json"), f"{handle} is not on the roster", fix))
    signers = roster_signers(workspace, environment, by)
    keys = tuple(
        key
        if key.until and key.until <= environment.now
        else key.model_copy(update={"until": environment.now})
        for key in person.keys
    )
    ended = person.model_copy(update={"keys": keys})
    people = tuple(ended if item.person == handle else item for item in current.people)
    change_roster(workspace, environment, current, people, signers)
    return ended


def end_role(
    workspace: Workspace,
    environment: Environment,
    handle: str,
    role: str,
    until: str,
    replaced_by: str | None,
    by: Sequence[str] = (),
) -> Person:
    """End a person's role on a day; `replaced_by` carries on its subject areas until the year's end."""
    current = workspace.keystore.roster()
    person = current.find(handle)
    open_ended = [held for held in person.roles if held.role == role and held.until is None] if person else []
    if person is None or not open_ended or (replaced_by and current.find(replaced_by) is None):
        what = f"{handle} does not hold the role {role} open-ended, or {replaced_by} is not on the roster"
        raise Refused(STAFF_ROLE.at(Place("keys/roster.json"), what, "`certportal staff list` shows it"))
    signers = roster_signers(workspace, environment, by)
    fields = {"until": until, "replaced_by": replaced_by}
    roles = tuple(
        RoleHeld.of({**held.model_dump(), **fields}) if held in open_ended else held for held in person.roles
    )
    ended = person.model_copy(update={"roles": roles})
    people = tuple(ended if item.person == handle else item for item in current.people)
    change_roster(workspace, environment, current, people, signers)
    return ended


def roster_signers(workspace: Workspace, environment: Environment, by: Sequence[str]) -> list[SeedSigner]:
    """The root, or those who hold office and sign together."""
    if not by:
        return [unlock(workspace, environment, "root", "root")]
    return [unlock(workspace, environment, f"person-{handle}", handle) for handle in by]


def change_roster(
    workspace: Workspace,
    environment: Environment,
    current: Roster,
    people: tuple[Person, ...],
    signers: Sequence[SeedSigner],
    fresh: Sequence[NewKeyFile] = (),
) -> Roster:
    """Write the next roster, and new people's keys before it, once it reads back as good."""
    store, pin = workspace.keystore, workspace.keystore.pin()
    before = store.roster_bytes()
    changed = Roster(
        version=current.version + 1,
        issuer_id=current.issuer_id,
        previous=roster.digest(before),
        created_at=environment.now,
        people=people,
    )
    office = all(signer.role == "person" for signer in signers)
    data = roster.sign_by_office(changed, signers) if office else roster.sign(changed, signers)
    try:
        roster.verified(data, pin.root, pin.issuer_id, store.earlier_roster)
    except Malformed as error:
        fix = "have two people sign who hold office and are not the person, or use the root key"
        raise Refused(ROSTER_SIGNERS.at(Place(str(store.roster_file)), str(error), fix)) from None
    for key in fresh:
        store.write_private(key.name, key.text)
    store.write_roster(data, changed.version)
    return changed


def unlock(workspace: Workspace, environment: Environment, name: str, box: str) -> SeedSigner:
    """A private key of this workspace; `box` says whose passphrase is asked for."""
    return workspace.keystore.unlock(name, ask(workspace, environment), box)


def live_online(current: Manifest, at: Instant) -> list[Key]:
    """The online keys whose window covers an instant."""
    return [key for key in current.of_role("online") if key.covers(at)]


def online_signer(
    workspace: Workspace, environment: Environment, current: Manifest, at: Instant
) -> SeedSigner:
    """The online key for what is issued at this instant. Raises `Refused` with the command that renews."""
    live = live_online(current, at)
    if not live:
        fix = "run `certportal keys renew`, with the root key at hand"
        what = f"no online key's window covers {at}"
        raise Refused(KEYS_ONLINE.at(Place(str(workspace.keystore.manifest_file)), what, fix))
    store = workspace.keystore
    return unlock(workspace, environment, store.find_private(live[-1].id, "online"), "online")


def certificate_signer(workspace: Workspace, environment: Environment, current: Manifest) -> SeedSigner:
    """The newest certificate key whose window covers now."""
    live = [
        key for key in current.of_role("certificate") if key.covers(environment.now) and key.cutoff is None
    ]
    if not live:
        what = "no certificate key's window covers today"
        fix = "add a certificate key with the root key at hand"
        raise Refused(KEYS_CERTIFICATE.at(Place(str(workspace.keystore.manifest_file)), what, fix))
    store = workspace.keystore
    return unlock(workspace, environment, store.find_private(live[-1].id, "certificate"), "certificate")


def _make_online(workspace: Workspace, environment: Environment, first: int, count: int) -> list[SeedSigner]:
    return make(
        workspace, environment, "online", [f"online-{rank:03d}" for rank in range(first, first + count)]
    )


def _key(signer: SeedSigner, start: Instant, until: Instant | None = None) -> Key:
    if signer.role not in ("certificate", "online"):
        raise ValueError(f"a {signer.role} key is not in the manifest's list")
    return Key(id=signer.key_id, role=signer.role, public=signer.public, start=start, until=until)


def _windows(signers: Sequence[SeedSigner], start: Instant) -> list[Key]:
    starts = [later(start, days=rank * ONLINE_STEP_DAYS) for rank in range(len(signers))]
    return [
        _key(signer, begin, later(begin, days=ONLINE_WINDOW_DAYS))
        for signer, begin in zip(signers, starts, strict=True)
    ]


def preview_staff(workspace: Workspace, environment: Environment, path: Path) -> ProposedRoster:
    """What the people in this file would change on the roster. Raises `Refused` where it cannot be read."""
    where = workspace.shown(path.resolve())
    form = layouts.form_of(path)
    if form is None:
        fix = f"end its name in {layouts.SUFFIXES}"
        raise Refused(LAYOUT_NAME.at(Place(where), "its name says no form", fix))
    rows = layouts.read(PeopleRow, "people", disk.read(path, table.CAP, where), Place(where), form)
    programmes = {code for code, _ in workspace.programmes}
    return roster_changes.compare(
        workspace.keystore.roster(), rows, programmes, workspace.centres, environment.now
    )


def write_staff(
    workspace: Workspace, environment: Environment, found: ProposedRoster, by: Sequence[str] = ()
) -> Roster:
    """One new roster with all of a preview, signed by the root or by two who hold office.

    Raises `Refused` before anything is written: with the faults, or where the signers do not suffice.
    """
    if found.problems:
        raise Refused(found.problems)
    current = workspace.keystore.roster()
    signers = roster_signers(workspace, environment, by)
    fresh: list[NewKeyFile] = []
    people = []
    for person in found.people:
        if person.person in found.new:
            person, made = new_person(workspace, environment, person.person, person.name, person.roles)
            fresh += made
        people.append(person)
    return change_roster(workspace, environment, current, tuple(people), signers, fresh)
