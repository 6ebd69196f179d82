"""The statement's bytes, alone and as `certificate.json` (SPEC, chapter Statement)."""

from __future__ import annotations

from generator.errors import Malformed
from generator.formats import strict_json
from generator.model.certificate import Draft, Statement

# The statement must leave space in a 32 KB bucket; sixty units with long titles stay well below.
CAP = 16_384
ENVELOPE_CAP = 2 * CAP


def encode(statement: Statement) -> bytes:
    """The canonical bytes that are signed."""
    return _bounded(strict_json.encode(statement.plain()))


def decode(data: bytes) -> Statement:
    """A statement from its bytes, verified before by the caller. Raises `Malformed`."""
    statement = Statement.of(strict_json.decode(data, CAP))
    if encode(statement) != data:
        raise Malformed("another spelling of the same statement")
    return statement


def draft_bytes(draft: Draft) -> bytes:
    """The canonical bytes of a statement-to-be."""
    return _bounded(strict_json.encode(draft.plain()))


def decode_draft(data: bytes) -> Draft:
    """A statement-to-be from its canonical bytes. Raises `Malformed`."""
    draft = Draft.of(strict_json.decode(data, CAP))
    if draft_bytes(draft) != data:
        raise Malformed("another spelling of the same statement-to-be")
    return draft


def _bounded(data: bytes) -> bytes:
    if len(data) > CAP:
        raise Malformed(f"the statement takes {len(data)} bytes; {CAP} are allowed")
    return data
