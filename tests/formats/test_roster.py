"""The roster: one spelling, and only the issuer's own."""

from __future__ import annotations

import pytest

from generator.errors import Malformed
from generator.formats import envelope, roster, strict_json
from generator.model.people import Roster
from tests import small_site as small

KEY = small.CERTIFICATE  # anybody's
FIELDS = {
    "v": 1,
    "version": 1,
    "issuer_id": small.ISSUER_ID,
    "created_at": "2026-01-01T00:00:00Z",
    "people": [
        {
            "person": "q.n",
            "name": "Q N",
            "roles": [{"role": "quality_nominee", "start": "2026-01-01"}],
            "keys": [{"id": KEY.key_id, "public": KEY.public, "start": "2026-01-01T00:00:00Z"}],
        }
    ],
}


def signed(fields: dict[str, object]) -> bytes:
    return envelope.encode(envelope.sign(envelope.ROSTER, strict_json.encode(fields), [small.ROOT]))


def verified(fields: dict[str, object]) -> Roster:
    return roster.verified(signed(fields), small.GENESIS.root, small.ISSUER_ID)


def test_a_roster_that_is_signed_and_spelled_as_specified_is_read() -> None:
    assert verified(FIELDS).people[0].person == "q.n"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"previous": None}, "another spelling"),  # what is not there is not written
        ({"issuer_id": "0" * 64}, "another issuer"),
        (
            {
                "people": [
                    {**FIELDS["people"][0], "keys": [{**FIELDS["people"][0]["keys"][0], "id": "0" * 16}]}
                ]
            },
            "does not follow",
        ),
    ],
)
def test_a_signature_alone_makes_no_roster(changes: dict[str, object], why: str) -> None:
    with pytest.raises(Malformed, match=why):
        verified({**FIELDS, **changes})
