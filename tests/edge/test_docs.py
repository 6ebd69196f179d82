"""mkdocs is strict: what it warns of is a fault with a place and a fix, and nothing is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import properdocs.commands.build
import properdocs.config
import pytest

from generator.edge import disk, page_process, site_builder, site_source
from generator.errors import Refused
from tests.browser import portal


def test_a_broken_link_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "site_src"
    for folder in ("pages", "theme"):
        shutil.copytree(portal.SOURCE / folder, source / folder)
    shutil.copy(portal.SOURCE / "mkdocs.yml", source)
    page = source / "pages/learners.md"
    page.write_text(page.read_text() + "\n[gone](gone.md) and [away](#nowhere)\n")
    with pytest.raises(Refused) as refusal:
        site_builder.build(source, portal.facts_of().for_theme())
    assert {problem.code for problem in refusal.value.problems} == {"SITE-PAGES"}
    told = str(refusal.value)
    assert "gone.md" in told
    assert "nowhere" in told


def test_a_page_outside_the_menu_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "site_src"
    for folder in ("pages", "theme"):
        shutil.copytree(portal.SOURCE / folder, source / folder)
    shutil.copy(portal.SOURCE / "mkdocs.yml", source)
    (source / "pages/extra.md").write_text("# Extra\n")
    with pytest.raises(Refused) as refusal:
        site_builder.build(source, portal.facts_of().for_theme())
    assert "extra.md" in str(refusal.value)


def test_scripts_come_with_their_vendored_files() -> None:
    found = site_source.scripts(portal.SOURCE)
    assert {"main.js", "verifying.js", "vendor/noble-ed25519.js"} <= set(found)


@pytest.mark.slow
@pytest.mark.usefixtures("sites_built_anew")
def test_properdocs_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What goes on with mkdocs 1 could take its place tomorrow."""
    facts = portal.facts_of().for_theme()
    ours = site_builder.build(portal.SOURCE, facts)
    monkeypatch.setattr(page_process, "load_config", properdocs.config.load_config)
    monkeypatch.setattr(page_process, "mkdocs_build", properdocs.commands.build.build)
    for part in ("pages", "theme"):
        shutil.copytree(portal.SOURCE / part, tmp_path / part)
    settings = site_source.read(portal.SOURCE).settings
    page_process.build(tmp_path, settings.plain(), site_builder.escaped(facts))
    theirs = disk.read_tree(tmp_path / "site", 1_000_000, "site")
    assert "index.html" in ours
    assert sorted(theirs) == sorted(ours)
    assert [path for path in ours if theirs[path] != ours[path]] == []
