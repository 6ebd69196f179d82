"""What lies in site_src goes to the web: only files of listed kinds may, and nothing hangs."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.edge import site_source
from generator.errors import Refused
from tests.browser import portal


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The shipped site in a workspace with a key and a register."""
    made = tmp_path / "site_src"
    for folder in ("pages", "theme", "js"):
        shutil.copytree(portal.SOURCE / folder, made / folder)
    shutil.copy(portal.SOURCE / "mkdocs.yml", made)
    (tmp_path / "register.db").write_bytes(b"SQLite format 3\0")
    (tmp_path / "root.key").write_text("certportal-key v1 root")
    return made


def refused(source: Path) -> dict[str, str]:
    """Place -> what is wrong, of every file that may not be there."""
    with pytest.raises(Refused) as refusal:
        site_source.read(source)
    assert {problem.code for problem in refusal.value.problems} == {"PAGE-KIND"}
    return {problem.place.file: problem.what for problem in refusal.value.problems}


def test_the_shipped_site_is_read(source: Path) -> None:
    read = site_source.read(source)
    assert {"index.md", "privacy.md"} <= read.pages.keys()
    assert {"main.html", "site.css"} <= read.theme.keys()
    assert read.settings.site_name == "Certificates"
    assert "vendor/noble-ed25519.js" in site_source.scripts(source)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    place = Path.cwd()
    os.chdir(path.parent)  # a socket's whole path may hold 107 characters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(place)


def a_link(path: Path) -> None:
    path.symlink_to(path.parents[2] / "register.db")


def a_dead_link(path: Path) -> None:
    path.symlink_to("nowhere")


def a_linked_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_linked_folder(path: Path) -> None:
    path.symlink_to(path.parents[2])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (a_pipe, "is a pipe"),
        (a_socket, "is a socket"),
        (a_link, "is a link"),
        (a_dead_link, "is a link"),
        (a_linked_device, "is a link"),
        (a_linked_folder, "is a link"),
    ],
)
@pytest.mark.parametrize("place", ["pages/a.md", "theme/a.html", "pages/a.txt"])
def test_only_files_are_read_and_nothing_hangs(
    source: Path, make: Callable[[Path], None], words: str, place: str
) -> None:
    make(source / place)
    assert refused(source) == {f"site_src/{place}": words}


@pytest.mark.parametrize("part", ["pages", "theme", "mkdocs.yml"])
def test_a_whole_part_that_is_a_link_is_refused(source: Path, tmp_path: Path, part: str) -> None:
    (source / part).rename(tmp_path / "elsewhere")
    (source / part).symlink_to(tmp_path / "elsewhere")
    assert set(refused(source).values()) == {"is a link"}


def test_an_office_may_keep_the_whole_of_it_elsewhere(source: Path, tmp_path: Path) -> None:
    """What lies in it is looked at all the same."""
    source.rename(tmp_path / "elsewhere")
    source.symlink_to(tmp_path / "elsewhere")
    assert site_source.read(source).pages
    (source / "pages/a.txt").symlink_to(tmp_path / "root.key")
    assert refused(source) == {"site_src/pages/a.txt": "is a link"}


def test_a_script_that_is_a_link_is_refused(source: Path) -> None:
    (source / "js/words.js").unlink()
    (source / "js/words.js").symlink_to("../../root.key")
    with pytest.raises(Refused) as refusal:
        site_source.scripts(source)
    assert "site_src/js/words.js: PAGE-KIND: is a link" in str(refusal.value)


@pytest.mark.parametrize(
    "name",
    [
        "claims.csv",
        "grades.xlsx",
        "NW-26-000001.pdf",
        "root.key",
        "register.db",
        "backup.zip",
        "notes",
        "page.html",
        "run.js",
        "mkdocs_hooks.py",
        "index.md.bak",
    ],
)
def test_a_kind_that_is_not_listed_is_refused_by_name(source: Path, name: str) -> None:
    (source / "pages/deep").mkdir()
    (source / "pages/deep" / name).write_text("x")
    [(place, what)] = refused(source).items()
    assert place == f"site_src/pages/deep/{name}"
    assert "kind that is not published" in what
    assert ".md" in what


def test_every_such_file_is_named_at_once(source: Path) -> None:
    (source / "pages/a.csv").write_text("x")
    (source / "pages/b.xlsx").write_text("x")
    os.mkfifo(source / "pages/c.md")
    assert sorted(refused(source)) == [f"site_src/pages/{name}" for name in ("a.csv", "b.xlsx", "c.md")]


@pytest.mark.parametrize("name", ["a b.md", "index.md~", "naïve.md", "a\nb.md", os.fsdecode(b"\xff.md")])
def test_a_name_that_cannot_be_published_is_refused_in_letters(source: Path, name: str) -> None:
    (source / "pages" / name).write_text("x")
    [(place, what)] = refused(source).items()
    assert what == "has a name that cannot be published"
    assert place.isascii()
    assert place.isprintable()


def test_what_desktops_and_editors_leave_is_passed_over(source: Path) -> None:
    before = site_source.read(source)
    (source / "pages/.DS_Store").write_text("x")
    (source / "pages/.#index.md").symlink_to("somebody@somewhere.1234")
    (source / "pages/.git").mkdir()
    (source / "pages/.git/config").write_text("x")
    assert site_source.read(source) == before


def test_too_many_and_too_large_are_refused(source: Path) -> None:
    (source / "pages/many").mkdir()
    for rank in range(1_001):
        (source / f"pages/many/{rank}.txt").write_text("")
    assert "more than 1,000 files" in refused(source)["site_src/pages"]
    shutil.rmtree(source / "pages/many")
    with (source / "pages/large.png").open("wb") as file:
        file.truncate(5_000_001)
    with pytest.raises(Refused) as refusal:
        site_source.read(source)
    assert "site_src/pages/large.png: FILE-SIZE" in str(refusal.value)
