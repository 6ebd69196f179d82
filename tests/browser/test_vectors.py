"""The browser reaches what Python reaches: the shared vectors, through the page's own functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
VECTORS = Path(__file__).parents[1] / "vectors"


def load(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


REFUSES = """async ([work, cases]) => {
  const made = new Function(`return ${work}`)();
  const passed = [];
  for (const one of cases) {
    try { await made(one); passed.push(one.why); }
    catch (fault) { if (!(fault instanceof rooms.Malformed)) passed.push(`${one.why}: ${fault}`); }
  }
  return passed;
}"""


def accepted(rooms: Page, work: str, cases: list[dict[str, Any]]) -> list[str]:
    """The cases that `work` did not refuse with `Malformed`."""
    assert cases
    found: list[str] = rooms.evaluate(REFUSES, [work, cases])
    return found


def test_numbers(rooms: Page) -> None:
    vectors = load("number")
    for case in vectors["read"]:
        expected = {name: case[name] for name in ("number", "reason", "suggestion")}
        assert rooms.evaluate("text => rooms.readNumber(text)", case["typed"]) == expected
    for case in vectors["encode"]:
        assert rooms.evaluate("text => rooms.readNumber(text).number", case["number"]) == case["number"]
    shown = vectors["grouped"]
    assert rooms.evaluate("text => rooms.grouped(text)", shown["number"]) == shown["printed"]


def test_derivation(rooms: Page) -> None:
    work = """async ({number, issuer_id, prefix}) => {
      const derived = await rooms.derive(number, issuer_id);
      const name = (bits) => derived.prefix(Number(bits)).toString(16).padStart(6, "0");
      const places = Object.keys(prefix).map((bits) => [bits, name(bits)]);
      return { locator: rooms.hex(derived.locator), tag: derived.tag,
        prefix: Object.fromEntries(places), record_key: rooms.hex(await derived.recordKey()),
        status_tag: await derived.statusTag(),
        status_key: rooms.hex(await derived.statusKey()) };
    }"""
    for case in load("derivation")["derive"]:
        made = rooms.evaluate(work, case)
        assert made == {name: case[name] for name in made}


def test_strict_json(rooms: Page) -> None:
    vectors = load("strict_json")
    for case in vectors["valid"]:
        read = rooms.evaluate("bytes => rooms.decodeJson(rooms.unhex(bytes), 10_000)", case["bytes"])
        assert read == case["value"]
    assert (
        accepted(rooms, "({bytes}) => rooms.decodeJson(rooms.unhex(bytes), 10_000)", vectors["invalid"]) == []
    )


def test_envelopes(rooms: Page) -> None:
    vectors = load("envelope")
    for case in vectors["pae"]:
        made = rooms.evaluate("({type, payload}) => rooms.hex(rooms.pae(type, rooms.unhex(payload)))", case)
        assert made == case["bytes"]
    signed = vectors["signed"]
    work = """async ({type, bytes, public: key}) => rooms.hex(await rooms.verifiedPayload(
      rooms.decodeEnvelope(rooms.unhex(bytes), type, 65536), [rooms.checkedPublic(key)]))"""
    assert rooms.evaluate(work, signed) == signed["payload"]
    bad = [{**signed, **case} for case in vectors["not_signed_by_that_key"]]
    assert accepted(rooms, work, bad) == []


def test_records(rooms: Page) -> None:
    vectors = load("record")
    work = """async bytes => {
      const { erased, pdf, payload } = await rooms.decodeFrame(rooms.unhex(bytes));
      return { erased, pdf: pdf && rooms.hex(pdf), text: new TextDecoder().decode(payload) };
    }"""
    plain = vectors["record"]
    assert rooms.evaluate(work, plain["bytes"]) == {
        "erased": False,
        "pdf": plain["pdf_sha256"],
        "text": plain["statement"],
    }
    assert rooms.evaluate(work, vectors["badged"]["bytes"])["text"] == plain["statement"]
    erased = vectors["tombstone"]
    assert rooms.evaluate(work, erased["bytes"]) == {"erased": True, "pdf": None, "text": erased["payload"]}
    assert (
        accepted(rooms, "({bytes}) => rooms.decodeFrame(rooms.unhex(bytes))", vectors["invalid_frames"]) == []
    )


def test_entries(rooms: Page) -> None:
    vectors = load("record")
    work = """async ({number, issuer_id, bytes}) => {
      const [derived, raw] = [await rooms.derive(number, issuer_id), rooms.unhex(bytes)];
      const entry = { tag: rooms.hex(raw.slice(0, 16)), nonce: raw.slice(16, 28), sealed: raw.slice(30) };
      return rooms.hex(await rooms.unsealEntry(derived, entry));
    }"""
    entry = vectors["entry"]
    assert rooms.evaluate(work, entry) == entry["frame"]
    bad = [{**case, "issuer_id": entry["issuer_id"]} for case in vectors["invalid_entries"]]
    assert accepted(rooms, work, bad) == []


def test_buckets(rooms: Page) -> None:
    vectors = load("bucket")
    work = """bytes => { const made = rooms.decodeBucket(rooms.unhex(bytes)); return {
      path: rooms.bucketPath(made.year, made.bits, made.prefix), version: made.version,
      tags: made.entries.map(({tag}) => tag) } }"""
    good = vectors["bucket"]
    expected = {name: good[name] for name in ("path", "version", "tags")}
    assert rooms.evaluate(work, good["bytes"]) == expected
    assert rooms.evaluate(work, vectors["with_proof"]["bytes"]) == expected
    assert accepted(rooms, "({bytes}) => rooms.decodeBucket(rooms.unhex(bytes))", vectors["invalid"]) == []


def test_statuses(rooms: Page) -> None:
    vectors = load("status")
    good = vectors["shard"]
    work = """bytes => { const made = rooms.decodeShard(rooms.splitShard(rooms.unhex(bytes)).body); return {
      ...made, path: rooms.shardPath(made.year, made.bits, made.prefix),
      buckets: made.buckets,
      prefix: made.prefix.toString(16).padStart(6, "0"),
      exceptions: made.exceptions.map(({tag}) => tag) } }"""
    assert rooms.evaluate(work, good["bytes"]) == {
        name: value for name, value in good.items() if name not in ("bytes", "public")
    }
    assert (
        accepted(rooms, "({bytes}) => rooms.decodeShard(rooms.unhex(bytes))", vectors["invalid_bodies"]) == []
    )
    opened = rooms.evaluate(
        """async ({number, issuer_id, tag, nonce, sealed}) => rooms.unsealException(
          await rooms.derive(number, issuer_id),
          { tag, nonce: rooms.unhex(nonce), sealed: rooms.unhex(sealed) })""",
        vectors["exception"],
    )
    assert {name: opened[name] for name in ("kind", "changed_on", "until", "reason_code")} == {
        name: vectors["exception"][name] for name in ("kind", "changed_on", "until", "reason_code")
    }


VERDICTS = load("verdict")
# A file beside the number is a way in that the page does not have yet; Python alone takes those cases.
NUMBERS_ALONE = [case for case in VERDICTS["cases"] if "file" not in case]
NAMES = {"changed_on": "changedOn", "until": "until", "reason_code": "reasonCode", "successor": "successor"}
NAMES |= {"suggestion": "suggestion", "notices": "notices"}
INPUT = {"name", "number", "now", "files", "pin", "kind", "step", "reason"}
VERIFY = """async ([site, pin, {files, number, now}]) => {
  const raw = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const held = { ...site, ...files };
  const read = async (path) => {
    if (held[path] === undefined || held[path] === null) throw new rooms.Unreachable("missing");
    return raw(held[path]);
  };
  return rooms.verify(number, { read }, rooms.decodePin(new TextEncoder().encode(pin)), now);
}"""


@pytest.mark.parametrize("case", NUMBERS_ALONE, ids=lambda case: case["name"])
def test_verdict(rooms: Page, case: dict[str, Any]) -> None:
    pin = case.get("pin", VERDICTS["pin"])
    verdict = rooms.evaluate(VERIFY, [VERDICTS["site"], pin, case])
    assert (verdict["kind"], verdict["step"], verdict["reason"]) == (
        case["kind"],
        case["step"],
        case["reason"],
    )
    for name in case.keys() - INPUT:
        assert verdict[NAMES[name]] == case[name], name
