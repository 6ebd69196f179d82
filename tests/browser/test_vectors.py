"""Every verdict of the shared vectors, by a browser's own cryptography; all else of them runs in tests/js."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from generator.edge import web_server
from tests.browser import vectors

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_verdict(browser: Browser) -> None:
    with web_server.serving(vectors.served()) as origin:
        page = browser.new_context().new_page()
        page.goto(origin)
        page.wait_for_function("globalThis.portal !== undefined")
        assert page.evaluate(vectors.VERIFY_ALL, vectors.ARGUMENT) == vectors.EXPECTED
        page.context.close()
