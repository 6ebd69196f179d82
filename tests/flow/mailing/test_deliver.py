"""Mail to learners: once, whatever the server does, and never before the certificate verifies."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.edge.register.messages import Messages
from generator.edge.register.requested_messages import RequestedMessages
from generator.errors import Refused
from generator.flow.mailing import archives, delivery, notifications
from tests import workshop
from tests.flow.mailing import mail_server
from tests.flow.night.night_office import NIGHT, copied, mails, night, opened

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, night_ready_bare: Path) -> Path:
    return copied(night_ready_bare, tmp_path / "workspace")


def add(root: Path, text: str) -> None:
    path = root / "portal.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def passphrase(box: str) -> str:
    return mail_server.PASSWORD if box == "smtp" else workshop.passphrase(box)


def mailing(root: Path, at: str = NIGHT, **changes: object) -> delivery.Delivery:
    with opened(root, at, passphrase=passphrase, **changes) as session:
        return delivery.deliver(session)


def in_states(root: Path) -> dict[str, int]:
    with opened(root) as session:
        return Messages(session.register).counts()


def test_the_stop_switch_stops_learners_mail_and_not_the_report(root: Path) -> None:
    add(root, "delivery:\n  report_to: [office@northfield.example]\n")
    with opened(root) as session:
        delivery.stop(session, "a wrong logo")
    done = night(root)
    assert "stopped: a wrong logo" in next(step.words for step in done.steps if step.name == "deliver")
    assert [name for name in mails(root) if name.startswith("issued")] == []
    assert [name for name in mails(root) if name.startswith("report")]
    with opened(root) as session:
        delivery.stop(session, None)
    assert mailing(root).sent == 5


def test_a_dry_run_shows_and_changes_nothing(root: Path) -> None:
    night(root, skip=("deliver",))
    before = workshop.register_content(root)
    with opened(root) as session:
        count, shown = delivery.preview(session)
    assert count == 5
    assert len(shown) == 3
    assert b"learner1@example.org" in shown[0].read_bytes()
    assert workshop.register_content(root) == before
    assert mails(root) == {}


def test_no_subject_can_hold_a_learners_data(root: Path) -> None:
    night(root)
    for name, mail in mails(root).items():
        assert mail["Subject"] == "Your certificate from Northfield Awarding", name
    templates = root / "site_src/mail/en"
    (root / "own").mkdir()
    for path in templates.iterdir():
        (root / "own" / path.name).write_bytes(path.read_bytes())
    (root / "own/issued.subject.txt").write_text("Your certificate, {{ name }}\n", "utf-8")
    from generator.render.letters import LetterTemplates

    letters = LetterTemplates(
        {path.name: path.read_text("utf-8") for path in (root / "own").iterdir()}, "mail/en"
    )
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
    with opened(root) as session, session.register.transaction():
        notifications.queue(session)
        for (claim_id,) in session.register.rows("SELECT claim_id FROM contacts LIMIT 2"):
            Contacts(session.register).forget(claim_id)
    assert mailing(root).sent == 3
    assert in_states(root) == {"cancelled": 2, "sent": 3}


def test_older_certificates_are_not_sent_when_mail_is_switched_on(root: Path) -> None:
    add(root, "delivery:\n  since: 2026-11-23\n")
    night(root)
    assert mails(root) == {}


def test_a_bundle_for_a_centre_and_links_for_the_lms(root: Path) -> None:
    night(root)
    with opened(root) as session:
        [made] = archives.archive(session, "centre")
        again = archives.archive(session, "centre")
        links = archives.links(session)
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


def test_a_reminder_that_was_asked_for_goes_once_and_without_the_file(root: Path) -> None:
    night(root)
    with opened(root) as session, session.register.transaction():
        for recipient in ("learner", "centre"):
            RequestedMessages(session.register).put(
                "expiry_reminder", "NW-26-000001", recipient, {"days": 60}, session.now
            )
    assert [mailing(root).sent for _ in range(2)] == [1, 0]
    [mail] = [mail for name, mail in mails(root).items() if name.startswith("expiry_reminder")]
    assert mail["Subject"] == "A certificate from Northfield Awarding expires soon"
    assert list(mail.iter_attachments()) == []
