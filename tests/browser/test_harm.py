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


def test_a_flipped_bit_on_the_real_page(visit: Visit) -> None:
    prefix = derive(SITE.numbers["valid"], small.ISSUER_ID).prefix(2)
    for path in (paths.shard(2026, 2, prefix), paths.bucket(2026, 2, prefix)):
        bent = bytearray(SITE.files[path])
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
