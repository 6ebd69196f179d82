"""Subject access: everything of one learner, readable and machine-readable, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest

from generator.edge.register.event_log import EventLog
from generator.errors import Refused
from generator.flow.after_issue import subject_access
from tests.flow.after_issue import test_traces as traces
from tests.flow.after_issue.test_holds import hold, one_more, place
from tests.flow.after_issue.test_lifecycle import SERIAL, codes, suspend
from tests.flow.after_issue.test_replace import asked, request
from tests.small_office import LEARNERS, STAFF, Office


def exported(office: Office, ref: str = "L001") -> dict[str, bytes]:
    return subject_access.export(office.session, "NF041", ref)


@pytest.mark.slow
def test_everything_of_one_learner(office: Office) -> None:
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    office.issue_all()
    suspend_other(office)
    files = exported(office)
    assert set(files) == {"your-data.json", "your-data.txt", f"{SERIAL}.pdf", "NW-26-000007.pdf"}
    found = json.loads(files["your-data.json"])
    assert [item["certificate"]["serial"] for item in found["claims"]] == [SERIAL, "NW-26-000007"]
    first = found["claims"][0]
    assert first["claim"]["learner_name"] == LEARNERS[0]
    assert [item["role"] for item in first["approvals"]] == [
        "lead_internal_verifier",
        "quality_nominee",
        "exams_officer",
    ]
    assert [item["state"] for item in first["certificate"]["status"]] == ["superseded"]
    assert {"claim_imported", "certificate_issued", "certificate_superseded"} <= {
        item["what"] for item in first["events"]
    }
    text = files["your-data.txt"].decode()
    assert "learner name: Zoë Ó Briain" in text
    assert "learner name: Zoë Ní Bhriain" in text
    assert "'unit'" not in text  # lines for people, not the spelling of a program


def suspend_other(office: Office) -> None:
    suspend(office.at("2026-11-23T02:00:00Z"), serial="NW-26-000002")


def test_nothing_of_anybody_else(office: Office) -> None:
    suspend(office)
    text = b"".join(data for name, data in exported(office).items() if name.startswith("your-data")).decode()
    for other in LEARNERS[1:]:
        assert other not in text
    for handle, name, _ in STAFF:
        assert handle not in text
        assert name not in text
    assert "a question is open" not in text
    assert "cases to read before giving out" in text


@pytest.mark.slow
def test_every_record_message_and_held_row_of_one_learner_and_of_no_other(office: Office) -> None:
    traces.furnish(office)
    files = exported(office)
    found = json.loads(files["your-data.json"])
    kinds = [item["kind"] for item in found["records"]]
    assert set(kinds) == {record.KIND for record in (*traces.records(), *traces.papers())}
    earlier, now = [item for item in found["records"] if item["kind"] == "learners"]
    assert (earlier["record"]["name"], earlier["current"]) == (traces.EARLIER, False)
    assert (now["record"]["uln"], now["current"]) == (traces.ULN, True)
    assert [item["event"] for item in found["messages_about_registrations"]] == [
        "registered",
        "details_changed",
    ]
    assert found["messages_about_registrations"][0]["state"] == "not sent"
    assert [(item["unit"], item["assignment"]) for item in found["work_sampled_for_verification"]] == [
        ("M1", "A1")
    ]
    assert [item["outcome"] for item in found["claims_checked_against_the_records"]] == ["agrees"]
    assert [item["line"] for item in found["rows_held_by_an_import"]] == [9]
    assert found["held_rows_to_read_before_giving_out"] == ["course.csv:11"]
    assert found["claims"][0]["email"] == "l001@learners.example"
    text = files["your-data.txt"].decode()
    whole = text + files["your-data.json"].decode()
    for mine in (
        LEARNERS[0],
        traces.EARLIER,
        traces.ULN,
        traces.ADDRESS,
        traces.TELEPHONE,
        *traces.SAID[:3],
        traces.SAID[5],
    ):
        assert mine in text
        assert mine in whole
    theirs = ["L002", "else-", "stays", *traces.OTHER.values(), *LEARNERS[1:], "NW-26-000002"]
    theirs += [word for handle, name, _ in STAFF for word in (handle, name)]
    assert [word for word in theirs if word in whole] == []
    # What people wrote of an event in their own words is listed for a person to read first.
    assert [word for word in (traces.SAID[3], *traces.SAID[7:]) if word in whole] == []
    assert "third party to read before giving out" in text
    assert "outcome to read before giving out" in text


def test_who_is_recorded_and_not_claimed_gets_it_too(office: Office) -> None:
    traces.take(office, traces.records("L777", "Jun Novák"))
    found = json.loads(exported(office, "L777")["your-data.json"])
    assert (found["claims"], len(found["records"])) == ([], 7)
    assert "access_exported" in {kind for _, _, kind, _ in EventLog(office.register).about("NF041/L777")}


def test_a_claim_that_waits_is_part_of_it(office: Office) -> None:
    place(office, hold("claim", one_more(office)))
    found = json.loads(exported(office, "L007")["your-data.json"])
    assert found["claims"][0]["certificate"] is None
    assert [item["kind"] for item in found["claims"][0]["holds"]] == ["data_query"]
    assert "the date is asked back" not in json.dumps(found)


def test_references_are_compared_whole_and_within_the_centre(office: Office) -> None:
    for centre, ref in (("NF041", "L00"), ("NF042", "L001"), ("NF041", "L999")):
        with pytest.raises(Refused) as refused:
            subject_access.export(office.session, centre, ref)
        assert codes(refused) == {"ACCESS-UNKNOWN"}
