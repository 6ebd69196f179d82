"""The roster of people who may approve, signed by the root and kept private (SPEC, chapter Roster)."""

from __future__ import annotations

from collections.abc import Iterable

from generator.crypto import ed25519
from generator.errors import Malformed
from generator.model.keyring import RootKeys, Signer
from generator.model.people import Roster
from generator.wire import envelope, strict_json
from generator.wire.manifest import raw_keys

CAP = 1_048_576


def sign(roster: Roster, roots: Iterable[Signer]) -> bytes:
    """The roster file, signed by the root."""
    payload = strict_json.encode(roster.plain())
    return envelope.encode(envelope.sign(envelope.ROSTER, payload, roots))


def verified(data: bytes, root: RootKeys, issuer_id: str) -> Roster:
    """The roster in a file that the root signed for this issuer. Raises `Malformed`."""
    outer = envelope.decode(data, envelope.ROSTER, CAP)
    payload = envelope.verified(outer, raw_keys(root), root.threshold)
    roster = Roster.of(strict_json.decode(payload, CAP))
    if strict_json.encode(roster.plain()) != payload:
        raise Malformed("another spelling of the same roster")
    if roster.issuer_id != issuer_id:
        raise Malformed("the roster is of another issuer")
    for person in roster.people:
        for key in person.keys:
            if ed25519.key_id(ed25519.checked_public(key.public)) != key.id:
                raise Malformed(f"a key of {person.person} has an id that does not follow from it")
    return roster
