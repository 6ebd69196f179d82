"""A register that comes back from a backup sends no letter twice: the journal knows what went."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.edge.mail_journal import HANDING, JournalEntry, MailJournal
from generator.errors import Refused
from generator.flow.mailing import delivery
from generator.model.value import Instant
from tests.flow.mailing import mail_server
from tests.flow.mailing.mail_server import Manners, settings
from tests.flow.mailing.test_deliver import add, in_states, mailing, passphrase
from tests.flow.mailing.test_mail_server import EVERYBODY, HOURLY
from tests.flow.night.night_office import add_claims, copied, mails, night, opened, states

pytestmark = pytest.mark.slow
REGISTER, JOURNAL = "certificates/register.db", "certificates/mail-journal.txt"


@pytest.fixture
def root(tmp_path: Path, night_ready_bare: Path) -> Path:
    return copied(night_ready_bare, tmp_path / "workspace")


@pytest.fixture
def served(root: Path, manners: Manners, tmp_path: Path) -> Iterator[Path]:
    with mail_server.serving(manners, tmp_path) as (port, trust):
        add(root, settings(port, trust))
        yield root


def restore(root: Path, copy: Path) -> None:
    for path in (root / "certificates").glob("register.db*"):
        path.unlink()
    shutil.copy(copy, root / REGISTER)


def delivered_with_copies(root: Path, folder: Path) -> list[Path]:
    """Deliver, and keep the register before it and as it was at each letter."""
    copies: list[Path] = []

    def keep(copy_to: object) -> None:
        copies.append(folder / f"{len(copies)}.db")
        copy_to(copies[-1])  # type: ignore[operator]  # the register's own

    with opened(root) as session:
        keep(session.register.copy_to)
    with opened(root, passphrase=passphrase) as session:

        def progress(_what: str, _done: int, _all: int) -> None:
            keep(session.register.copy_to)

        object.__setattr__(session.environment, "progress", progress)
        assert delivery.deliver(session).sent == 5
    return copies


def test_a_restore_at_every_step_after_publishing_sends_no_letter_twice(
    served: Path, manners: Manners, tmp_path: Path
) -> None:
    night(served, skip=("deliver",), passphrase=passphrase)
    copies = delivered_with_copies(served, tmp_path)
    assert len(copies) == 7
    for copy in copies:
        restore(served, copy)
        assert mailing(served, HOURLY[0]).sent == 0
        assert in_states(served) == {"sent": 5}
    restore(served, copies[0])
    assert states(night(served, HOURLY[1], passphrase=passphrase))["deliver"] == "ok"
    assert manners.counts() == EVERYBODY


def test_the_outbox_too_is_written_once(root: Path, tmp_path: Path) -> None:
    night(root, skip=("deliver",))
    copies = delivered_with_copies(root, tmp_path)
    for path in (root / "certificates/outbox").glob("*"):
        path.unlink()  # somebody has sent them
    restore(root, copies[0])
    assert mailing(root).sent == 0
    assert mails(root) == {}


def test_what_the_journal_saw_leave_and_never_heard_of_is_a_doubt(
    served: Path, manners: Manners, tmp_path: Path
) -> None:
    night(served, skip=("deliver",), passphrase=passphrase)
    manners.data = [None, "drop after"]
    with opened(served) as session:
        session.register.copy_to(tmp_path / "before.db")
    mailing(served)
    assert in_states(served) == {"doubt": 1, "sent": 4}
    restore(served, tmp_path / "before.db")
    assert mailing(served, HOURLY[3]).doubt == 1
    assert in_states(served) == {"doubt": 1, "sent": 4}
    assert manners.counts() == EVERYBODY


def test_what_was_refused_before_a_restore_is_tried_again(
    served: Path, manners: Manners, tmp_path: Path
) -> None:
    night(served, skip=("deliver",), passphrase=passphrase)
    manners.rcpt = ["450 4.2.0 come back later"]
    with opened(served) as session:
        session.register.copy_to(tmp_path / "before.db")
    assert mailing(served).later == 1
    restore(served, tmp_path / "before.db")
    assert mailing(served, HOURLY[0]).sent == 1
    assert manners.counts() == EVERYBODY


def test_a_person_may_send_again_what_the_journal_knows(served: Path, manners: Manners) -> None:
    night(served, passphrase=passphrase)
    with opened(served) as session, session.register.transaction():
        session.register.change("UPDATE messages SET state = 'bounced' WHERE key = 'issued/NW-26-000001'")
    with opened(served, HOURLY[0]) as session:
        delivery.settle(session, "issued/NW-26-000001", again=True)
    assert mailing(served, HOURLY[0]).sent == 1
    assert manners.counts()["learner1@example.org"] == 2


def test_without_its_journal_a_register_sends_nothing_that_waited(
    served: Path, manners: Manners, tmp_path: Path
) -> None:
    manners.rcpt = ["450 4.2.0 come back later"] * 2
    night(served, passphrase=passphrase)
    (served / JOURNAL).unlink()
    done = mailing(served, HOURLY[0])
    assert {problem.code for problem in done.problems} == {"MAIL-JOURNAL"}
    assert (done.sent, done.doubt) == (0, 2)
    assert mailing(served, HOURLY[3]).problems == []
    assert in_states(served) == {"doubt": 2, "sent": 3}


def test_no_register_says_that_there_is_a_journal_before_there_is_one(
    served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(served, skip=("deliver",), passphrase=passphrase)

    def killed(_: MailJournal) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, opened(served, passphrase=passphrase) as session:
        patched.setattr(MailJournal, "begin", killed)
        with pytest.raises(KeyboardInterrupt):
            delivery.deliver(session)
    with opened(served, passphrase=passphrase) as session:
        done = delivery.deliver(session)
    assert (done.sent, done.doubt, done.problems) == (5, 0, [])


def test_deliver_refuses_a_register_that_is_older_than_the_site(
    served: Path, manners: Manners, tmp_path: Path
) -> None:
    night(served, skip=("deliver",), passphrase=passphrase)
    with opened(served) as session:
        session.register.copy_to(tmp_path / "before.db")
    add_claims(served, 6, HOURLY[0])
    night(served, HOURLY[0], skip=("deliver",), passphrase=passphrase)
    restore(served, tmp_path / "before.db")
    with pytest.raises(Refused, match="REGISTER-BEHIND"):
        mailing(served, HOURLY[1])
    assert "deliver" in {
        name
        for name, state in states(night(served, HOURLY[1], passphrase=passphrase)).items()
        if state != "ok"
    }
    assert manners.taken == []


def test_a_line_that_was_cut_says_nothing(tmp_path: Path) -> None:
    journal = MailJournal(tmp_path / "journal.txt")
    at = Instant("2026-11-22T02:10:00Z")
    journal.note("ab" * 16, JournalEntry(at, 1, HANDING, ""))
    journal.note("ab" * 16, JournalEntry(at, 1, "sent", "250"))
    with journal.path.open("ab") as file:
        file.write(b"2026-11-22T02:10:00Z " + b"ab" * 16 + b" 2 hand")
    assert MailJournal(journal.path).find("ab" * 16) == JournalEntry(at, 1, "sent", "250")
    # And what follows it is read: the line is ended first.
    again = MailJournal(journal.path)
    again.note("cd" * 16, JournalEntry(at, 1, "sent", "250"))
    assert MailJournal(journal.path).find("cd" * 16) is not None
