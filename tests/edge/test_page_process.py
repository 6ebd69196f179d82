"""Pages, theme and settings are an office's own: whatever they try, they see no secret and stop nothing."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from generator.edge import child, page_process, site_builder
from generator.errors import Refused
from tests.browser import portal

SECRET = "sample-root-passphrase"
pytestmark = pytest.mark.usefixtures("sites_built_anew")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped site in a workspace whose key and passphrase a thief would like to have."""
    monkeypatch.setenv("CERTPORTAL_PASSPHRASE_ROOT", SECRET)
    made = tmp_path / "workspace/site_src"
    for folder in ("pages", "theme"):
        shutil.copytree(portal.SOURCE / folder, made / folder)
    shutil.copy(portal.SOURCE / "mkdocs.yml", made)
    (made.parent / "keys").mkdir()
    (made.parent / "keys/root.key").write_text("the private key")
    return made


def build(source: Path, seconds: int = 60) -> dict[str, bytes]:
    return site_builder.build(source, portal.facts_of().for_theme(), seconds)


def refused(source: Path, seconds: int = 60) -> str:
    with pytest.raises(Refused) as refusal:
        build(source, seconds)
    assert {problem.code for problem in refusal.value.problems} == {"SITE-PAGES"}
    return str(refusal.value)


def themed(source: Path, template: str) -> Path:
    path = source / "theme/contact.html"
    path.write_text(path.read_text("utf-8").replace("{{ content }}", "{{ content }}\n" + template), "utf-8")
    return source


def test_a_theme_may_use_what_pages_have(source: Path) -> None:
    template = (
        "{% for item in page.toc %}<i>{{ item.title|upper }} {{ loop.index }}</i>{% endfor %}"
        "{% for item in nav %}{{ item.title }}{% endfor %}{{ page.meta.get('title') }}"
        "{{ page['title'] }}{{ config.site_name }}{{ config['extra']['facts'].host.upper() }}"
        "{% macro twice(text) %}{{ text * 2 }}{% endmacro %}{{ twice('ab') }}{{ nav.homepage.url }}"
    )
    page = build(themed(source, template))["contact.html"].decode()
    assert "WHAT TO GIVE US 1" in page
    assert "abab" in page
    assert "Certificates" in page


@pytest.mark.parametrize(
    "template",
    [
        "{{ page.file.generated(config, 'a', abs_src_path='/etc/passwd').content_string }}",
        "{{ page.file.content_string }}",
        "{{ pages[0].content_string }}",
        "{{ pages[0]['abs_src_path'] }}",
        "{{ config.config_file_path }}",
        "{{ config['config_file_path'] }}",
        "{{ config.load_file('/etc/passwd') }}",
        "{{ config.plugins.run_event }}",
        "{{ config.theme.dirs }}",
        "{{ page.read_source(config) }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ page.__init__.__globals__ }}",
        "{{ page|attr('__init__') }}",
        "{{ [page]|map(attribute='__init__')|list }}",
        "{{ [page]|map(attribute='file.content_string')|list }}",
        "{{ '{0.__class__}'.format(page) }}",
        "{{ page.toc.items.append(1) }}",
        "{{ 'url'|url.__globals__ }}",
        "{{ config.extra.facts.update({'organisation': 'Another'}) }}",
        "{% include '../keys/root.key' %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'sitemap.xml' %}",
        "{{ lipsum.__globals__ }}",
    ],
)
def test_a_theme_sees_data_and_calls_nothing(tmp_path: Path, template: str) -> None:
    """In this process, since it is the sandbox that is tried: alone, with nothing around it."""
    for part in ("pages", "theme", "site"):
        (tmp_path / part).mkdir()
    (tmp_path / "pages/index.md").write_text("# First\n")
    (tmp_path / "theme/main.html").write_text(f"<p>{template}</p>")
    (tmp_path / "theme/404.html").write_text("<p>")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/root.key").write_text("the private key")
    settings = {"site_name": "A", "nav": ["index.md"], "not_in_nav": "", "markdown_extensions": []}
    with contextlib.suppress(jinja2.TemplateError):
        page_process.build(tmp_path, settings, {"origin": "https://a.example", "organisation": "A"})
    made = tmp_path / "site/index.html"
    # What may not be looked at is nothing: an empty page at most.
    assert not made.exists() or made.read_text() in ("<p></p>", "<p>[]</p>", "<p>[Undefined]</p>")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "seconds"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 1),
        ("{{ 'a' * 10000000000 }}", 60),
        ("{% for a in range(9999999) %}{% endfor %}", 60),
        ("{% include 'contact.html' %}", 60),
        ("{{ 1/0 }}", 60),
        ("{% if %}", 60),
    ],
    ids=["time", "memory", "range", "itself", "fault", "syntax"],
)
def test_a_theme_that_cannot_be_rendered_is_refused(source: Path, template: str, seconds: int) -> None:
    told = refused(themed(source, template), seconds)
    assert str(source.parent) not in told
    assert "Traceback" not in told


def test_the_line_of_a_slip_is_told(source: Path) -> None:
    assert "theme/contact.html, line " in refused(themed(source, "{% if %}"))


@pytest.mark.parametrize(
    "front",
    ["template: ../../keys/root.key", "template: /etc/passwd", "template: !!python/name:os.system ''"],
)
def test_a_page_chooses_among_the_templates_only(source: Path, front: str) -> None:
    (source / "pages/contact.md").write_text(f"---\n{front}\n---\n# Contact\n")
    try:
        made = build(source)
    except Refused:
        return
    assert b"the private key" not in b"".join(made.values())


def test_modules_beside_the_pages_are_not_imported(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from the workspace nor from where the command was called."""
    for folder in (source, source.parent):
        for name in ("attr_list", "markdown", "sitecustomize"):
            (folder / f"{name}.py").write_text("raise SystemExit('stolen')\n")
    monkeypatch.chdir(source.parent)
    monkeypatch.setenv("PYTHONPATH", str(source))
    assert build(source)["index.html"]


SCRIPT = """
import json, os, runpy, socket, sys
from pathlib import Path
known = runpy.run_path(sys.argv[1])["confine"](Path(sys.argv[2]))
def tried(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"
print(json.dumps({
    "known": known,
    "key": tried(lambda: Path(sys.argv[3]).read_text()),
    "list": tried(lambda: os.listdir(Path(sys.argv[3]).parent)),
    "passwd": tried(lambda: Path("/etc/passwd").read_text()),
    "write": tried(lambda: Path(sys.argv[3]).write_text("x")),
    "run": tried(lambda: os.execv("/bin/sh", ["sh", "-c", "echo stolen"])),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", 9))),
    "own": tried(lambda: (Path(sys.argv[2]) / "made").write_text("x")),
    "library": tried(lambda: Path(json.__file__).read_text()),
}))
"""


def test_where_the_kernel_can_the_workspace_is_out_of_sight(source: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    key = source.parent / "keys/root.key"
    command = [sys.executable, "-I", "-c", SCRIPT, page_process.__file__, str(tmp_path / "folder"), str(key)]
    done = child.run(command)
    assert done.code == 0, done.errors.decode()
    found = json.loads(done.output)
    if not found["known"]:
        pytest.skip("this kernel has no Landlock")
    refusals = ("key", "list", "passwd", "write", "run")
    assert {name: found[name] for name in refusals} == dict.fromkeys(refusals, "PermissionError")
    assert found["connect"] in ("PermissionError", "ConnectionRefusedError")  # since Linux 6.7
    assert (found["own"], found["library"]) == ("done", "done")


def test_the_process_is_told_no_secret(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its arguments nor its input nor its environment knows the workspace."""
    begun: list[tuple[str, dict[str, str]]] = []
    run: Callable[..., child.Ended] = child.run

    def noted(command: list[str], **more: object) -> child.Ended:
        begun.append((repr(command) + repr(more), child.environment()))
        return run(command, **more)

    monkeypatch.setattr(child, "run", noted)
    assert build(source)["index.html"]
    [(told, environment)] = begun
    assert str(source.parent) not in told
    assert SECRET not in told
    assert SECRET not in environment.values()
