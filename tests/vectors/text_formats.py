"""Vectors of the formats that are text: number, derivation, strict JSON, envelope."""

from __future__ import annotations

import json
from typing import Any

from generator.formats import envelope, key_phrase, statement, strict_json, verification_code
from generator.formats.derivation import derive
from tests import small_site as small
from tests.vectors.case import swap


def number_cases() -> dict[str, Any]:
    good = [
        {"year": year, "random": f"{bits:023x}", "number": verification_code.encode(year, bits)}
        for year, bits in ((2026, 0), (2026, 2**90 - 1), (1000, 1), (9999, 2**89), (2026, int("135" * 7, 16)))
    ]
    whole = small.number_of("valid")
    slip = swap(whole, 9)
    typed = [
        whole,
        verification_code.grouped(whole),
        verification_code.grouped(whole).lower(),
        whole.replace("0", "O").replace("1", "l"),
        f"  {verification_code.grouped(whole)}\n",
        slip,
        swap(swap(whole, 9), 15),
        swap(whole, 0, "3"),
        swap(whole, 2, "9"),
        whole[:-1],
        whole + "0",
        whole[:8] + "U" + whole[9:],
        whole[:8] + "А" + whole[9:],
        "0" + whole[1:],
        "A" + whole[1:],
        "",
        "1" * 201,
        "%32%30%32%36",
        whole[:12] + "\u2011" + whole[12:],
        whole[:12] + "\u200b" + whole[12:],
        "\U0001d7d8" * 150,
    ]
    read = [{"typed": text, **_typed(text)} for text in typed]
    return {
        "encode": good,
        "read": read,
        "grouped": {"number": whole, "printed": verification_code.grouped(whole)},
    }


def _typed(text: str) -> dict[str, Any]:
    found = verification_code.read(text)
    return {"number": found.number, "reason": found.reason, "suggestion": found.suggestion}


def derivation_cases() -> dict[str, Any]:
    cases = []
    for name in ("valid", "expired"):
        value = small.small_site().numbers[name]
        derived = derive(value, small.ISSUER_ID)
        cases.append(
            {
                "number": value,
                "issuer_id": small.ISSUER_ID,
                "locator": derived.locator.hex(),
                "tag": derived.tag.hex(),
                "prefix": {str(bits): f"{derived.prefix(bits):06x}" for bits in (0, 1, 8, 11, 24)},
                "record_key": derived.record_key().hex(),
                "nonce_key": derived.nonce_key().hex(),
                "status_tag": derived.status_tag().hex(),
                "status_key": derived.status_key().hex(),
                "badge_id": derived.badge_id().hex(),
            }
        )
    return {
        "derive": cases,
        "phrase": {"issuer_id": small.ISSUER_ID, "words": key_phrase.phrase(small.ISSUER_ID)},
    }


def strict_json_cases() -> dict[str, Any]:
    values: list[Any] = [
        {},
        [],
        {"a": 1, "b": [True, False, None], "c": {"d_1": -(2**53 - 1)}},
        {"text": 'quote " backslash \\ slash / tab \t line \n low \x01 high \x7f \u2028'},
        {"payloadType": "Zoë", "payload": "王 小明", "name": "श्रीकांत 🎓"},
        {"b": 1, "a": 2, "aB": 3, "a_": 4, "a0": 5},
        "text",
        0,
    ]
    bad = {
        "space": b'{"a": 1}',
        "order": b'{"b":1,"a":2}',
        "duplicate": b'{"a":1,"a":1}',
        "float": b'{"a":1.0}',
        "exponent": b'{"a":1e2}',
        "minus_zero": b'{"a":-0}',
        "too_large": b'{"a":9007199254740992}',
        "escaped": b'{"a":"\\u0041"}',
        "escaped_slash": b'{"a":"\\/"}',
        "upper_case_escape": b'{"a":"\\u001F"}',
        "surrogate": b'{"a":"\\ud800"}',
        "not_nfc": '{"a":"e\u0301"}'.encode(),
        "not_utf8": b'{"a":"\xff"}',
        "bom": b'\xef\xbb\xbf{"a":1}',
        "number_like_name": b'{"1":1}',
        "upper_case_name": b'{"A":1}',
        "proto_name": b'{"__proto__":1}',
        "left_over": b'{"a":1}\n',
        "nan": b'{"a":NaN}',
        "too_deep": b"[" * 14 + b"]" * 14,
        "empty": b"",
    }
    return {
        "valid": [{"value": value, "bytes": strict_json.encode(value).hex()} for value in values],
        "invalid": [{"why": why, "bytes": data.hex()} for why, data in bad.items()],
    }


def envelope_cases() -> dict[str, Any]:
    certified = small.small_site().statements["valid"]
    payload = statement.encode(certified)
    good = envelope.encode(envelope.sign(envelope.STATEMENT, payload, [small.CERTIFICATE]))
    wrong_role = envelope.encode(
        envelope.Envelope(
            envelope.STATEMENT,
            payload,
            (
                envelope.Signature(
                    small.ONLINE.key_id, small.ONLINE.sign(envelope.pae(envelope.STATEMENT, payload))
                ),
            ),
        )
    )
    return {
        "pae": [
            {"type": kind, "payload": body.hex(), "bytes": envelope.pae(kind, body).hex()}
            for kind, body in (("", b""), (envelope.HEAD, b"{}"), (envelope.RECORD, bytes(range(256))))
        ],
        "roles": dict(sorted(envelope.ROLE_OF.items())),
        "signed": {
            "type": envelope.STATEMENT,
            "public": small.CERTIFICATE.public,
            "key_id": small.CERTIFICATE.key_id,
            "payload": payload.hex(),
            "bytes": good.hex(),
        },
        "not_signed_by_that_key": [
            {"why": "another key", "bytes": wrong_role.hex()},
            {"why": "payload changed", "bytes": good.replace(b"e", b"f", 1).hex()},
            {"why": "another type", "bytes": good.replace(b"statement", b"manifests").hex()},
            {"why": "base64 padding bits", "bytes": good.replace(b'=="', b'="').hex()},
            {"why": "no signature", "bytes": _unsigned(good)},
        ],
    }


def _unsigned(data: bytes) -> str:
    outer = json.loads(data)
    outer["signatures"] = []
    return strict_json.encode(outer).hex()
