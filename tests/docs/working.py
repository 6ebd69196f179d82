"""Each worked example of the specification, worked out from the inputs among its fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from generator.crypto import cipher
from generator.crypto.ed25519 import SeedSigner, key_id
from generator.formats import (
    approval,
    decision,
    envelope,
    events,
    head,
    key_phrase,
    manifest,
    pages,
    paths,
    roster,
    statement,
    strict_json,
    verification_code,
)
from generator.formats.derivation import derive
from generator.model.case import Decision
from generator.model.certificate import Draft
from generator.model.keyring import Manifest, Pin, Role
from generator.model.people import Roster
from generator.rules.verifying import verify
from tests import small_site as small
from tests.docs.binary import (
    bucket_example,
    entry_example,
    exception_example,
    record_example,
    shard_example,
    tombstone_example,
)
from tests.docs.links import private_link_example

Fields = dict[str, str]


def _signer(name: str, role: Role) -> SeedSigner:
    return SeedSigner.of(small.seed(name), role)


def _canonical(text: str) -> Any:
    return strict_json.decode(text.encode(), 100_000)


def _json(given: Fields, _: Any) -> Fields:
    data = strict_json.encode(json.loads(given["value"]))
    return {"value": given["value"], "text": data.decode(), "bytes": data.hex()}


def _number(given: Fields, _: Any) -> Fields:
    made = verification_code.encode(int(given["year"]), int(given["random"], 16))
    slip = verification_code.read(given["typed"])
    return {
        "year": given["year"],
        "random": given["random"],
        "number": made,
        "printed": verification_code.grouped(made),
        "typed": given["typed"],
        "reason": slip.reason,
        "suggestion": slip.suggestion or "",
    }


def _phrase(_: Fields, every: dict[str, Fields]) -> Fields:
    issuer_id = every["manifest"]["issuer id"]
    return {"issuer_id": issuer_id, "words": key_phrase.phrase(issuer_id)}


def _derivation(given: Fields, _: Any) -> Fields:
    derived = derive(given["number"], given["issuer_id"])
    return {
        "number": verification_code.decode(given["number"]),
        "issuer_id": given["issuer_id"],
        "pseudorandom key": cipher.extract(bytes.fromhex(given["issuer_id"]), given["number"].encode()).hex(),
        "locator": derived.locator.hex(),
        "tag": derived.tag.hex(),
        "prefix of 11 bits": f"{derived.prefix(11):06x}",
        "record key": derived.record_key().hex(),
        "nonce key": derived.nonce_key().hex(),
        "status tag": derived.status_tag().hex(),
        "status key": derived.status_key().hex(),
        "badge id": derived.badge_id().hex(),
    }


def _envelope(given: Fields, _: Any) -> Fields:
    signer = SeedSigner.of(bytes.fromhex(given["seed"]), "online")
    payload = given["payload"].encode()
    made = envelope.sign(envelope.HEAD, payload, [signer])
    return {
        "seed": given["seed"],
        "public key": signer.public,
        "key id": key_id(bytes.fromhex(signer.public)),
        "payload type": envelope.HEAD,
        "payload": given["payload"],
        "PAE": envelope.pae(envelope.HEAD, payload).decode(),
        "signature": made.signatures[0].raw.hex(),
        "file": envelope.encode(made).decode(),
    }


def _manifest(given: Fields, _: Any) -> Fields:
    value = Manifest.of(_canonical(given["payload"]))
    file = manifest.sign(value, [_signer("root", "root")])
    issuer_id = manifest.digest(manifest.split(file).payload)
    manifest.verified(file, value.root, issuer_id)
    pin = Pin(issuer_id=issuer_id, name=value.name, manifest_version=value.version, root=value.root)
    return {
        "payload": given["payload"],
        "issuer id": issuer_id,
        "file": file.decode(),
        "pin": manifest.encode_pin(pin).decode().rstrip("\n"),
    }


def _roster(given: Fields, _: Any) -> Fields:
    value = Roster.of(_canonical(given["payload"]))
    file = roster.sign(value, [_signer("root", "root")])
    roster.verified(file, small.GENESIS.root, small.ISSUER_ID)
    return {"payload": given["payload"], "file": file.decode()}


def _approval(given: Fields, _: Any) -> Fields:
    draft = Draft.of(_canonical(given["statement-to-be"]))
    commitment = approval.commitment(given["salt"], draft)
    fields = {**_canonical(given["payload"]), "salt": given["salt"], "statement_sha256": commitment}
    made = approval.Approval.of(fields)
    file = approval.sign(made, _signer("r.vaughan", "person"))
    if approval.decode(approval.split(file)) != made:
        raise ValueError("the approval does not come back")
    return {
        "salt": given["salt"],
        "statement-to-be": given["statement-to-be"],
        "statement_sha256": commitment,
        "payload": strict_json.encode(made.plain()).decode(),
        "file": file.decode(),
    }


def _decision(given: Fields, _: Any) -> Fields:
    salt, case = bytes.fromhex(given["salt"]), decision.decode_case(given["case"].encode())
    digest = decision.commitment(salt, decision.encode_case(case))
    made = Decision.of({**_canonical(given["payload"]), "case_sha256": digest})
    file = decision.sign(made, _signer("r.vaughan", "person"))
    if decision.decode(decision.split(file)) != made:
        raise ValueError("the decision does not come back")
    return {
        "salt": given["salt"],
        "case": given["case"],
        "case_sha256": digest,
        "payload": strict_json.encode(made.plain()).decode(),
        "file": file.decode(),
    }


def _statement(given: Fields, _: Any) -> Fields:
    payload = given["payload"].encode()
    made = envelope.sign(envelope.STATEMENT, payload, [small.CERTIFICATE])
    data = envelope.encode(made)
    if statement.encode(statement.decode(payload)) != payload:
        raise ValueError("the statement does not come back")
    return {"payload": given["payload"], "signature": made.signatures[0].raw.hex(), "file": data.decode()}


def _head(given: Fields, _: Any) -> Fields:
    value = head.decode(given["payload"].encode())
    return {"payload": given["payload"], "file": head.sign(value, small.ONLINE).decode()}


def _pages(given: Fields, _: Any) -> Fields:
    page = given["page"].encode()
    made = pages.of({given["path"]: page})
    listed = pages.encode(made)
    if pages.decode(listed) != made:
        raise ValueError("the list does not come back")
    return {
        "page": given["page"],
        "blanked": pages.inlined(page, b"").decode(),
        "path": given["path"],
        "pages.json": listed.decode(),
    }


def _layout(given: Fields, _: Any) -> Fields:
    year, bits, prefix = int(given["year"]), int(given["bits"]), int(given["prefix"], 16)
    return {
        **{name: given[name] for name in ("year", "bits", "prefix")},
        "bucket": paths.bucket(year, bits, prefix),
        "shard": paths.shard(year, bits, prefix),
    }


def _events(given: Fields, _: Any) -> Fields:
    details = _canonical(given["details"])
    commitment = events.commitment(bytes.fromhex(given["salt"]), details)
    event = events.Event.of({**_canonical(given["event"]), "commitment": commitment})
    return {
        "salt": given["salt"],
        "details": given["details"],
        "commitment": commitment,
        "event": strict_json.encode(event.plain()).decode(),
        "hash before": given["hash before"],
        "hash": events.link(given["hash before"], event),
    }


def _verdict(given: Fields, _: Any) -> Fields:
    found = {}
    for name, line in given.items():
        answer = verify(line.split(":")[0], small.small_site(), small.PIN, "2026-11-23T00:00:00Z")
        reason = f", reason {answer.reason}" if answer.reason else ""
        meant = f", suggestion {answer.suggestion}" if answer.suggestion else ""
        found[name] = f"{line.split(':')[0]}: {answer.kind}, step {answer.step}{reason}{meant}"
    return found


WORK: dict[str, Callable[[Fields, dict[str, Fields]], Fields]] = {
    "json": _json,
    "number": _number,
    "phrase": _phrase,
    "derivation": _derivation,
    "envelope": _envelope,
    "manifest": _manifest,
    "roster": _roster,
    "approval": _approval,
    "decision": _decision,
    "statement": _statement,
    "record": record_example,
    "tombstone": tombstone_example,
    "entry": entry_example,
    "bucket": bucket_example,
    "exception": exception_example,
    "shard": shard_example,
    "head": _head,
    "pages": _pages,
    "layout": _layout,
    "events": _events,
    "private-link": private_link_example,
    "verdict": _verdict,
}
