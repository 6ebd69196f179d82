"""Erasure: nothing personal is left, the chain stays whole, the audit passes, the verdict is `erased`."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pytest

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.erasures import Erasures
from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import HeldRows
from generator.edge.sites import FolderSite
from generator.errors import Place, Refused
from generator.flow.after_issue import erasure
from generator.flow.importing import import_claims
from generator.model.claim import Claim
from generator.rules.verifying import verify
from generator.sheets.codes import CLAIM_FIELD
from tests import workshop
from tests.flow.after_issue.test_holds import one_more
from tests.flow.after_issue.test_lifecycle import SERIAL, WHO, codes, suspend, verdict
from tests.flow.after_issue.test_replace import asked, request
from tests.small_office import LEARNERS, Office


def erased(office: Office, serial: str = SERIAL) -> erasure.ErasurePlan:
    case_id = office.closed_case("erasure", serial, "erase", WHO)
    planned = erasure.plan(office.session, serial, case_id)
    erasure.erase(office.session, planned)
    return planned


def remove_input(office: Office) -> None:
    """What the tool says and cannot do itself: the office's own file still names the learner."""
    path = office.workspace.certificates / "claims" / "course.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if LEARNERS[0] not in line))


def spellings(text: str) -> list[bytes]:
    return [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")] + [
        text.encode("unicode_escape"),
        text.encode().hex().encode(),
    ]


def contents(root: Path) -> dict[str, bytes]:
    found = {}
    for path in root.rglob("*"):
        if path.is_file() and "site_src" not in path.parts:
            data = path.read_bytes()
            found[path.name] = data
            if path.suffix == ".pdf":
                found[f"{path.name} inflated"] = b"".join(_streams(data))
    return found


def _streams(data: bytes) -> list[bytes]:
    found = []
    for part in data.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(part))
        except zlib.error:
            continue
    return found


@pytest.mark.slow
def test_nothing_of_the_learner_is_left(office: Office) -> None:
    number = Certificates(office.register).find(SERIAL)
    assert number is not None
    before = {name for name, data in contents(office.workspace.root).items() if LEARNERS[0].encode() in data}
    assert {"register.db", "course.csv"} <= before | {"register.db"}
    suspend(office)
    office.publish()
    planned = erased(office)
    assert planned.source.startswith("certificates/claims/course.csv:")
    remove_input(office)
    office.publish()
    after = contents(office.workspace.root)
    for name, data in after.items():
        for spelt in spellings(LEARNERS[0]) + spellings("l001@learners.example"):
            assert spelt not in data, name
    # The chain's salts are gone too, so that nobody can try names against the commitments.
    assert {item[2] for item in EventLog(office.register).about(SERIAL)} == {"certificate_erased"}
    assert Claims(office.register).by_id(number.claim_id) is None
    assert not (office.workspace.root / planned.file).exists()


@pytest.mark.slow
def test_the_published_record_is_a_tombstone_of_the_same_size(office: Office) -> None:
    sizes = {path.name: path.stat().st_size for path in office.workspace.public.glob("r/**/*.bin")}
    length = len(Certificates(office.register).entry(SERIAL))
    erased(office)
    assert len(Certificates(office.register).entry(SERIAL)) == length
    assert workshop.faults(office.session) == []
    office.publish()
    assert {path.name: path.stat().st_size for path in office.workspace.public.glob("r/**/*.bin")} == sizes
    shown = verdict(office)
    assert (shown.kind, shown.changed_on, shown.statement) == ("erased", "2026-11-22", None)
    assert verdict(office, "NW-26-000002").kind == "valid"
    assert workshop.faults(office.session) == []
    assert EventLog(office.register).check() == []


@pytest.mark.slow
def test_erased_outranks_what_was_before(office: Office) -> None:
    suspend(office)
    erased(office)
    office.publish()
    assert verdict(office).kind == "erased"
    assert workshop.faults(office.session) == []


def test_an_erased_claim_does_not_come_back(office: Office) -> None:
    erased(office)
    found = import_claims.preview(office.session)
    assert found.problems == (), "the office's sheet may go on naming the learner: nothing is blocked by it"
    assert [problem.code for problem in found.reported] == ["CLAIM-ERASED"]
    assert (found.new, found.held) == (0, 0)
    import_claims.write(office.session, found)
    assert HeldRows(office.register).count() == 0


@pytest.mark.slow
def test_a_replaced_certificate_and_its_replacement_are_erased_one_by_one(office: Office) -> None:
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    with pytest.raises(Refused) as refused:
        erased(office)
    assert codes(refused) == {"AFTER-PENDING"}
    office.issue_all()
    office.publish()
    planned = erased(office, "NW-26-000007")
    assert planned.also == (SERIAL,)
    office.publish()
    assert (verdict(office).kind, verdict(office, "NW-26-000007").kind) == ("superseded", "erased")
    erased(office)
    remove_input(office)
    office.publish()
    assert workshop.faults(office.session) == []
    for name, data in contents(office.workspace.root).items():
        assert b"Bhriain" not in data, name


def test_rows_that_were_held_of_the_learner_go_too(office: Office) -> None:
    mine = next(held.claim for held in Claims(office.register).certified() if held.serial == SERIAL)
    fault = [CLAIM_FIELD.at(Place("sheet.csv", 2), "is empty", "correct the cell")]
    rows: list[tuple[dict[str, str], Claim | None]] = [
        ({"id": mine.learner_ref, "name": mine.learner_name}, mine),
        ({"Registration number": mine.learner_ref.lower(), "First names": mine.learner_name}, None),
        ({"Registration number": f"{mine.learner_ref}9"}, None),
    ]
    with office.register.transaction():
        for line, (cells, claim) in enumerate(rows, 2):
            HeldRows(office.register).hold(office.environment.now, "sheet.csv", line, cells, fault, claim)
    erased(office)
    assert [row.line for row in HeldRows(office.register).all()] == [4]
    remove_input(office)
    for name, data in contents(office.workspace.root).items():
        if name.startswith("register"):
            assert LEARNERS[0].encode() not in data, name


@pytest.mark.slow
def test_erasing_what_was_never_published(office: Office) -> None:
    one_more(office)
    office.issue_all()
    erased(office, "NW-26-000007")
    office.publish()
    assert verdict(office, "NW-26-000007").kind == "erased"
    assert workshop.faults(office.session) == []


@pytest.mark.slow
def test_a_kill_after_the_transaction_is_finished_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasure.disk, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            erased(office)
    office.publish()
    assert any("may still be here" in fault for fault in workshop.faults(office.session))
    assert erasure.finish(office.session) == [SERIAL]
    assert workshop.faults(office.session) == []
    assert Erasures(office.register).unfinished() == []


def test_erasing_waits_for_a_publication_under_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = office.closed_case("erasure", SERIAL, "erase", WHO)
    suspend(office)
    office.publish_interrupted(monkeypatch)
    with pytest.raises(Refused) as refused:
        erasure.plan(office.session, SERIAL, case_id)
    assert codes(refused) == {"PUBLISH-PENDING"}


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [("revocation", "revoke", "CASE-SUBJECT"), ("erasure", "dismiss", "CASE-OUTCOME")],
)
def test_erasing_needs_a_decision_to_erase(office: Office, kind: str, outcome: str, code: str) -> None:
    case_id = office.closed_case(kind, SERIAL, outcome, WHO)
    with pytest.raises(Refused) as refused:
        erasure.plan(office.session, SERIAL, case_id)
    assert code in codes(refused)


def test_nothing_can_be_done_to_the_erased(office: Office) -> None:
    erased(office)
    with pytest.raises(Refused) as refused:
        suspend(office)
    assert codes(refused) == {"AFTER-STATE"}
    with pytest.raises(Refused) as refused:
        asked(office, request("damage"))
    assert codes(refused) == {"AFTER-STATE"}


def test_details_removed_without_an_erasure_are_noticed(office: Office) -> None:
    with office.register.transaction():
        office.register.change("DELETE FROM event_details WHERE seq = 3")
    assert any("1 events have lost their details" in fault for fault in workshop.faults(office.session))


def test_a_copy_taken_earlier_stays_readable(office: Office, tmp_path: Path) -> None:
    """What the privacy page says: whoever holds the number and an old copy can still read it."""
    shutil.copytree(office.workspace.public, tmp_path / "copy")
    number = Certificates(office.register).find(SERIAL)
    erased(office)
    office.publish()
    pin = office.workspace.keystore.pin()
    assert number is not None
    shown = verify(number.number, FolderSite(tmp_path / "copy"), pin, office.environment.now)
    assert shown.kind == "valid"
