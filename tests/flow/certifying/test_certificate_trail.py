"""The trail of a certificate: its life in order, each thing that can be verified marked good or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator.edge.register.approvals import Approvals
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.event_log import EventLog
from generator.edge.register.records import OfficeRecords
from generator.errors import Refused
from generator.flow.certifying import approvals
from generator.flow.certifying.certificate_trail import TrailLine, trail
from generator.formats import approval
from generator.model.office_record import OfficeRecord
from generator.model.registration import LearnerRecord
from generator.model.result import Result, VerificationRecord
from tests.small_office import NOW, Office, small_office

SERIAL = "NW-26-000001"
CENTRE = {"centre": "NF041"}
COURSE = {**CENTRE, "programme": "AID1", "version": "1"}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[TrailLine]]:
    """The trail of a certificate in an office where nothing is wrong."""
    with small_office(tmp_path_factory.mktemp("untouched")) as office:
        yield trail(office.session, SERIAL)


def change(office: Office, sql: str, *values: Any) -> None:
    with office.register.transaction():
        assert office.register.change(sql, *values), f"nothing was changed by {sql}"


def keep(office: Office, *records: OfficeRecord) -> None:
    with office.register.transaction():
        for record in records:
            OfficeRecords(office.register).keep(record, "records.csv:1", NOW)


def texts(office: Office, section: str) -> list[str]:
    return [line.text for line in trail(office.session, SERIAL) if line.section == section]


def bad(office: Office) -> list[str]:
    return [line.text for line in trail(office.session, SERIAL) if line.good is False]


def held(office: Office) -> RegisteredClaim:
    found = Certificates(office.register).find(SERIAL)
    assert found is not None
    claim = Claims(office.register).by_id(found.claim_id)
    assert claim is not None
    return claim


def test_a_trail_is_in_the_order_of_a_certificates_life(untouched: list[TrailLine]) -> None:
    sections = list(dict.fromkeys(line.section for line in untouched))
    assert sections == ["records", "claim", "approvals", "certificate", "events", "event chain"]
    assert [line for line in untouched if line.good is False] == []


def test_only_what_was_verified_is_called_good(untouched: list[TrailLine]) -> None:
    told = [line.text for line in untouched if line.good is None]
    assert [text.split(" ")[0] for text in told] == ["none", told[1].split(" ")[0], "Zoë", SERIAL]
    good = [line.text for line in untouched if line.good]
    for what in (
        "event 1 2026-11-22T02:00:00Z claim imported",
        "over exactly what is printed",
        "2 approvals consumed by NW-26-000001",
        "statement signed with the certificate key",
        "record signed with the certificate key",
        "the record holds the statement of the register",
        "certificates/issued/2026/NW-26-000001.pdf is the file that was issued",
        "certificate numbered",
        "certificate issued",
        "events up to",
    ):
        assert any(what in text for text in good), f"nothing good says: {what}"


def test_a_claim_is_told_with_its_grades(untouched: list[TrailLine]) -> None:
    claim = [line.text for line in untouched if line.section == "claim" and line.good is None]
    assert claim[0].endswith("from certificates/claims/course.csv:2: course of AID1 1 for L001 at NF041")
    assert claim[1] == "Zoë Ó Briain, no overall grade, 2026-11-20: M1 Completed · M2 Completed"


def test_each_approval_is_told_by_person_role_and_key_and_which_served(untouched: list[TrailLine]) -> None:
    given = [line.text for line in untouched if line.section == "approvals"][:-1]
    said = [text.partition(", key ")[0] for text in given]
    assert said == [
        "l.iv as lead internal verifier: approve",
        "q.nom as quality nominee: approve",
        "e.off as exams officer: approve",
    ]
    served = ["over exactly what is printed" in text for text in given]
    assert served == [True, True, False], "the exams officer's approval was not needed"


def test_an_unknown_serial_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="CERTIFICATE-UNKNOWN: no certificate has this serial"):
        trail(office.session, "NW-26-000099")


def test_of_an_erased_certificate_only_serial_day_and_chain_are_told(office: Office) -> None:
    entry = Certificates(office.register).entry(SERIAL)
    with office.register.transaction():
        Certificates(office.register).erase(SERIAL, entry)
    lines = trail(office.session, SERIAL)
    assert [line.section for line in lines] == ["certificate", "event chain"]
    assert lines[0].text == f"{SERIAL} issued on 2026-11-22; its content was erased"


def test_records_are_told_with_where_they_came_from_and_what_replaced_them(office: Office) -> None:
    fields = {**COURSE, "learner_ref": "L001", "unit": "M1", "assessor": "a.one", "state": "confirmed"}
    old, new = Result.of({**fields, "grade": "Failed"}), Result.of({**fields, "grade": "Completed"})
    other = Result.of({**fields, "programme": "AID2", "grade": "Completed"})
    learner = LearnerRecord.of({**CENTRE, "learner_ref": "L001", "name": "Zoë Ó Briain"})
    keep(office, old, new, other, learner)
    results = texts(office, "results")
    grades = [re.findall(r"(?:unit|grade|state|assessor) [\w.]+", text) for text in results]
    assert grades == [
        ["unit M1", f"grade {grade}", "assessor a.one", "state confirmed"]
        for grade in ("Failed", "Completed")
    ]
    assert not [text for text in results if "L001" in text], "whose record it is is said by the trail itself"
    assert ["replaced since" in text for text in results] == [True, False]
    assert all("records.csv:1, 2026-11-22T02:00:00Z" in text for text in results), results
    assert len(texts(office, "learners")) == 1
    assert len([text for text in texts(office, "records") if "record kept" in text]) == 4
    assert not [text for text in texts(office, "records") if text.startswith("none")]
    change(office, "UPDATE records SET body = CAST(replace(body, 'Failed', 'Passed') AS BLOB)")
    assert "a record of NF041/L001 (results) was edited in the register" in bad(office)


def verification(**more: Any) -> VerificationRecord:
    fields = {"unit": "M1", "assignment": "A1", "assessor": "a.one", "outcome": "agreed"}
    days = {"verifier": "v.two", "verified_on": "2026-06-01"}
    brief = {"brief_verified_by": "v.two", "brief_verified_on": "2026-02-01", "sampled": ["L9"]}
    return VerificationRecord.of({**COURSE, **fields, **days, **brief, **more})


def test_a_verification_is_told_where_unit_and_assessor_are_the_certificates(office: Office) -> None:
    keep(
        office,
        verification(),
        verification(assignment="A2", unit="M9"),
        verification(assignment="A3", assessor="b.two"),
        verification(assignment="A4", version="2"),
        verification(assignment="A5", programme="AID2"),
    )
    assert texts(office, "verifications") == [], "nobody is known to have assessed this learner"
    result = {"learner_ref": "L001", "unit": "M1", "grade": "Completed", "state": "confirmed"}
    keep(office, Result.of({**COURSE, **result, "assessor": "a.one"}))
    (told,) = [line for line in trail(office.session, SERIAL) if "assignment" in line.text]
    assert "assignment A1" in told.text
    assert told.good is True


def test_a_verification_in_the_grade_sheet_is_told_of_its_unit(office: Office) -> None:
    claim = held(office)
    grade = {"unit": "M1", "grade": "Completed", "assessor": "a.one", "verifier": "v.two"}
    results = [{**grade, "verified_on": "2026-06-01"}, {"unit": "M2", "grade": "Completed"}]
    with office.register.transaction():
        changed = type(claim.claim).of({**claim.claim.plain(), "results": results})
        Claims(office.register).amend(claim.claim_id, changed, claim.source)
    assert texts(office, "verification") == [
        "M1: assessed by a.one, verified by v.two on 2026-06-01 (grade sheet)"
    ]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE certificates SET pdf_sha256 = 'f' || substr(pdf_sha256, 2)", "is the file that was issued"),
        (
            "UPDATE certificates SET approvals_sha256 = 'f' || substr(approvals_sha256, 2)",
            "2 approvals consumed",
        ),
        (
            "UPDATE certificates SET statement = CAST(replace(statement, 'Zoë', 'Zoe') AS BLOB)",
            "something else",
        ),
        (
            "UPDATE certificates SET statement = CAST(replace(statement, 'Zoë', 'Zoe') AS BLOB)",
            "holds the statement",
        ),
        ("UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE kind = 'certificate_issued'", "was altered"),
        (
            "UPDATE events SET at = '2026-01-01T00:00:00Z' WHERE kind = 'certificate_issued'",
            "certificate issued",
        ),
        ("DELETE FROM approvals WHERE role = 'exams_officer'", "no longer in the register"),
        ("UPDATE approvals SET envelope = CAST(envelope || ' ' AS BLOB)", "never received"),
    ],
)
def test_what_does_not_hold_is_marked(office: Office, sql: str, said: str) -> None:
    change(office, sql)
    found = bad(office)
    assert [text for text in found if said in text], f"{found} does not say: {said}"


def test_signatures_of_a_key_that_the_manifest_does_not_name_do_not_hold(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = office.workspace.keystore.manifest()
    stranger = manifest.model_copy(update={"keys": ()})
    monkeypatch.setattr(type(office.workspace.keystore), "manifest", lambda *_: stranger)
    assert [text.partition(" key ")[0] for text in bad(office)] == [
        "statement signed with the certificate",
        "record signed with the certificate",
    ]


def test_a_file_that_is_not_here_is_not_judged(office: Office) -> None:
    (office.workspace.root / "certificates/issued/2026" / f"{SERIAL}.pdf").unlink()
    assert not [text for text in texts(office, "certificate") if ".pdf" in text]
    assert bad(office) == []


def test_a_query_is_told_with_its_note(office: Office) -> None:
    claim = held(office)
    asked = (office.session, "e.off", "exams_officer", [claim], "query", "which centre?")
    (signed,), problems = approvals.sign_claims(*asked)
    assert problems == []
    opened = approval.decode(approval.split(signed.data))
    with office.register.transaction():
        Approvals(office.register).receive(NOW, opened, signed.data, signed.draft)
    last = texts(office, "approvals")[3]
    assert last.startswith("e.off as exams officer: query, key ")
    assert last.endswith("(which centre?)")


def test_what_issuing_wrote_into_the_chain_names_claim_approvals_and_recipe(office: Office) -> None:
    numbered, issued = EventLog(office.register).of(SERIAL)
    found = Certificates(office.register).find(SERIAL)
    assert found is not None
    assert (numbered.kind, issued.kind) == ("certificate_numbered", "certificate_issued")
    assert dict(numbered.details) == {
        "subject": SERIAL,
        "claim": found.claim_id,
        "approvals_sha256": Certificates(office.register).approvals_digest(SERIAL),
        "recipe": found.recipe_id,
    }
    assert dict(issued.details) == {"subject": SERIAL, "pdf_sha256": found.pdf_sha256}
