"""Sites on the loopback and pages of Chromium for the browser tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

from generator.edge import web_server
from tests import small_site as small
from tests.browser import portal

DONE = "main[data-verdict]:not([data-verdict=checking]):not([data-verdict=idle])"


@dataclass
class Visit:
    """A page, and everything that it asked for and complained of."""

    page: Page
    origin: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, fragment: str | None = None) -> None:
        """Open the home page afresh, with this behind the # of its address."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.origin}/" if fragment is None else f"{self.origin}/#{fragment}")

    def verdict(self) -> str:
        """The kind, once there is one."""
        return self.page.wait_for_selector(DONE).get_attribute("data-verdict") or ""

    def check(self, fragment: str) -> str:
        """The verdict on the number in a link."""
        self.open(fragment)
        return self.verdict()

    def words(self) -> str:
        """What stands in the answer."""
        return self.page.inner_text("#answer")

    def sent(self) -> str:
        """All that left the browser: addresses, headers and bodies."""
        return "\n".join(
            f"{request.url} {request.all_headers()} {request.post_data or ''}" for request in self.requests
        )


def _watch(visit: Visit) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.complaints.append(message.text)

    def asked(request: Request) -> None:
        visit.requests.append(request)

    visit.page.on("request", asked)
    visit.page.on("console", said)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))


@contextmanager
def visiting(
    browser: Browser, files: dict[str, bytes], now: str = small.NOW, **options: Any
) -> Iterator[Visit]:
    """A fresh browser profile on a host that serves these files, its clock standing still at `now`."""
    with ExitStack() as stack:
        origin = stack.enter_context(web_server.serving(files, compressors=portal.BROTLI))
        profile = browser.new_context(**options)
        stack.callback(profile.close)
        visit = Visit(profile.new_page(), origin)
        visit.page.clock.set_fixed_time(now)
        _watch(visit)
        yield visit


@contextmanager
def at_home(browser: Browser, files: dict[str, bytes]) -> Iterator[Visit]:
    """A fresh profile for which the organisation's own https address answers with these files."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/") or "index.html"
        kind = "text/html" if path.endswith(".html") else "application/octet-stream"
        if path in files:
            route.fulfill(body=files[path], content_type=kind)
        else:
            route.fulfill(status=404, body=files["404.html"], content_type="text/html")

    profile = browser.new_context()
    profile.route("**/*", answer)
    visit = Visit(profile.new_page(), small.ORIGIN)
    visit.page.clock.set_fixed_time(small.NOW)
    _watch(visit)
    yield visit
    profile.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """The small site, visited for the first time at the time of its publication."""
    with visiting(browser, portal.published(small.small_site())) as made:
        yield made


@pytest.fixture(scope="module")
def _kept_page(browser: Browser) -> Iterator[Visit]:
    with visiting(browser, portal.published(small.small_site())) as made:
        yield made


@pytest.fixture
def again(_kept_page: Visit) -> Iterator[Visit]:
    """The small site in a page that a module's tests share: not for first visits or what a page keeps."""
    _kept_page.page.goto("about:blank")
    _kept_page.page.clock.set_fixed_time(small.NOW)
    _kept_page.requests.clear()
    _kept_page.complaints.clear()
    yield _kept_page
    _kept_page.page.unroute_all()


@pytest.fixture
def visit_with(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit_with(now=..., site=..., **options of a browser profile)`."""
    with ExitStack() as stack:

        def made(now: str = small.NOW, site: small.SmallSite | None = None, **options: Any) -> Visit:
            files = portal.published(site or small.small_site())
            return stack.enter_context(visiting(browser, files, now, **options))

        yield made
