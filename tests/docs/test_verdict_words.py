"""One set of words for the answers of a check: page, public guide, documents, mails and terminal."""

import re
from pathlib import Path

import pytest

from generator.cli.verdicts import describe
from generator.model.verdict import ABSENT_WORDS, EXIT_CODES, KINDS, VERDICT_WORDS, Verdict, VerdictKind

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "site_src"
EVERY = {*VERDICT_WORDS.values(), ABSENT_WORDS}


def test_every_kind_has_words_of_its_own() -> None:
    assert VERDICT_WORDS.keys() == set(KINDS)
    assert len(EVERY) == len(KINDS) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_terminal_answers_in_them(kind: VerdictKind) -> None:
    first, _ = next(iter(describe(Verdict(kind, 12), "Northfield Awarding")))
    assert first.split(" ", 1)[1] == VERDICT_WORDS[kind]


def test_what_is_not_on_an_old_list_is_never_called_genuine() -> None:
    said = [text for text, _ in describe(Verdict("stale", 7, reason="absent"), "Northfield Awarding")]
    assert said[0].endswith(ABSENT_WORDS)
    assert not any("enuine" in text for text in said)
    assert Verdict("stale", 7).words == VERDICT_WORDS["stale"]


def test_the_page_answers_in_them() -> None:
    script = (SOURCE / "js/words.js").read_text("utf-8")
    for kind, words in VERDICT_WORDS.items():
        assert re.search(rf'\b{kind}: {{\s*title: "{words}"', script), f"{kind}: not `{words}` on the page"
    assert re.search(rf'\babsent: {{\s*title: "{ABSENT_WORDS}"', script), f"not `{ABSENT_WORDS}` on the page"


def test_the_public_guide_explains_each() -> None:
    guide = (SOURCE / "pages/employers.md").read_text("utf-8")
    listed = guide[guide.index("## What the answers mean") :]
    assert set(re.findall(r"^- \*\*(.+?):\*\*", listed, re.MULTILINE)) == EVERY


def test_the_exit_codes_are_listed_by_them() -> None:
    page = (SOURCE / "docs/operations-basics.md").read_text("utf-8")
    line = next(line for line in page.splitlines() if line.startswith("| 10 to 20 |"))
    for kind, code in EXIT_CODES.items():
        assert code == 0 or f"{code} {VERDICT_WORDS[kind]}" in line, f"{code} is not {VERDICT_WORDS[kind]}"


def test_the_glossary_lists_them() -> None:
    glossary = (SOURCE / "docs/glossary.md").read_text("utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| ([^|`]+) \|$", glossary, re.MULTILINE)) == VERDICT_WORDS


@pytest.mark.parametrize("name", ["centre_expiry.txt", "expiry_reminder.txt", "freshness.txt"])
def test_mails_quote_them(name: str) -> None:
    quoted = re.findall(r'"([^"]+)"', (SOURCE / "mail/en" / name).read_text("utf-8"))
    assert quoted
    assert set(quoted) <= EVERY, f"{name} quotes other words: {set(quoted) - EVERY}"
