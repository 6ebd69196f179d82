"""Bounces: what is a failure, what is only a delay, and what is none of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.edge import bounce
from generator.errors import Malformed
from tests.flow.test_mail_server import bounced

OURS = f"<{'ab' * 16}@northfield.example>"


def test_a_failure() -> None:
    assert bounce.read(bounced(OURS)) == [bounce.Bounce(OURS, "5.1.1")]


def test_a_delay_is_none() -> None:
    assert bounce.read(bounced(OURS, action="delayed", status="4.4.1")) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"Subject: hello\n\nI am on holiday until Monday.\n", bounced("<somebody@elsewhere.example>")],
)
def test_what_is_no_report_on_ours(data: bytes) -> None:
    with pytest.raises(Malformed):
        bounce.read(data)


def test_a_providers_list() -> None:
    text = f"message id,status\n{OURS},5.7.1\n<other@x>,5.1.1\n{OURS.replace('ab', 'cd')},4.2.2\n"
    assert bounce.read_list(text) == [bounce.Bounce(OURS, "5.7.1")]


@given(some.binary(max_size=600))
def test_any_bytes_are_refused_calmly(data: bytes) -> None:
    for whole in (data, bounced(OURS)[:300] + data):
        try:
            bounce.read(whole)
        except Malformed:
            continue
