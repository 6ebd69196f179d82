"""Messages: caused once, due in order, and what became of each; nothing of a forgotten learner stays."""

from __future__ import annotations

import re

import pytest

from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.messages import Message, Messages
from generator.edge.register.state_changes import StateChanges
from tests.edge.register.rows import LATER, NOW, exception, issued, published


def enqueued(register: Register, key: str, recipient: str | None = None, at: str = NOW) -> None:
    with register.transaction():
        assert Messages(register).enqueue(key, "registered", None, "nf.example", at, recipient)


def found(register: Register, key: str) -> Message:
    message = Messages(register).find(key)
    assert message is not None
    return message


def test_an_event_causes_its_message_once(register: Register) -> None:
    enqueued(register, "issued/1")
    with register.transaction():
        again = Messages(register).enqueue("issued/1", "other", None, "other.example", LATER)
    assert not again
    message = found(register, "issued/1")
    assert (message.kind, message.state, message.attempts, message.created_at) == (
        "registered",
        "waiting",
        0,
        NOW,
    )


def test_the_message_id_is_nobodys_to_guess_and_finds_its_message(register: Register) -> None:
    enqueued(register, "issued/1")
    enqueued(register, "issued/2")
    first, second = found(register, "issued/1"), found(register, "issued/2")
    assert re.fullmatch(r"<[0-9a-f]{32}@nf\.example>", first.message_id)
    assert first.message_id != second.message_id
    assert Messages(register).by_message_id(second.message_id) == second
    assert Messages(register).by_message_id("<none@nf.example>") is None


def test_what_is_due_is_sent_the_oldest_first(register: Register) -> None:
    enqueued(register, "b", at=LATER)
    enqueued(register, "c")
    enqueued(register, "a")
    messages = Messages(register)
    assert [one.key for one in messages.due(LATER)] == ["a", "c", "b"]
    assert [one.key for one in messages.due(NOW)] == ["a", "c"]
    with register.transaction():
        messages.tried("a", NOW, "451", LATER)
    assert [one.key for one in messages.due(NOW)] == ["c"]


@pytest.mark.parametrize(
    ("steps", "state", "attempts"),
    [
        (("handing",), "handing", 1),
        (("handing", "sent"), "sent", 1),
        (("handing", "undone"), "waiting", 0),
        (("tried", "tried"), "waiting", 2),
        (("handing", "doubt"), "doubt", 1),
    ],
)
def test_attempts_are_counted(register: Register, steps: tuple[str, ...], state: str, attempts: int) -> None:
    enqueued(register, "k")
    messages = Messages(register)
    with register.transaction():
        for step in steps:
            if step == "undone":
                messages.undone("k", LATER)
            elif step == "tried":
                messages.tried("k", LATER, "421", LATER)
            else:
                messages.moved("k", step, LATER, "250")  # type: ignore[arg-type]  # a state of the table above
    message = found(register, "k")
    assert (message.state, message.attempts, message.changed_at) == (state, attempts, LATER)
    assert messages.counts() == {state: 1}
    assert [one.key for one in messages.in_state(message.state)] == ["k"]


def test_when_a_message_is_tried_again_is_kept_unless_it_is_said(register: Register) -> None:
    enqueued(register, "k")
    messages = Messages(register)
    with register.transaction():
        messages.moved("k", "handing", LATER)
    assert found(register, "k").next_at == NOW
    with register.transaction():
        messages.moved("k", "failed", LATER, "550", LATER)
    assert (found(register, "k").next_at, found(register, "k").reply) == (LATER, "550")


def test_a_message_goes_to_a_learner_a_centre_or_the_office(register: Register) -> None:
    enqueued(register, "learner", "C1/L1")
    enqueued(register, "centre", "C1")
    enqueued(register, "office")
    serial = issued(register)
    with register.transaction():
        Messages(register).enqueue(f"issued/{serial}", "issued", serial, "nf.example", NOW)
    to_office = {
        key: found(register, key).to_office for key in ("learner", "centre", "office", f"issued/{serial}")
    }
    assert to_office == {"learner": False, "centre": False, "office": True, f"issued/{serial}": False}
    assert [one.key for one in Messages(register).to_recipient("C1")] == ["centre"]
    assert [one.key for one in Messages(register).of_serial(serial)] == [f"issued/{serial}"]


def test_a_forgotten_learner_gets_nothing_more_and_is_named_nowhere(register: Register) -> None:
    enqueued(register, "a", "C1/L1")
    enqueued(register, "b", "C1/L1")
    enqueued(register, "c", "C1/L2")
    messages = Messages(register)
    with register.transaction():
        messages.moved("a", "sent", NOW, "250")
        assert messages.forget("C1/L1") == ["a", "b"]
    assert messages.to_recipient("C1/L1") == []
    assert [(found(register, key).state, found(register, key).reply) for key in "ab"] == [
        ("sent", ""),
        ("cancelled", ""),
    ]
    assert found(register, "c").recipient == "C1/L2"


def test_what_is_live_and_has_an_address_is_announced_once_and_nothing_that_was_revoked(
    register: Register,
) -> None:
    messages, contacts = Messages(register), Contacts(register)
    serials = [issued(register, f"L{rank}") for rank in range(4)]
    claims = dict(register.rows("SELECT serial, claim_id FROM certificates"))
    published(register, 1)
    late = issued(register, "L8")
    published(register, 2)
    claims |= dict(register.rows("SELECT serial, claim_id FROM certificates"))
    with register.transaction():
        for serial in (*serials[1:], late):
            contacts.put(claims[serial], "a@learners.example")
        StateChanges(register).publish_next(serials[2], 2026, 0, exception("x"))
        messages.enqueue(f"issued/{serials[3]}", "issued", serials[3], "nf.example", NOW)
    assert list(messages.unannounced(1, None)) == [(serials[1], claims[serials[1]])]
    assert [serial for serial, _ in messages.unannounced(2, "2026-11-22")] == [serials[1], late]
    assert list(messages.unannounced(2, "2026-11-23")) == []
