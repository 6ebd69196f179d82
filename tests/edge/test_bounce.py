"""Bounces: what is a failure, what is only a delay, and what is none of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.edge import mail
from generator.errors import Malformed
from tests.flow.mailing.test_mail_server import bounced

OURS = f"<{'ab' * 16}@northfield.example>"


def test_a_failure() -> None:
    [found] = mail.read_bounces(bounced(OURS))
    assert (found.message_id, found.status, found.recipient) == (OURS, "5.1.1", "learner3@example.org")
    assert found.at == "2026-11-22T12:00:00Z"


def test_only_the_header_of_the_returned_message_says_which_it_is() -> None:
    other = OURS.replace("ab", "cd")
    [found] = mail.read_bounces(bounced(OURS, words=f"Message-ID: {other}"))
    assert found.message_id == OURS
    quoted = bounced("<somebody@elsewhere.example>", words=f"Message-ID: {OURS}")
    with pytest.raises(Malformed, match="returns no message of ours"):
        mail.read_bounces(quoted)
    with pytest.raises(Malformed, match="returns no message of ours"):
        mail.read_bounces(bounced(f"{OURS}\nMessage-ID: {other}"))


def test_a_report_that_lies_in_another_mail_is_none() -> None:
    inner = bounced(OURS)
    with pytest.raises(Malformed, match="no delivery status"):
        mail.read_bounces(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" + inner + b"\n--x--\n")


@pytest.mark.parametrize("date", ["yesterday", "", "Sun, 22 Nov 20260 12:00:00"])
def test_a_report_without_a_date_is_none(date: str) -> None:
    with pytest.raises(Malformed):
        mail.read_bounces(bounced(OURS, date=date))


def test_a_delay_is_none() -> None:
    assert mail.read_bounces(bounced(OURS, action="delayed", status="4.4.1")) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"Subject: hello\n\nI am on holiday until Monday.\n", bounced("<somebody@elsewhere.example>")],
)
def test_what_is_no_report_on_ours(data: bytes) -> None:
    with pytest.raises(Malformed):
        mail.read_bounces(data)


def test_a_providers_list() -> None:
    text = f"message id,status\n{OURS},5.7.1\n<other@x>,5.1.1\n{OURS.replace('ab', 'cd')},4.2.2\n"
    [found] = mail.read_bounce_list(text)
    assert (found.message_id, found.status, found.recipient, found.at) == (OURS, "5.7.1", "", None)
    line = f"2026-11-22T08:00:00Z,{OURS},zoe@example.org,5.1.1\n"
    first, second = mail.read_bounce_list(line * 2)
    assert (first.recipient, first.at) == ("zoe@example.org", "2026-11-22T08:00:00Z")
    assert first.report != second.report
    [impossible] = mail.read_bounce_list(line.replace("11-22", "02-31"))
    assert impossible.at is None


@given(some.binary(max_size=600))
def test_any_bytes_are_refused_calmly(data: bytes) -> None:
    for whole in (data, bounced(OURS)[:300] + data):
        try:
            mail.read_bounces(whole)
        except Malformed:
            continue
