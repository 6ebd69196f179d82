"""A new organisation's first day, in a fresh folder with passphrases of its own, from init to verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.formats import verification_code
from tests import workshop
from tests.cli.terminal import Answer, Terminal, fresh, passphrases

SECRETS = passphrases(prefix="horse battery ", suffix=" staple") | {
    "CERTPORTAL_PASSPHRASE_A_ONE": "correct horse battery one",
    "CERTPORTAL_PASSPHRASE_B_TWO": "correct horse battery two",
}


class Office:
    """Runs commands in the office's folder and expects them to succeed unless told otherwise."""

    def __init__(self, certportal: Terminal) -> None:
        self.certportal = certportal

    def __call__(self, *words: str | Path, code: int = 0) -> Answer:
        answer = self.certportal(*words, env=SECRETS)
        assert answer.code == code, (words, answer)
        assert "Traceback" not in answer.said
        for secret in SECRETS.values():
            assert secret not in answer.said
        return answer


@pytest.mark.slow
def test_a_first_day(tmp_path: Path, certportal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "riverside"
    made = fresh(
        "init", folder, "--name", "Riverside Training", "--code", "RT",
        "--origin", "https://verify.riverside.example", cwd=tmp_path,
    )  # fmt: skip
    assert (made.code, "certportal keys init" in made.out) == (0, True)
    # Nobody prints another organisation's logo.
    designs = [path.read_text("utf-8") for path in (folder / "site_src/templates").rglob("template.yaml")]
    assert designs
    assert all("Northfield" not in text and "Logo of Riverside Training" in text for text in designs)
    monkeypatch.chdir(folder)
    office = Office(certportal)
    assert "run `certportal keys init`" in office("issue", code=1).err
    office("keys", "init")
    assert "KEYS-EXIST" in office("keys", "init", code=1).err
    office("staff", "add", "a.one", "--name", "Ann One", "--role", "programme_leader")
    office("staff", "add", "b.two", "--name", "Bo Two", "--role", "quality_nominee")
    assert "quality nominee" in office("staff", "list").out

    claims = folder / "certificates/claims"
    example = (claims / "example.yaml.txt").read_text("utf-8").splitlines()[1:]
    (claims / "first.yaml").write_text("\n".join(row.removeprefix("# ") for row in example), "utf-8")
    (claims / "more.csv").write_text(
        "kind,programme,version,centre,learner_ref,learner_name,completed_on,results\n"
        "course,FIRST101,1,MAIN,L0002,Zoë Ŵyn,2026-11-19,M1=Completed\n",
        "utf-8",
    )
    assert "2 new" in office("import").out
    assert "2 new" in office("import", "--write").out
    assert "0 new, 0 amended, 2 known" in office("import").out
    assert "APPROVAL-MISSING" in office("issue", code=3).err
    for handle, role in (("a.one", "programme_leader"), ("b.two", "quality_nominee")):
        office("approve", "--standing", "FIRST101", "--as", handle, "--role", role)
    issued = json.loads(office("issue", "--json").out)
    assert (issued["issued"], issued["held"], issued["problems"]) == (2, 0, [])
    # Nobody drew a sample to check: reported, not held, as the rule set says.
    assert {item["code"] for item in issued["reported"]} == {"REVIEW-CHECKED"}
    office("publish")
    assert "Nothing is wrong" in office("audit").out

    year = next(iter((folder / "certificates/issued").iterdir())).name
    pdf = folder / f"certificates/issued/{year}/RT-{year[2:]}-000001.pdf"
    assert "Genuine and current" in office("verify", pdf).out
    verdict = json.loads(office("verify", pdf, "--json").out)
    assert (verdict["kind"], verdict["statement"]["issuer"]) == ("valid", "Riverside Training")
    # An outsider with only the public folder and root.json comes to the same answer.
    elsewhere = ("--site", folder / "public", "--root", folder / "keys/root.json")
    stranger = fresh("verify", pdf, *elsewhere, cwd=tmp_path, env={})
    assert stranger.code == 0
    assert fresh("audit", *elsewhere, cwd=tmp_path, env={}).code == 0
    assert "DEMO-SAMPLE" in office("demo", code=2).err


def test_sample_passphrases_protect_nothing_of_your_own(tmp_path: Path, certportal: Terminal) -> None:
    certportal("init", tmp_path / "own", "--name", "Own", "--code", "OW")
    for weak in (passphrases(), passphrases(prefix="", suffix="")):
        answer = certportal("keys", "init", "-w", tmp_path / "own", env=weak)
        assert answer.code == 1
        assert "KEYS-WEAK" in answer.err
        assert not (tmp_path / "own/keys/root.json").exists()


def test_init_never_writes_over_anything(tmp_path: Path, certportal: Terminal) -> None:
    (tmp_path / "mine").write_text("x", "utf-8")
    answer = certportal("init", tmp_path)
    assert (answer.code, "INIT-FOLDER" in answer.err) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    bad = certportal("init", tmp_path / "new", "--code", "lower")
    assert bad.code == 1
    assert "organisation.code" in bad.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [("2026", "malformed", 16), ("{absent}", "not_found", 10), ("{valid}", "valid", 0)],
)
def test_verify_ends_with_a_code_for_each_kind(
    finished: Path, certportal: Terminal, asked: str, kind: str, code: int
) -> None:
    with workshop.opened(finished) as session:
        valid = str(session.register.rows("SELECT number FROM certificates LIMIT 1")[0][0])
    question = asked.format(absent=verification_code.encode(2026, 12345), valid=valid)
    answer = certportal("verify", question, "-w", finished, "--json")
    assert (json.loads(answer.out)["kind"], answer.code) == (kind, code)
    spoken = certportal("verify", question, "-w", finished)
    assert spoken.code == code
    assert valid not in spoken.said
