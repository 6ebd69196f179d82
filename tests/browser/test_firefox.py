"""A second engine: Firefox reaches the same answers on the real page, and every verdict of the vectors."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.edge import web_server
from tests import small_site as small
from tests.browser import portal, vectors

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
KINDS = {
    "valid": "valid",
    "revoked": "revoked",
    "suspended": "suspended",
    "superseded": "superseded",
    "erased": "erased",
    "nasty": "valid",
}


@pytest.fixture(scope="module")
def found(needs: Callable[[str], str]) -> dict[str, Any]:
    firefox, node = needs("firefox"), needs("node")
    needs("puppeteer-core")
    site = small.small_site()
    numbers = site.numbers
    with (
        web_server.serving(portal.published(site)) as origin,
        web_server.serving(vectors.served()) as functions,
    ):
        job = {
            "browser": firefox,
            "links": [f"{origin}/#{numbers[name]}" for name in KINDS]
            + [f"{origin}/#{numbers['valid'][:-1]}"],
            "functions": functions,
            "work": vectors.VERIFY_ALL,
            "argument": vectors.ARGUMENT,
        }
        run = subprocess.run(
            [node, str(HERE / "firefox.mjs")],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=400,
        )
    assert run.returncode == 0, run.stderr
    answers: dict[str, Any] = json.loads(run.stdout)
    return answers


def test_the_real_page(found: dict[str, Any]) -> None:
    *seen, short = found["verdicts"]
    for verdict, (name, kind) in zip(seen, KINDS.items(), strict=True):
        # The device's own clock may be past the site's next update: then good news is late, bad news is not.
        assert verdict["kind"] in {kind, "stale" if kind == "valid" else kind}, name
        assert verdict["complaints"] == []
    assert short["kind"] == "malformed"


def test_every_verdict_of_the_vectors(found: dict[str, Any]) -> None:
    assert found["answers"] == vectors.EXPECTED
