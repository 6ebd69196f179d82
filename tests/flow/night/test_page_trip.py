"""The round trip through a real browser: where the page does not say `valid`, the old site stays.

The browser has its own clock, so these nights are of today.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.flow.night import night_run
from tests import workshop
from tests.flow.night.night_office import FOLDER, claims, codes, mails, night, states

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TODAY = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def root(tmp_path: Path, needs: Callable[[str], str]) -> Path:
    """One certificate, its page looked at by Chromium before it went live."""
    made = workshop.small(tmp_path / "workspace", 1)
    (made / "certificates/claims/claims.yaml").write_text(claims([1]), "utf-8")
    settings(made, "  period_days: 21", f"  period_days: 21\n  browser: {needs('chromium')}")
    with (made / "portal.yaml").open("a", encoding="utf-8") as file:
        file.write(FOLDER)
    workshop.prepare(made, TODAY)
    workshop.approve_all(made, TODAY)
    return made


def settings(root: Path, old: str, new: str) -> None:
    path = root / "portal.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def another(root: Path) -> night_run.Night:
    """A second learner's night."""
    (root / "certificates/claims/claims.yaml").write_text(claims([1, 4]), "utf-8")
    return night(root, TODAY)


def test_a_page_whose_script_is_broken_stops_the_deployment_until_it_is_mended(root: Path) -> None:
    assert states(night(root, TODAY)) == dict.fromkeys((*night_run.STEP_NAMES, "report"), "ok")
    before, told = workshop.tree(root, "../live"), set(mails(root))
    assert before["../live/index.html"]
    assert told == {"issued-NW-26-000001"}

    script = root / "site_src/js/main.js"
    good = script.read_text("utf-8")
    script.write_text(f'throw new Error("a slip of the pen");\n{good}', "utf-8")
    done = another(root)
    assert (states(done)["publish"], states(done)["round-trip"], states(done)["deploy"]) == (
        "ok",
        "failed",
        "waits",
    )
    assert codes(done) == {"ROUND-TRIP-PAGE"}
    [problem] = next(step.problems for step in done.steps if step.name == "round-trip")
    assert "of NW-26-000002, not valid" in problem.what
    assert done.exit_code == night_run.EXIT_FAULTS
    assert workshop.tree(root, "../live") == before
    assert set(mails(root)) == told, "nobody is told of what is not live"

    script.write_text(good, "utf-8")
    assert states(another(root))["deploy"] == "ok"
    assert workshop.tree(root, "../live") != before
    assert set(mails(root)) == {"issued-NW-26-000001", "issued-NW-26-000002"}


def test_a_browser_that_does_not_start_lets_nothing_out(root: Path) -> None:
    program = shutil.which("false") or "/bin/false"
    path = root / "portal.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "browser:" not in line), "utf-8")
    settings(root, "  period_days: 21", "  period_days: 21\n  browser: /nowhere/chromium")
    assert codes(night(root, TODAY)) == {"BROWSER"}
    settings(root, "/nowhere/chromium", program)
    assert codes(night(root, TODAY)) == {"BROWSER"}
    assert not (root / "../live").exists()
