"""What an office's own pages can do: add words; publish nothing private, run nothing, and be named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.publications import Publications
from generator.errors import Refused
from generator.flow.publishing import site_pages
from generator.flow.publishing.publish import publish
from tests import workshop
from tests.flow.night.night_office import copied, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("sites_built_anew")]
AT = "2026-11-24T02:10:00Z"


@pytest.fixture
def root(tmp_path: Path, night_over: Path) -> Path:
    """An office after its first night, with pages of its own that are the shipped ones."""
    made = copied(night_over, tmp_path / "workspace")
    shared = (made / "site_src").resolve()
    (made / "site_src").unlink()
    shutil.copytree(shared, made / "site_src")
    return made


def refused(root: Path, secrets: tuple[str, ...] = ()) -> Refused:
    """Publishing is refused, notes nothing, and leaves what is published as it was."""
    before = workshop.tree(root, "public")
    with opened(root, AT, secrets=lambda: secrets) as session:
        last = Publications(session.register).last()
        with pytest.raises(Refused) as refusal:
            publish(session)
        assert Publications(session.register).last() == last
    assert workshop.tree(root, "public") == before
    return refusal.value


def codes(refusal: Refused) -> set[str]:
    return {problem.code for problem in refusal.problems}


def test_a_link_to_the_register_is_refused_by_name(root: Path) -> None:
    (root / "site_src/pages/notes.txt").symlink_to("../../certificates/register.db")
    refusal = refused(root)
    assert codes(refusal) == {"PAGE-KIND"}
    assert "site_src/pages/notes.txt" in str(refusal)


@pytest.mark.parametrize("kind", ["register", "key", "passphrase", "links", "claims"])
def test_what_is_private_under_a_public_name_is_refused(root: Path, kind: str) -> None:
    """A copy, or a second name (hard link): no link that could be seen, and a kind that is listed."""
    with opened(root, AT) as session:
        number = next(iter(Certificates(session.register).issued())).number
    page = root / "site_src/pages/logo.png"
    if kind == "register":
        page.hardlink_to(root / "certificates/register.db")
    elif kind == "key":
        shutil.copy(next((root / "keys/private").glob("*.key")), page)
    elif kind == "passphrase":
        page.write_bytes(b"\x89PNG sample-root-passphrase")
    elif kind == "links":
        page = page.with_name("links.txt")
        page.write_text(f"NW-26-000001,https://verify.example/#{number}\n")
    else:
        page = page.with_name("claims.txt")
        page.write_text("learner_ref,learner_name,uln,completed_on\nR1,A,1,2026-11-22\n")
    refusal = refused(root, ("sample-root-passphrase",))
    assert codes(refusal) == {"PUBLISH-PRIVATE"}
    assert f"public/{page.name}" in str(refusal)
    page.unlink()
    with opened(root, AT) as session:
        publish(session)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pages/contact.md", "<script>alert(1)</script>"),
        ("pages/contact.md", '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">'),
        ("pages/contact.md", "[here](index.md){: onclick=alert(1) }"),
        ("pages/contact.md", "<a href='javascript:alert(1)'>here</a>"),
        ("theme/contact.html", "<iframe></iframe>"),
        ("theme/contact.html", "<form action='https://elsewhere.example/'></form>"),
        ("theme/site.css", "@import 'https://elsewhere.example/a.css';"),
        ("pages/hostile.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("pages/hostile.svg", '<!DOCTYPE svg [<!ENTITY a "x">]><svg>&a;</svg>'),
    ],
)
def test_what_runs_in_a_page_is_refused(root: Path, file: str, text: str) -> None:
    path = root / "site_src" / file
    before = path.read_text("utf-8") if path.exists() else ""
    if file.endswith(".html"):
        after = before.replace("{{ content }}", "{{ content }}" + text)
    else:
        after = f"{before}\n\n{text}".lstrip()
    path.write_text(after, "utf-8")
    refusal = refused(root)
    assert codes(refusal) == {"PAGE-MARKUP"}
    assert path.stem in str(refusal)


@pytest.mark.parametrize(
    ("file", "text"),
    [("theme/site.css", None), ("theme/main.html", "<p>"), ("js/main.js", "export default 1;\n")],
)
def test_a_theme_that_lacks_what_it_needs_is_no_fault_of_ours(
    root: Path, file: str, text: str | None
) -> None:
    path = root / "site_src" / file
    path.unlink()
    if text is not None:
        path.write_text(text)
    assert codes(refused(root)) == {"SITE-PAGES"}


def test_pages_of_an_office_are_named(root: Path) -> None:
    with opened(root, AT) as session:
        assert site_pages.own_pages(session.workspace) == {}
    source = root / "site_src"
    (source / "pages/extra.md").write_text("# More\n\nOur own words.\n")
    settings = source / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "  - More: extra.md\n", "utf-8")
    with (source / "pages/privacy.md").open("a", encoding="utf-8") as file:
        file.write("\nMore words.\n")
    with opened(root, AT) as session:
        publish(session)
        found = site_pages.own_pages(replace(session.workspace))
    assert found["extra.html"] == "new"
    assert found["privacy.html"] == "changed"
    assert "left out" not in found.values()
