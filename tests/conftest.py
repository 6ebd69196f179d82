"""What every test may ask for: system tools, a browser, and the same examples on every run."""

import gc
import hashlib
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from generator.edge import site_builder
from tests import exhaustive
from tests.examples import PROFILE
from tests.flow.night.night_office import night, office
from tests.system_tools import absence, find, in_ci

hypothesis.settings.load_profile(PROFILE)
BUILD = site_builder.build
# What a test that carries no mark may use itself, its children included: CPU seconds, never wall time.
QUICK_SECONDS = 1.0


def _require(tool: str) -> str:
    path = find(tool)
    if path is not None:
        return path
    if in_ci():
        pytest.fail(absence(tool), pytrace=False)
    pytest.skip(absence(tool))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first: at the end the quick ones are shared out, and no worker waits for another.

    Of the exhaustive ones the day's sample, unless all are asked for or one is named.
    """
    named = any("::" in argument for argument in config.args)
    if exhaustive.CHOSEN != "all" and not named:
        every = {item.nodeid for item in items if item.get_closest_marker("exhaustive")}
        left = every - exhaustive.sampled(every, exhaustive.day())
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
        items[:] = [item for item in items if item.nodeid not in left]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What collecting made lasts as long as the run: the garbage collector need not walk it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that uses more CPU than a quick one may must say so with a mark."""
    before = _cpu()
    outcome = yield
    used = _cpu() - before
    # A property tried on all its examples is as slow as it is asked to be; `make quick` tries a few.
    marked = item.get_closest_marker("slow") or item.get_closest_marker("browser")
    if used > QUICK_SECONDS and PROFILE == "quick" and not marked:
        pytest.fail(f"used {used:.1f} CPU seconds: make it leaner, or mark it slow", pytrace=False)
    return outcome


@pytest.fixture(scope="session", autouse=True)
def sites_built_once() -> Iterator[None]:
    """The same sources and facts give the same pages, as `sites_built_anew` shows: each is built once."""
    built: dict[str, dict[str, bytes]] = {}

    def once(source: Path, theme_facts: Mapping[str, object]) -> dict[str, bytes]:
        digest = hashlib.sha256(repr(theme_facts).encode())
        for name in ("mkdocs.yml", "pages", "theme"):
            start = source / name
            for path in [start, *sorted(start.rglob("*"))]:
                if path.is_file():
                    digest.update(f"{path.relative_to(source)} {path.stat().st_size}".encode())
                    digest.update(path.read_bytes())
        key = digest.hexdigest()
        if key not in built:
            built[key] = BUILD(source, theme_facts)
        return dict(built[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_builder, "build", once)
        yield


@pytest.fixture
def sites_built_anew(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """For tests of the building itself: each site is really built; the sources of those built so far."""
    sources: list[Path] = []

    def anew(source: Path, theme_facts: Mapping[str, object], seconds: int = 60) -> dict[str, bytes]:
        sources.append(source)
        return BUILD(source, theme_facts, seconds)

    monkeypatch.setattr(site_builder, "build", anew)
    return sources


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for tool in mark.args:
            _require(tool)
    if item.get_closest_marker("browser"):
        _require("playwright")
        _require("chromium")


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """`needs("qpdf")` gives the path of a tool of system_tools.py, or skips (under CI: fails) the test."""
    return _require


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole session; each test opens its own `browser.new_context()`."""
    _require("playwright")
    path = _require("chromium")
    # Chromium's sandbox does not start for root, which is who tests run as in most containers.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def night_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office before its first night: five claims approved, nothing issued. Read only: copy it."""
    return office(tmp_path_factory.mktemp("night-ready") / "workspace")


@pytest.fixture(scope="session")
def night_ready_bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without a report's address and without a target. Read only: copy it."""
    return office(tmp_path_factory.mktemp("night-bare") / "workspace", more="")


@pytest.fixture(scope="session")
def night_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office after its first night: five certificates published, deployed nowhere. Read only: copy it."""
    root = office(tmp_path_factory.mktemp("night-over") / "workspace", more="")
    night(root, skip=("deliver",))
    return root
