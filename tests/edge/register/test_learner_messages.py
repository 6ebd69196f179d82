"""Messages to learners about their registration: one for each event, until delivery has it."""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Messages
from tests.edge.register.rows import LATER, NOW


def test_an_event_causes_one_message(register: Register) -> None:
    messages = LearnerMessages(register)
    with register.transaction():
        put = [messages.put("told/1", "registered", "C1/L1", at, {"programme": "Q1"}) for at in (NOW, LATER)]
    assert put == [True, False]
    (message,) = messages.all()
    assert (message.event_key, message.kind, message.recipient, message.created_at, message.payload) == (
        "told/1",
        "registered",
        "C1/L1",
        NOW,
        {"programme": "Q1"},
    )
    assert messages.find(message.message_id) == message
    assert messages.find(message.message_id + 1) is None
    assert "L1" not in message.key, "the key tells who it is to"


def test_messages_are_found_by_learner_and_until_they_are_handed_over(register: Register) -> None:
    messages = LearnerMessages(register)
    with register.transaction():
        for rank, (who, at) in enumerate((("C1/L1", LATER), ("C1/L2", NOW), ("C1/L1", NOW))):
            messages.put(f"told/{rank}", "registered", who, at, {})
    assert [one.event_key for one in messages.of("C1/L1")] == ["told/0", "told/2"]
    assert [one.event_key for one in messages.unsent(None)] == ["told/0", "told/1", "told/2"]
    assert [one.event_key for one in messages.unsent(LATER)] == ["told/0"]
    first = messages.all()[0]
    with register.transaction():
        Messages(register).enqueue(first.key, first.kind, None, "nf.example", NOW, first.recipient)
    assert [one.event_key for one in messages.unsent(None)] == ["told/1", "told/2"]
