"""Messages that somebody asked for, and reminders: once each, until they are sent or erased."""

from __future__ import annotations

import sqlite3

import pytest

from generator.edge.register.database import Register
from generator.edge.register.requested_messages import RequestedMessages
from tests.edge.register.rows import LATER, NOW


def asked(register: Register, *subjects: str) -> RequestedMessages:
    messages = RequestedMessages(register)
    with register.transaction():
        for subject in subjects:
            messages.put("renewal", subject, "centre", {"due": "2027-01-31"}, NOW)
    return messages


def test_what_was_asked_for_waits_in_its_order(register: Register) -> None:
    messages = asked(register, "NW-26-000002", "NW-26-000001")
    first, second = messages.waiting()
    assert (first.kind, first.subject, first.recipient, first.details, first.asked_at, first.sent_at) == (
        "renewal",
        "NW-26-000002",
        "centre",
        {"due": "2027-01-31"},
        NOW,
        None,
    )
    assert messages.about("NW-26-000001") == [second]


def test_what_went_into_a_message_waits_no_longer_and_is_found_by_it(register: Register) -> None:
    messages = asked(register, "NW-26-000001", "NW-26-000002", "NW-26-000003")
    first, second, third = messages.waiting()
    with register.transaction():
        messages.sent(first.message_id, LATER, "centre/C1")
        messages.sent(second.message_id, LATER)
    assert messages.waiting() == [third]
    assert [(one.subject, one.sent_at) for one in messages.in_message("centre/C1")] == [
        ("NW-26-000001", LATER)
    ]


def test_a_reminder_is_made_once_for_each_interval(register: Register) -> None:
    messages = RequestedMessages(register)
    with register.transaction():
        messages.remind("NW-26-000001", "2027-01-31", 90, NOW)
        messages.remind("NW-26-000001", "2027-01-31", 30, LATER)
        messages.remind("NW-26-000001", "2028-01-31", 7, LATER)
    assert messages.reminded("NW-26-000001", "2027-01-31") == {90, 30}
    assert messages.reminded("NW-26-000002", "2027-01-31") == set()

    def again() -> None:
        with register.transaction():
            messages.remind("NW-26-000001", "2027-01-31", 90, LATER)

    with pytest.raises(sqlite3.IntegrityError):
        again()


def test_erasure_takes_messages_and_reminders_of_one_subject(register: Register) -> None:
    messages = asked(register, "NW-26-000001", "NW-26-000002")
    with register.transaction():
        for subject in ("NW-26-000001", "NW-26-000002"):
            messages.remind(subject, "2027-01-31", 90, NOW)
        messages.erase("NW-26-000001")
    assert [one.subject for one in messages.waiting()] == ["NW-26-000002"]
    assert messages.reminded("NW-26-000001", "2027-01-31") == set()
    assert messages.reminded("NW-26-000002", "2027-01-31") == {90}
