"""Subject access: everything of one learner, readable and machine-readable, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest

from generator.errors import Refused
from generator.flow import access
from tests.flow.test_holds import hold, one_more, place
from tests.flow.test_lifecycle import SERIAL, codes, suspend
from tests.flow.test_replace import asked, request
from tests.small_office import LEARNERS, STAFF, Office


def exported(office: Office, ref: str = "L001") -> dict[str, bytes]:
    return access.export(office.workspace, office.register, office.door, "NF041", ref)


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


def test_a_claim_that_waits_is_part_of_it(office: Office) -> None:
    place(office, hold("claim", one_more(office)))
    found = json.loads(exported(office, "L007")["your-data.json"])
    assert found["claims"][0]["certificate"] is None
    assert [item["kind"] for item in found["claims"][0]["holds"]] == ["data_query"]
    assert "the date is asked back" not in json.dumps(found)


def test_references_are_compared_whole_and_within_the_centre(office: Office) -> None:
    for centre, ref in (("NF041", "L00"), ("NF042", "L001"), ("NF041", "L999")):
        with pytest.raises(Refused) as refused:
            access.export(office.workspace, office.register, office.door, centre, ref)
        assert codes(refused) == {"ACCESS-UNKNOWN"}
