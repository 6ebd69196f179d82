"""What may be published: nothing private by its content, no page, picture or style that runs or fetches."""

from __future__ import annotations

import pytest

from generator.formats import verification_code
from generator.rules import public_content
from tests.browser import portal

CODE = verification_code.grouped(verification_code.encode(2026, 12345678901234567890))
BARE = str(verification_code.encode(2026, 12345678901234567890))
SECRETS = ("sample-root-passphrase", "short")


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("logo.png", b"SQLite format 3\0" + bytes(100), "is a database"),
        ("logo.png", b"\x89PNG" + b"SQLite format 3\0", "is a database"),
        ("a.txt", b"certportal-key v1 root 1234", "a private key"),
        ("a.txt", b"-----BEGIN EC PRIVATE " + b"KEY-----", "a private key"),
        ("a.txt", b"PK\x03\x04rest", "a workbook"),
        ("a.txt", b"\xd0\xcf\x11\xe0rest", "a workbook"),
        ("a.ico", b"%PDF-1.7", "a PDF"),
        ("a.bin", b"x sample-root-passphrase x", "a passphrase"),
        ("a.txt", f"https://a.example/#{BARE}\n".encode(), "a verification code"),
        ("a.html", f"<p>{CODE}</p>".encode(), "a verification code"),
        ("a.txt", b"Learner ref,Learner name,ULN,Completed on\nR1,A,1,2", "headings of a sheet"),
        ("a.txt", b"learner_ref;learner_name;uln\n", "headings of a sheet"),
        ("a.html", b"<p>Registration number,First name,Surname,ULN</p>", "headings of a sheet"),
        ("a.html", b"<th>Registration number</th>\n<th>Name</th>\n<th>ULN</th>", "headings of a sheet"),
    ],
)
def test_what_is_private_by_its_content_is_found(path: str, data: bytes, words: str) -> None:
    assert words in (public_content.private(path, data, SECRETS) or "")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", b"<p>NW-26-004312, 2026-11-22, short</p>"),
        ("a.html", b"<p>Give the name, the grade, the date of completion; your ULN stays with us</p>"),
        ("a.txt", BARE.replace(BARE[8], "0" if BARE[8] != "0" else "1").encode()),
        ("a.bin", BARE.encode()),  # what is encrypted may hold any letters
        ("a.txt", b""),
    ],
)
def test_what_a_site_says_is_not(path: str, data: bytes) -> None:
    assert public_content.private(path, data, SECRETS) is None


def test_the_shipped_site_may_be_published() -> None:
    for path, data in portal.built_pages().items():
        assert public_content.private(path, data, SECRETS) is None, path


def found(path: str, text: str) -> str:
    return "; ".join(what for _, what in public_content.faults({path: text.encode()}))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<script>1</script>", "<script>"),
        ("<SCRIPT/x>1", "<script>"),
        ("<!--><script>1</script>-->", "<script>"),
        ("<!-- <iframe> -->", "<iframe>"),
        ("<base href=/>", "<base>"),
        ("<object data=a>", "<object>"),
        ('<meta http-equiv="Refresh" content="0;url=https://b.example">', "http-equiv> (refresh)"),
        ('<meta content="0;url=//b" HTTP-EQUIV=refresh>', "http-equiv> (refresh)"),
        ("<p onclick=alert(1)>", "event handler"),
        ("<img/onerror=alert(1) src=x>", "event handler"),
        ("<svg onload=alert(1)>", "event handler"),
        ('<a href="javascript:alert(1)">', "that runs"),
        ('<a href=" &#106;ava&#10;script:alert(1)">', "that runs"),
        ('<a href="data:text/html,<p>">', "that runs"),
        ('<form action="https://b.example">', "another site"),
        ('<button formaction="//b.example">', "another site"),
        ('<img src="https://b.example/a.png">', "another site"),
        ('<img srcset="//b.example/a.png 2x">', "another site"),
        ('<link rel="stylesheet" href="a.css">', "<link>"),
        ('<link rel="dns-prefetch" href="//b.example">', "<link>"),
        ('<a ping="/x" href="a.html">', "srcdoc or ping"),
    ],
)
def test_a_page_runs_and_fetches_nothing(markup: str, words: str) -> None:
    assert words in found("a.html", f"<!doctype html><p>text {markup} more</p>")


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://ofqual.example/register">the register</a>',
        '<a href="mailto:office@a.example">write</a> <img src="logo.png" alt="">',
        "<p>The script says: 1 &lt; 2; on = 3</p>",
        '<form id="ask"><input id="code"></form>',
        '<link rel="icon" href="data:image/svg+xml,%3Csvg%3E"><meta name="referrer" content="no-referrer">',
    ],
)
def test_what_pages_need_is_let_be(markup: str) -> None:
    assert found("a.html", markup) == ""


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (SVG.format("<script>1</script>"), "<script>"),
        (SVG.format('<x:script xmlns:x="http://www.w3.org/2000/svg">1</x:script>'), "<script>"),
        (SVG.format("<foreignObject/>"), "<foreignobject>"),
        (SVG.format('<g onload="1"/>'), "event handler"),
        (SVG.format('<use xlink:href="https://b.example/a.svg#a"/>'), "leads out"),
        (SVG.format('<image href="file:///etc/passwd"/>'), "leads out"),
        (SVG.format('<a href="java&#10;script:1"/>'), "leads out"),
        (SVG.format('<set attributeName="href" to="javascript:1"/>'), "that runs"),
        (SVG.format("<style>@import 'https://b.example'</style>"), "imports another style"),
        (SVG.format('<g fill="url(https://b.example/#a)"/>'), "url()"),
        ('<?xml-stylesheet href="a.css"?>' + SVG.format(""), "instruction"),
        ('<!DOCTYPE svg [<!ENTITY a "x">]>' + SVG.format("&a;"), "document type"),
        ('<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + SVG.format(""), "document type"),
        (SVG.format("<g>" * 200 + "</g>" * 200), "nested"),
        (SVG.format("<g>"), "is no SVG"),
        ("GIF89a", "is no SVG"),
        ("", "is no SVG"),
    ],
)
def test_a_picture_runs_and_fetches_nothing(picture: str, words: str) -> None:
    assert words in found("a.svg", picture)


def test_a_picture_that_refers_to_itself_is_not_followed() -> None:
    assert found("a.svg", SVG.format('<g id="a"><use href="#a"/></g><path style="fill:red" d="M0 0"/>')) == ""


def test_a_bomb_of_entities_is_not_opened() -> None:
    entities = "".join(f'<!ENTITY a{rank} "{f"&a{rank - 1};" * 10}">' for rank in range(1, 20))
    picture = f'<!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">{entities}]>' + SVG.format("&a19;")
    assert "document type" in found("a.svg", picture)


@pytest.mark.parametrize(
    "style",
    [
        "@import 'a.css';",
        "p { background: url(https://b.example/a.png) }",
        "p { background: url( 'a.png' ) }",
        "</style><script>1</script>",
        "p { background: u\\72l(//b.example) }",
    ],
)
def test_a_style_fetches_nothing_and_stays_a_style(style: str) -> None:
    assert found("a.css", style)
    assert not found("a.css", "p { color: red; background: url(data:image/png;base64,AA==) }")


def test_the_shipped_theme_is_let_be() -> None:
    files = {path.name: path.read_bytes() for path in (portal.SOURCE / "theme").glob("*")}
    assert list(public_content.faults(files)) == []
