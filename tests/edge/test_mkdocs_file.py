"""mkdocs.yml says what the menu is and how Markdown is read; nothing in it runs or reads anything."""

from __future__ import annotations

import pytest

from generator.edge import site_source
from generator.errors import Place, Refused
from tests.browser import portal

SHIPPED = (portal.SOURCE / "mkdocs.yml").read_text("utf-8")
PLACE = Place("site_src/mkdocs.yml")


def refused(text: str) -> dict[str, str]:
    """Field -> code, of everything that may not stand there."""
    with pytest.raises(Refused) as refusal:
        site_source.read_settings(text.encode(), PLACE)
    assert all(problem.place.row for problem in refusal.value.problems)
    return {problem.place.column: problem.code for problem in refusal.value.problems}


def test_the_shipped_file_is_read() -> None:
    settings = site_source.read_settings(SHIPPED.encode(), PLACE)
    assert settings.plain() == {
        "site_name": "Certificates",
        "nav": settings.nav,
        "not_in_nav": "mine.md\n",
        "markdown_extensions": ["attr_list", {"tables": {"use_align_attribute": True}}],
    }
    assert {"Check a certificate": "index.md"} in settings.nav


def test_the_menu_may_have_parts_and_addresses() -> None:
    text = "site_name: A\nnav:\n  - index.md\n  - More:\n    - A: a.md\n    - Us: https://example.org/\n"
    assert site_source.read_settings(text.encode(), PLACE).nav[1] == {
        "More": [{"A": "a.md"}, {"Us": "https://example.org/"}]
    }


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("hooks: [hook.py]", "hooks"),
        ("plugins: [search]", "plugins"),
        ("plugins:\n  - macros: {module_name: steal}", "plugins"),
        ("theme: {name: material}", "theme"),
        ("theme: {name: null, custom_dir: ../certificates, static_templates: [404.html]}", "theme"),
        ("docs_dir: ../certificates", "docs_dir"),
        ("site_dir: ../keys", "site_dir"),
        ("INHERIT: ../portal.yaml", "INHERIT"),
        ("watch: [../keys]", "watch"),
        ("extra_javascript: [https://elsewhere.example/a.js]", "extra_javascript"),
        ("extra_css: [a.css]", "extra_css"),
        ("extra_templates: [a.html]", "extra_templates"),
        ("extra: {a: 1}", "extra"),
        ("repo_url: https://elsewhere.example", "repo_url"),
        ("use_directory_urls: true", "use_directory_urls"),
        ("mdx_configs: {}", "mdx_configs"),
    ],
)
def test_a_field_that_could_run_or_read_something_is_refused(line: str, field: str) -> None:
    base = SHIPPED.replace("plugins: []\n", "").replace("docs_dir: pages\n", "")
    base = base.replace("use_directory_urls: false\n", "")
    if field == "theme":
        base = base.replace("theme:\n  name: null\n  custom_dir: theme\n  static_templates: [404.html]\n", "")
    assert refused(f"{base}{line}\n") == {field: "YAML-FIELD"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("!ENV CERTPORTAL_PASSPHRASE_ROOT", "YAML-TAG"),
        ("!!python/object/apply:os.system [id]", "YAML-TAG"),
        ("!!python/name:os.system ''", "YAML-TAG"),
        ("&a b", "YAML-ALIAS"),
    ],
)
def test_tags_and_anchors_are_refused(value: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        site_source.read_settings(SHIPPED.replace("Certificates", value).encode(), PLACE)
    assert {problem.code for problem in refusal.value.problems} == {code}


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ("pymdownx.snippets", "markdown_extensions.0"),
        ("mdx_include", "markdown_extensions.0"),
        ("markdown.extensions.codehilite", "markdown_extensions.0"),
        ("steal", "markdown_extensions.0"),
        ("abbr: {glossary: {a: b}}", "markdown_extensions.0.abbr.glossary"),
        ("toc: {slugify: os.system}", "markdown_extensions.0.toc.slugify"),
        ("tables: [a]", "markdown_extensions.0.tables"),
        ("[tables]", "markdown_extensions.0"),
    ],
)
def test_an_extension_outside_the_list_is_refused(item: str, field: str) -> None:
    text = f"site_name: A\nnav: [index.md]\nmarkdown_extensions:\n  - {item}\n"
    assert refused(text) == {field: "YAML-FIELD"}


@pytest.mark.parametrize(
    "target",
    ["../portal.yaml", "../keys/a.md", "/etc/a.md", "javascript:alert(1)", "file:a.md", "a.csv", "1"],
)
def test_the_menu_leads_to_pages_and_addresses_only(target: str) -> None:
    assert refused(f"site_name: A\nnav:\n  - Away: {target}\n") == {"nav.0": "YAML-FIELD"}


@pytest.mark.parametrize("text", ["- a\n", "site_name: 3\nnav: 4\nmarkdown_extensions: 5\n", "{}\n"])
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    assert set(refused(text).values()) == {"YAML-FIELD"}
