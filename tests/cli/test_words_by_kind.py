"""The walk of each kind of organisation, message by message: each reads its own words and no other's."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from generator.cli import terminal
from generator.cli.commands import VERBS
from generator.cli.main import app
from generator.errors import Refused
from tests.flow import offices
from tests.rules.controls import case

pytestmark = pytest.mark.slow

# Outside paths, codes, options and what stands between backticks.
_NOUNS = "claim|centre|exams officer|registration|registrar|programme leader|unit"
_FOREIGN = re.compile(rf"(?<![\w/.=@|-])(?:{_NOUNS})s?(?![\w/=@|]|[.-]\w)", re.IGNORECASE)
# Data that are made of the program's own nouns, in every message as they were written.
TITLE, NAME = "Claim centre unit, a registration", "Ann Centre of the claim unit"
_DATA = (TITLE, NAME, "claim centre")
_WALK = (
    ("check",),
    ("import",),
    ("import", "--accept-good"),
    ("import", "--held"),
    ("pending",),
    ("review",),
    ("approve", "--all", "--as", "h.adeyemi", "--role", "lead_internal_verifier"),
    ("issue",),
    ("due",),
    ("revalidation", "KNIFE", "1"),
    ("received",),
    ("hold", "list"),
    ("case", "list"),
    ("staff", "list"),
    ("publish",),
    ("audit",),
    ("deliver", "--dry-run"),
    ("nightly",),
    ("pending",),
)


def provider(root: Path) -> Path:
    """Three learners of a course; one attended too little, one completion is in no good row."""
    course = {**offices.COURSE, "title": TITLE}
    offices.make(root, offices.settings("course_provider", "course-provider"), [course])
    offices.put(root, "centres/C1.yaml", "schema: 1\nnumber: C1\nname: claim centre\n")
    names = {**offices.NAMES, "L1": NAME, "L3": NAME + " 3"}
    on = {"programme": "KNIFE", "version": "1"}
    results = [{"unit": "M1", "grade": "Completed"}, {"unit": "EXAM", "grade": "Completed"}]
    claims = [
        case.claim(**on, kind="course", grade=None, learner_ref=one, learner_name=names[one], results=results)
        for one in offices.LEARNERS
    ]
    about = [
        offices._of(case.learner(), one).model_copy(update={"name": names[one]}) for one in offices.LEARNERS
    ]
    about += [
        case.attended(7 if one == "L3" else 8).model_copy(update={**on, "learner_ref": one})
        for one in offices.LEARNERS
    ]
    offices.put_records(root, about)
    offices.put_claims(root, claims, "jsonl")
    return root


def centre(root: Path) -> Path:
    labels = {"qualification": "Statement of Results", "units": "Unit Transcript"}
    entry = offices.qualification(awarded_by="Pearl Awarding", labels=labels)
    offices.make(root, offices.settings("centre", "btec-centre"), [entry])
    offices.put_records(root, offices.records())
    offices.put_claims(root, offices.claims())
    return root


def walked(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each command said, its help, the morning report and its mails, and the answers to sheets."""
    boxes = ("root", "certificate", "online", *(handle for handle, _, _ in offices.STAFF))
    env = {
        f"CERTPORTAL_PASSPHRASE_{box.replace('.', '_').upper()}": f"sample-{box}-passphrase" for box in boxes
    }
    said = {}
    for rank, words in enumerate(_WALK):
        done = CliRunner().invoke(app, [*words, "-w", str(root)], env=env)
        refused = done.exception if isinstance(done.exception, Refused) else None
        assert refused or isinstance(done.exception, SystemExit | None), done.exception
        if refused:
            with pytest.raises(SystemExit):
                terminal.report_and_exit(refused)
        said[f"{rank} {' '.join(words)}"] = done.output + capsys.readouterr().err
    for path in sorted((root / "certificates/reports").rglob("*")):
        if path.suffix in (".txt", ".html", ".subject", ".csv"):
            said[path.name] = path.read_text("utf-8")
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as workbook:
                for part in workbook.namelist():
                    if "comments" in part:
                        said[f"{path.name} {part}"] = workbook.read(part).decode()
    for suffix in (".txt", ".html"):
        assert any(name.endswith(suffix) for name in said), f"the night wrote no {suffix}"
    with monkeypatch.context() as here:
        here.chdir(root)
        for verb in ("", *VERBS):
            done = CliRunner().invoke(app, [*verb.split(), "--help"])
            said[f"{verb} --help"] = done.output
    assert not [name for name, text in said.items() if "\ufdd0" in text or "\ufdd1" in text]
    return said


def foreign(said: dict[str, str]) -> list[str]:
    found = []
    for name, text in said.items():
        for line in text.splitlines():
            bare = re.sub(r"`[^`]*`", "", line)
            for data in _DATA:
                bare = bare.replace(data, "")
            found += [f"{name}: {line}" for _ in _FOREIGN.findall(bare)]
    return found


def test_a_course_provider_meets_completions_and_administrators(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = walked(provider(tmp_path), capsys, monkeypatch)
    assert foreign(said) == []
    whole = "\n".join(said.values())
    assert "completion" in whole
    assert "administrator" in whole
    assert TITLE in whole


def test_a_centre_and_an_awarding_organisation_meet_claims(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for made in (centre(tmp_path / "centre"), offices.awarding(tmp_path / "awarding")):
        whole = "\n".join(walked(made, capsys, monkeypatch).values())
        assert "claim" in whole
        assert not re.search(r"\bcompletions\b|\benrolments?\b|\bvenues?\b", whole)
