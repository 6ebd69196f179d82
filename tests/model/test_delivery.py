"""Delivery in portal.yaml, and names that would become links in a letter."""

from __future__ import annotations

import pytest

from generator.model.delivery import Smtp
from generator.model.registration import LearnerRecord


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "LOCALHOST"])
def test_a_password_may_go_in_the_clear_on_this_machine(host: str) -> None:
    assert Smtp.tried({"host": host, "security": "none", "user": "office"})[0] is not None


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.7", "localhost.example.org", "128.0.0.1"])
def test_a_password_never_goes_in_the_clear_to_another_machine(host: str) -> None:
    _, faults = Smtp.tried({"host": host, "security": "none", "user": "office"})
    assert [what for _, what in faults] == [
        "security none with a user sends the password in the clear: use starttls or tls"
    ]
    assert Smtp.tried({"host": host, "security": "none"})[0] is not None
    assert Smtp.tried({"host": host, "user": "office"})[0] is not None


def _faults(name: str) -> list[tuple[str, str]]:
    return LearnerRecord.tried({"centre": "NF041", "learner_ref": "L1", "name": name})[1]


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example",
        "Zoë www.evil.test",
        "evil.com",
        "Claim your prize at Evil-Prize.ORG now",
        "evil.co.uk",
        "bit.ly/abc",
        "mailto:a@b.example",
        "www．evil．test",
    ],
)
def test_a_name_that_is_a_web_address_is_refused_at_the_field(name: str) -> None:
    assert _faults(name) == [("name", "is a web address, not a person's name")]


@pytest.mark.parametrize(
    "name",
    [
        "J.R.R. Tolkien",
        "Ma.Cruz Santos",
        "St.John Smith",
        "Md.Al Amin",
        "Dr. Net Orgel",
        "Wu, W.W.",
        "A/P Raj",
    ],
)
def test_a_name_with_points_is_a_name(name: str) -> None:
    assert _faults(name) == []
