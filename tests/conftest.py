"""What every test may ask for: system tools, a browser, and the same examples on every run."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.flow.night_office import night, office
from tests.system_tools import absence, find, in_ci

# A red test must be red again tomorrow; `HYPOTHESIS_PROFILE=explore` looks for new examples instead.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", max_examples=5_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def _require(tool: str) -> str:
    path = find(tool)
    if path is not None:
        return path
    if in_ci():
        pytest.fail(absence(tool), pytrace=False)
    pytest.skip(absence(tool))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow ones first: at the end the quick ones are shared out, and no worker waits for another."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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
