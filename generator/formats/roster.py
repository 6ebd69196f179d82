"""The roster of people who may approve, kept private (SPEC, chapter Roster).

The root signs it, or two people who hold office sign the next one: the payload type says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from generator.crypto import ed25519
from generator.crypto.digest import sha256
from generator.errors import Malformed
from generator.formats import envelope, strict_json
from generator.formats.manifest import raw_keys
from generator.model.keyring import RootKeys, Signer
from generator.model.people import Roster
from generator.model.value import Digest, utc_day

CAP = 1_048_576
# In these roles two people together may change the roster.
OFFICE = frozenset({"quality_nominee", "exams_officer", "senior_manager", "registrar", "responsible_officer"})
OFFICE_SIGNERS = 2
_CHAIN_CAP = 1_000
Earlier = Callable[[int], bytes]


def sign(roster: Roster, roots: Iterable[Signer]) -> bytes:
    """The roster file, signed by the root."""
    payload = strict_json.encode(roster.plain())
    return envelope.encode(envelope.sign(envelope.ROSTER, payload, roots))


def sign_by_office(roster: Roster, signers: Iterable[Signer]) -> bytes:
    """The roster file, signed by people who hold office."""
    payload = strict_json.encode(roster.plain())
    return envelope.encode(envelope.sign(envelope.OFFICE_ROSTER, payload, signers))


def digest(data: bytes) -> Digest:
    """SHA-256 of the payload of a roster file: what the next one names as `previous`."""
    return sha256(_split(data).payload)


def verified(data: bytes, root: RootKeys, issuer_id: Digest, earlier: Earlier | None = None) -> Roster:
    """The roster in a file, signed by the root or by two of the office before. Raises `Malformed`.

    `earlier` gives the file of an earlier version; it is asked only for a roster that the office signed.
    """
    chain = [data]
    while _split(chain[-1]).payload_type == envelope.OFFICE_ROSTER:
        version = _parsed(_split(chain[-1]).payload, issuer_id).version
        if earlier is None or len(chain) > _CHAIN_CAP:
            raise Malformed("the rosters before it are missing")
        chain.append(earlier(version - 1))
    first = chain.pop()
    payload = envelope.verified(_split(first), raw_keys(root), root.threshold)
    roster = _parsed(payload, issuer_id)
    before = first
    for later in reversed(chain):
        roster = _next(roster, before, later, issuer_id)
        before = later
    return roster


def _next(before: Roster, before_data: bytes, data: bytes, issuer_id: Digest) -> Roster:
    outer = _split(data)
    after = _parsed(outer.payload, issuer_id)
    if after.version != before.version + 1 or after.previous != digest(before_data):
        raise Malformed("it does not follow the roster before")
    if after.created_at < before.created_at:
        raise Malformed("it is older than the roster before")
    changed = {
        person.person
        for person in (*before.people, *after.people)
        if before.find(person.person) != after.find(person.person)
    }
    signed = 0
    for person in before.people:
        in_office = any(
            held.role in OFFICE and held.scope is None and held.of_office(utc_day(after.created_at))
            for held in person.roles
        )
        keys = [
            bytes.fromhex(key.public)
            for key in person.keys
            if key.start <= after.created_at and (key.until is None or after.created_at < key.until)
        ]
        if in_office and person.person not in changed and _signed_by(outer, keys):
            signed += 1
    if signed < OFFICE_SIGNERS:
        raise Malformed(f"{signed} of {OFFICE_SIGNERS} office holders whom it does not change signed it")
    return after


def _signed_by(outer: envelope.Envelope, keys: list[bytes]) -> bool:
    try:
        envelope.verified(outer, keys)
    except Malformed:
        return False
    return True


def _split(data: bytes) -> envelope.Envelope:
    for kind in (envelope.ROSTER, envelope.OFFICE_ROSTER):
        try:
            return envelope.decode(data, kind, CAP)
        except Malformed:
            continue
    raise Malformed("this is not a roster")


def _parsed(payload: bytes, issuer_id: Digest) -> Roster:
    roster = Roster.of(strict_json.decode(payload, CAP))
    if strict_json.encode(roster.plain()) != payload:
        raise Malformed("another spelling of the same roster")
    if roster.issuer_id != issuer_id:
        raise Malformed("the roster is of another issuer")
    for person in roster.people:
        for key in person.keys:
            if ed25519.key_id(ed25519.checked_public_key(key.public)) != key.id:
                raise Malformed(f"a key of {person.person} has an id that does not follow from it")
    return roster
