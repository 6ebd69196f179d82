"""People from a file onto the roster: every change told by its row, signed once, nothing half done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import Refused
from generator.flow.importing import records
from generator.flow.office import keys
from generator.flow.shared import rosters
from generator.model.people import PeopleRow, Roster
from generator.rules.roster_changes import ProposedRoster
from generator.sheets import layouts
from generator.sheets.layouts import Form
from tests import workshop
from tests.flow import offices
from tests.flow.certifying.deeds import LATER, found, staff, words

BY = ("m.castell", "e.okoro")


def row(person: str, role: str = "internal_verifier", **more: Any) -> PeopleRow:
    fields = {"person": person, "name": person, "role": role, "start": "2026-01-01"}
    return PeopleRow.of({**fields, **more})


def lead(**more: Any) -> PeopleRow:
    """The role that the roster has of its lead internal verifier, changed."""
    return row("h.adeyemi", "lead_internal_verifier", **{"areas": ["Bakery"], **more})


def proposed(
    root: Path, *rows: PeopleRow, form: Form = "csv", by: tuple[str, ...] | None = None
) -> ProposedRoster:
    path = root / f"people.{form}"
    path.write_bytes(layouts.write(PeopleRow, "people", rows, form))
    with workshop.opened(root, LATER) as session:
        found = keys.preview_staff(session.workspace, session.environment, path)
        if by is not None:
            keys.write_staff(session.workspace, session.environment, found, by)
        return found


def roster(root: Path) -> Roster:
    with workshop.opened(root) as session:
        return session.workspace.keystore.roster()


def told(found: ProposedRoster) -> list[str]:
    return [": ".join((one.person, one.what)) for one in found.changes]


def faults(found: ProposedRoster) -> list[str]:
    return [f"{one.code} {str(one.place).removeprefix('people.csv:')}" for one in found.problems]


@pytest.mark.parametrize("form", ["csv", "yaml", "jsonl", "xlsx"])
def test_what_is_exported_changes_nothing(place: Path, form: Form) -> None:
    path = place / f"people.{form}"
    with workshop.opened(place) as session:
        path.write_bytes(records.export_people(session.workspace, form))
        found = keys.preview_staff(session.workspace, session.environment, path)
    assert (found.changes, found.problems, found.same, found.unnamed) == ((), (), 5, 0)


def test_every_kind_of_change_is_told_and_signed_at_once(place: Path) -> None:
    before = roster(place)
    rows = (
        row("n.ew", "lead_internal_verifier", start="2026-12-01", areas=["Bakery"], name="New Person"),
        row("n.ew", "assessor", scope=["Q1"], name="New Person"),
        row("z.oe", "lead_internal_verifier", until="2026-03-01", deputy_for="h.adeyemi"),
        lead(until="2026-12-31", replaced_by="n.ew", areas=["Bakery", "Confectionery"]),
        row("p.lindgren", "programme_leader", scope=["Q1"]),
        row("s.marsh", "senior_manager", name="Sam Marsh"),
    )
    found = proposed(place, *rows, by=BY)
    assert told(found) == [
        "n.ew: becomes lead internal verifier from 2026-12-01, areas Bakery",
        "n.ew: becomes assessor from 2026-01-01, for Q1",
        "z.oe: becomes lead internal verifier from 2026-01-01 until 2026-03-01, as deputy for h.adeyemi",
        (
            "h.adeyemi: lead internal verifier from 2026-01-01: ends on 2026-12-31; replaced by n.ew;"
            " areas Bakery, Confectionery, before Bakery"
        ),
        "p.lindgren: programme leader from 2026-01-01: for Q1, before all",
        "s.marsh: is called Sam Marsh, before s.marsh",
    ]
    assert (found.new, found.same, found.unnamed) == (("n.ew", "z.oe"), 1, 2)
    after = roster(place)
    assert after.version == before.version + 1
    assert [person.person for person in after.people] == sorted(
        ["n.ew", "z.oe", *(person.person for person in before.people)]
    )
    assert {person.person for person in before.people if after.find(person.person) == person} == set(BY)
    for handle in found.new:
        person = after.find(handle)
        assert person is not None
        with workshop.opened(place) as session:
            signer = session.workspace.keystore.unlock(
                f"person-{handle}", session.environment.passphrase, handle
            )
        assert [key.id for key in person.keys] == [signer.key_id]
    again = proposed(place, *rows)
    assert (told(again), again.same) == ([], 6)


def test_an_end_is_moved_and_taken_back(place: Path) -> None:
    proposed(place, lead(until="2026-12-31"), by=())
    assert told(proposed(place, lead(until="2027-01-31"))) == [
        "h.adeyemi: lead internal verifier from 2026-01-01: ends on 2027-01-31 instead of 2026-12-31"
    ]
    found = proposed(place, lead(areas=None), by=())
    assert told(found) == [
        (
            "h.adeyemi: lead internal verifier from 2026-01-01: is open again instead of 2026-12-31;"
            " areas none, before Bakery"
        )
    ]


def test_two_roles_of_one_day_are_told_apart_by_their_programmes(place: Path) -> None:
    proposed(place, row("n.ew", scope=["Q1"]), row("n.ew"), by=())
    found = proposed(place, row("n.ew", until="2027-01-01"), row("n.ew", scope=["Q1"]))
    assert told(found) == ["n.ew: internal verifier from 2026-01-01: ends on 2027-01-01"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("n.ew", until="2025-12-31")], ["STAFF-DATES 2 until"]),
        ([row("n.ew", until="2026-01-01")], []),
        ([row("n.ew", deputy_for="e.okoro")], ["STAFF-ROLE 2 value"]),
        ([row("n.ew", deputy_for="n.ew", until="2026-02-01")], ["STAFF-SELF 2 deputy_for"]),
        ([row("n.ew", deputy_for="no.body", until="2026-02-01")], ["STAFF-UNKNOWN 2 deputy_for"]),
        ([row("n.ew", deputy_for="m.castell", until="2026-02-01")], ["STAFF-DEPUTY 2 deputy_for"]),
        ([lead(until="2026-12-31", replaced_by="no.body")], ["STAFF-UNKNOWN 2 replaced_by"]),
        ([lead(until="2026-12-31", replaced_by="n.ew"), row("n.ew")], []),
        ([row("n.ew", scope=["Q9"])], ["STAFF-PROGRAMME 2 scope"]),
        ([row("n.ew", centres=["C1"])], []),
        ([row("n.ew", centres=["C1", "C9"])], ["STAFF-CENTRE 2 centres"]),
        ([row("n.ew"), row("n.ew", until="2027-01-01")], ["STAFF-TWICE 3"]),
        ([row("n.ew"), row("n.ew", "assessor", name="Other")], ["STAFF-TWICE 3"]),
    ],
)
def test_every_fault_is_told_by_its_row(place: Path, rows: list[PeopleRow], expected: list[str]) -> None:
    assert faults(proposed(place, *rows)) == expected


@pytest.mark.slow
def test_a_role_of_one_centre_counts_for_its_claims_only(place: Path) -> None:
    offices.put(place, "centres/C2.yaml", "schema: 1\nnumber: C2\nname: Southfield College\n")
    offices.sign_all(place)
    elsewhere = proposed(place, lead(centres=["C2"]), by=())
    assert told(elsewhere) == ["h.adeyemi: lead internal verifier from 2026-01-01: at C2, before all"]
    issued, codes = found(place)
    assert (issued, "APPROVAL-ROLE" in codes) == (0, True)
    assert "when it was received for Q1 at C1" in words(place)
    proposed(place, lead(centres=["C2", "C1"]), by=())
    assert found(place) == (2, set())


def test_a_role_of_one_centre_is_no_office(place: Path) -> None:
    proposed(place, row("m.castell", "quality_nominee", centres=["C1"]), by=())
    with pytest.raises(Refused, match="ROSTER-SIGNERS"):
        proposed(place, row("n.ew"), by=BY)
    with workshop.opened(place, LATER) as session:
        with pytest.raises(Refused, match="AFTER-ROLE"):
            rosters.on_roster(session.workspace, "m.castell", ["quality_nominee"], LATER[:10])
        assert (
            rosters.on_roster(session.workspace, "e.okoro", ["exams_officer"], LATER[:10]) == "exams_officer"
        )


def test_who_was_revoked_gets_no_further_role(place: Path) -> None:
    staff(place, "revoke_staff", "h.adeyemi", at=LATER)
    assert faults(proposed(place, lead())) == []
    assert faults(proposed(place, row("h.adeyemi"))) == ["STAFF-REVOKED 2"]


@pytest.mark.parametrize("by", [("m.castell",), ("m.castell", "h.adeyemi"), ("m.castell", "s.marsh")])
def test_nothing_is_left_where_the_signers_do_not_suffice(place: Path, by: tuple[str, ...]) -> None:
    before = workshop.tree(place, "keys")
    with pytest.raises(Refused, match="ROSTER-SIGNERS"):
        proposed(place, row("n.ew"), row("s.marsh", "assessor"), by=by)
    assert workshop.tree(place, "keys") == before


def test_nothing_is_left_where_a_row_is_wrong(place: Path) -> None:
    before = workshop.tree(place, "keys")
    with pytest.raises(Refused, match="STAFF-PROGRAMME"):
        proposed(place, row("n.ew"), row("z.oe", scope=["Q9"]), by=())
    assert workshop.tree(place, "keys") == before


def test_a_file_of_another_form_is_named(place: Path) -> None:
    path = place / "people.txt"
    path.write_text("x")
    with workshop.opened(place) as session, pytest.raises(Refused, match="LAYOUT-NAME"):
        keys.preview_staff(session.workspace, session.environment, path)
