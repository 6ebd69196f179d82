"""What the tests use beside Python's packages, how it is found, and `python -m tests.system_tools test` to
install it: tools of the system, and the packages of tests/browser/package.json.

Tests ask through the `needs` mark or fixture of conftest.py, so an absent tool is a skip that names it,
and under CI a failure: a machine that checks everybody's work must not pass by checking less.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NPM_PACKAGES = Path("tests/browser/node_modules")
PLAYWRIGHT = importlib.util.find_spec("playwright")


@dataclass(frozen=True)
class Tool:
    # Names on the PATH, or paths of a command or a file; the first that is there is taken.
    places: tuple[str, ...]
    debian: str | None
    homebrew: str | None
    why: str
    # "test": `make test` installs it; "types": `make types` does too, under CI; "never": it must be there.
    when: str = "test"
    service: bool = False  # its package starts a server on this machine, if there is anything to start it
    variable: str | None = None  # the environment may name the path, instead of any of these places
    starts: bool = False  # that it is there is not enough: it must say its version


TOOLS = {
    "chromium": Tool(
        (
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
        ),
        "chromium",
        None,
        "runs the verify page as a visitor does",
        variable="CERTPORTAL_CHROMIUM",
        starts=True,  # Ubuntu's `chromium-browser` is a stub that only tells about snap
    ),
    "firefox": Tool(
        ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
        "firefox-esr",
        None,
        "runs the verify page in a second engine",
        variable="CERTPORTAL_FIREFOX",
        starts=True,
    ),
    "playwright": Tool(
        (str(Path(PLAYWRIGHT.origin).parent / "driver/node"),) if PLAYWRIGHT and PLAYWRIGHT.origin else (),
        "libatomic1",  # all that Playwright's own Node wants of the system
        None,
        "drives the browser",
        starts=True,
    ),
    "axe-core": Tool(
        (str(ROOT / NPM_PACKAGES / "axe-core/axe.min.js"),), None, None, "looks for barriers on the pages"
    ),
    "puppeteer-core": Tool(
        (str(ROOT / NPM_PACKAGES / "puppeteer-core/package.json"),), None, None, "drives Firefox"
    ),
    "javac": Tool(("javac",), "default-jdk-headless", None, "runs veraPDF, which judges the archival format"),
    "jaxb": Tool(
        ("/usr/share/java/jaxb-runtime.jar",),
        "libjaxb-java",
        None,
        "reads the rules of veraPDF",
    ),
    "git": Tool(("git",), "git", "git", "lists the tracked files", when="never"),
    "node": Tool(("node",), "nodejs", "node", "runs the JavaScript tools", when="types"),
    "npm": Tool(("npm",), "npm", "node", "installs the JavaScript tools", when="types"),
    "openssl": Tool(("openssl",), "openssl", "openssl", "plays an authority that stamps the time"),
    "pdfsig": Tool(("pdfsig",), "poppler-utils", "poppler", "a second opinion on the seals"),
    "pdftoppm": Tool(("pdftoppm",), "poppler-utils", "poppler", "a second opinion on how a PDF looks"),
    "pdftotext": Tool(("pdftotext",), "poppler-utils", "poppler", "a second opinion on the text of a PDF"),
    "qpdf": Tool(("qpdf",), "qpdf", "qpdf", "checks the structure of a PDF"),
    "softhsm2-util": Tool(("softhsm2-util",), "softhsm2", "softhsm", "a token that holds a sealing key"),
    "rsync": Tool(("rsync",), "rsync", "rsync", "copies the site to a web server"),
    "nginx": Tool(
        ("nginx", "/usr/sbin/nginx"),
        "nginx-light",
        "nginx",
        "shows the site with the configuration that is written for it",
        service=True,
    ),
    "caddy": Tool(
        ("caddy",),
        "caddy",
        "caddy",
        "shows the site with the configuration that is written for it",
        service=True,
    ),
    "systemd-analyze": Tool(("systemd-analyze",), "systemd", None, "reads the night's service and timer"),
    "strace": Tool(("strace",), "strace", None, "kills the nightly run at a chosen system call"),
}


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


@cache
def find(name: str) -> str | None:
    """The path of a tool, or None."""
    tool = TOOLS[name]
    chosen = os.environ.get(tool.variable) if tool.variable else None
    for place in (chosen,) if chosen else tool.places:
        path = shutil.which(place) or (place if Path(place).is_file() else None)
        if path and (not tool.starts or _starts(path)):
            return path
    return _playwrights_own() if name == "chromium" and not chosen and find("playwright") else None


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> str | None:
    """The Chromium that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if _starts(path) else None


def absence(name: str) -> str:
    """Why a test cannot run here, and what to do about it."""
    tool = TOOLS[name]
    ways = [f"`apt-get install {tool.debian}`"] if tool.debian else ["`npm ci` in tests/browser"]
    ways += [f"`brew install {tool.homebrew}`"] if tool.homebrew else []
    if tool.variable:
        ways.append(f"{tool.variable}=PATH")
    return f"{name} is not installed ({tool.why}) / fix: {', or '.join(ways)}"


def _apt() -> list[str] | None:
    """How apt-get may be called here: as root, with sudo that asks no password, or not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "apt-get"]
    return None


def _install_with_apt(apt: Sequence[str], packages: Sequence[str]) -> None:
    print(f"installing with apt: {', '.join(packages)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*apt, "update", "-qq"], **quiet)
    for package in packages:  # one by one: a name that this release lacks must not stop the others
        subprocess.run([*apt, "install", "-y", "-qq", "--no-install-recommends", package], **quiet)


def _install_npm_packages() -> None:
    """What tests/browser/package-lock.json names, where that is newer than what is there."""
    subprocess.run(["make", "-s", str(NPM_PACKAGES / ".package-lock.json")], cwd=ROOT)


def _install_browser(apt: Sequence[str] | None) -> None:
    print("installing Playwright's own Chromium", flush=True)
    with_libraries = ["--with-deps"] if apt else []
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    subprocess.run(command, stdout=subprocess.DEVNULL)


def _welcome(tool: Tool) -> bool:
    """Whether a tool may be installed unasked: nobody's own machine gets a web server by running tests."""
    return not tool.service or in_ci() or not Path("/run/systemd/system").is_dir()


def ensure(when: str) -> int:
    """Install what is absent, as far as this machine allows; 0, or 1 where something is missing under CI."""
    wanted = [name for name, tool in TOOLS.items() if tool.when in (when, "types")]
    absent = [name for name in wanted if find(name) is None]
    packages = {TOOLS[name].debian for name in absent if _welcome(TOOLS[name])} - {None}
    apt = _apt() if packages else None
    if apt:
        _install_with_apt(apt, sorted(packages))
        find.cache_clear()
    if find("npm"):
        _install_npm_packages()
        find.cache_clear()
    if "chromium" in absent and find("chromium") is None:
        _install_browser(apt)
        find.cache_clear()
    still_absent = [name for name in wanted if find(name) is None]
    for name in still_absent:
        refusal = "" if _welcome(TOOLS[name]) else "; it starts a server, so that is left to you"
        end = "its tests fail" if in_ci() else "its tests are skipped"
        print(f"{absence(name)}{refusal}; {end}", file=sys.stderr)
    return 1 if still_absent and in_ci() else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("test", "types"):
        sys.exit(f"usage: python -m tests.{Path(__file__).stem} test|types")
    sys.exit(ensure(sys.argv[1]))
