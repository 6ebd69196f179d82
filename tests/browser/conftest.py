"""Sites on the loopback and pages of Chromium for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from generator.edge import host
from tests import small_site as small
from tests.browser import portal


@dataclass
class Visit:
    """A page, and everything that it asked for and complained of."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, fragment: str = "") -> None:
        self.page.goto(f"{self.origin}/{'#' if fragment else ''}{fragment}")

    def verdict(self) -> str:
        """The kind, once there is one."""
        done = "main[data-verdict]:not([data-verdict=checking]):not([data-verdict=idle])"
        return self.page.wait_for_selector(done).get_attribute("data-verdict") or ""

    def words(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture(scope="session")
def rooms(browser: Browser) -> Iterator[Page]:
    """A page on which the portal's functions can be called: `rooms.evaluate("rooms.verify(...)")`."""
    blank = b'<!doctype html><meta charset="utf-8"><script type="module" src="rooms.js"></script>'
    files = {"index.html": blank, "rooms.js": portal.rooms_script()}
    files["noble-ed25519.js"] = portal.built_pages()["noble-ed25519.js"]
    with host.serving(files) as origin:
        page = browser.new_context().new_page()
        page.goto(origin)
        page.wait_for_function("globalThis.rooms !== undefined")
        yield page
        page.context.close()


@contextmanager
def visiting(browser: Browser, files: dict[str, bytes], **context: object) -> Iterator[Visit]:
    """A fresh browser profile on a host that serves these files."""
    with ExitStack() as stack:
        origin = stack.enter_context(host.serving(files, compressors=portal.BROTLI))
        profile = browser.new_context(**context)  # type: ignore[arg-type]  # options of Playwright, passed through
        stack.callback(profile.close)
        visit = Visit(profile.new_page(), origin)
        watch(visit)
        yield visit


def watch(visit: Visit) -> None:
    def asked(request: Request) -> None:
        visit.requests.append(request.url)
        visit.headers.append(request.all_headers())

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(message.text)

    visit.page.on("request", asked)
    visit.page.on("response", visit.responses.append)
    visit.page.on("console", said)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """The small site as published, visited for the first time at the time of its publication."""
    with visiting(browser, portal.published(small.small_site())) as made:
        made.page.clock.set_fixed_time(small.NOW)
        yield made
