"""Harm done to published bytes or printed fields: no lie, no script, no word about the certificate."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from generator.formats import manifest, paths
from generator.formats.derivation import derive
from tests import small_site as small
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SITE = small.small_site()

# For each place: the byte there gets one bit flipped, and the number is looked up on what is left.
FLIPS = """async ([files, path, places, pin, number, now]) => {
  const raw = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const held = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, raw(data)]));
  const trusted = modules.decodePin(new TextEncoder().encode(pin));
  const whole = held[path];
  const seen = {};
  for (const at of places) {
    const bent = whole.slice();
    bent[at] ^= 1 << at % 8;
    const there = { ...held, [path]: bent };
    const read = async (name) => there[name] ?? Promise.reject(new modules.Unreachable("missing"));
    const { kind, reason, statement } = await modules.verify(number, { read }, trusted, now);
    const told = `${kind} ${reason} ${statement?.learner.name ?? ""}`;
    (seen[told] ??= []).push(at);
  }
  return seen;
}"""


def touched(name: str) -> dict[str, bytes]:
    """The files that one look-up reads."""
    derived = derive(SITE.numbers[name], small.ISSUER_ID)
    prefix = derived.prefix(2)
    names = (paths.MANIFEST, paths.HEAD, paths.shard(2026, 2, prefix), paths.bucket(2026, 2, prefix))
    return {path: SITE.files[path] for path in names}


@pytest.mark.parametrize("file", range(4), ids=["manifest", "head", "shard", "bucket"])
@pytest.mark.parametrize("name", ["valid", "revoked"])
def test_a_flipped_bit_can_only_prevent_an_answer(modules: Page, name: str, file: int) -> None:
    files = touched(name)
    path, data = list(files.items())[file]
    step = 1 if len(data) < 2_000 and name == "valid" else max(1, len(data) // 500)
    encoded = {path: base64.b64encode(data).decode() for path, data in files.items()}
    pin = manifest.encode_pin(small.PIN).decode().strip()
    places = list(range(0, len(data), step))
    seen: dict[str, Any] = modules.evaluate(
        FLIPS, [encoded, path, places, pin, SITE.numbers[name], "2026-11-23T00:00:00Z"]
    )
    assert {told.split()[0] for told in seen} == {"unreachable"}
    assert sum(len(flipped) for flipped in seen.values()) == len(places)


def answering(body: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body)


def test_a_flipped_bit_on_the_real_page(visit: Visit) -> None:
    for path, data in touched("valid").items():
        if path in (paths.HEAD, paths.MANIFEST):
            continue  # they came with the page
        bent = bytearray(data)
        bent[len(bent) // 2] ^= 4
        visit.page.route(f"**/{path}", answering(bytes(bent)))
        assert visit.check(SITE.numbers["valid"]) == "unreachable"
        assert "Zoë" not in visit.words()
        visit.page.unroute(f"**/{path}")


@pytest.mark.parametrize("name", ["nasty", "script_40", "script_41", "script_42", "script_43", "script_44"])
def test_fields_stay_text(visit: Visit, name: str) -> None:
    """Markup, quotes, other scripts, piled-up marks: shown as they are, without a murmur of the console."""
    certified = SITE.statements[name]
    visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    assert visit.check(SITE.numbers[name]) == "valid"
    shown = visit.page.locator(".certificate bdi").all_text_contents()
    assert certified.learner.name in shown
    assert certified.programme.title in shown
    assert visit.page.locator("#answer img, #answer script, #answer a, #answer [onerror]").count() == 0
    assert visit.complaints == []


def test_piled_up_marks_stay_in_their_own_line(visit: Visit) -> None:
    visit.check(SITE.numbers["nasty"])
    assert "paint" in visit.page.evaluate("getComputedStyle(document.querySelector('.name')).contain")


def test_a_typed_number_stays_text(visit: Visit) -> None:
    typed = "<svg onload=alert(1)>"
    visit.open()
    visit.page.fill("#code", typed)
    visit.page.press("#code", "Enter")
    assert visit.verdict() == "malformed"
    assert typed in visit.words()
    assert visit.complaints == []


def test_trusted_types_and_the_policy_hold(visit: Visit) -> None:
    """What an injected script could try is refused by the page itself, on a host that sends no header."""
    visit.open()
    blocked = visit.page.evaluate(
        """async () => {
          const tries = [
            () => { document.body.innerHTML = "<b>x</b>"; },
            () => { document.createElement("script").src = "/noble-ed25519.js"; },
            () => trustedTypes.createPolicy("mine", {}),
            () => fetch("https://elsewhere.example/"),
            () => new Worker("/noble-ed25519.js"),
          ];
          const refused = [];
          for (const one of tries) { try { await one(); refused.push(false); } catch { refused.push(true); } }
          return refused;
        }"""
    )
    assert blocked == [True] * 5
