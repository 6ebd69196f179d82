"""What bad claim files get: where, what, why and fix, all at once; nothing written, nothing lost."""

from __future__ import annotations

import json
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from generator.edge.register.claims import Claims
from generator.errors import Problem, Refused
from generator.flow.importing import import_claims
from tests import workshop
from tests.workshop import claim, claims_file

HEAD = "kind,programme,version,centre,learner_ref,learner_name,grade,completed_on,results\n"
ROW = "course,KNIFE,1,NF041,R1,Ann Bo,,2026-06-26,M1=Completed\n"
FAULTY_YAML: dict[str, tuple[str | bytes, list[str]]] = {
    "a key twice": (
        claims_file([claim(1) + "    grade: D\n"]),
        ["claims.yaml:12: YAML-DUPLICATE: `grade` is there twice, first on line 9"],
    ),
    "a number where text is meant": (
        claims_file([claim(1, version="2026")]),
        ["claims.yaml:5 claims.0.version: YAML-FIELD: is not text.*put the value in quotes"],
    ),
    "fields missing, unknown and wrong, all at once": (
        claims_file([claim(1, learner_ref=None) + "    colour: red\n", claim(2, kind="diploma")]),
        [
            "claims.yaml:3 claims.0.learner_ref: YAML-FIELD: is missing / fix: add the field",
            "claims.yaml:11 claims.0.colour: YAML-FIELD: is no field that is known here",
            "claims.yaml:12 claims.1.kind: YAML-FIELD: is not 'qualification', 'units' or 'course'",
        ],
    ),
    "another encoding": (
        claims_file([claim(1)]).encode("utf-16"),
        ["claims.yaml:1: YAML-ENCODING: is not UTF-8 text"],
    ),
    "ten megabytes of one line": (b"a" * 10_000_000, ["claims.yaml: FILE-SIZE: is larger than 5,000,000"]),
    "nesting without end": ("a: " + "[" * 100_000, ["claims.yaml:1: YAML-DEPTH: is nested too deeply"]),
    "a raw control character": (
        claims_file([claim(1), claim(2, learner_name="A\x00b")]),
        [r"claims.yaml:17: YAML-HIDDEN: holds a control character \(U\+0000\)"],
    ),
    "hidden characters in names": (
        claims_file([claim(1, learner_name='"A\\x07b"'), claim(2, learner_name='"A\\u3164b"')]),
        [
            r"claims.yaml:8 claims.0.learner_name: YAML-FIELD: .*\(U\+0007\)",
            r"claims.yaml:17 claims.1.learner_name: YAML-FIELD: .*\(U\+3164\)",
        ],
    ),
    "days that are none": (
        claims_file([claim(1, completed_on="2026-02-30"), claim(2, completed_on="26/06/2026")]),
        ["claims.yaml:10 .*is not a day written YYYY-MM-DD", "claims.yaml:19 .*is not a day written"],
    ),
    "a day to come": (
        claims_file([claim(1, completed_on="2027-01-01")]),
        ["claims.yaml:3 completed_on: CLAIM-DATES: 2027-01-01 is after today, 2026-11-22"],
    ),
    "the same claim twice": (
        claims_file([claim(1), claim(2), claim(1)]),
        [
            "claims.yaml:3: CLAIM-DUPLICATE: REF0001 .* twice, also in certificates/claims/claims.yaml:21 ",
            "claims.yaml:21: CLAIM-DUPLICATE: REF0001 .* twice, also in certificates/claims/claims.yaml:3 ",
        ],
    ),
    "an unknown qualification and an unknown centre": (
        claims_file([claim(1, programme="NOPE"), claim(2, centre="XX")]),
        [
            "claims.yaml:3 programme: CLAIM-PROGRAMME: NOPE version 2026 is not in the catalogue",
            "claims.yaml:12 centre: CLAIM-CENTRE: the centre XX is not known",
        ],
    ),
    "`no` and a code with leading zeros stay what was typed": (
        claims_file([claim(1, grade="no"), claim(4, learner_ref="0123", programme="NO")]),
        [
            "claims.yaml:3 grade: CLAIM-GRADE: `no` is not a grade of this scale / fix: exams officer",
            "claims.yaml:12 programme: CLAIM-PROGRAMME: NO version 1 is not in the catalogue",
        ],
    ),
    "nothing": ("", ["claims.yaml:1: YAML-EMPTY"]),
    "a list at the top": ("- a\n", ["claims.yaml:1 value: YAML-FIELD"]),
    "an alias": ("schema: 1\nclaims: &a []\nx: *a\n", ["claims.yaml:2: YAML-ALIAS"]),
    "a tag": ("schema: !!python/object:os.system 1\n", ["claims.yaml:1: YAML-TAG"]),
    "tabs": ("schema: 1\nclaims:\n\t- a\n", ["claims.yaml:3: YAML-SYNTAX"]),
}
FAULTY_CSV: dict[str, tuple[str | bytes, list[str]]] = {
    "columns missing": (
        "kind,programme,version,centre,learner_ref\na,b,c,d,e\n",
        ["c.csv:1: SHEET-COLUMN: the column `learner_name` is missing", "`completed_on` is missing"],
    ),
    "a column that is not known": (
        HEAD.replace("grade", "grade,colour") + ROW.replace(",,", ",,red,"),
        ["c.csv:1: SHEET-COLUMN: the column `colour` is not known / fix: remove it"],
    ),
    "a column twice": (HEAD.replace("grade", "kind") + ROW, ["c.csv:1: SHEET-COLUMN: .* twice: `kind`"]),
    "short rows": (
        HEAD + "a,b\n" + ROW + "c\n",
        ["c.csv:2: SHEET-ROW: has 2 cells where the headings name 9", "c.csv:4: SHEET-ROW: has 1 cells"],
    ),
    "Latin-1": (
        (HEAD + ROW + ROW.replace("Ann", "Zo\xeb")).encode("latin-1"),
        ["c.csv:3: SHEET-ENCODING: is not UTF-8 text / fix: save it as `CSV UTF-8`"],
    ),
    "UTF-16": ((HEAD + ROW).encode("utf-16"), ["c.csv: SHEET-ENCODING: is UTF-16 text"]),
    "a workbook": (b"PK\x03\x04junk", ["c.csv: SHEET-ENCODING: is a workbook"]),
    "ten megabytes of one line": (
        HEAD + "a" * 10_000_000,
        [r"c.csv: SHEET-LINE: has a line of 10,000,000 characters"],
    ),
    "hidden characters": (
        HEAD + ROW.replace("Ann", "A\x07n") + ROW.replace("Ann", "A\u202en"),
        [r"c.csv:2 learner_name: SHEET-HIDDEN: .*\(U\+0007\)", r"c.csv:3 learner_name: .*\(U\+202E\)"],
    ),
    "a blank that is none and a tag": (
        HEAD + ROW.replace("Ann", "A\u3164n") + ROW.replace("Ann", "A\U000e0041n"),
        [r"c.csv:2 learner_name: SHEET-HIDDEN: .*\(U\+3164\)", r"c.csv:3 learner_name: .*\(U\+E0041\)"],
    ),
    "an open quotation mark": (HEAD + ROW.replace("Ann", '"Ann'), ["c.csv:2: SHEET-CSV: is not CSV"]),
    "no rows": (HEAD, ["c.csv: SHEET-EMPTY: has no rows"]),
    "nothing": ("", ["c.csv:1: SHEET-COLUMN: has no headings"]),
    "several faults of several rows": (
        HEAD + ROW.replace("2026-06-26", "26.6.26") + ROW.replace("course", "diploma") + ROW,
        ["c.csv:2 completed_on: CLAIM-FIELD: is not a day", "c.csv:3 kind: CLAIM-FIELD: is not"],
    ),
    "the same claim twice": (
        HEAD + ROW + ROW.replace("Ann Bo", "Ann Beau"),
        ["c.csv:3: CLAIM-DUPLICATE: R1 is claimed for KNIFE twice, also in certificates/claims/c.csv:2 "],
    ),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace whose claim files each test replaces."""
    return workshop.small(tmp_path_factory.mktemp("import"))


def preview(place: Path, name: str, content: str | bytes) -> import_claims.ImportPreview:
    for path in (place / "certificates/claims").iterdir():
        path.unlink()
    data = content.encode() if isinstance(content, str) else content
    (place / "certificates/claims" / name).write_bytes(data)
    with workshop.opened(place) as session:
        return import_claims.preview(session)


def check(problems: tuple[Problem, ...], expected: list[str]) -> None:
    """Each expectation is found in its own problem, in order, and every problem says how to fix it."""
    said = [str(problem) for problem in problems]
    places = [
        next((rank for rank, text in enumerate(said) if re.search(part, text)), None) for part in expected
    ]
    assert None not in places, said
    assert places == sorted(set(places), key=places.index), said
    assert all(str(problem.place).startswith("certificates/claims/") and problem.fix for problem in problems)


@pytest.mark.parametrize("fault", FAULTY_YAML)
def test_a_faulty_yaml_file_names_file_line_and_fix(place: Path, fault: str) -> None:
    content, expected = FAULTY_YAML[fault]
    found = preview(place, "claims.yaml", content)
    check(found.problems, expected)
    # All of them, and nothing besides.
    assert len(found.problems) == len(expected)


@pytest.mark.parametrize("fault", FAULTY_CSV)
def test_a_faulty_csv_file_names_file_line_and_fix(place: Path, fault: str) -> None:
    content, expected = FAULTY_CSV[fault]
    check(preview(place, "c.csv", content).problems, expected)


def test_a_byte_order_mark_is_welcome(place: Path) -> None:
    for name, content in (("c.csv", HEAD + ROW), ("claims.yaml", claims_file([claim(4)]))):
        found = preview(place, name, b"\xef\xbb\xbf" + content.encode())
        assert (found.new, found.problems) == (1, ())


def test_faults_of_several_files_come_together(place: Path) -> None:
    preview(place, "a.csv", HEAD + ROW.replace("KNIFE", "SPOON"))
    (place / "certificates/claims/b.yaml").write_text("schema: 1\nclaims: 7\n", "utf-8")
    with workshop.opened(place) as session:
        found = import_claims.preview(session)
    assert {problem.code for problem in found.problems} == {"CLAIM-PROGRAMME", "YAML-FIELD"}
    assert found.new == 0


def test_a_preview_is_a_value(place: Path) -> None:
    """Looked at twice it is the same, whatever has run since; another file makes another."""
    first = preview(place, "a.csv", HEAD + ROW)
    assert preview(place, "a.csv", HEAD + ROW) == first
    assert preview(place, "a.csv", HEAD + ROW.replace("KNIFE", "SPOON")) != first
    with pytest.raises(FrozenInstanceError):
        first.new = 7  # type: ignore[misc]  # a preview is not changed


def test_only_the_rows_that_were_looked_at_are_written(place: Path) -> None:
    (place / "certificates/claims/a.csv").write_text(HEAD + ROW, "utf-8")
    with workshop.opened(place) as session:
        looked_at = import_claims.preview(session)
        assert looked_at.new > 0
        import_claims.preview(session, [])
        with pytest.raises(Refused, match="IMPORT-CHANGED"):
            import_claims.write(session, looked_at)
        assert list(Claims(session.register).uncertified()) == []
    with workshop.opened(place) as session, pytest.raises(Refused, match="IMPORT-CHANGED"):
        import_claims.write(session, looked_at)
    with workshop.opened(place) as session:
        again = import_claims.preview(session)
        assert again == looked_at
        import_claims.write(session, looked_at)
        assert len(list(Claims(session.register).uncertified())) == looked_at.new


def test_registering_twice_keeps_one_claim(tmp_path: Path) -> None:
    root = workshop.prepared(tmp_path)
    before = workshop.state(root)
    workshop.prepare(root)
    assert workshop.state(root) == before
    assert len(workshop.register_content(root)["claims"]) == 5


@pytest.mark.slow
def test_a_claim_that_changed_after_issue_is_refused(tmp_path: Path) -> None:
    root = workshop.approved(tmp_path)
    workshop.issue_all(root)
    found = preview(root, "claims.yaml", claims_file([claim(1, learner_name="Somebody Else"), claim(2)]))
    assert [problem.code for problem in found.problems] == ["CLAIM-ISSUED"]
    assert "differs from certificate NW-26-00000" in found.problems[0].what
    assert found.same == 1


@pytest.mark.parametrize("form", ["yaml", "csv", "jsonl"])
def test_one_faulty_claim_leaves_out_itself_and_no_other(place: Path, form: str) -> None:
    bad = {"learner_name": '"A\\u202Eb"'}
    match form:
        case "yaml":
            text = claims_file(claim(rank, **(bad if rank == 7 else {})) for rank in range(1, 13))
        case "csv":
            rows = [ROW.replace("R1", f"X{rank}") for rank in range(1, 13)]
            text = HEAD + "".join(rows).replace("X7,Ann", "X7,A\u3164n")
        case _:
            fields = dict(zip(HEAD.strip().split(","), ROW.strip().split(","), strict=True))
            fields = {name: value for name, value in fields.items() if value}
            lines = [
                {**fields, "results": [{"unit": "M1", "grade": "Completed"}], "learner_ref": f"X{rank}"}
                for rank in range(1, 13)
            ]
            lines[6]["kind"] = "diploma"
            text = "\n".join(map(json.dumps, lines))
    found = preview(place, f"claims.{form}", text)
    assert (found.new, found.held) == (11, 1)
    assert len(found.problems) == 1
    assert found.problems[0].fix


def test_a_sheet_on_which_six_others_rest_is_wrong_once(place: Path) -> None:
    fields = {"layout": "unit_grades", "programme": "KNIFE", "version": "1", "centre": "NF041"}
    listed = [{"file": f"grades-{rank}.csv", **fields, "registrations": "gone.csv"} for rank in range(6)]
    found = preview(place, "sources.yaml", json.dumps({"schema": 1, "sources": listed}))
    told = [str(problem) for problem in found.problems if "gone.csv" in str(problem)]
    assert len(told) == 1
    assert "certificates/registrations/gone.csv: FILE-MISSING" in told[0]
