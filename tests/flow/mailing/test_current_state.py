"""A letter says what is so when it leaves: not when it was made, first tried, or asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.messages import Messages
from generator.edge.register.requested_messages import RequestedMessages
from generator.errors import Refused
from generator.flow.mailing import delivery, notifications
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO, reinstate, revoke, suspend
from tests.flow.mailing.letters import addressed, delivered, letters
from tests.flow.mailing.mail_server import Manners
from tests.small_office import Office

LEARNER, KEY = "l001@learners.example", f"issued/{SERIAL}"
SOON = "2026-11-22T03:00:00Z"


def withdrawn(office: Office) -> None:
    revoke(office, office.closed_case("revocation", SERIAL, "revoke", WHO))
    office.publish()


def sent(office: Office) -> set[str]:
    return {path.stem for path in (office.workspace.certificates / "outbox").glob("*.eml")}


def has_address(office: Office) -> None:
    issued = Certificates(office.register).find(SERIAL)
    assert issued is not None
    with office.register.transaction():
        Contacts(office.register).put(issued.claim_id, LEARNER)


def test_a_certificate_revoked_while_mail_was_stopped_is_not_mailed(office: Office) -> None:
    delivery.stop(office.session, "a wrong logo")
    delivery.deliver(office.session)
    withdrawn(office)
    delivery.stop(office.session, None)
    assert delivery.deliver(office.session).sent == 5
    assert f"issued-{SERIAL}" not in sent(office)
    message = Messages(office.register).find(KEY)
    assert message is not None
    assert (message.state, message.reply) == ("cancelled", "the certificate is revoked")


def test_a_certificate_revoked_while_it_was_greylisted_is_not_mailed(
    served: Office, manners: Manners
) -> None:
    has_address(served)
    manners.rcpt = ["450 4.2.0 come back later"]
    assert delivery.deliver(served.session).later == 1
    withdrawn(served)
    assert delivered(served.at(SOON)) == 0
    assert manners.taken == []


def test_a_certificate_that_was_replaced_meanwhile_is_not_mailed(served: Office, manners: Manners) -> None:
    has_address(served)
    manners.rcpt = ["450 4.2.0 come back later"]
    delivered(served)
    withdrawn(served)
    with served.register.transaction():
        # What a replacement leaves: the state alone decides.
        served.register.change("UPDATE changes SET kind = 'superseded' WHERE serial = ?", SERIAL)
    assert delivered(served.at(SOON)) == 0
    assert manners.taken == []


def test_again_refuses_what_is_not_good_any_more(office: Office) -> None:
    delivery.deliver(office.session)
    with office.register.transaction():
        Messages(office.register).moved(KEY, "bounced", office.environment.now, "5.1.1")
    withdrawn(office)
    with pytest.raises(Refused, match="MAIL-STATE") as refused:
        delivery.settle(office.session, KEY, again=True)
    assert "revoked" in str(refused.value)
    delivery.settle(office.session, KEY, again=False)


def test_what_is_suspended_waits_and_goes_once_it_is_reinstated_and_live(office: Office) -> None:
    with office.register.transaction():
        notifications.queue(office.session)
    suspend(office)
    office.publish()
    done = delivery.deliver(office.session)
    assert (done.sent, done.kept_back) == (5, 1)
    reinstate(office, office.closed_case("revocation", SERIAL, "dismiss", WHO))
    assert delivery.deliver(office.session).kept_back == 1, "the site still says that it is on hold"
    office.publish()
    assert delivered(office) == 1
    assert f"issued-{SERIAL}" in sent(office)


def test_a_letter_that_was_not_made_before_a_suspension_is_made_after_it(office: Office) -> None:
    suspend(office)
    office.publish()
    assert delivered(office) == 5
    reinstate(office, office.closed_case("revocation", SERIAL, "dismiss", WHO))
    assert delivered(office) == 0
    office.publish()
    assert delivered(office) == 1


def test_a_reminder_is_looked_at_again_when_it_leaves(served: Office, manners: Manners) -> None:
    office = addressed(served)
    has_address(office)
    with office.register.transaction():
        Messages(office.register).enqueue(KEY, "issued", SERIAL, "x.example", office.environment.now)  # type: ignore[arg-type]  # a serial of the test
        Messages(office.register).moved(KEY, "sent", office.environment.now)
        for recipient in ("learner", "centre"):
            for serial in (SERIAL, "NW-26-000002"):
                told = {"expires_on": "2027-01-22", "days": 60}
                RequestedMessages(office.register).put(
                    "expiry_reminder", serial, recipient, told, office.environment.now
                )
    manners.rcpt = ["450 4.2.0 come back later"] * 2
    assert delivered(office) == 0
    withdrawn(office)
    assert delivered(office.at(SOON)) == 1
    assert letters(manners, LEARNER) == []
    [(_, data)] = manners.taken
    assert b"NW-26-000002" in data
    assert SERIAL.encode() not in data


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_the_link_of_what_is_not_good_is_not_made(office: Office, state: str) -> None:
    contacts = Contacts(office.register)
    assert len(contacts.unlinked(None)) == 6
    if state == "suspended":
        suspend(office)
    else:
        withdrawn(office)
    assert SERIAL not in contacts.unlinked(None)
    assert len(contacts.unlinked(None)) == 5


def test_a_preview_shows_nothing_that_would_not_go(office: Office, tmp_path: Path) -> None:
    with office.register.transaction():
        notifications.queue(office.session)
    withdrawn(office)
    _, shown = delivery.preview(office.session, 6)
    assert len(shown) == 5
