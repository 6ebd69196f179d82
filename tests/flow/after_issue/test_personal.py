"""A field with the mark of personal data is erased wherever it went, and so is every marked column."""

from __future__ import annotations

import zipfile
from typing import Annotated, ClassVar

import pytest

from generator.edge.register import tables
from generator.edge.register.claims import Claims
from generator.edge.register.held_rows import HeldRows
from generator.edge.register.records import OfficeRecords
from generator.edge.register.staging import Staging
from generator.errors import Place
from generator.model import record_kinds
from generator.model.office_record import OfficeRecord, OfLearner
from generator.model.personal import Personal, identifying
from generator.model.value import Text
from tests.flow.after_issue import test_traces as traces
from tests.flow.after_issue.test_access import exported
from tests.flow.after_issue.test_erase import erased
from tests.flow.after_issue.test_lifecycle import SERIAL
from tests.small_office import Office

VALUE, OTHER = "Zozo the Unforgettable", "Nana of the Reeds"


class Nickname(OfLearner):
    """A layout that nobody has heard of, with one personal field."""

    KIND: ClassVar[str] = "nicknames"
    KEY: ClassVar[tuple[str, ...]] = ("centre", "learner_ref")

    nickname: Annotated[Text, Personal()]


def nickname(ref: str, name: str) -> OfficeRecord:
    return Nickname.of({"centre": "NF041", "learner_ref": ref, "nickname": name})


@pytest.fixture
def told(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which the new field went everywhere: of the learner, and of another."""
    monkeypatch.setitem(record_kinds.EVERY, Nickname.KIND, Nickname)
    traces.furnish(office)
    now = office.environment.now
    with office.register.transaction():
        for ref, name in (("L001", VALUE), ("L002", OTHER)):
            OfficeRecords(office.register).keep(nickname(ref, name), "a list", now)
            HeldRows(office.register).hold(now, "names.csv", 2, {"called": name}, [], None)
    folder = traces.write_reports(office)
    (folder / "names.html").write_text(f"<p>{VALUE}; {OTHER}</p>", "utf-8")
    with zipfile.ZipFile(folder / "names.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("names.txt", VALUE)
    for letter in office.workspace.certificates.rglob(f"issued-{SERIAL}.eml"):
        letter.write_bytes(letter.read_bytes() + f"\r\nDear {VALUE}\r\n".encode())
    return office


@pytest.mark.slow
def test_a_new_personal_field_is_erased_everywhere(told: Office) -> None:
    with told.register.transaction():
        staged = Staging.begun(told.register)
        staged.add("names.csv", Place("names.csv", 2), 2, {"called": VALUE}, None, "held")
    root = told.workspace.root
    before = traces.telling(root, [VALUE])
    assert {"names.html", "names.zip names.txt", f"issued-{SERIAL}.eml"} <= before
    assert any(name.startswith("register.db") for name in before), before
    erased(told)
    assert traces.telling(root, [VALUE]) == set()
    assert list(staged.rows("held")) == []
    assert [row.cells for row in HeldRows(told.register).all() if row.file == "names.csv"] == [
        {"called": OTHER}
    ]
    assert nickname("L002", OTHER) in [
        kept.record for kept in OfficeRecords(told.register).about("NF041/L002").kept
    ]
    assert traces.telling(root, [OTHER])


def test_a_new_personal_field_is_given_to_the_learner_and_to_nobody_else(told: Office) -> None:
    files = exported(told)
    assert VALUE in files["your-data.txt"].decode()
    assert OTHER not in files["your-data.txt"].decode()


def test_no_column_with_personal_data_tells_of_the_erased(told: Office) -> None:
    learner = [kept.record for kept in OfficeRecords(told.register).about("NF041/L001").kept]
    words = {word for record in learner for word in identifying(record)} | {VALUE}
    claim_id = Claims(told.register).of_learner("NF041", "L001")[0].claim_id
    expected = {"claims.body", "certificates.statement", "records.body", "held_rows.cells"}
    assert telling(columns(told), words) >= expected
    erased(told)
    assert telling(columns(told), words) == set()
    assert told.register.row("SELECT salt, body FROM claims WHERE claim_id = ?", claim_id) == (None, None)


def columns(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """What stands in every column with personal data, as `table.column`."""
    return {
        f"{table}.{column}": office.register.rows(f"SELECT {column} FROM {table}")  # noqa: S608 - our names
        for table, about in tables.TABLES.items()
        for column in about.personal
    }


def telling(held: dict[str, list[tuple[object, ...]]], words: set[str]) -> set[str]:
    """The columns in which any of the words stands."""
    found = set()
    for name, rows in held.items():
        data = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for (cell,) in rows)
        if any(word.encode() in data for word in words):
            found.add(name)
    return found


def test_every_table_of_the_register_says_what_is_personal(office: Office) -> None:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    assert {name for (name,) in office.register.rows(sql)} == set(tables.TABLES)
    for table, about in tables.TABLES.items():
        columns = {row[1] for row in office.register.rows(f"PRAGMA table_info({table})")}
        assert about.personal.keys() <= columns, table
