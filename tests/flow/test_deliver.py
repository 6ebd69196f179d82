"""Mail to learners: once, whatever the server does, and never before the certificate verifies."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.edge.register.messages import Messages
from generator.errors import Refused
from generator.flow import bundles, deliver
from tests import workshop
from tests.flow import mail_server
from tests.flow.mail_server import Manners, settings
from tests.flow.night_office import NIGHT, copied, mails, night, office, opened, states

HOURLY = [f"2026-11-22T{hour:02d}:40:00Z" for hour in range(3, 24)]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office(tmp_path_factory.mktemp("office") / "workspace", more="")


@pytest.fixture
def root(tmp_path: Path, prepared: Path) -> Path:
    return copied(prepared, tmp_path / "workspace")


@pytest.fixture
def manners() -> Manners:
    return Manners()


@pytest.fixture
def served(root: Path, manners: Manners, tmp_path: Path) -> Iterator[Path]:
    """The office, with a mail server of these manners."""
    with mail_server.serving(manners, tmp_path) as (port, trust):
        add(root, settings(port, trust))
        yield root


def add(root: Path, text: str) -> None:
    path = root / "portal.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def passphrase(box: str) -> str:
    return mail_server.PASSWORD if box == "smtp" else workshop.passphrase(box)


def mailing(root: Path, at: str = NIGHT, **changes: object) -> deliver.Delivery:
    with opened(root, at, passphrase=passphrase, **changes) as (workspace, register, door):
        return deliver.deliver(workspace, register, door)


def in_states(root: Path) -> dict[str, int]:
    with opened(root) as (_, register, _door):
        return Messages(register).counts()


EVERYBODY = {f"learner{rank}@example.org": 1 for rank in range(1, 6)}


def test_over_starttls_with_a_password_each_once(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    assert manners.counts() == EVERYBODY
    assert (manners.tls, manners.auth) == (5, 1)
    night(served, "2026-11-23T02:10:00Z", passphrase=passphrase)
    assert manners.counts() == EVERYBODY


def test_no_mail_goes_where_the_server_offers_no_encryption(root: Path) -> None:
    from aiosmtpd.controller import Controller

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
    with opened(served) as (_, register, _door):
        assert {message.attempts for message in Messages(register).in_state("waiting")} == {0}
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
    with opened(served) as (_, register, _door):
        assert {message.attempts for message in Messages(register).in_state("failed")} == {6}


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
    mailing(served, HOURLY[3])
    assert len(manners.taken) == arrived, "never again by itself"
    with opened(served, HOURLY[4]) as (_, register, door):
        deliver.settle(register, door, "issued/NW-26-000002", again=manner == "drop")
    mailing(served, HOURLY[4])
    assert manners.counts() == EVERYBODY
    assert in_states(served) == {"sent": 5}


def test_a_server_that_hangs_is_left_and_asked_again(root: Path) -> None:
    import socket

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
        patch.setattr("generator.edge.mail.SmtpCarrier._body", killed)
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

    patch.setattr("generator.edge.mail.SmtpCarrier._body", killed)
    mailing(root)


def test_bounces_are_taken_from_the_folder_once(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    with opened(served) as (_, register, _door):
        found = Messages(register).find("issued/NW-26-000003")
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


def bounced(message_id: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""\
From: MAILER-DAEMON@example.org
To: certificates@northfield.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I'm sorry.
--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; learner3@example.org
Action: {action}
Status: {status}

--edge
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Your certificate
--edge--
""".encode()


def test_the_stop_switch_stops_learners_mail_and_not_the_report(root: Path) -> None:
    add(root, "delivery:\n  report_to: [office@northfield.example]\n")
    with opened(root) as (_, register, door):
        deliver.stop(register, door, "a wrong logo")
    done = night(root)
    assert "stopped: a wrong logo" in next(step.words for step in done.steps if step.name == "deliver")
    assert [name for name in mails(root) if name.startswith("issued")] == []
    assert [name for name in mails(root) if name.startswith("report")]
    with opened(root) as (_, register, door):
        deliver.stop(register, door, None)
    assert mailing(root).sent == 5


def test_a_dry_run_shows_and_changes_nothing(root: Path) -> None:
    night(root, skip=("deliver",))
    before = workshop.register_content(root)
    with opened(root) as (workspace, register, door):
        count, shown = deliver.preview(workspace, register, door)
    assert count == 5
    assert len(shown) == 3
    assert b"learner1@example.org" in shown[0].read_bytes()
    assert workshop.register_content(root) == before
    assert mails(root) == {}


def test_the_rate_is_kept(served: Path) -> None:
    path = served / "portal.yaml"
    path.write_text(path.read_text("utf-8").replace("per_minute: 6000", "per_minute: 30"), "utf-8")
    waited: list[float] = []
    night(served, skip=("import",), passphrase=passphrase, sleep=waited.append)
    assert waited == [2.0] * 4


def test_no_subject_can_hold_a_learners_data(root: Path) -> None:
    night(root)
    for name, mail in mails(root).items():
        assert mail["Subject"] == "Your certificate from Northfield Awarding", name
    templates = root / "site_src/mail/en"
    (root / "own").mkdir()
    for path in templates.iterdir():
        (root / "own" / path.name).write_bytes(path.read_bytes())
    (root / "own/issued.subject.txt").write_text("Your certificate, {{ name }}\n", "utf-8")
    from generator.render.messages import Letters

    letters = Letters({path.name: path.read_text("utf-8") for path in (root / "own").iterdir()}, "mail/en")
    with pytest.raises(Refused, match="MAIL-TEMPLATE"):
        letters.letter("issued", {"organisation": "X"}, {"name": "Zoë"})


def test_the_letter_reads_well_in_text_and_html_and_holds_the_very_file(root: Path) -> None:
    night(root)
    mail = mails(root)["issued-NW-26-000001"]
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Dear Zoë Ó Briain," in text.get_content()
    assert "https://verify.northfield.example/#2026" in text.get_content()
    assert "{{" not in text.get_content() + html.get_content()
    [pdf] = list(mail.iter_attachments())
    assert pdf.get_filename() == "NW-26-000001.pdf"
    assert pdf.get_content() == (root / "certificates/issued/2026/NW-26-000001.pdf").read_bytes()


def test_who_has_no_address_any_more_gets_nothing(root: Path) -> None:
    night(root, skip=("deliver",))
    with opened(root) as (workspace, register, door):
        deliver.queue(workspace, register, door)
        with register.transaction():
            for (claim_id,) in register.rows("SELECT claim_id FROM contacts LIMIT 2"):
                Contacts(register).forget(claim_id)
    assert mailing(root).sent == 3
    assert in_states(root) == {"cancelled": 2, "sent": 3}


def test_older_certificates_are_not_sent_when_mail_is_switched_on(root: Path) -> None:
    add(root, "delivery:\n  since: 2026-11-23\n")
    night(root)
    assert mails(root) == {}


def test_a_bundle_for_a_centre_and_links_for_the_lms(root: Path) -> None:
    night(root)
    with opened(root) as (workspace, register, door):
        [made] = bundles.bundle(workspace, register, door, "centre")
        again = bundles.bundle(workspace, register, door, "centre")
        links = bundles.links(workspace, register, door)
    assert again == [made]
    with zipfile.ZipFile(made.path) as archive:
        assert len(archive.namelist()) == 6
        listed = archive.read("list.csv").decode("utf-8-sig")
        numbers = [row["serial"] for row in csv.DictReader(io.StringIO(listed))]
        assert sorted(numbers) == [f"NW-26-{rank:06d}" for rank in range(1, 6)]
        assert "2026" + "-" not in listed.replace("2026-11-22", ""), "no verification number in a list"
    rows = list(csv.DictReader(io.StringIO(links.path.read_text("utf-8-sig"))))
    assert {row["learner_ref"] for row in rows} == {f"REF{rank:04d}" for rank in range(1, 6)}
    assert all(row["address"].startswith("https://verify.northfield.example/#2026") for row in rows)
    assert links.path.stat().st_mode & 0o077 == 0
