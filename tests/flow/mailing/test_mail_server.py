"""Mail over a real server that greylists, hangs, drops the line and bounces: nothing doubled or lost."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from generator.edge.register.messages import Messages
from generator.flow.mailing import delivery
from tests.flow.mailing import mail_server
from tests.flow.mailing.mail_server import Manners, bounced, settings
from tests.flow.mailing.test_deliver import add, in_states, mailing, passphrase
from tests.flow.night.night_office import copied, night, opened, states

pytestmark = pytest.mark.slow

HOURLY = [f"2026-11-22T{hour:02d}:40:00Z" for hour in range(3, 24)]
EVERYBODY = {f"learner{rank}@example.org": 1 for rank in range(1, 6)}


@pytest.fixture
def root(tmp_path: Path, night_ready_bare: Path) -> Path:
    return copied(night_ready_bare, tmp_path / "workspace")


@pytest.fixture
def served(root: Path, manners: Manners, tmp_path: Path) -> Iterator[Path]:
    """The office, with a mail server of these manners."""
    with mail_server.serving(manners, tmp_path) as (port, trust):
        add(root, settings(port, trust))
        yield root


def test_over_starttls_with_a_password_each_once(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    assert manners.counts() == EVERYBODY
    assert (manners.tls, manners.auth) == (5, 1)
    night(served, "2026-11-23T02:10:00Z", passphrase=passphrase)
    assert manners.counts() == EVERYBODY


def test_no_mail_goes_where_the_server_offers_no_encryption(root: Path) -> None:
    manners = Manners()
    port = mail_server.free_port()
    controller = Controller(mail_server.Handler(manners), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        add(root, f"delivery:\n  transport: smtp\n  smtp: {{host: localhost, port: {port}}}\n")
        done = night(root, passphrase=passphrase)
    finally:
        controller.stop(no_assert=True)
    assert manners.taken == []
    assert states(done)["deliver"] == "failed"
    assert in_states(root) == {"waiting": 5}


def test_a_wrong_password_costs_nobody_an_attempt(served: Path, manners: Manners) -> None:
    done = night(served)
    assert "MAIL-SERVER" in {problem.code for step in done.steps for problem in step.problems}
    with opened(served) as session:
        assert {message.attempts for message in Messages(session.register).in_state("waiting")} == {0}
    assert mailing(served, HOURLY[0]).sent == 5
    assert manners.counts() == EVERYBODY


def test_greylisting_passes_later_and_nothing_is_doubled(served: Path, manners: Manners) -> None:
    manners.rcpt = ["450 4.2.0 come back later"] * 5
    night(served, passphrase=passphrase)
    assert manners.taken == []
    assert mailing(served, "2026-11-22T02:20:00Z").sent == 0, "not before its time"
    assert mailing(served, HOURLY[0]).sent == 5
    assert manners.counts() == EVERYBODY


def test_who_is_refused_for_good_is_listed_and_the_others_go(served: Path, manners: Manners) -> None:
    manners.rcpt = [None, "550 5.1.1 no such user learner2@example.org"]
    done = night(served, passphrase=passphrase)
    assert in_states(served) == {"failed": 1, "sent": 4}
    assert done.report is not None
    assert done.report.headline == "ACTION: 1 undeliverable"
    [row] = done.report.mail
    assert (row.serial, row.code) == ("NW-26-000002", "MAIL-FAILED")
    assert "exams officer" in row.who
    assert "learner2" not in row.what, "a server's words may repeat the address"


def test_after_days_of_refusal_it_gives_up_and_says_so(served: Path, manners: Manners) -> None:
    manners.rcpt = ["451 4.7.1 try again"] * 1000
    night(served, passphrase=passphrase)
    for day in range(23, 31):
        for hour in ("03", "15"):
            mailing(served, f"2026-11-{day}T{hour}:00:00Z")
    assert in_states(served) == {"failed": 5}
    with opened(served) as session:
        assert {message.attempts for message in Messages(session.register).in_state("failed")} == {6}


@pytest.mark.parametrize(("manner", "arrived"), [("drop", 4), ("drop after", 5)])
def test_a_line_that_dies_at_the_last_moment_is_a_doubt_for_a_person(
    served: Path, manners: Manners, manner: str, arrived: int
) -> None:
    manners.data = [None, manner]
    done = night(served, passphrase=passphrase)
    assert len(manners.taken) == arrived
    assert in_states(served) == {"doubt": 1, "sent": 4}
    assert done.report is not None
    assert done.report.headline == "ACTION: 1 in doubt"
    assert [(row.code, row.place.subject, row.owner) for row in done.report.mail] == [
        ("MAIL-DOUBT", "issued/NW-26-000002", "exams_officer")
    ]
    mailing(served, HOURLY[3])
    assert len(manners.taken) == arrived, "never again by itself"
    with opened(served, HOURLY[4]) as session:
        delivery.settle(session, "issued/NW-26-000002", again=manner == "drop")
    mailing(served, HOURLY[4])
    assert manners.counts() == EVERYBODY
    assert in_states(served) == {"sent": 5}


def test_a_server_that_hangs_is_left_and_asked_again(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        add(
            root,
            f"delivery:\n  transport: smtp\n  smtp: {{host: localhost, port: {port}, timeout_seconds: 1}}\n",
        )
        done = night(root, passphrase=passphrase)
    assert "MAIL-SERVER" in {problem.code for step in done.steps for problem in step.problems}
    assert in_states(root) == {"waiting": 5}


def test_a_crash_while_handing_over_is_a_doubt_over_smtp_and_none_in_the_outbox(
    served: Path, manners: Manners, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr("generator.edge.mail.SmtpTransport._body", killed)
        night(served, skip=("deliver",), passphrase=passphrase)
        with pytest.raises(RuntimeError):
            _crash(served, patch)
    assert in_states(served) == {"handing": 1, "waiting": 4}
    mailing(served, HOURLY[0])
    assert in_states(served) == {"doubt": 1, "sent": 4}
    assert len(manners.taken) == 4


def _crash(root: Path, patch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    patch.setattr("generator.edge.mail.SmtpTransport._body", killed)
    mailing(root)


def test_bounces_are_taken_from_the_folder_once(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    with opened(served) as session:
        found = Messages(session.register).find("issued/NW-26-000003")
    assert found is not None
    folder = served / "certificates/bounces"
    folder.mkdir()
    (folder / "one.eml").write_bytes(bounced(found.message_id))
    (folder / "cut.eml").write_bytes(b"Subject: something else\n\nNo report.\n")
    done = night(served, "2026-11-23T02:10:00Z", passphrase=passphrase)
    assert done.report is not None
    assert done.report.headline == "ACTION: 1 alarm, 1 bounced"
    assert {row.code for row in done.report.alarms} == {"MAIL-BOUNCE-FILE"}
    [row] = done.report.mail
    assert (row.serial, row.code) == ("NW-26-000003", "MAIL-BOUNCED")
    (folder / "cut.eml").unlink()
    again = night(served, "2026-11-24T02:10:00Z", passphrase=passphrase)
    assert again.report is not None
    assert again.report.headline == "OK 0"
    assert len(again.report.mail) == 1, "listed until it is settled"


def _bounces(root: Path, *reports: bytes) -> Path:
    folder = root / "certificates/bounces"
    folder.mkdir(exist_ok=True)
    for rank, report in enumerate(reports):
        (folder / f"{rank}.eml").write_bytes(report)
    return folder


def _name(root: Path, rank: int) -> str:
    with opened(root) as session:
        found = Messages(session.register).find(f"issued/NW-26-{rank:06d}")
    assert found is not None
    return found.message_id


def test_one_report_marks_one_attempt_of_the_letter_that_it_returns(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    third = _name(served, 3)
    _bounces(served, bounced(third, words=f"Also lost: Message-ID: {_name(served, 4)}"))
    night(served, HOURLY[10], passphrase=passphrase)
    assert in_states(served) == {"bounced": 1, "sent": 4}
    with opened(served, HOURLY[11]) as session:
        delivery.settle(session, "issued/NW-26-000003", again=True)
    assert mailing(served, HOURLY[11]).sent == 1
    for day in (23, 24, 25):
        night(served, f"2026-11-{day}T02:10:00Z", passphrase=passphrase)
    assert in_states(served) == {"sent": 5}, "the report that was taken says nothing of the letter sent since"
    _bounces(served, bounced(third), bounced(third, date="Sun, 22 Nov 2026 13:00:01 +0000"))
    night(served, "2026-11-26T02:10:00Z", passphrase=passphrase)
    assert in_states(served) == {"sent": 5}, "nor does another from before it"
    _bounces(served, bounced(third, date="Thu, 26 Nov 2026 09:00:00 +0000"))
    night(served, "2026-11-27T02:10:00Z", passphrase=passphrase)
    assert in_states(served) == {"bounced": 1, "sent": 4}


def test_a_forged_report_silences_nothing_and_is_named(served: Path, manners: Manners) -> None:
    manners.rcpt = ["450 4.2.0 come back later"]
    night(served, passphrase=passphrase)
    assert in_states(served) == {"sent": 4, "waiting": 1}
    _bounces(
        served,
        bounced(_name(served, 1), recipient="learner1@example.org"),  # not handed over yet
        bounced(_name(served, 4)),  # another's address
        bounced("<x@y.example>", words=_name(served, 5)),  # named in the text
        bounced(_name(served, 5), recipient="").replace(b"Final-Recipient: rfc822; \n", b""),
    )
    done = night(served, HOURLY[10], passphrase=passphrase)
    assert in_states(served) == {"sent": 5}
    assert manners.counts() == EVERYBODY
    assert done.report is not None
    assert [row.code for row in done.report.alarms] == ["MAIL-BOUNCE-FILE"] * 4


def test_the_rate_is_kept(served: Path) -> None:
    path = served / "portal.yaml"
    path.write_text(path.read_text("utf-8").replace("per_minute: 6000", "per_minute: 30"), "utf-8")
    waited: list[float] = []
    night(served, skip=("import",), passphrase=passphrase, sleep=waited.append)
    assert waited == [2.0] * 4
