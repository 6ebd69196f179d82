"""A template folder is taken whole or refused with every problem, each on its line."""

from __future__ import annotations

import pytest

from generator.errors import Refused
from generator.render.template_file import contrast, load
from tests.render.sample import folder

WHERE = "site_src/templates/mine"


def changed(*changes: tuple[str, str], **files: bytes) -> dict[str, bytes]:
    found = folder("completion") | files
    text = found["template.yaml"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return found | {"template.yaml": text.encode()}


def problems(files: dict[str, bytes]) -> list[tuple[str, str, str, str]]:
    with pytest.raises(Refused) as caught:
        load(files, WHERE)
    return [(one.code, str(one.place), one.what, one.fix) for one in caught.value.problems]


@pytest.mark.parametrize("name", ["completion", "accredited", "unit", "replacement"])
def test_the_projects_own_are_taken(name: str) -> None:
    assert load(folder(name), WHERE).title


def test_the_digest_follows_every_byte_that_shapes_the_page() -> None:
    digests = {
        load(files, WHERE).digest
        for files in (
            changed(),
            changed(("size: 43", "size: 42")),
            changed(("#1f4e5f", "#1f4e5e")),
            changed(**{"logo.svg": folder("completion")["logo.svg"].replace(b"#1f4e5f", b"#1f4e5e")}),
            changed(("wording:\n  en:", "wording:\n  en: {grade: Result}")),
        )
    }
    assert len(digests) == 5
    comment = changed(("# Copy this folder", "# Do copy this folder"))
    assert load(comment, WHERE).digest == load(changed(), WHERE).digest


def test_a_field_that_does_not_exist_is_named_with_its_line() -> None:
    files = changed(("{learner}", "{lerner}"))
    line = (
        files["template.yaml"].decode()[: files["template.yaml"].decode().index("{lerner}")].count("\n") + 1
    )
    found = problems(files)
    assert ("TEMPLATE-FIELD", f"{WHERE}/template.yaml:{line} layout.3.stack.1") in [one[:2] for one in found]
    assert "`lerner` does not exist" in found[0][2]
    assert "did you mean `learner`?" in found[0][3]
    # And so the learner's name would not be printed.
    assert [one[2] for one in found if one[0] == "TEMPLATE-INCOMPLETE"] == ["never prints `learner`"]


def test_a_forgotten_field_is_refused() -> None:
    found = problems(changed(('say: "{accreditation_statement}"', 'say: "{issuer}"')))
    assert [(one[0], one[2]) for one in found] == [
        ("TEMPLATE-INCOMPLETE", "never prints `accreditation_statement`")
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "what"),
    [
        ('accent: "#1f4e5f"', 'accent: "#9fb8c0"', "TEMPLATE-CONTRAST", "has a contrast of 2"),
        ("box: [40, 14, 18, 17]", "box: [290, 14, 18, 17]", "TEMPLATE-BOX", "over the edge"),
        (
            "box: [40, 14, 18, 17]",
            "box: [40, 25, 18, 17]",
            "TEMPLATE-OVERLAP",
            "lies over the box of layout.",
        ),
        ("size: 43", "sise: 43", "TEMPLATE-VALUE", "is no field"),
        ("style: issuer}", "style: isuer}", "TEMPLATE-FIELD", "`isuer` does not exist"),
        ("image: logo,", "image: crest,", "TEMPLATE-FIELD", "`crest` does not exist"),
        ("file: logo.svg", "file: crest.svg", "TEMPLATE-FILE", "no file crest.svg"),
        ("file: logo.svg", "file: ../logo.svg", "TEMPLATE-VALUE", "is not the name of a file"),
        ("{qr: 27}", "{qr: 12}", "TEMPLATE-VALUE", "is less than 16"),
        ("- {qr: 27}", "- {qr: 27, image: logo}", "TEMPLATE-ITEM", "says 2 of"),
        ('say: "{label}"', 'say: "{label"', "TEMPLATE-BRACES", "braces"),
        ("wording:\n  en:", "wording:\n  cy: {grade: Gradd}", "TEMPLATE-WORDS", "has no words for"),
        (
            "wording:\n  en:",
            "wording:\n  en: {date: '{dy} {month}'}",
            "TEMPLATE-FIELD",
            "`dy` does not exist",
        ),
        ("wording:\n  en:", "wording:\n  en: {verify: 'at {domain.x}'}", "TEMPLATE-FIELD", "does not exist"),
        ("wording:\n  en:", "wording:\n  en: {verify: 'at {domain'}", "TEMPLATE-BRACES", "braces"),
        (
            "wording:\n  en:",
            "wording:\n  en: {verify: scan it}",
            "TEMPLATE-INCOMPLETE",
            "never prints `domain`",
        ),
        ("schema: 1", "schema: 2", "TEMPLATE-VALUE", "is not 1"),
    ],
)
def test_what_cannot_be_meant_is_named(old: str, new: str, code: str, what: str) -> None:
    found = problems(changed((old, new)))
    assert code in [one[0] for one in found]
    assert any(what in one[2] for one in found if one[0] == code)


def test_all_problems_come_at_once() -> None:
    found = problems(
        changed(("{learner}", "{lerner}"), ("{qr: 27}", "{qr: 27, above: x}"), ("file: logo", "file: x"))
    )
    assert len({one[1] for one in found}) >= 1
    two = problems(changed(("{learner}", "{lerner}"), ("file: logo", "file: x")))
    assert {one[0] for one in two} >= {"TEMPLATE-FIELD", "TEMPLATE-FILE"}


def test_a_missing_or_broken_yaml_is_named() -> None:
    assert problems({"logo.svg": b""})[0][0] == "TEMPLATE-FILE"
    assert problems({"template.yaml": b"a: [1"})[0][0] == "YAML-SYNTAX"
    assert problems({"template.yaml": b"- a"})[0][0] == "TEMPLATE-VALUE"
    assert problems(changed(("schema: 1", "schema: 1\nschema: 1")))[0][0] == "YAML-DUPLICATE"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
