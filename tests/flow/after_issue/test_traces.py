"""Erasing somebody of whom much is held: no record, row, report, letter or archive tells of them."""

from __future__ import annotations

import html
import json
import zipfile
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from generator.edge.register.claims import Claims
from generator.edge.register.event_log import EventLog
from generator.edge.register.held_rows import HeldRows
from generator.edge.register.records import OfficeRecords
from generator.edge.register.schema import SUBJECTS
from generator.errors import Place
from generator.flow.after_issue import erasure
from generator.flow.importing import import_claims
from generator.flow.mailing import archives, delivery
from generator.flow.shared.fact_loader import Loader
from generator.model.office_record import OfficeRecord, OfLearner
from generator.model.paper import Handover, ReceivedCertificate
from generator.model.quality_records import Interest, Irregularity, ReviewCheck
from generator.model.record_kinds import KINDS
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Attendance, Result, VerificationRecord
from generator.rules.controls.facts import Missing
from generator.sheets.codes import CLAIM_FIELD
from tests import workshop
from tests.flow import offices
from tests.flow.after_issue.test_erase import contents, erased, remove_input, spellings
from tests.flow.after_issue.test_replace import asked, request
from tests.small_office import LEARNERS, Office

NAME, EARLIER = LEARNERS[0], "Zoë Maeve O'Markham"
ULN, ADDRESS, TELEPHONE = "8802212715", "zoe.marker@learners.example", "01632 960 417"
SAID = [
    f"marked-{what}"
    for what in ("document", "detail", "source", "outcome", "note", "cell", "fault", "friend", "letter")
]
OTHER = {"uln": "6478796514", "email": "anan@learners.example"}


def records(ref: str = "L001", name: str = NAME, **learner: Any) -> list[OfficeRecord]:
    """One of every kind of record that is about a learner."""
    whose = {"centre": "NF041", "learner_ref": ref}
    what = {**whose, "programme": "AID1", "version": "1"}
    mine = ref == "L001"
    told = SAID if mine else [f"else-{rank}" for rank in range(len(SAID))]
    reached = {"uln": ULN, "email": ADDRESS, "telephone": TELEPHONE} if mine else OTHER
    return [
        LearnerRecord.of({**whose, "name": name, **reached, **learner}),
        RegistrationEvent.of({**what, "event": "registered", "on": "2026-10-01", "evidence": told[0]}),
        RegistrationEvent.of({**what, "event": "details_changed", "on": "2026-10-02", "detail": told[1]}),
        Result.of({**what, "unit": "M1", "grade": "Completed", "state": "confirmed", "source": told[2]}),
        Attendance.of({**what, "attended": 3, "sessions": 4}),
        Interest.of({**whose, "person": "t.ass", "interest": "family", "declared_on": "2026-10-01"}),
        Irregularity.of(
            {
                **whose,
                "report": f"R-{ref}",
                "about": "claim",
                "finding": "late",
                "found_on": "2026-10-01",
                "found_by": "e.off",
                "senior_manager": "s.man",
                "manager_told_on": "2026-10-01",
                "awarding_told_on": "2026-10-02",
                "awarding_reference": "NA-1",
                "closed_on": "2026-10-03",
                "outcome": told[3],
            }
        ),
    ]


def papers(ref: str = "L001", name: str = NAME) -> list[OfficeRecord]:
    """A certificate of another organisation, and who took it away."""
    whose = {"centre": "NF041", "learner_ref": ref, "certificate": f"AO-{ref}"}
    taken = {"event": "collected", "on": "2026-11-01", "by": "e.off", "identity": "passport"}
    friend = (
        {"third_party": SAID[7], "authorisation": SAID[8]}
        if ref == "L001"
        else {"third_party": "else-7", "authorisation": "else-8"}
    )
    return [
        ReceivedCertificate.of(
            {**whose, "name": name, "qualification": "First Aid", "received_on": "2026-10-20"}
        ),
        Handover.of({**whose, **taken, "collected_by": "third_party", **friend}),
    ]


def test_every_kind_of_record_that_is_about_a_learner_is_looked_at() -> None:
    of_learners = {name for name, kind in KINDS.items() if "learner_ref" in kind.model_fields}
    assert {record.KIND for record in (*records(), *papers())} == of_learners
    assert {name for name, kind in KINDS.items() if issubclass(kind, OfLearner)} < of_learners


def sampled() -> VerificationRecord:
    fields = {"programme": "AID1", "version": "1", "unit": "M1", "assignment": "A1", "assessor": "t.ass"}
    more = {"verifier": "l.iv", "verified_on": "2026-10-05", "sampled": ("L001", "L002"), "outcome": "agreed"}
    return VerificationRecord.of({"centre": "NF041", **fields, **more})


def take(office: Office, listed: list[OfficeRecord]) -> None:
    offices.put_records(office.workspace.root, listed)
    found = import_claims.preview(office.session)
    assert not found.problems, found.problems
    import_claims.write(office.session, found)


def furnish(office: Office) -> None:
    """Everything that an office comes to hold of a learner, and of another beside."""
    take(office, [*records(name=EARLIER), *records("L002", LEARNERS[1])])
    take(office, [*records(), *records("L002", LEARNERS[1]), sampled()])
    ids = {held.claim.learner_ref: held.claim_id for held in Claims(office.register).certified()}
    with office.register.transaction():
        for paper in (*papers(), *papers("L002", LEARNERS[1])):
            OfficeRecords(office.register).keep(paper, "a list", office.environment.now)
        for ref, note in (("L001", SAID[4]), ("L002", "other-note")):
            fields = {"centre": "NF041", "claim_id": ids[ref], "person": "q.nom", "on": "2026-11-20"}
            check = ReviewCheck.of({**fields, "outcome": "agrees", "note": note})
            OfficeRecords(office.register).keep(check, "review by q.nom", office.environment.now)
        fault = CLAIM_FIELD.at(Place(subject="line 9"), f"{EARLIER} of {SAID[6]}", "correct it")
        cells = {"learner_ref": "L001", "learner_name": EARLIER, "assessor": "t.ass", "note": SAID[5]}
        other = {"learner_ref": "L002", "learner_name": LEARNERS[1], "note": "stays"}
        for line, row in ((9, cells), (10, other), (11, {"Learner reference": "L001", "Grade": "P"})):
            HeldRows(office.register).hold(
                office.environment.now, "course.csv", line, row, [fault] if line == 9 else [], None
            )


def write_reports(office: Office) -> Path:
    """Reports, lists, archives and letters that tell of both learners."""
    folder = office.workspace.certificates / "reports"
    folder.mkdir(exist_ok=True)
    both = f"{NAME} and {EARLIER}, {ULN}; {LEARNERS[1]}, NF041/L001"
    (folder / "2026-11-22.txt").write_text(both, "utf-8")
    (folder / "2026-11-22.html").write_text(f"<p>{html.escape(both)}</p>", "utf-8")
    (folder / "2026-11-22.json").write_text(json.dumps({"held": both}), "utf-8")
    (folder / "2026-11-22.jsonl").write_text(json.dumps({"held": both}, ensure_ascii=False) + "\n", "utf-8")
    (folder / "course.csv.faults.csv").write_text(f"9,{EARLIER},{ULN}\n10,{LEARNERS[1]},\n", "utf-8")
    with zipfile.ZipFile(folder / "course.checked.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<si><t>{html.escape(EARLIER)}</t></si>")
    (folder / "other.txt").write_text("ULN 98802212715 is another number, L0011 another reference", "utf-8")
    archives.archive(office.session, "centre")
    archives.links(office.session)
    assert delivery.preview(office.session, 100)[1]
    assert delivery.deliver(office.session).sent >= 6
    return folder


def readable(root: Path) -> dict[str, bytes]:
    """Every file as it lies there, and whatever is packed or encoded in it."""
    found = contents(root)
    for path in root.rglob("*"):
        if path.suffix in (".zip", ".xlsx"):
            with zipfile.ZipFile(path) as archive:
                found |= {f"{path.name} {name}": archive.read(name) for name in archive.namelist()}
        elif path.suffix == ".eml":
            for rank, part in enumerate(message_from_bytes(path.read_bytes(), policy=policy.default).walk()):
                found[f"{path.name} {rank}"] = part.get_payload(decode=True) or b""
    return found


def telling(root: Path, words: list[str]) -> set[str]:
    """Which files hold any of the words, however they are spelt."""
    forms = {
        form
        for word in words
        for each in (word, html.escape(word), json.dumps(word)[1:-1])
        for form in spellings(each)
    }
    return {name for name, data in readable(root).items() if any(form in data for form in forms)}


def forget_inputs(office: Office) -> None:
    """The office's part: its own files, which the verb names."""
    remove_input(office)
    take_away = office.workspace.certificates / "records"
    for path in take_away.glob("*"):
        path.unlink()


@pytest.mark.slow
def test_whoever_is_erased_is_in_no_file_any_more(office: Office) -> None:
    furnish(office)
    folder = write_reports(office)
    words = [NAME, EARLIER, ULN, ADDRESS, TELEPHONE, "NF041/L001", *SAID]
    root = office.workspace.root
    assert {"register.db", "2026-11-22.html", "2026-11-22.json"} <= telling(root, words)
    planned = erased(office)
    assert "certificates/claims/course.csv" in planned.put_in
    assert {name.split("/")[1] for name in planned.put_in} == {"claims", "records"}
    forget_inputs(office)
    office.publish()
    assert telling(root, words) == {"other.txt"}  # a longer number, in which the learner's happens to occur
    assert telling(root, ["L001"]) - {"other.txt"} <= {
        "register.db"
    }  # in the sample of a verification, see below
    about = folder / "2026-11-22.txt"
    assert about.read_text("utf-8") == f"(erased) and (erased), (erased); {LEARNERS[1]}, (erased)"
    assert json.loads((folder / "2026-11-22.json").read_text())["held"] == about.read_text("utf-8")
    assert "98802212715" in (folder / "other.txt").read_text()
    assert "L0011" in (folder / "other.txt").read_text()
    assert len(list((root / "certificates/outbox").glob("issued-*.eml"))) == 5
    assert not list(folder.glob("archives/*.zip"))
    assert workshop.faults(office.session) == []
    assert EventLog(office.register).check() == []


@pytest.mark.slow
def test_what_others_rest_on_still_holds(office: Office) -> None:
    furnish(office)
    other = next(item for item in Claims(office.register).certified() if item.claim.learner_ref == "L002")

    def evidence() -> Any:
        return Loader(office.session).of(other.claim, other.claim_id)

    before = evidence()
    erased(office)
    after = evidence()
    assert after == before
    assert not isinstance(after.verifications, Missing)
    # The list of a sample is evidence of the others in it: the reference stays there, and nothing else.
    [(reference,)] = office.register.rows("SELECT count(*) FROM records WHERE instr(body, 'L001') > 0")
    assert reference == 1
    assert OfficeRecords(office.register).about("NF041").fault == ""
    assert [row.line for row in HeldRows(office.register).all()] == [10]


def test_a_register_from_before_learns_whose_its_replacements_are(office: Office) -> None:
    furnish(office)
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    before = office.register.rows("SELECT * FROM claim_subjects ORDER BY claim_id")
    with office.register.transaction():
        office.register.change("DELETE FROM claim_subjects")
        for statement in SUBJECTS:
            office.register.change(statement)
    assert office.register.rows("SELECT * FROM claim_subjects ORDER BY claim_id") == before
    assert len(before) == len(LEARNERS) + 1


@pytest.mark.slow
def test_an_earlier_name_goes_with_its_certificate_and_the_learner_stays(office: Office) -> None:
    furnish(office)
    asked(office, request(), learner={"name": "Zoë Ní Bhriain"})
    office.issue_all()
    office.publish()
    folder = write_reports(office)
    planned = erased(office)
    assert planned.also == ("NW-26-000007",)
    kept = OfficeRecords(office.register).about("NF041/L001")
    assert (len(kept.kept), kept.fault) == (10, "")
    assert NAME not in (folder / "2026-11-22.txt").read_text("utf-8")
    assert EARLIER in (folder / "2026-11-22.txt").read_text("utf-8")


@pytest.mark.slow
def test_a_kill_while_files_are_cleansed_is_done_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(office)
    write_reports(office)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasure.Claims, "erase", killed)
        with pytest.raises(KeyboardInterrupt):
            erased(office)
    assert OfficeRecords(office.register).about("NF041/L001").kept
    erased(office)
    forget_inputs(office)
    office.publish()
    assert telling(office.workspace.root, [NAME, EARLIER, ADDRESS]) == set()
