"""Who changes the roster: the root, or two people who hold office and do not change themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.errors import Malformed, Refused
from generator.flow.office import keys
from generator.formats import roster
from generator.model.people import RoleHeld
from tests import workshop
from tests.flow.certifying.deeds import LATER, staff

NEW = [RoleHeld.of({"role": "internal_verifier", "start": "2026-11-22"})]
TWO = ("m.castell", "e.okoro")


def refused(root: Path, change: str, *arguments: Any, by: tuple[str, ...]) -> str:
    with pytest.raises(Refused) as found:
        staff(root, change, *arguments, by=by)
    assert found.value.problems[0].code == "ROSTER-SIGNERS"
    return found.value.problems[0].what


def names(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [person.person for person in session.workspace.keystore.roster().people]


def test_two_office_holders_sign_the_next_roster(place: Path) -> None:
    staff(place, "add_staff", "n.ew", "New", NEW, by=TWO)
    assert "n.ew" in names(place)
    staff(place, "revoke_staff", "h.adeyemi", by=TWO)
    staff(place, "add_staff", "z.oe", "Zoe", NEW)  # the root goes on from there
    assert "z.oe" in names(place)


@pytest.mark.parametrize(
    "by",
    [
        ("m.castell",),
        ("m.castell", "m.castell"),  # one person twice
        ("m.castell", "h.adeyemi"),  # a lead internal verifier holds no office of these
        ("p.lindgren", "h.adeyemi"),
    ],
)
def test_fewer_or_others_do_not(place: Path, by: tuple[str, ...]) -> None:
    before = (place / "keys/roster.json").read_bytes()
    assert "of 2 office holders" in refused(place, "add_staff", "n.ew", "New", NEW, by=by)
    assert (place / "keys/roster.json").read_bytes() == before


def test_nobody_changes_their_own_entry(place: Path) -> None:
    more = [RoleHeld.of({"role": "lead_internal_verifier", "start": "2026-11-22"})]
    refused(place, "add_staff", "m.castell", "m.castell", more, by=TWO)
    refused(place, "revoke_staff", "e.okoro", by=TWO)
    staff(place, "revoke_staff", "e.okoro", by=("m.castell", "s.marsh"))


def test_who_has_left_office_or_whose_key_was_revoked_signs_no_more(place: Path) -> None:
    staff(place, "revoke_staff", "e.okoro")
    refused(place, "add_staff", "n.ew", "New", NEW, by=TWO)
    staff(place, "end_role", "s.marsh", "senior_manager", "2026-11-22", None)
    refused(place, "add_staff", "n.ew", "New", NEW, by=("m.castell", "s.marsh"))


def test_a_chain_with_a_gap_or_another_ancestor_is_refused(place: Path) -> None:
    staff(place, "add_staff", "n.ew", "New", NEW, by=TWO)
    with workshop.opened(place) as session:
        store, pin = session.workspace.keystore, session.workspace.keystore.pin()
        data = store.roster_bytes()
        before = store.earlier_roster
        with pytest.raises(Malformed, match="missing"):
            roster.verified(data, pin.root, pin.issuer_id)
        with pytest.raises(Malformed, match="does not follow"):
            roster.verified(data, pin.root, pin.issuer_id, lambda version: before(version - 1))
        outer = json.loads(data)
        outer["signatures"] = outer["signatures"][:1]
        one = json.dumps(outer, separators=(",", ":"), sort_keys=True).encode()
        with pytest.raises(Malformed, match="1 of 2"):
            roster.verified(one, pin.root, pin.issuer_id, before)
    (place / "keys/roster.json").write_bytes(data.replace(b"office-roster", b"roster"))
    with workshop.opened(place) as session, pytest.raises(Refused, match="KEYS-ROSTER"):
        session.workspace.keystore.roster()


def test_a_delegation_ends_and_a_replacement_needs_an_end(place: Path) -> None:
    for wrong in ({"deputy_for": "h.adeyemi"}, {"replaced_by": "h.adeyemi"}):
        with pytest.raises(Malformed):
            RoleHeld.of({"role": "lead_internal_verifier", "start": "2026-01-01", **wrong})
    with workshop.opened(place, LATER) as session, pytest.raises(Refused):
        keys.end_role(
            session.workspace,
            session.environment,
            "h.adeyemi",
            "lead_internal_verifier",
            "2026-11-30",
            "no.body",
        )
