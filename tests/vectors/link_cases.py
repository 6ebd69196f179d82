"""Vectors of the private link: what a secret opens, a sealed file, and what must not open."""

from __future__ import annotations

from typing import Any

from generator.crypto import cipher
from generator.formats import private_link, strict_json
from tests import small_site as small

SECRET = bytes(range(16))
PDF = b"%PDF-1.7 a very small one\n"


def private_link_cases() -> dict[str, Any]:
    derived = private_link.derive(SECRET, small.ISSUER_ID)
    number = small.small_site().statements["valid"].number
    data = private_link.encode(derived, number, "NW-26-000001.pdf", PDF)
    other = private_link.derive(bytes(16), small.ISSUER_ID)
    facts = {"file": "NW-26-000001.pdf", "number": number, "pdf_bytes": len(PDF), "v": 1}
    return {
        "derive": [
            {
                "secret": secret.hex(),
                "issuer_id": small.ISSUER_ID,
                "id": made.id.hex(),
                "key": made.key.hex(),
                "nonce_key": made.nonce_key.hex(),
                "path": made.path,
            }
            for secret, made in ((SECRET, derived), (bytes(16), other))
        ],
        "file": {"secret": SECRET.hex(), "facts": facts, "pdf": PDF.hex(), "bytes": data.hex()},
        "invalid": [
            {"why": why, "secret": SECRET.hex(), "bytes": bad.hex()}
            for why, bad in (
                ("the version before", b"\x01" + data[1:]),
                ("another version", b"\x03" + data[1:]),
                ("cut short", data[:-1]),
                ("left over", data + b"\0"),
                ("a flipped bit", data[:40] + bytes([data[40] ^ 1]) + data[41:]),
                ("sealed for another id", private_link.encode(other, number, "NW-26-000001.pdf", PDF)),
                ("longer than it says", _sealed(derived, {**facts, "pdf_bytes": len(PDF) - 1}, PDF)),
                ("shorter than it says", _sealed(derived, {**facts, "pdf_bytes": 70_000}, PDF)),
                ("an unknown member", _sealed(derived, {**facts, "name": "Zoë"}, PDF)),
                ("a size class too large", _sealed(derived, facts, PDF, 131_072)),
                ("a size of its own", _sealed(derived, facts, PDF, 69_632)),
                ("smaller than the smallest size", _sealed(derived, facts, PDF, 4_096)),
            )
        ],
    }


def _sealed(derived: private_link.LinkKeys, facts: dict[str, Any], pdf: bytes, size: int = 65_536) -> bytes:
    """A file made by the rules from facts that break them."""
    text = strict_json.encode(facts)
    plain = (len(text).to_bytes(4, "big") + text + pdf).ljust(size, b"\0")
    nonce = cipher.mac(derived.nonce_key, plain)[:12]
    bound = b"certportal/v1/link" + derived.id
    return b"\x02" + nonce + cipher.seal(derived.key, nonce, plain, bound)
