"""Resend is not replace; a replacement says so, keeps the achievement date, and leads nowhere."""

from __future__ import annotations

import dataclasses
import json
import shutil
from typing import Any

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.messages import Messages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Malformed, Refused
from generator.flow.after_issue import lifecycle, replacement
from generator.flow.certifying import issuing
from generator.flow.shared import certificate_states
from generator.flow.shared import workspace as workspaces
from generator.formats import statement
from generator.model.case import Request
from tests.flow.after_issue.test_lifecycle import SERIAL, codes, evidence, suspend, verdict
from tests.small_office import Office

SEEN = {"what": "certificate of marriage", "seen_by": "e.off", "seen_on": "2026-11-20"}
NEW = "NW-26-000007"


def request(because: str = "name", **more: Any) -> Request:
    fields = {"old_serial": SERIAL, "because": because, "evidence": SEEN, "fee_paid": "receipt 14", **more}
    return Request.of({name: value for name, value in fields.items() if value is not None})


def asked(office: Office, wanted: Request, **corrections: object) -> str:
    planned = replacement.plan(office.session, wanted, corrections)
    return replacement.ask(office.session, planned, "e.off")


def announced(office: Office) -> list[str]:
    """Whom the next delivery tells of a new certificate: each once."""
    return [serial for serial, _ in Messages(office.register).unannounced(10_000, None)]


def printed(office: Office, serial: str) -> Any:
    return json.loads(certificate_states.certificate(office.register, serial).statement or b"{}")


@pytest.mark.slow
def test_a_changed_name_gives_a_new_certificate_and_no_trail_from_the_old(office: Office) -> None:
    planned = replacement.plan(office.session, request(), {"learner": {"name": "Zoë Ní Bhriain"}})
    assert planned.differences() == [
        ("replacement", "not printed", "printed"),
        ("learner", "Zoë Ó Briain", "Zoë Ní Bhriain"),
    ]
    claim_id = replacement.ask(office.session, planned, "e.off")
    held = issuing.issue(office.session)
    assert held.issued == 0
    assert [problem.code for problem in held.problems] == ["APPROVAL-MISSING"] * 2, "one for each role"
    assert office.issue_all().issued == 1
    old, new = printed(office, SERIAL), printed(office, NEW)
    assert new["replacement"] is True
    assert new["learner"]["name"] == "Zoë Ní Bhriain"
    assert new["completed_on"] == old["completed_on"]
    assert new["number"] != old["number"]
    office.publish()
    shown = verdict(office)
    assert (shown.kind, shown.reason_code, shown.successor) == ("superseded", 3, None)
    assert verdict(office, NEW).kind == "valid"
    assert NEW in announced(office)
    told = json.dumps([details for _, _, _, details in EventLog(office.register).about(SERIAL)])
    assert NEW not in told
    assert claim_id not in told
    assert evidence(office) == []


def designed(office: Office, *names: str, settings: str = "") -> Office:
    """The office with designs of its own, copies of one that is known."""
    root = office.workspace.root
    (root / "site_src").unlink()
    for name in names:
        shutil.copytree(
            workspaces.installed_site_source() / "templates/unit", root / "site_src/templates" / name
        )
    portal = root / "portal.yaml"
    portal.write_text(portal.read_text().replace("policy:\n", f"policy:\n{settings}", 1))
    return dataclasses.replace(office, workspace=workspaces.load_workspace(root))


def template_of(office: Office, **corrections: object) -> str:
    return replacement.plan(office.session, request("damage"), corrections).template


@pytest.mark.slow
def test_a_replacement_takes_the_design_made_for_it(office: Office) -> None:
    assert template_of(office) == "replacement"
    own = designed(office, "completion-replacement")
    assert template_of(own) == "completion-replacement"
    assert template_of(own, template="unit") == "unit"
    asked(own, request("damage"))
    assert own.issue_all().issued == 1
    new = Certificates(own.register).find(NEW)
    assert new is not None
    assert new.template == "completion-replacement"
    # A replacement that is replaced keeps its design.
    again = replacement.plan(own.session, request("damage", old_serial=NEW), {})
    assert again.template == "completion-replacement"


def test_the_office_may_name_one_design_for_all(office: Office) -> None:
    settings = "  after_issue: {replacement_template: accredited}\n"
    assert template_of(designed(office, "completion-replacement", settings=settings)) == "accredited"


@pytest.mark.slow
def test_a_design_that_comes_later_changes_nothing_that_was_approved(office: Office) -> None:
    asked(office, request("damage"))
    office.approve_all()
    own = designed(office, "completion-replacement")
    assert issuing.issue(own.session).issued == 1
    new = Certificates(own.register).find(NEW)
    assert new is not None
    assert new.template == "replacement"


def test_one_person_cannot_replace_alone(office: Office) -> None:
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    from generator.flow.certifying import approvals

    waiting = list(Claims(office.register).uncertified())
    signed, _ = approvals.sign_claims(office.session, "e.off", "exams_officer", waiting)
    approvals.receive(office.session, signed)
    done = issuing.issue(office.session)
    assert (done.issued, StateChanges(office.register).state(SERIAL)) == (0, "valid")


@pytest.mark.slow
@pytest.mark.parametrize("because", ["damage", "loss", "error", "name"])
def test_whatever_the_reason_the_public_words_are_the_same(office: Office, because: str) -> None:
    name = "Zoë Ní Bhriain" if because in ("error", "name") else "Zoë Ó Briain"
    asked(office, request(because), learner={"name": name})
    assert office.issue_all().issued == 1
    office.publish()
    shown = verdict(office)
    assert (shown.kind, shown.reason_code, shown.until, shown.successor) == ("superseded", 3, None, None)


@pytest.mark.slow
def test_with_consent_a_replacement_that_keeps_the_name_is_named(office: Office) -> None:
    asked(office, request("damage", consent=True))
    assert office.issue_all().issued == 1
    office.publish()
    assert verdict(office).successor == certificate_states.certificate(office.register, NEW).number


@pytest.mark.parametrize(
    "fields",
    [
        {"evidence": None},
        {"fee_paid": None},
        {"fee_waived": "hardship"},
        {"consent": True},
        {"because": None},
        {"evidence": {**SEEN, "seen_on": "yesterday"}},
    ],
)
def test_a_request_needs_evidence_and_a_fee_or_a_waiver(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        request(**{"because": "name", **fields})


@pytest.mark.parametrize(
    ("wanted", "corrections", "code"),
    [
        (request("name"), {}, "REPLACE-NAME"),
        (request("damage"), {"learner": {"name": "Another"}}, "REPLACE-NAME"),
        (request("error", consent=True), {"learner": {"name": "Another"}}, "REPLACE-CONSENT"),
        (request("error"), {"completed_on": "2026-11-19"}, "REPLACE-DATE"),
        (request("damage", evidence={**SEEN, "seen_by": "nobody"}), {}, "STAFF-UNKNOWN"),
        (request("damage", old_serial="NW-26-999999"), {}, "CERTIFICATE-UNKNOWN"),
    ],
)
def test_requests_that_are_refused(
    office: Office, wanted: Request, corrections: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        replacement.plan(office.session, wanted, corrections)
    assert codes(refused) == {code}


@pytest.mark.slow
def test_a_replacement_is_asked_for_once_and_may_be_withdrawn(office: Office) -> None:
    claim_id = asked(office, request("damage"))
    with pytest.raises(Refused) as refused:
        asked(office, request("damage"))
    assert codes(refused) == {"REPLACE-TWICE"}
    replacement.withdraw(office.session, claim_id, "e.off")
    assert asked(office, request("loss")) != claim_id
    assert office.issue_all().issued == 1


@pytest.mark.slow
def test_a_suspension_meanwhile_holds_the_replacement(office: Office) -> None:
    asked(office, request("damage"))
    suspend(office)
    done = office.issue_all()
    assert (done.issued, [problem.code for problem in done.problems]) == (0, ["AFTER-STATE"])


@pytest.mark.slow
def test_every_look_at_the_link_is_an_event(office: Office) -> None:
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    office.issue_all()
    for who, why, code in (("l.iv", "curious", "AFTER-ROLE"), ("e.off", " ", "LINK-REASON")):
        with pytest.raises(Refused) as refused:
            replacement.link(office.session, SERIAL, who, why)
        assert codes(refused) == {code}
    seen = replacement.link(office.session, NEW, "e.off", "enquiry 2026/14")
    assert seen == [f"replaces {SERIAL} (name)"]
    last = EventLog(office.register).about(NEW)[-1]
    assert last[2] == "link_viewed"
    assert last[3]["by"] == "e.off"


def test_a_resend_sends_the_very_file(office: Office) -> None:
    again = lifecycle.plan_resend(office.session, SERIAL)
    lifecycle.resend(office.session, again, "e.off")
    [message] = Messages(office.register).due(office.environment.now)
    assert (message.kind, message.serial) == ("issued", SERIAL)
    lifecycle.resend(office.session, again, "e.off")
    assert len(Messages(office.register).due(office.environment.now)) == 2
    path = office.workspace.root / again.file
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        lifecycle.plan_resend(office.session, SERIAL)
    assert codes(refused) == {"FILE-CHANGED"}
    path.unlink()
    with pytest.raises(Refused) as refused:
        lifecycle.plan_resend(office.session, SERIAL)
    assert codes(refused) == {"FILE-MISSING"}


@pytest.mark.slow
def test_a_replacement_keeps_every_other_field(office: Office) -> None:
    asked(office, request("damage"))
    office.issue_all()
    old = statement.decode(certificate_states.certificate(office.register, SERIAL).statement or b"")
    new = statement.decode(certificate_states.certificate(office.register, NEW).statement or b"")
    assert new.draft() == old.draft().model_copy(update={"replacement": True})
