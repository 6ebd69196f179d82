"""Where learners are reached: read from the sheets, kept in a row that can go, nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.edge.register.contacts import Contacts
from generator.errors import Place
from generator.flow.importing import import_claims
from generator.sheets import claim_file, table
from tests import workshop
from tests.flow.night.night_office import claims


def addresses(root: Path) -> list[str]:
    with workshop.opened(root) as session:
        return [email for (email,) in session.register.rows("SELECT email FROM contacts ORDER BY email")]


def imported(root: Path, text: str) -> import_claims.ImportPreview:
    (root / "certificates/claims/claims.yaml").write_text(text, "utf-8")
    with workshop.opened(root) as session:
        found = import_claims.preview(session)
        import_claims.write(session, found)
        return found


def test_an_address_is_read_replaced_and_forgotten(tmp_path: Path) -> None:
    root = workshop.small(tmp_path)
    imported(root, claims([1, 2]))
    assert addresses(root) == ["learner1@example.org", "learner2@example.org"]
    found = imported(root, claims([1]).replace("learner1", "zoe") + claims([2]).partition("claims:\n")[2])
    assert (found.amended, found.same) == (0, 2), "another address is no other claim"
    assert addresses(root) == ["learner2@example.org", "zoe@example.org"]
    with workshop.opened(root) as session:
        [(claim_id,)] = session.register.rows("SELECT claim_id FROM contacts WHERE email LIKE 'zoe%'")
        with session.register.transaction():
            Contacts(session.register).forget(claim_id)
    assert addresses(root) == ["learner2@example.org"]


def test_no_address_stands_in_a_claim_or_an_event(tmp_path: Path) -> None:
    root = workshop.small(tmp_path)
    imported(root, claims([1, 2]))
    for name, rows in workshop.register_content(root).items():
        if name != "contacts":
            assert "example.org" not in repr(rows), name


@pytest.mark.slow
def test_the_completion_report_gives_addresses(tmp_path: Path) -> None:
    root = workshop.sample(tmp_path)
    with workshop.opened(root) as session:
        found = import_claims.preview(session)
        with_address = [item for item in import_claims.new_claims(session, found) if item.email]
    assert len(with_address) == 97
    assert all(item.claim.kind == "course" for item in with_address)


@pytest.mark.parametrize("bad", ["two words@example.org", "a@b@c", "nobody", "<a@b>", "é@example.org"])
def test_what_is_no_address_is_refused_by_its_row(bad: str) -> None:
    quoted = '"' + bad + '"'
    text = "kind,programme,version,centre,learner_ref,learner_name,completed_on,email\n"
    text += f"course,KNIFE,1,NF041,R1,Zoë,2026-06-26,{quoted}\n"
    (reading,) = claim_file.read_csv(table.read_csv(text.encode(), Place("claims.csv")))
    assert reading.claim is None
    assert [str(one).partition(": is")[0] for one in reading.problems] == ["claims.csv:2 email: CLAIM-EMAIL"]
