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
    catch (fault) { if (!(fault instanceof modules.Malformed)) passed.push(`${one.why}: ${fault}`); }
  }
  return passed;
}"""


def accepted(modules: Page, work: str, cases: list[dict[str, Any]]) -> list[str]:
    """The cases that `work` did not refuse with `Malformed`."""
    assert cases
    found: list[str] = modules.evaluate(REFUSES, [work, cases])
    return found


def test_numbers(modules: Page) -> None:
    vectors = load("number")
    for case in vectors["read"]:
        expected = {"code": case["number"], "reason": case["reason"], "suggestion": case["suggestion"]}
        assert modules.evaluate("text => modules.readCode(text)", case["typed"]) == expected
    for case in vectors["encode"]:
        assert modules.evaluate("text => modules.readCode(text).code", case["number"]) == case["number"]
    shown = vectors["grouped"]
    assert modules.evaluate("text => modules.grouped(text)", shown["number"]) == shown["printed"]


def test_derivation(modules: Page) -> None:
    work = """async ({number, issuer_id, prefix}) => {
      const derived = await modules.derive(number, issuer_id);
      const name = (bits) => derived.prefix(Number(bits)).toString(16).padStart(6, "0");
      const places = Object.keys(prefix).map((bits) => [bits, name(bits)]);
      return { locator: modules.hex(derived.locator), tag: derived.tag,
        prefix: Object.fromEntries(places), record_key: modules.hex(await derived.recordKey()),
        status_tag: await derived.statusTag(),
        status_key: modules.hex(await derived.statusKey()) };
    }"""
    for case in load("derivation")["derive"]:
        made = modules.evaluate(work, case)
        assert made == {name: case[name] for name in made}


def test_strict_json(modules: Page) -> None:
    vectors = load("strict_json")
    for case in vectors["valid"]:
        read = modules.evaluate("bytes => modules.decodeJson(modules.unhex(bytes), 10_000)", case["bytes"])
        assert read == case["value"]
    assert (
        accepted(modules, "({bytes}) => modules.decodeJson(modules.unhex(bytes), 10_000)", vectors["invalid"])
        == []
    )


def test_envelopes(modules: Page) -> None:
    vectors = load("envelope")
    for case in vectors["pae"]:
        made = modules.evaluate(
            "({type, payload}) => modules.hex(modules.pae(type, modules.unhex(payload)))", case
        )
        assert made == case["bytes"]
    signed = vectors["signed"]
    work = """async ({type, bytes, public: key}) => modules.hex(await modules.verifiedPayload(
      modules.decodeEnvelope(modules.unhex(bytes), type, 65536), [modules.checkedPublic(key)]))"""
    assert modules.evaluate(work, signed) == signed["payload"]
    bad = [{**signed, **case} for case in vectors["not_signed_by_that_key"]]
    assert accepted(modules, work, bad) == []


def test_records(modules: Page) -> None:
    vectors = load("record")
    work = """async bytes => {
      const { erased, pdf, payload } = await modules.decodeFrame(modules.unhex(bytes));
      return { erased, pdf: pdf && modules.hex(pdf), text: new TextDecoder().decode(payload) };
    }"""
    plain = vectors["record"]
    assert modules.evaluate(work, plain["bytes"]) == {
        "erased": False,
        "pdf": plain["pdf_sha256"],
        "text": plain["statement"],
    }
    assert modules.evaluate(work, vectors["badged"]["bytes"])["text"] == plain["statement"]
    erased = vectors["tombstone"]
    assert modules.evaluate(work, erased["bytes"]) == {"erased": True, "pdf": None, "text": erased["payload"]}
    assert (
        accepted(modules, "({bytes}) => modules.decodeFrame(modules.unhex(bytes))", vectors["invalid_frames"])
        == []
    )


def test_entries(modules: Page) -> None:
    vectors = load("record")
    work = """async ({number, issuer_id, bytes}) => {
      const [derived, raw] = [await modules.derive(number, issuer_id), modules.unhex(bytes)];
      const entry = { tag: modules.hex(raw.slice(0, 16)), nonce: raw.slice(16, 28), sealed: raw.slice(30) };
      return modules.hex(await modules.unsealEntry(derived, entry));
    }"""
    entry = vectors["entry"]
    assert modules.evaluate(work, entry) == entry["frame"]
    bad = [{**case, "issuer_id": entry["issuer_id"]} for case in vectors["invalid_entries"]]
    assert accepted(modules, work, bad) == []


def test_buckets(modules: Page) -> None:
    vectors = load("bucket")
    work = """bytes => { const made = modules.decodeBucket(modules.unhex(bytes)); return {
      path: modules.bucketPath(made.year, made.bits, made.prefix), version: made.version,
      tags: made.entries.map(({tag}) => tag) } }"""
    good = vectors["bucket"]
    expected = {name: good[name] for name in ("path", "version", "tags")}
    assert modules.evaluate(work, good["bytes"]) == expected
    assert modules.evaluate(work, vectors["with_proof"]["bytes"]) == expected
    assert (
        accepted(modules, "({bytes}) => modules.decodeBucket(modules.unhex(bytes))", vectors["invalid"]) == []
    )


def test_statuses(modules: Page) -> None:
    vectors = load("status")
    good = vectors["shard"]
    work = """bytes => {
      const made = modules.decodeShard(modules.splitShard(modules.unhex(bytes)).body);
      return {
      ...made, path: modules.shardPath(made.year, made.bits, made.prefix),
      buckets: made.buckets,
      prefix: made.prefix.toString(16).padStart(6, "0"),
      exceptions: made.exceptions.map(({tag}) => tag) } }"""
    assert modules.evaluate(work, good["bytes"]) == {
        name: value for name, value in good.items() if name not in ("bytes", "public")
    }
    work = "({bytes}) => modules.decodeShard(modules.unhex(bytes))"
    assert accepted(modules, work, vectors["invalid_bodies"]) == []
    opened = modules.evaluate(
        """async ({number, issuer_id, tag, nonce, sealed}) => modules.unsealException(
          await modules.derive(number, issuer_id),
          { tag, nonce: modules.unhex(nonce), sealed: modules.unhex(sealed) })""",
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
    if (held[path] === undefined || held[path] === null) throw new modules.Unreachable("missing");
    return raw(held[path]);
  };
  return modules.verify(number, { read }, modules.decodePin(new TextEncoder().encode(pin)), now);
}"""


@pytest.mark.parametrize("case", NUMBERS_ALONE, ids=lambda case: case["name"])
def test_verdict(modules: Page, case: dict[str, Any]) -> None:
    pin = case.get("pin", VERDICTS["pin"])
    verdict = modules.evaluate(VERIFY, [VERDICTS["site"], pin, case])
    assert (verdict["kind"], verdict["step"], verdict["reason"]) == (
        case["kind"],
        case["step"],
        case["reason"],
    )
    for name in case.keys() - INPUT:
        assert verdict[NAMES[name]] == case[name], name
