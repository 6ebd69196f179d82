"""What goes wrong round a check: fragments, hosts, networks, browsers, clocks, each with its right kind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, Route

from generator.edge import web_server
from generator.formats import paths, verification_code
from generator.formats.derivation import derive
from tests import small_site as small
from tests.browser import portal
from tests.browser.conftest import DONE, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SITE = small.small_site()
ASKED = SITE.numbers["valid"]
SAYS_NOTHING = "This says nothing about the certificate"


def slipped(at: int) -> str:
    return ASKED[:at] + ("2" if ASKED[at] != "2" else "3") + ASKED[at + 1 :]


@pytest.mark.parametrize(
    ("fragment", "kind", "says"),
    [
        (verification_code.grouped(ASKED), "valid", "Genuine"),
        (verification_code.grouped(ASKED).lower(), "valid", "Genuine"),
        (verification_code.grouped(ASKED).replace("-", "%20"), "valid", "Genuine"),
        ("%20" + verification_code.grouped(ASKED).replace("-", "%E2%80%91") + "%0A", "valid", "Genuine"),
        ("".join(f"%{ord(char):02x}" for char in ASKED), "valid", "Genuine"),
        (ASKED.replace("1", "l").replace("0", "o"), "valid", "Genuine"),
        (ASKED[:8] + "А" + ASKED[9:], "malformed", "a character that no verification code has"),  # Cyrillic
        (ASKED[:8] + "U" + ASKED[9:], "malformed", "a character that no verification code has"),
        (ASKED[:-1], "malformed", "You gave 23"),
        (ASKED + "0", "malformed", "You gave 25"),
        (slipped(2), "malformed", "nothing was looked up"),
        ("%", "malformed", "You gave 1"),
        ("%E0%A4%A", "malformed", "24 letters and digits"),
        ("NW-26-004312", "malformed", "The certificate number, which is shorter, opens nothing here"),
        ("<img src=x onerror=alert(1)>", "malformed", "24 letters and digits"),
        ("%41" * 330_000, "malformed", "You gave 330000"),
        (small.number_of("somebody else's"), "not_found", "other organisations"),
        (small.number_of("an old one", 1999), "not_found", "other organisations"),
    ],
)
def test_fragments(again: Visit, fragment: str, kind: str, says: str) -> None:
    assert again.check(fragment) == kind
    assert says in again.words()
    if kind == "malformed":
        assert len(again.requests) == 1
        assert len(again.words()) < 1_000
    assert again.complaints == []


HTML = b"<!doctype html><title>Welcome to our Wi-Fi</title><p>Please sign in"
ANSWERS: list[tuple[str, Callable[[Route], None], str]] = [
    ("404", lambda route: route.fulfill(status=404, body="gone"), "was not there"),
    ("403", lambda route: route.fulfill(status=403, body="no"), "did not give a file"),
    ("500", lambda route: route.fulfill(status=500, body="oops"), "did not give a file"),
    ("503", lambda route: route.fulfill(status=503, body="busy"), "did not give a file"),
    ("HTML", lambda route: route.fulfill(status=200, body=HTML, content_type="text/html"), "not as it was"),
    ("empty", lambda route: route.fulfill(status=200, body=b""), "not as it was published"),
    ("portal", lambda route: route.fulfill(status=302, headers={"location": "/index.html"}), "sign-in page"),
    ("offline", lambda route: route.abort("internetdisconnected"), "did not answer"),
    ("reset", lambda route: route.abort("connectionreset"), "did not answer"),
]


@pytest.mark.parametrize("folder", ["s", "r"])
@pytest.mark.parametrize(("name", "answer", "says"), ANSWERS, ids=[name for name, _, _ in ANSWERS])
def test_hosts_and_networks(
    again: Visit, folder: str, name: str, answer: Callable[[Route], None], says: str
) -> None:
    again.page.route(f"**/{folder}/**", answer)
    assert again.check(ASKED) == "unreachable"
    assert SAYS_NOTHING in again.words()
    assert says in again.words()
    assert "Zoë" not in again.words()
    again.page.unroute(f"**/{folder}/**")
    again.page.click(".action button")
    again.page.wait_for_selector("main[data-verdict=valid]")


def test_half_a_file(again: Visit) -> None:
    """The host says how long the file is, and breaks off in its middle."""
    shard = next(path for path in SITE.files if path.startswith("s/2026"))

    def half(route: Route) -> None:
        route.fulfill(status=200, body=SITE.files[shard][: len(SITE.files[shard]) // 2])

    again.page.route("**/s/**", half)
    assert again.check(ASKED) == "unreachable"
    assert SAYS_NOTHING in again.words()


def test_a_connection_that_breaks_off(browser: Browser) -> None:
    files = portal.published(SITE)

    class BreaksOff(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].removeprefix("/") or "index.html"
            data = files.get(path, b"")
            self.send_response(200)
            kind = "text/html" if path.endswith("html") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data if path.endswith("html") else data[: len(data) // 2])

        def log_message(self, *_: object) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), BreaksOff) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_context().new_page()
        page.goto(f"http://localhost:{server.server_port}/#{ASKED}")
        assert page.wait_for_selector(DONE).get_attribute("data-verdict") == "unreachable"
        assert "did not answer" in page.inner_text("#answer")
        page.context.close()
        server.shutdown()


def test_no_network_once_the_page_is_open(visit: Visit) -> None:
    visit.open()
    visit.page.context.set_offline(True)
    visit.page.fill("#code", ASKED)
    visit.page.press("#code", "Enter")
    assert visit.verdict() == "unreachable"
    visit.page.fill("#code", slipped(12))
    visit.page.press("#code", "Enter")
    visit.page.wait_for_selector("main[data-verdict=malformed]")


def test_a_site_published_anew_between_two_requests(browser: Browser) -> None:
    """The page is of the older publication, everything else of the newer: one reload mends it."""
    newer = small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z")
    files = {**portal.published(newer), "index.html": portal.published(SITE)["index.html"]}
    with visiting(browser, files) as visit:
        assert visit.check(ASKED) == "valid"
        assert len(visit.requests) == 3

    # Half published: the shard is new, the bucket comes new only when asked for again.
    with visiting(browser, portal.published(newer)) as visit:
        path = paths.bucket(2026, 2, derive(ASKED, small.ISSUER_ID).prefix(2))
        answers = [SITE.files[path], newer.files[path]]
        visit.page.route("**/r/**", lambda route: route.fulfill(body=answers.pop(0)))
        assert visit.check(ASKED) == "valid"
        assert answers == []


def test_an_older_copy_than_the_one_seen_before(browser: Browser) -> None:
    """A host that goes back in time is noticed by whoever was there."""
    files = dict(portal.published(small.small_site(8, "2026-11-22T08:00:00Z", "2026-12-13T08:00:00Z")))
    with visiting(browser, files) as visit:
        assert visit.check(ASKED) == "valid"
        kept = visit.page.evaluate("JSON.stringify({ ...localStorage })")
        assert kept == f'{{"certportal {small.ISSUER_ID}":"1 8"}}'
        files.update(portal.published(SITE))
        visit.page.context.new_cdp_session(visit.page).send("Network.clearBrowserCache")
        assert visit.check(ASKED) == "unreachable"
        assert "old copy" in visit.words()
        assert "1 8" not in visit.sent()


def test_storage_refused_or_full_of_nonsense(visit: Visit) -> None:
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    assert visit.check(ASKED) == "valid"


def test_storage_full_of_nonsense(visit: Visit) -> None:
    place = f"certportal {small.ISSUER_ID}"
    visit.page.add_init_script(f"localStorage.setItem('{place}', '<nonsense> NaN -1e999')")
    assert visit.check(ASKED) == "valid"


def test_without_javascript(visit_with: Callable[..., Visit]) -> None:
    visit = visit_with(java_script_enabled=False)
    visit.open(ASKED)
    words = visit.page.inner_text("main")
    assert "Nothing can be checked here: JavaScript is off" in words
    assert "This says nothing about the certificate" in words
    assert visit.page.get_attribute("main", "data-verdict") == "idle"
    visit.page.fill("#code", ASKED)
    visit.page.press("#code", "Enter", no_wait_after=True)
    visit.page.wait_for_timeout(300)
    assert ASKED not in visit.sent()


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        ("1999-01-01T00:00:00Z", "valid"),
        ("2024-06-01T00:00:00Z", "valid"),
        ("2026-12-13T02:00:00Z", "valid"),
        ("2026-12-13T02:00:01Z", "stale"),
        ("2036-06-01T00:00:00Z", "stale"),
        ("9999-12-31T23:59:59Z", "stale"),
    ],
)
def test_clocks(again: Visit, now: str, kind: str) -> None:
    again.page.clock.set_fixed_time(now)
    assert again.check(ASKED) == kind
    if now < "2025" or kind == "stale":
        assert "Your device’s clock says" in again.words()


def test_a_clock_beyond_the_calendar(again: Visit) -> None:
    again.page.clock.set_fixed_time(8.64e12)  # seconds: the last that a browser knows
    assert again.check(ASKED) == "stale"


def test_an_insecure_connection(browser: Browser) -> None:
    """Without https a browser offers no WebCrypto: that is said, and says nothing of the certificate."""
    with visiting(browser, portal.published(SITE)) as visit:
        visit.page.add_init_script("delete Crypto.prototype.subtle")
        assert visit.check(ASKED) == "unreachable"
        assert "secure connection" in visit.words()


NO_ED25519 = """
  const native = globalThis.SubtleCrypto?.prototype.importKey;
  if (native) SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
    if ((algorithm.name ?? algorithm) === "Ed25519") throw new DOMException("no", "NotSupportedError");
    return native.call(this, format, data, algorithm, ...rest);
  };
"""
LYING = "if (globalThis.SubtleCrypto) SubtleCrypto.prototype.verify = async () => true;"


@pytest.mark.parametrize("broken", [NO_ED25519, LYING], ids=["absent", "says yes to everything"])
def test_the_vendored_verifier_steps_in(visit: Visit, broken: str) -> None:
    visit.page.add_init_script(broken)
    assert visit.check(ASKED) == "valid"
    assert [request.url for request in visit.requests if "noble" in request.url] == [
        f"{visit.origin}/noble-ed25519.js"
    ]
    assert visit.complaints == []
    shard = next(path for path in SITE.files if path.startswith("s/2026"))
    bent = bytearray(SITE.files[shard])
    bent[-1] ^= 1
    visit.page.route("**/s/**", lambda route: route.fulfill(body=bytes(bent)))
    assert visit.check(ASKED) == "unreachable"


def test_a_bad_signature_never_calls_for_another_verifier(visit: Visit) -> None:
    shard = next(path for path in SITE.files if path.startswith("s/2026"))
    bent = bytearray(SITE.files[shard])
    bent[-1] ^= 1
    visit.page.route("**/s/**", lambda route: route.fulfill(body=bytes(bent)))
    assert visit.check(ASKED) == "unreachable"
    assert not any("noble" in request.url for request in visit.requests)


def test_without_any_verifier(browser: Browser) -> None:
    files = {path: data for path, data in portal.published(SITE).items() if "noble" not in path}
    with visiting(browser, files) as visit:
        visit.page.add_init_script(NO_ED25519)
        assert visit.check(ASKED) == "unreachable"
        assert "too old" in visit.words()


def test_a_page_that_did_not_arrive_whole(browser: Browser) -> None:
    files = portal.published(SITE)
    for name in (b"certportal-pin", b"certportal-manifest", b"certportal-head"):
        broken = files["index.html"].replace(b'id="' + name + b'">', b'id="' + name + b'">x')
        with visiting(browser, {**files, "index.html": broken}) as visit:
            kind = visit.check(ASKED)
            # Head and manifest are published beside the page too: one reload finds them.
            assert kind == ("unreachable" if name == b"certportal-pin" else "valid")
            if kind == "unreachable":
                assert "did not arrive whole" in visit.words()


def test_a_page_that_is_absent(browser: Browser) -> None:
    with web_server.serving(portal.published(SITE)) as origin:
        page = browser.new_context().new_page()
        answer = page.goto(f"{origin}/verify/deep/{ASKED[:4]}")
        assert answer is not None
        assert answer.status == 404
        assert "This says nothing about a certificate" in page.inner_text("main")
        page.click("text=Check a certificate >> nth=0")
        page.wait_for_selector("main[data-verdict=idle]")
        page.context.close()
