"""The pages as published: one script, one policy, everything of one origin, the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace

import pytest

from generator.edge import site_builder, site_source
from generator.errors import Malformed
from generator.formats import pages as wire_pages
from generator.render import pages
from tests.browser import portal

NAMES = ("index", "employers", "learners", "keys", "privacy", "contact", "404")
PAGES = {f"{name}.html" for name in NAMES}
POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')


def test_every_page_is_there_and_nothing_else() -> None:
    # mine.html is published only where portal.yaml sends private links.
    assert set(portal.built_pages()) == {*PAGES, "mine.html", "noble-ed25519.js"}


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert published(portal.facts_of()) == portal.built_pages()


def published(facts: pages.SiteFacts) -> dict[str, bytes]:
    built = site_builder.build(portal.SOURCE, facts.for_theme())
    return pages.publishable(built, site_source.scripts(portal.SOURCE), facts)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_page_names_what_it_may_run_and_nothing_of_another_origin(path: str) -> None:
    page = portal.built_pages()[path].decode()
    found = POLICY.search(page)
    assert found
    rules = dict(rule.split(" ", 1) for rule in found[1].split("; "))
    assert (
        rules["default-src"]
        == rules["base-uri"]
        == rules["form-action"]
        == rules["trusted-types"]
        == "'none'"
    )
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert rules["style-src"] == digest(style[1])
    script = re.search(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    assert (script is not None) == (path == "index.html")
    if script:
        # The scripts that tests/js runs are the published ones.
        assert script[1].encode() == pages.bundle(site_source.scripts(portal.SOURCE))
        assert rules["script-src"] == f"{digest(script[1])} 'self'"
        assert rules["connect-src"] == "'self'"
    else:
        assert "script-src" not in rules
        assert "connect-src" not in rules
    loads = re.findall(r'(?:src|href)="([^"#]*)"', page)
    assert all(not link.startswith(("http:", "https:", "//")) for link in loads)
    assert (
        re.search(r"\sstyle=|\son[a-z]+=", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)) is None
    )


def digest(inline: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"


def test_the_verify_page_has_one_empty_place_for_the_head() -> None:
    page = portal.built_pages()["index.html"]
    assert page.count(wire_pages.HEAD_OPEN + wire_pages.HEAD_CLOSE) == 1
    assert wire_pages.inlined(page, b"{}") != page
    others = [data for path, data in portal.built_pages().items() if path != "index.html"]
    assert not any(wire_pages.HEAD_OPEN in data for data in others)


@pytest.mark.parametrize("sample", [True, False])
def test_a_sample_says_so_on_every_page(sample: bool) -> None:
    facts = portal.facts_of(sample=sample)
    made = published(facts)
    assert {b"Sample site." in data for path, data in made.items() if path.endswith(".html")} == {sample}


def test_names_stay_text() -> None:
    name = 'A & B <Training> "Ltd" {{ 7 * 7 }} %phrase%'
    facts = replace(portal.facts_of(), organisation=name, address="<script>1</script>")
    made = published(facts)
    for path in PAGES:
        page = made[path].decode()
        assert html.escape('A & B <Training> "Ltd" {{ 7 * 7 }}') in page
        assert "<Training>" not in page
        assert "<script>1" not in page


def test_a_name_that_would_end_its_block_is_refused() -> None:
    facts = replace(portal.facts_of(), pin_json=b'{"name":"</script>"}')
    with pytest.raises(Malformed):
        pages.publishable({"index.html": PAGE, "site.css": b""}, site_source.scripts(portal.SOURCE), facts)


PAGE = b"<!--certportal:policy--><!--certportal:style--><!--certportal:verify-->"


def test_a_page_without_a_policy_is_refused() -> None:
    with pytest.raises(Malformed):
        pages.publishable(
            {"a.html": b"<p>", "site.css": b""}, site_source.scripts(portal.SOURCE), portal.facts_of()
        )


def test_links_lead_to_pages_that_are_there() -> None:
    for path, data in portal.built_pages().items():
        for link in re.findall(rb'href="([^":#]+)"', data):
            target = link.decode().removeprefix("/")
            assert target in {*PAGES, "manifest.json"}, f"{path} links to {target}"


def test_the_vendored_verifier_is_the_one_that_was_looked_at() -> None:
    raw = (portal.SOURCE / "js/vendor/noble-ed25519.js").read_bytes()
    readme = (portal.SOURCE / "js/vendor/README.md").read_text()
    assert hashlib.sha256(raw).hexdigest() in readme
    assert "MIT" in (portal.SOURCE / "js/vendor/noble-ed25519.LICENSE").read_text()
    assert b"MIT License (c) 2019 Paul Miller" in portal.built_pages()["noble-ed25519.js"]


def test_modules_are_joined_in_the_order_of_their_imports() -> None:
    modules = {
        "main.js": b'import { b } from "./b.js";\nconsole.log(b());\n',
        "b.js": b'import { a } from "./a.js";\nexport function b() {\n  return a;\n}\n',
        "a.js": b'export const a = "text";\n',
    }
    script = pages.bundle(modules).decode()
    assert script == 'const a = "text";\nfunction b() {\nreturn a;\n}\nconsole.log(b());\n'


@pytest.mark.parametrize(
    ("source", "published"),
    [
        ("// why\na();\n", "a();\n"),
        ("/* why */\n/** @type {number[]} */\na();\n", "a();\n"),
        ("/**\n * Why, and `how.\n *\n * // and that\n */\na();\n", "a();\n"),
        ("/** Why\n  and how. */\n\n  a();\n", "a();\n"),
        ("/**/\na();\n", "a();\n"),
        ("/*/\na();\n/*/\nb();\n", "b();\n"),
        ("a(); // why\n", "a(); // why\n"),
        ("/** @type {B} */ (b).a();\n", "/** @type {B} */ (b).a();\n"),
        ("/* one */ a(); /* two */\n", "/* one */ a(); /* two */\n"),
        ('a = "// no comment";\n', 'a = "// no comment";\n'),
        ("a = `/* no ${b(`//`)} comment */`;\n", "a = `/* no ${b(`//`)} comment */`;\n"),
        ("  * 2 /  /[*]/.b;\n", "* 2 /  /[*]/.b;\n"),
        ("if (a) {\n\tb();\n  }\n", "if (a) {\nb();\n}\n"),
    ],
)
def test_only_lines_that_are_all_comment_are_left_out(source: str, published: str) -> None:
    assert pages.bundle({"main.js": source.encode()}).decode() == published


@pytest.mark.parametrize(
    "source",
    [
        "a = `one\n// two`;\n",
        "a = `${b(`one\n/* two`)}`;\n",
        "a = 'one \\\n// two';\n",
        "/* one\n*/ a();\n",
        "a(); /* one\n// two */ b();\n",
    ],
)
def test_a_text_or_comment_that_hides_where_lines_begin_is_refused(source: str) -> None:
    with pytest.raises(Malformed):
        pages.bundle({"main.js": source.encode()})


@pytest.mark.parametrize(
    "modules",
    [
        {"main.js": b'import { a } from "./a.js";\n'},
        {"main.js": b'import { a } from "./a.js";\n', "a.js": b'import { m } from "./main.js";\n'},
        {"main.js": b'import { a } from "./a.js";\nconst x = 1;\n', "a.js": b"export const x = 1;\n"},
        {"main.js": b'import * as a from "./a.js";\n', "a.js": b""},
        {"main.js": b'import a from "https://elsewhere.example/a.js";\n'},
        {"main.js": b"export default 1;\n"},
        {"main.js": b'console.log("</script>");\n'},
    ],
    ids=["absent", "circle", "name twice", "star", "elsewhere", "default", "ends its block"],
)
def test_what_cannot_be_joined_is_refused(modules: dict[str, bytes]) -> None:
    with pytest.raises(Malformed):
        pages.bundle(modules)


def test_the_modules_of_both_languages_have_the_same_names() -> None:
    here = {path.stem for path in (portal.SOURCE / "js").glob("*.js")}
    formats = {path.stem for path in (portal.ROOT / "generator/formats").glob("*.py")}
    rules = {path.stem for path in (portal.ROOT / "generator/rules").glob("*.py")}
    assert here & formats >= {
        *("bucket", "derivation", "entry", "envelope", "frame", "head", "manifest", "paths"),
        *("private_link", "record", "statement", "status", "strict_json", "verification_code"),
    }
    assert {"published_files", "verifying"} <= here & rules


def test_one_file_touches_the_document_and_one_fetches() -> None:
    modules = {path.name: path.read_text() for path in (portal.SOURCE / "js").glob("*.js")}
    code = {name: re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL) for name, text in modules.items()}
    assert [name for name, text in code.items() if re.search(r"\bdocument\b", text)] == [
        "page.js",
        "private_page.js",
    ]
    assert [name for name, text in code.items() if re.search(r"\bfetch\(", text)] == ["site.js"]
    assert [name for name, text in code.items() if "localStorage" in text] == ["memory.js"]
