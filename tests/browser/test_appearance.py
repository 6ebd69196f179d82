"""What a visitor sees: light and dark, phone and desktop, legible, within the budgets, and axe is content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from playwright.sync_api import Browser

from tests import small_site as small
from tests.browser import portal
from tests.browser.conftest import Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NUMBERS = small.small_site().numbers
KILOBYTE = 1_024
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1200, "height": 900}

# npm's lock names it too; this says that what lies there is what was looked at.
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def states() -> Iterator[tuple[str, str | None]]:
    """Every kind that a number alone can produce, and how to get there."""
    for name in ("valid", "expired", "superseded_with_successor", "suspended", "revoked", "erased", "nasty"):
        yield name, NUMBERS[name]
    yield "idle", None
    yield "not_found", small.number_of("nobody")
    yield "malformed", NUMBERS["valid"][:12] + "77777" + NUMBERS["valid"][17:]


@pytest.fixture(scope="session")
def axe(needs: Callable[[str], str]) -> str:
    source = Path(needs("axe-core")).read_bytes()
    assert hashlib.sha256(source).hexdigest() == AXE_SHA256
    return source.decode()


def faults(visit: Visit, axe: str) -> list[Any]:
    visit.page.evaluate(axe)
    found = visit.page.evaluate(
        "async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])"
    )
    return list(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(visit_with: Callable[..., Visit], axe: str, scheme: str) -> None:
    visit = visit_with(color_scheme=scheme, viewport=PHONE)
    for _, number in states():
        visit.open(number)
        if number:
            visit.verdict()
        assert faults(visit, axe) == []
    visit.page.route("**/s/**", lambda route: route.abort())
    assert visit.check(NUMBERS["valid"]) == "unreachable"
    assert faults(visit, axe) == []
    late = visit_with(now="2027-01-01T00:00:00Z", color_scheme=scheme, viewport=PHONE)
    assert late.check(NUMBERS["valid"]) == "stale"
    assert faults(late, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_other_pages(
    visit_with: Callable[..., Visit], axe: str, scheme: str
) -> None:
    visit = visit_with(color_scheme=scheme, viewport=DESK)
    for path in sorted(path for path in portal.built_pages() if path.endswith(".html")):
        visit.page.goto(f"{visit.origin}/{path}")
        assert faults(visit, axe) == [], path
        assert visit.complaints == [], path


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen(visit_with: Callable[..., Visit], size: dict[str, int]) -> None:
    visit = visit_with(viewport=size)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name, number in states():
        visit.open(number)
        if number:
            visit.verdict()
        assert visit.page.evaluate(wide) <= 0, name
    for path in sorted(path for path in portal.built_pages() if path.endswith(".html")):
        visit.page.goto(f"{visit.origin}/{path}")
        assert visit.page.evaluate(wide) <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_answer_has_a_contrast_of_seven(visit_with: Callable[..., Visit], scheme: str) -> None:
    visit = visit_with(color_scheme=scheme)
    colours = """() => {
      const kinds = ["valid", "copy", "stale", "expired", "superseded", "suspended", "revoked", "forged",
        "erased", "not_found", "malformed", "unreachable"];
      const main = document.querySelector("main");
      return kinds.map((kind) => {
        main.dataset.verdict = kind;
        const { color, backgroundColor } = getComputedStyle(document.querySelector(".verdict"));
        return [kind, color, backgroundColor];
      });
    }"""
    visit.check(NUMBERS["valid"])
    found = visit.page.evaluate(colours)
    for kind, ink, ground in found:
        assert contrast(ink, ground) >= 7, kind
    by_kind = {kind: ground for kind, _, ground in found}
    assert len(set(by_kind.values())) == 6  # good, copy, waiting, past, bad, neutral
    for selector in ("body", "#hint", "dt", "dd", "details summary", "footer a", "button"):
        ink, ground = visit.page.evaluate(GROUND, selector)
        assert contrast(ink, ground) >= 7, selector


GROUND = """(selector) => {
  let node = document.querySelector(selector);
  const ink = getComputedStyle(node).color;
  const ground = () => getComputedStyle(node).backgroundColor;
  while (/, 0\\)$/.test(ground()) && node.parentElement) node = node.parentElement;
  return [ink, ground()];
}"""


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours as CSS computes them."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_tap_targets_are_large_enough(visit_with: Callable[..., Visit]) -> None:
    visit = visit_with(viewport=PHONE)
    visit.check(NUMBERS["superseded_with_successor"])
    heights = visit.page.evaluate(
        "[...document.querySelectorAll('button, input, nav a, summary')]"
        ".map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44


def test_a_first_visit_takes_three_requests_and_fifty_kilobytes(browser: Browser) -> None:
    with visiting(browser, portal.published(small.small_site())) as visit:
        wire = visit.page.context.new_cdp_session(visit.page)
        wire.send("Network.enable")
        sizes: list[int] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        assert visit.check(NUMBERS["valid"]) == "valid"
        visit.page.wait_for_timeout(200)
        assert len(visit.requests) == 3
        assert 0 < sum(sizes) <= 50 * KILOBYTE


def test_uncompressed_it_still_fits(browser: Browser) -> None:
    """A host that compresses nothing: page, shard and bucket within two seconds of Slow 3G."""
    site = portal.published(small.small_site())
    largest = max(len(data) for path, data in site.items() if path.startswith("r/"))
    shard = max(len(data) for path, data in site.items() if path.startswith("s/"))
    assert len(site["index.html"]) + largest + shard <= 96 * KILOBYTE


def test_the_page_takes_at_most_twenty_kilobytes() -> None:
    page = portal.built_pages()["index.html"]
    bare = re.sub(rb'(<script type="application/json"[^>]*>)[^<]*', rb"\1", page)
    assert len(brotli.compress(bare)) <= 20 * KILOBYTE
