"""The private link: what opens, what never does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.errors import Malformed
from generator.formats import private_link
from tests import small_site as small
from tests.vectors import make
from tests.vectors.link_cases import PDF, SECRET

VECTORS: dict[str, Any] = json.loads((make.HERE / "private_link.json").read_text())
DERIVED = private_link.derive(SECRET, small.ISSUER_ID)


def test_the_vectors() -> None:
    for case in VECTORS["derive"]:
        made = private_link.derive(bytes.fromhex(case["secret"]), case["issuer_id"])
        assert (made.id.hex(), made.key.hex(), made.path) == (case["id"], case["key"], case["path"])
    case = VECTORS["file"]
    facts, pdf = private_link.decode(DERIVED, bytes.fromhex(case["bytes"]))
    assert facts.plain() == case["facts"]
    assert pdf == PDF


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["why"])
def test_what_does_not_open(case: dict[str, str]) -> None:
    derived = private_link.derive(bytes.fromhex(case["secret"]), small.ISSUER_ID)
    with pytest.raises(Malformed):
        private_link.decode(derived, bytes.fromhex(case["bytes"]))


@given(some.binary(min_size=1, max_size=9000), some.binary(min_size=16, max_size=16))
def test_it_comes_back_and_does_not_say_its_size(pdf: bytes, secret: bytes) -> None:
    derived = private_link.derive(secret, small.ISSUER_ID)
    number = VECTORS["file"]["facts"]["number"]
    data = private_link.encode(derived, number, "NW-26-000001.pdf", pdf)
    assert private_link.decode(derived, data)[1] == pdf
    assert len(data) == 65_536 + 29
    assert private_link.is_path(derived.path)


def test_another_issuers_link_does_not_open() -> None:
    data = private_link.encode(DERIVED, VECTORS["file"]["facts"]["number"], "NW-26-000001.pdf", PDF)
    with pytest.raises(Malformed):
        private_link.decode(private_link.derive(SECRET, "0" * 64), data)


def test_only_its_own_form_is_a_links_path() -> None:
    for path in ("l/ab/cd" + "0" * 30 + ".bin", "l/ab/ab.bin", "r/ab/ab" + "0" * 30 + ".bin", "l/x.bin"):
        assert not private_link.is_path(path)


def test_secrets_are_not_in_the_words_for_a_log() -> None:
    assert SECRET.hex() not in repr(DERIVED)
    assert DERIVED.key.hex() not in repr(DERIVED)
