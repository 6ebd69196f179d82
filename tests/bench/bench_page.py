"""`make bench-page`: from a tap on a link to the answer, on a slow telephone, beside other verifiers.

Slow 3G (400 kbit/s, 400 ms) and a processor slowed six times, in Chromium, all served with brotli from this
machine (DESIGN 6). Ours is measured to the verdict, signatures checked and the record shown. The others are
measured until their script bundle alone has loaded and run, before they fetch or check anything. Their
bundles are downloaded into build/peers for this and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import re
import statistics
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import brotli
from playwright.sync_api import Browser, Page, sync_playwright

from generator.edge import web_server
from tests import small_site as small
from tests.browser import portal
from tests.system_tools import absence, find

ROOT = Path(__file__).parents[2]
RUNS = 3  # of ours; the others take minutes, and one run says enough
BUDGET_SECONDS, BUDGET_BYTES, BUDGET_REQUESTS, BUDGET_PAGE = 3.5, 50 * 1024, 3, 20 * 1024


@dataclass(frozen=True)
class Peer:
    """A published verifier: package, version, SHA-256 of its archive, and the bundle inside."""

    package: str
    version: str
    sha256: str
    bundle: str


PEERS = (
    Peer(
        "@blockcerts/blockcerts-verifier",
        "1.56.0",
        "83783ab573b0c571d98dd2526fbfc1df34a2e39651ab7791b90a358d04466fc9",
        "package/dist/main.js",
    ),
    Peer(
        "@blockcerts/cert-verifier-js",
        "6.35.0",
        "210aba33900e7a4734629eadf6541be5a345a5021e56b112a47a20cd09e06e0b",
        "package/dist/verifier-iife.js",
    ),
)


@dataclass(frozen=True)
class Measured:
    """Seconds (the median of some runs), bytes as transferred and requests of one first visit."""

    seconds: float
    transferred: int
    requests: int


def bundle(peer: Peer) -> bytes:
    """The peer's script, from its archive; raises if that is not the one that was looked at."""
    folder = ROOT / "build/peers"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{peer.package.removeprefix('@').replace('/', '-')}-{peer.version}.tgz"
    if not (folder / name).is_file():
        command = ["npm", "pack", "--silent", "--ignore-scripts", f"{peer.package}@{peer.version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != peer.sha256:
        raise SystemExit(f"{name} is not the archive that was looked at")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = archive.extractfile(peer.bundle)
        if found is None:
            raise SystemExit(f"{name} has no {peer.bundle}")
        return found.read()


ANSWERED = """
  new MutationObserver(() => {
    const kind = document.querySelector("[data-verdict]")?.dataset.verdict;
    if (kind && !["idle", "checking"].includes(kind)) globalThis.answered ??= performance.now();
  }).observe(document, { subtree: true, childList: true, attributes: true });
  addEventListener("load", () => { globalThis.loaded = performance.now(); });
"""


def visited(browser: Browser, files: dict[str, bytes], fragment: str, done: str, count: int) -> Measured:
    """First visits on the slow telephone: until `done` is a number of milliseconds on the page."""
    runs = [_once(browser, files, fragment, done) for _ in range(count)]
    return Measured(statistics.median(run.seconds for run in runs), runs[0].transferred, runs[0].requests)


def _once(browser: Browser, files: dict[str, bytes], fragment: str, done: str) -> Measured:
    with web_server.serving(files, compressors={"br": brotli.compress}) as origin:
        page = browser.new_context().new_page()
        page.add_init_script(ANSWERED)
        sizes = _slowed(page)
        page.goto(f"{origin}/{fragment}", wait_until="commit", timeout=180_000)
        for _ in range(1_800):
            moment = page.evaluate(f"globalThis.{done}")
            if moment:
                break
            page.wait_for_timeout(100)
        else:
            raise SystemExit("no answer within three minutes")
        page.wait_for_timeout(500)
        page.context.close()
        return Measured(moment / 1000, sum(sizes), len(sizes))


def _slowed(page: Page) -> list[int]:
    """Slow down network and processor; gives the sizes of what will be transferred."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    rate = 400_000 // 8
    slow = {"offline": False, "latency": 400, "downloadThroughput": rate, "uploadThroughput": rate}
    wire.send("Network.emulateNetworkConditions", slow)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes


def main() -> None:
    """Measure, print, and end with 1 where a budget is not kept."""
    chromium = find("chromium")
    if chromium is None or find("npm") is None:
        raise SystemExit(absence("chromium" if chromium is None else "npm"))
    site = small.small_site()
    ours = portal.published(site)
    bare = re.sub(rb'(<script type="application/json"[^>]*>)[^<]*', rb"\1", ours["index.html"])
    page_bytes = len(brotli.compress(bare))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        mine = visited(browser, ours, f"#{site.numbers['valid']}", "answered", RUNS)
        print(f"{'':36}{'seconds':>9}{'KB':>9}{'requests':>10}")
        _line("certportal, to the verdict", mine, mine)
        for peer in PEERS:
            files = {
                "index.html": b'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
                b'<script src="bundle.js"></script>',
                "bundle.js": bundle(peer),
            }
            _line(
                f"{peer.package.split('/')[1]} {peer.version}, script only",
                visited(browser, files, "", "loaded", 1),
                mine,
            )
        browser.close()
    print(f"the verify page without its data: {page_bytes} bytes of brotli, at most {BUDGET_PAGE}")
    kept = (
        mine.seconds <= BUDGET_SECONDS
        and mine.transferred <= BUDGET_BYTES
        and mine.requests <= BUDGET_REQUESTS
        and page_bytes <= BUDGET_PAGE
    )
    print("budgets kept" if kept else "a budget is not kept")
    sys.exit(0 if kept else 1)


def _line(name: str, found: Measured, mine: Measured) -> None:
    ratio = f"{found.seconds / mine.seconds:8.1f}x" if found is not mine else ""
    print(f"{name:36}{found.seconds:9.2f}{found.transferred / 1024:9.1f}{found.requests:10}{ratio}")


if __name__ == "__main__":
    main()
