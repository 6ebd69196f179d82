"""Vectors of signed values: well-formed statements, heads, manifests and pins, and their near misses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.formats import manifest, statement, strict_json
from tests import altered_site as altered
from tests import small_site as small

Fields = dict[str, Any]


def statement_cases() -> Fields:
    """Statements; the reason names what is wrong with each bad one."""
    base = small.statement_of("valid", 1).plain()
    good = {
        "plain": {},
        "a name of 300 characters beyond the first plane": {"learner": {"name": "\U00010400" * 300}},
        "joiners": {"learner": {"name": "\u0645\u06cc\u200c\u0634\u0648\u062f \u0915\u094d\u200d\u0937"}},
        "a variation selector": {"learner": {"name": "\u845b\U000e0100"}},
        "until a day": {"validity": {"until": "2030-01-31"}, "expires_on": "2030-01-31"},
        "months that end in a shorter month": {
            "issued_on": "2026-08-31", "validity": {"months": 6}, "expires_on": "2027-02-28",
        },
        "months that end on a leap day": {
            "issued_on": "2026-08-31", "validity": {"months": 18}, "expires_on": "2028-02-29",
        },
        "everything": {
            "replacement": True, "score": "91 %", "hours": 2**53 - 1, "sponsor": "Trust",
            "instructor": "Dr B",
            "accreditation": {"body": "CPD", "number": "1", "statement": "Accredited."},
        },
        "sixty units": {"units": [{"code": f"U{rank}", "title": "Unit"} for rank in range(60)]},
    }  # fmt: skip
    return {
        "valid": [{"why": why, "bytes": _hex({**base, **changes})} for why, changes in good.items()],
        "invalid": [{"why": why, "bytes": _hex(fields)} for why, fields in _bad_statements(base)],
    }


def _bad_statements(base: Fields) -> Iterator[tuple[str, Fields]]:
    for field in sorted(base.keys() - {"grade", "units", "centre"}):
        yield f"without {field}", {name: value for name, value in base.items() if name != field}
    yield "unknown field", {**base, "note": "x"}
    yield "null", {**base, "score": None}
    names = {
        "empty": "", "301 characters": "x" * 301, "space before": " x", "no-break space after": "x\u00a0",
        "ideographic space after": "x\u3000", "line feed": "a\nb", "delete": "a\x7fb",
        "soft hyphen": "a\u00adb",
        "zero width space": "a\u200bb", "right-to-left mark": "a\u200fb", "override": "a\u202eb",
        "isolate": "a\u2066b", "byte order mark": "a\ufeffb", "annotation": "a\ufff9b",
        "not a character": "a\uffffb", "grapheme joiner": "a\u034fb", "Hangul filler": "a\u3164b",
        "choseong filler": "a\u115fb", "halfwidth filler": "a\uffa0b", "Khmer inherent vowel": "a\u17b4b",
        "Braille blank": "a\u2800b", "tag": "a\U000e0041b", "first of the tags": "a\U000e0000b",
        "last of the tags": "a\U000e007fb", "noncharacter": "a\ufdd0b", "end of plane 1": "a\U0001fffeb",
        "end of plane 16": "a\U0010ffffb", "shorthand control": "a\U0001bca0b",
        "musical control": "a\U0001d173b",
        "unassigned and ignored": "a\ufff0b",
    }  # fmt: skip
    for why, name in names.items():
        yield f"name: {why}", {**base, "learner": {"name": name}}
    changes: dict[str, Fields] = {
        "format 2": {"v": 2}, "format true": {"v": True}, "replacement false": {"replacement": False},
        "no units": {"units": []}, "61 units": {"units": [{"code": "U", "title": "T"}] * 61},
        "hours below 0": {"hours": -1}, "hours as text": {"hours": "1"}, "hours true": {"hours": True},
        "five signatories": {"signatories": [{"name": f"S{rank}", "title": "T"} for rank in range(5)]},
        "a signatory twice": {"signatories": [{"name": "S", "title": "T"}] * 2},
        "language": {"language": "EN"}, "kind": {"kind": "degree"}, "issuer id": {"issuer_id": "AB" * 32},
        "serial": {"serial": "NW-26-4312"}, "serial of another year": {"serial": "NW-25-000001"},
        "number of another year": {"number": small.number_of("valid", 2025)},
        "number in small letters": {"number": base["number"].lower()},
        "no such day": {"completed_on": "2026-02-29"}, "a day with a time": {"completed_on": "2026-02-28T00"},
        "a day of one digit": {"completed_on": "2026-2-8"}, "year 0": {"completed_on": "0000-01-01"},
        "expires without a rule": {"expires_on": "2030-01-01"},
        "a rule without its day": {"validity": {"months": 6}},
        "expires a day late": {"validity": {"months": 6}, "expires_on": "2027-05-23"},
        "two rules": {"validity": {"months": 6, "until": "2027-05-22"}, "expires_on": "2027-05-22"},
        "no months": {"validity": {"months": 0}, "expires_on": base["issued_on"]},
        "1201 months": {"validity": {"months": 1201}, "expires_on": "2126-12-22"},
        "code with a space": {"programme": {**base["programme"], "code": "L3 IT"}},
        "code of 41": {"programme": {**base["programme"], "code": "L" * 41}},
        "centre without a name": {"centre": {"number": "1"}},
    }  # fmt: skip
    for why, change in changes.items():
        yield why, {**base, **change}


def manifest_cases() -> Fields:
    """Payloads of manifests."""
    first, second = small.GENESIS.plain(), altered.next_manifest().plain()
    online = first["keys"][1]
    other = small.key(altered.OLD_ONLINE, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z").plain()
    bad: dict[str, Fields] = {
        "first with an issuer id": {**first, "issuer_id": small.ISSUER_ID},
        "second without an issuer id": _without(second, "issuer_id"),
        "second without the one before": _without(second, "previous"),
        "expires before it is made": {**first, "expires_at": first["created_at"]},
        "no root key": {**first, "root": {"threshold": 1, "keys": []}},
        "a threshold out of reach": {**first, "root": {"threshold": 2, "keys": first["root"]["keys"]}},
        "no threshold": {**first, "root": {"keys": first["root"]["keys"]}},
        "the root as another key": {**first, "keys": [{**online, "public": small.ROOT.public}]},
        "a key twice": {**first, "keys": [online, online]},
        "an id of another key": {**first, "keys": [{**online, "id": other["id"]}]},
        "a weak key": {**first, "keys": [_weak(online)]},
        "an online key for ever": {**first, "keys": [_without(online, "until")]},
        "an online key for 36 days": {**first, "keys": [{**online, "until": "2026-12-26T00:00:00Z"}]},
        "a window of nothing": {**first, "keys": [{**online, "until": online["start"]}]},
        "a root key among the keys": {**first, "keys": [{**online, "role": "root"}]},
        "no origin": {**first, "origins": []},
        "an origin with a path": {
            **first,
            "origins": [{**first["origins"][0], "origin": "https://a.example/b"}],
        },
        "sample false": {**first, "sample": False},
        "24 o'clock": {**first, "created_at": "2025-01-01T24:00:00Z"},
    }
    return {
        "valid": [{"why": why, "bytes": _hex(item)} for why, item in (("first", first), ("second", second))],
        "invalid": [{"why": why, "bytes": _hex(item)} for why, item in bad.items()],
    }


def _weak(key: Fields) -> Fields:
    # The neutral element: anybody can sign for it where verifiers do not look.
    return {**key, "public": "01" + "00" * 31, "id": "4bf5122f344554c5"}


def head_payload_cases() -> Fields:
    """Payloads of heads."""
    base = altered.head_of(small.small_site()).plain()
    note = "log.example\n42\nq1Y=\n\n\u2014 log.example AAAA\n"
    years = base["years"]
    bad: dict[str, Fields] = {
        "years out of order": {**base, "years": years[::-1]},
        "a year twice": {**base, "years": [years[0], years[0]]},
        "25 bits": {**base, "years": [{**years[0], "bits": 25}]},
        "closed as 1": {**base, "years": [{**years[0], "closed": 1}]},
        "publication 0": {**base, "sequence": 0},
        "publication beyond 32 bits": {**base, "sequence": 2**32},
        "no time": {**base, "next_update": base["issued_at"]},
        "an empty checkpoint": {**base, "log": ""},
        "a checkpoint too long": {**base, "log": "x" * 4097},
        "how many events there are": {**base, "events": {**base["events"], "count": 42}},
        "unknown field": {**base, "note": "x"},
    }
    return {
        "valid": [
            {"why": "plain", "bytes": _hex(base)},
            {"why": "with a checkpoint", "bytes": _hex({**base, "log": note})},
        ],
        "invalid": [{"why": why, "bytes": _hex(item)} for why, item in bad.items()],
    }


def pin_cases() -> Fields:
    """Pins."""
    base = small.PIN.plain()
    bad: dict[str, Fields] = {
        "no threshold": {**base, "root": {"keys": base["root"]["keys"]}},
        "a weak key": {**base, "root": {"threshold": 1, "keys": ["01" + "00" * 31]}},
        "version 0": {**base, "manifest_version": 0},
        "unknown field": {**base, "note": "x"},
    }
    return {
        "valid": [{"why": "with a line feed", "bytes": manifest.encode_pin(small.PIN).hex()}],
        "invalid": [{"why": why, "bytes": _hex(item)} for why, item in bad.items()],
    }


def _without(fields: Fields, name: str) -> Fields:
    return {key: value for key, value in fields.items() if key != name}


def _hex(fields: Fields) -> str:
    return strict_json.encode(fields).hex()


def value_cases() -> Fields:
    """The whole of values.json."""
    return {
        "statement": {**statement_cases(), "cap": statement.CAP},
        "manifest": {**manifest_cases(), "cap": manifest.CAP},
        "head": head_payload_cases(),
        "pin": {**pin_cases(), "cap": manifest.PIN_CAP},
    }
