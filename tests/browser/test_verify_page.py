"""The verify page, from a stranger's first visit to the answer: each kind in its words, nothing leaked."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, Route

from generator.edge import web_server
from generator.formats import key_phrase, verification_code
from generator.model import verdict
from generator.render.renderer import Imprint, Renderer
from tests import small_site as small
from tests.browser import portal
from tests.browser.conftest import Visit, at_home
from tests.render.sample import template

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NUMBERS = small.small_site().numbers
NOBODY = small.number_of("nobody")
ON_THE_LIST = "2026-11-23T09:00:00Z"

# kind, whose number, the answer, what to do now, whether name and other fields are shown
KINDS = [
    ("valid", "valid", "Genuine and current", "Compare every line", True, True),
    ("valid", "reinstated", "Genuine and current", "Compare every line", True, True),
    ("expired", "expired", "Expired", "renewed", True, True),
    ("superseded", "superseded", "Replaced", "newer one", False, True),
    ("suspended", "suspended", "On hold", "Check again later", False, False),
    ("revoked", "revoked", "Withdrawn", "Do not rely on it", False, False),
    ("revoked", "revoked_closed_year", "Withdrawn", "Do not rely on it", False, False),
    ("erased", "erased", "Record removed", "another proof", False, False),
    ("erased", "erased_and_revoked", "Record removed", "another proof", False, False),
]


def link_in(pdf: bytes) -> str:
    """What a telephone reads from the printed page."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text


def printed(name: str) -> bytes:
    """The certificate of one of the small site's people, as the press prints it."""
    imprint = Imprint(small.ORIGIN, key_phrase.phrase(small.ISSUER_ID), sample=True)
    certified = small.small_site().statements[name]
    return Renderer(template("accredited"), imprint).render(certified, small.attachment(name, certified))


@pytest.mark.parametrize(("kind", "name", "title", "advice", "named", "fields"), KINDS)
def test_from_the_printed_page_to_the_answer(
    browser: Browser, kind: str, name: str, title: str, advice: str, named: bool, fields: bool
) -> None:
    asked = NUMBERS[name]
    link = link_in(printed(name))
    assert link == f"{small.ORIGIN}/#{asked}"
    with at_home(browser, portal.published(small.small_site())) as visit:
        visit.page.goto(link)
        assert visit.verdict() == kind
        words = visit.words()
        assert visit.page.inner_text("h1:visible") == title
        assert "What to do now" in words
        assert advice in words
        assert ("Zoë Ó Briain" in words) == named
        assert ("Northfield College" in words) == fields
        assert "You are on a copy" not in words
        assert visit.complaints == []
        _nothing_leaked(visit, asked)
        assert len(visit.requests) <= 3


def _nothing_leaked(visit: Visit, asked: str) -> None:
    sent = visit.sent().upper()
    for spelling in (asked, verification_code.grouped(asked), asked[4:], asked[4:14]):
        assert spelling.upper() not in sent
    assert {request.url.split("/")[2] for request in visit.requests} == {visit.origin.split("/")[2]}
    assert all(request.method == "GET" for request in visit.requests)


def test_not_found_shows_the_number_as_typed_and_leaks_nothing(again: Visit) -> None:
    assert again.check(verification_code.grouped(NOBODY).lower()) == "not_found"
    assert verification_code.grouped(NOBODY).lower() in again.words()
    assert "other organisations" in again.words()
    _nothing_leaked(again, NOBODY)
    assert again.complaints == []


def test_every_certified_line_is_shown(again: Visit) -> None:
    again.check(NUMBERS["valid"])
    words = again.words()
    for line in (
        *("Zoë Ó Briain", "Extended Certificate in Information Technology", "Level 3", "603/0455/X", "Merit"),
        *("Information Technology Systems", "Creating Systems to Manage Information", "Pass", "NF041"),
        *("Northfield College", "26 June 2026", "22 November 2026", "Ama Serwaa, Chief Executive"),
        *(
            "NW-26-000001",
            "Northfield Awarding",
            "As published by Northfield Awarding on 22 November 2026, 02:00",
        ),
    ):
        assert line in words
    assert "the person’s ID with the name" in words


def test_the_organisation_is_named_by_its_keys_alone(browser: Browser) -> None:
    """A page whose fixed text names somebody else still answers in the name that the root signed."""
    files = portal.published(small.small_site())
    page = files["index.html"].split(b"<script", 1)
    assert page[0].count(b"Northfield Awarding") > 1
    renamed = page[0].replace(b"Northfield Awarding", b"Northfeild Awards")
    with at_home(browser, {**files, "index.html": renamed + b"<script" + page[1]}) as visit:
        visit.check(NUMBERS["valid"])
        assert "Northfield Awarding issued this certificate" in visit.words()
        assert "Northfeild" not in visit.words()


def test_a_typed_number_is_checked_and_kept_out_of_the_address(again: Visit) -> None:
    again.open()
    assert again.page.get_attribute("main", "data-verdict") == "idle"
    again.page.fill("#code", verification_code.grouped(NUMBERS["valid"]).lower().replace("-", " "))
    again.page.press("#code", "Enter")
    assert again.verdict() == "valid"
    assert again.page.url == f"{again.origin}/"
    _nothing_leaked(again, NUMBERS["valid"])


def test_one_wrong_symbol_is_offered_and_not_looked_up(again: Visit) -> None:
    asked = NUMBERS["valid"]
    slip = asked[:12] + ("7" if asked[12] != "7" else "8") + asked[13:]
    again.open()
    again.page.fill("#code", slip)
    again.page.click("#ask button")
    assert again.verdict() == "malformed"
    assert len(again.requests) == 1  # the page itself
    assert slip in again.words()
    assert again.page.inner_text(".action mark") == asked[12]
    assert again.page.inner_text(".action .code") == verification_code.grouped(asked)
    again.page.click("text=Look up this code")
    again.page.wait_for_selector("main[data-verdict=valid]")
    _nothing_leaked(again, asked)


def test_a_newer_certificate_is_one_tap_away(again: Visit) -> None:
    assert again.check(NUMBERS["superseded_with_successor"]) == "superseded"
    again.page.click("text=Check the newer certificate")
    again.page.wait_for_selector("main[data-verdict=valid]")


def test_a_second_number_in_the_address_is_looked_up(again: Visit) -> None:
    assert again.check(NUMBERS["valid"]) == "valid"
    again.page.evaluate("number => { location.hash = number }", NUMBERS["revoked"])
    again.page.wait_for_selector("main[data-verdict=revoked]")
    assert "Zoë" not in again.words()
    again.page.evaluate("() => { location.hash = '' }")
    again.page.wait_for_selector("main[data-verdict=idle]")
    assert again.words() == ""


def test_a_late_answer_never_replaces_the_one_asked_for_last(again: Visit) -> None:
    held: list[Route] = []

    def first_waits(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    again.page.route("**/r/**", first_waits)
    again.open(NUMBERS["valid"])
    while not held:
        again.page.wait_for_timeout(50)
    again.page.evaluate("number => { location.hash = number }", NUMBERS["revoked"])
    again.page.wait_for_selector("main[data-verdict=revoked]")
    held[0].continue_()
    again.page.wait_for_timeout(500)
    assert again.verdict() == "revoked"


@pytest.mark.parametrize(
    ("name", "kind"), [("valid", "stale"), ("revoked", "revoked"), ("expired", "expired"), (None, "stale")]
)
def test_past_its_time_a_list_is_never_green(again: Visit, name: str | None, kind: str) -> None:
    again.page.clock.set_fixed_time("2026-12-20T00:00:00Z")
    assert again.check(NUMBERS[name] if name else NOBODY) == kind
    if name == "valid":
        assert again.page.inner_text("h1:visible") == "Genuine, list out of date"
        assert "Zoë Ó Briain" in again.words()
        assert "13 December 2026" in again.words()
    if name is None:
        assert again.page.inner_text("h1:visible") == "Not on the list, list out of date"
        assert "Genuine" not in again.words()


def test_a_year_that_an_old_list_does_not_name_leaves_no_hole_in_a_sentence(again: Visit) -> None:
    again.page.clock.set_fixed_time("2026-12-20T00:00:00Z")
    assert again.check(small.number_of("an old one", 1999)) == "stale"
    assert "is of 22 November 2026, 02:00 UTC and was to be renewed by 13 December 2026" in again.words()
    assert "Genuine" not in again.words()


def test_each_kind_has_its_own_icon() -> None:
    drawn = re.findall(r'<path id="icon-(\w+)" d="([^"]+)"', portal.built_pages()["index.html"].decode())
    assert {kind for kind, _ in drawn} == {*verdict.KINDS, "checking"}
    assert len({path for _, path in drawn}) == len(drawn)


def test_nothing_on_the_page_moves_while_it_checks(visit: Visit) -> None:
    """From `checking` to the answer, what stands below stays below the first screen."""
    visit.page.set_viewport_size({"width": 390, "height": 844})
    held: list[Route] = []
    visit.page.route("**/r/**", lambda route: held.append(route))
    visit.open(NUMBERS["valid"])
    visit.page.wait_for_selector("main[data-verdict=checking]")
    form = "document.querySelector('#ask').getBoundingClientRect().top"
    assert visit.page.evaluate(form) >= 0.8 * 844
    assert "stays on your device" in visit.words()
    while not held:
        visit.page.wait_for_timeout(50)
    held[0].continue_()
    visit.verdict()
    assert visit.page.evaluate(form) >= 0.8 * 844


def test_a_slow_check_says_so(browser: Browser) -> None:
    with web_server.serving(portal.published(small.small_site())) as origin:
        page = browser.new_context().new_page()
        page.clock.install(time=ON_THE_LIST)
        page.route("**/s/**", lambda route: None)
        page.goto(f"{origin}/#{NUMBERS['valid']}")
        page.wait_for_selector("main[data-verdict=checking]")
        page.clock.run_for(6_000)
        page.wait_for_selector("text=Still checking: the connection is slow.")
        page.context.close()


def test_printed_without_its_machinery(visit: Visit) -> None:
    visit.check(NUMBERS["valid"])
    visit.page.emulate_media(media="print")
    assert visit.page.is_visible(".certificate")
    assert not visit.page.is_visible("#ask")
    pdf = io.BytesIO(visit.page.pdf())
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "Genuine and current" in text
    assert "Zoë Ó Briain" in text
