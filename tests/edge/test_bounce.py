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
    assert mail.read_bounces(bounced(OURS)) == [mail.Bounce(OURS, "5.1.1")]


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
    assert mail.read_bounce_list(text) == [mail.Bounce(OURS, "5.7.1")]


@given(some.binary(max_size=600))
def test_any_bytes_are_refused_calmly(data: bytes) -> None:
    for whole in (data, bounced(OURS)[:300] + data):
        try:
            mail.read_bounces(whole)
        except Malformed:
            continue
