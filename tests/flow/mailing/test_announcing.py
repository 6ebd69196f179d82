"""Letters to centres about certificates that end: once each, by serial; listed where none can go."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.edge.register.messages import Messages
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.runs import Runs
from generator.flow.after_issue import renewal
from generator.flow.night import morning_report
from generator.flow.office import pending
from generator.flow.shared import workspace as workspaces
from tests.flow.after_issue.crashing import killed_at
from tests.flow.after_issue.test_lifecycle import SERIAL, suspend
from tests.flow.mailing.letters import (
    CENTRE,
    NEXT,
    addressed,
    body,
    came_back,
    delivered,
    letters,
    mailing,
    remind,
    unreached,
)
from tests.flow.mailing.mail_server import Manners
from tests.flow.mailing.test_registering import event, learner, take
from tests.flow.office.test_due import DONE
from tests.small_office import LEARNERS, Office, randomness


def test_a_centre_gets_one_letter_a_night_with_serials_and_nobodys_name(
    served: Office, manners: Manners
) -> None:
    office = addressed(served)
    remind(office)
    assert [delivered(office) for _ in range(2)] == [1, 0]
    [mail] = letters(manners, CENTRE)
    text = body(mail)
    assert mail["Subject"] == "Certificates from Northfield Awarding that expire soon"
    assert [text.count(f"NW-26-{rank:06d}") for rank in range(1, 7)] == [1] * 6
    assert text.count("valid until 22 January 2027") == 6
    whole = text + str(mail)
    assert not [name for name in LEARNERS if name in whole or name.split()[0] in whole]
    assert not [ref for ref in ("L001", "learners.example") if ref in whole]
    later = office.at("2026-12-23T02:00:00Z")
    remind(later)
    assert [delivered(later) for _ in range(2)] == [1, 0]
    assert len(letters(manners, CENTRE)) == 2


def test_without_an_address_it_is_listed_with_who_must_act_and_goes_once_there_is_one(
    served: Office, manners: Manners
) -> None:
    remind(served)
    assert delivered(served) == 0
    found = {problem.code: problem for problem in unreached(served)}
    assert found["MAIL-CENTRE"].what == "6 reminders of certificates that end: no address to send to"
    assert found["MAIL-CENTRE"].action.startswith("quality nominee: add `contact:")
    assert found["MAIL-ADDRESS"].what == "6 messages to its learners: no address to send to"
    listed = pending.pending(served.session)
    assert SERIAL in [item.where for item in listed if item.list == "no address"]
    suspend(served)
    soon = served.at("2026-12-01T02:00:00Z")
    again = renewal.plan(soon.session, "NW-26-000002", None, "2026-11-30", DONE)
    renewal.ask(soon.session, "NW-26-000002", again)
    later = served.at("2026-12-23T02:00:00Z")

    office = addressed(later)
    remind(office)
    assert delivered(office) == 1
    [mail] = letters(manners, CENTRE)
    text = body(mail)
    assert SERIAL not in text  # suspended meanwhile
    assert "NW-26-000002" not in text  # being renewed
    assert [text.count(f"NW-26-{rank:06d}") for rank in range(3, 7)] == [1] * 4  # two intervals, told once
    assert "MAIL-CENTRE" not in {problem.code for problem in unreached(office)}
    assert [item for item in RequestedMessages(office.register).waiting() if item.recipient == "centre"] == []


def test_the_morning_report_says_who_must_act(served: Office) -> None:
    remind(served)
    with served.register.transaction():
        run = Runs(served.register).begin("nightly", served.environment.now)
    made = morning_report.write(served.session, run, [], 0)
    assert made.headline == "OK 6"  # nothing is wrong with the night
    written = (served.workspace.certificates / "reports" / "2026-11-22.txt").read_text("utf-8")
    assert "NO ADDRESS\n- centre NF041: 6 messages to its learners" in written
    assert "who:   Esra Offer (exams officer)" in written
    assert "who:   Quentin Nomura, Quinta Twomey (quality nominee)" in written


def test_what_has_ended_meanwhile_is_not_told_any_more(served: Office, manners: Manners) -> None:
    remind(served)
    office = addressed(served.at("2027-01-23T02:00:00Z"))
    assert delivered(office) == 0
    assert RequestedMessages(office.register).waiting() == []


def test_what_is_asked_for_after_the_days_letter_goes_the_next_day(served: Office, manners: Manners) -> None:
    office = addressed(served)
    remind(office)
    assert delivered(office) == 1
    with office.register.transaction():
        told = {"expires_on": "2027-01-22", "days": 30}
        RequestedMessages(office.register).put(
            "expiry_reminder", SERIAL, "centre", told, office.environment.now
        )
    assert delivered(office) == 0
    assert delivered(office.at(NEXT)) == 1
    assert body(letters(manners, CENTRE)[1]).count("NW-26-") == 1


def test_a_letter_to_a_centre_that_comes_back_says_where_the_address_stands(
    served: Office, manners: Manners
) -> None:
    from generator.flow.night.morning_report import _mail

    office = addressed(served)
    remind(office)
    delivered(office)
    came_back(office, letters(manners, CENTRE)[0])
    [(about, problem)] = list(_mail(office.register))
    assert about == "NF041"
    assert "the centre's file" in problem.fix


@pytest.mark.slow
def test_a_kill_at_any_write_neither_loses_nor_doubles_a_letter(office: Office, tmp_path: Path) -> None:
    open_office = addressed(mailing(office))
    remind(open_office)
    take(open_office, learner(), event())
    root, killed = open_office.workspace.root, 0
    for write in range(1, 200):
        picture = tmp_path / f"picture-{write}"
        with killed_at(root, picture, write) as kill:
            delivered(open_office)
        if not kill.happened:
            break
        killed += 1
        loaded = workspaces.load_workspace(picture)
        with loaded.register(randomness) as register:
            woken = replace(open_office, workspace=loaded, register=register)
            delivered(woken)
            assert delivered(woken) == 0
            assert Messages(register).counts() == {"sent": 2}
            told = [item for item in RequestedMessages(register).about(SERIAL) if item.recipient == "centre"]
            assert [item.sent_at is not None for item in told] == [True]
        letters_there = sorted(
            path.name.split("-")[0] for path in (picture / "certificates/outbox").glob("*")
        )
        assert letters_there == ["centre_expiry", "registration_registered"]
        shutil.rmtree(picture)
    assert killed > 10
