"""Private links are withdrawn, audited both ways, and outlive a change of mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.messages import Messages
from generator.errors import Refused
from generator.flow.mailing import delivery, private_links
from generator.flow.publishing import publish
from generator.formats import private_link
from generator.model.value import Serial
from tests import workshop
from tests.cli.terminal import Terminal, passphrases
from tests.flow.night.night_office import NEXT, copied, mails, night, opened

pytestmark = pytest.mark.slow
SERIAL = Serial("NW-26-000001")
LATER = "2026-11-24T02:10:00Z"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, night_ready_bare: Path) -> Path:
    root = copied(night_ready_bare, tmp_path_factory.mktemp("linked") / "workspace")
    mode(root, "link")
    night(root)
    night(root)  # the links of the first are sent by the second, where they are live
    return root


@pytest.fixture
def root(tmp_path: Path, linked: Path) -> Path:
    return copied(linked, tmp_path / "workspace")


def mode(root: Path, name: str) -> None:
    path = root / "portal.yaml"
    text = path.read_text("utf-8").partition("\ndelivery:\n")[0].rstrip("\n")
    path.write_text(f"{text}\n\ndelivery:\n  mode: {name}\n", "utf-8")


def link_files(root: Path) -> set[str]:
    return {path.relative_to(root / "public").as_posix() for path in (root / "public/l").rglob("*.bin")}


def path_of(root: Path, serial: Serial = SERIAL) -> str:
    with opened(root) as session:
        secret = Contacts(session.register).secret(serial)
        assert secret is not None
        return private_link.derive(secret, session.workspace.keystore.pin().issuer_id).path


def found(root: Path, at: str = NEXT) -> list[str]:
    with opened(root, at) as session:
        return workshop.faults(session)


def test_a_withdrawn_link_leaves_at_once_as_an_event_and_is_not_made_again(root: Path) -> None:
    path = path_of(root)
    assert path in link_files(root)
    with opened(root, NEXT) as session:
        private_links.withdraw(session, SERIAL, "sent to the wrong person")
        publish.publish_status(session)
        [event] = EventLog(session.register).of(SERIAL, "link_withdrawn")
        assert event.details["because"] == "sent to the wrong person"
    assert path not in link_files(root)
    assert len(link_files(root)) == 4
    assert found(root) == []
    night(root, LATER)
    assert len(link_files(root)) == 4
    with opened(root, LATER) as session, pytest.raises(Refused, match="LINK-NONE"):
        private_links.withdraw(session, SERIAL, "again")


def test_a_letter_that_waits_with_a_withdrawn_link_does_not_leave(root: Path) -> None:
    key = f"issued/{SERIAL}"
    (root / f"certificates/outbox/{key.replace('/', '-')}.eml").unlink()
    (root / "certificates/mail-journal.txt").unlink()
    with opened(root, NEXT) as session:
        with session.register.transaction():
            session.register.change("DELETE FROM switches WHERE name = 'mail_journal'")
            session.register.change("UPDATE messages SET state = 'waiting', attempts = 0 WHERE key = ?", key)
        private_links.withdraw(session, SERIAL, "the wrong person")
        assert delivery.deliver(session).sent == 0
        message = Messages(session.register).find(key)
    assert message is not None
    assert (message.state, message.reply) == ("cancelled", "the private link was withdrawn")
    assert f"issued-{SERIAL}" not in mails(root)


def test_a_row_that_is_gone_takes_its_file_off_with_the_next_publication(root: Path) -> None:
    path = path_of(root)
    with opened(root) as session, session.register.transaction():
        session.register.change("DELETE FROM links WHERE serial = ?", SERIAL)
    assert any(path in text and "knows no such link" in text for text in found(root))
    night(root, NEXT, skip=("deliver",))
    assert path not in link_files(root)
    assert found(root) == []


def test_the_audit_names_a_link_without_its_file_a_changed_one_and_an_unknown_one(root: Path) -> None:
    path = path_of(root)
    data = (root / "public" / path).read_bytes()
    for change, words in ((None, "is missing"), (data[:-1] + b"\0", "is not the private link")):
        (root / "public" / path).unlink()
        if change is not None:
            (root / "public" / path).write_bytes(change)
        assert [text for text in found(root) if path in text and words in text]
        (root / "public" / path).write_bytes(data)
    other = root / f"public/l/ab/{'ab' * 16}.bin"
    other.parent.mkdir(parents=True)
    other.write_bytes(data)
    assert [text for text in found(root) if "knows no such link" in text]


@pytest.mark.parametrize("name", ["attach", "off"])
def test_a_change_of_mode_leaves_the_links_that_were_sent_and_their_page(root: Path, name: str) -> None:
    before = link_files(root)
    mode(root, name)
    night(root, "2026-12-05T02:10:00Z")
    assert link_files(root) == before
    assert (root / "public/mine.html").is_file()
    assert found(root, "2026-12-05T02:10:00Z") == []
    (root / "public/mine.html").unlink()
    assert [text for text in found(root, "2026-12-05T02:10:00Z") if "mine.html" in text]


def test_the_command_withdraws_and_publishes(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = path_of(root)
    words = ("link", "withdraw", SERIAL, "--because", "the wrong person", "--workspace", root)
    done = Terminal(monkeypatch, capsys)(*words, env=passphrases())
    assert done.code == 0, done.said
    assert "is withdrawn" in done.said
    assert path not in link_files(root)
