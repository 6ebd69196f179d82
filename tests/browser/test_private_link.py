"""The learner's own page in a browser: the very file, and nothing where the link is not whole."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from generator.edge import web_server
from generator.edge.register.contacts import Contacts
from generator.edge.register.state_changes import StateChange
from generator.flow.publishing import publish
from generator.flow.shared import certificate_states
from generator.model.value import Day, Serial
from tests.flow.night.night_office import night, office, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = office(tmp_path_factory.mktemp("office") / "workspace", more="delivery:\n  mode: link\n")
    night(made)
    return made


def test_the_link_opens_the_very_file(browser: Browser, root: Path, tmp_path: Path) -> None:
    with opened(root) as session:
        secret = Contacts(session.register).secret("NW-26-000001")
    assert secret is not None
    faults: list[str] = []
    with web_server.serving(root / "public") as origin:
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{origin}/mine.html#{secret.hex()}")
        page.wait_for_selector("main[data-link=open]")
        with page.expect_download() as got:
            page.click("#file")
        got.value.save_as(tmp_path / "got.pdf")
        name = got.value.suggested_filename
        page.screenshot(path=str(tmp_path / "mine.png"), full_page=True)
        page.click("#check")
        page.wait_for_selector("main[data-verdict=valid]")
        page.goto(f"{origin}/mine.html#{'0' * 31}")
        page.wait_for_selector("main[data-link=incomplete]")
        page.goto(f"{origin}/index.html")
        page.goto(f"{origin}/mine.html#{'0' * 32}")
        page.wait_for_selector("main[data-link=closed]")
        context.close()
    assert name == "NW-26-000001.pdf"
    assert (tmp_path / "got.pdf").read_bytes() == (root / "certificates/issued/2026" / name).read_bytes()
    assert not [address for address in asked if secret.hex() in address.partition("#")[0]]
    assert all(address.startswith((origin, "blob:", "data:")) for address in asked)
    assert [text for text in faults if "404" not in text] == []


@pytest.mark.parametrize("state", ["revoked", "suspended"])
def test_the_page_says_what_became_of_the_certificate_and_offers_no_file(
    browser: Browser, root: Path, tmp_path: Path, state: Literal["revoked", "suspended"]
) -> None:
    serial = Serial("NW-26-000002" if state == "revoked" else "NW-26-000003")
    with opened(root) as session:
        secret = Contacts(session.register).secret(serial)
        until = Day("2026-12-31") if state == "suspended" else None
        with session.register.transaction():
            certificate_states.apply(session, StateChange(serial, state, session.today, 1, until))
        publish.publish(session)
    assert secret is not None
    with web_server.serving(root / "public") as origin:
        page = browser.new_page()
        page.goto(f"{origin}/mine.html#{secret.hex()}")
        page.wait_for_selector("main[data-link=open]")
        said = page.inner_text("#words")
        offered = page.is_visible("#file")
        page.screenshot(path=str(tmp_path / "mine.png"), full_page=True)
        page.click("#check")
        page.wait_for_selector(f"main[data-verdict={state}]")
        page.close()
    assert said.startswith("Withdrawn." if state == "revoked" else "On hold.")
    assert not offered
