"""Harm done to published bytes or printed fields: no lie, no script, no word about the certificate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from generator.formats import paths
from generator.formats.derivation import derive
from tests import small_site as small
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SITE = small.small_site()


def answering(body: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body)


def test_a_flipped_bit_on_the_real_page(again: Visit) -> None:
    prefix = derive(SITE.numbers["valid"], small.ISSUER_ID).prefix(2)
    for path in (paths.shard(2026, 2, prefix), paths.bucket(2026, 2, prefix)):
        bent = bytearray(SITE.files[path])
        bent[len(bent) // 2] ^= 4
        again.page.route(f"**/{path}", answering(bytes(bent)))
        assert again.check(SITE.numbers["valid"]) == "unreachable"
        assert "Zoë" not in again.words()
        again.page.unroute(f"**/{path}")


@pytest.mark.parametrize("name", ["nasty", "script_40", "script_41", "script_42", "script_43", "script_44"])
def test_fields_stay_text(again: Visit, name: str) -> None:
    """Markup, quotes, other scripts, piled-up marks: shown as they are, without a murmur of the console."""
    certified = SITE.statements[name]
    again.page.on("dialog", lambda dialog: again.complaints.append(dialog.message))
    assert again.check(SITE.numbers[name]) == "valid"
    shown = again.page.locator(".certificate bdi").all_text_contents()
    assert certified.learner.name in shown
    assert certified.programme.title in shown
    assert again.page.locator("#answer img, #answer script, #answer a, #answer [onerror]").count() == 0
    assert again.complaints == []


def test_piled_up_marks_stay_in_their_own_line(again: Visit) -> None:
    again.check(SITE.numbers["nasty"])
    assert "paint" in again.page.evaluate("getComputedStyle(document.querySelector('.name')).contain")


def test_a_typed_number_stays_text(again: Visit) -> None:
    typed = "<svg onload=alert(1)>"
    again.open()
    again.page.fill("#code", typed)
    again.page.press("#code", "Enter")
    assert again.verdict() == "malformed"
    assert typed in again.words()
    assert again.complaints == []


def test_trusted_types_and_the_policy_hold(again: Visit) -> None:
    """What an injected script could try is refused by the page itself, on a host that sends no header."""
    again.open()
    blocked = again.page.evaluate(
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
